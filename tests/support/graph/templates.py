"""Templates of the stand-in's account: listed page by page, checked and filled as Meta does."""

import re
from typing import Any, Final

from tests.support.graph.phones import Json

_VARIABLE: Final = re.compile(r"\{\{(\w+)\}\}")

HELLO: Final[Json] = {
    "name": "retomar_atendimento",
    "language": "pt_BR",
    "status": "APPROVED",
    "category": "UTILITY",
    "id": "1",
    "components": [
        {
            "type": "BODY",
            "text": "Olá, {{1}}! Podemos continuar?",
            "example": {"body_text": [["Ana"]]},
        }
    ],
}
ORDER: Final[Json] = {
    "name": "pedido_enviado",
    "language": "pt_BR",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "id": "2",
    "components": [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Pedido {{1}}",
            "example": {"header_text": ["1042"]},
        },
        {
            "type": "BODY",
            "text": "{{cliente}}, chega {{dia}}.",
            "example": {
                "body_text_named_params": [
                    {"param_name": "cliente", "example": "Ana"},
                    {"param_name": "dia", "example": "sexta"},
                ]
            },
        },
        {"type": "FOOTER", "text": "Loja Exemplo"},
        {
            "type": "BUTTONS",
            "buttons": [
                {
                    "type": "URL",
                    "text": "Rastrear",
                    "url": "https://x.example/{{1}}",
                    "example": ["https://x.example/1042"],
                },
                {"type": "QUICK_REPLY", "text": "Falar"},
            ],
        },
    ],
}


def page(templates: list[Json], query: Any, *, size: int, url: str) -> Json:
    """Answer with one page; `next` is an address, as Meta gives it."""
    start = int(query.get("after", "0"))
    wanted = [it for it in templates if it.get("status") == query.get("status", it.get("status"))]
    answer: Json = {"data": wanted[start : start + size]}
    if start + size < len(wanted):
        answer["paging"] = {"next": f"{url}?status={query.get('status')}&after={start + size}"}
    return answer


def filled(templates: list[Json], wanted: Json) -> tuple[str, tuple[int, str] | None]:
    """Return the text that the phone shows, or the code and the reason of a refusal."""
    named = (wanted.get("name"), wanted.get("language", {}).get("code"))
    found = next((it for it in templates if (it["name"], it["language"]) == named), None)
    if found is None:
        return "", (132001, "Template name does not exist in the translation")
    given: dict[str, list[Json]] = {}
    for it in wanted.get("components", []):
        index = f" {it['index']}" if it["type"] == "button" else ""
        given[f"{it['type']}{index}"] = it["parameters"]
    shown, used = [], 0
    for it in found["components"]:
        if it["type"] == "BUTTONS":
            for at, button in enumerate(it["buttons"]):
                used += _fill(button.get("url", ""), given.get(f"button {at}", []))[1]
            shown.append("\n".join(f"[{one['text']}]" for one in it["buttons"]))
            continue
        text, count = _fill(it["text"], given.get(it["type"].lower(), []))
        shown.append(text)
        used += count
    if used != sum(map(len, given.values())) or _VARIABLE.search("".join(shown)):
        return "", (132000, "Number of parameters does not match the expected number of params")
    return "\n\n".join(shown), None


def _fill(text: str, parameters: list[Json]) -> tuple[str, int]:
    """Put values in; numbered ones go by their place, others by their name."""
    values = {it.get("parameter_name", str(at)): it["text"] for at, it in enumerate(parameters, 1)}
    names = set(_VARIABLE.findall(text)) & set(values)
    return _VARIABLE.sub(lambda it: values.get(it[1], it[0]), text), len(names)

"""`ports.templates.Templates`: the templates of an account at Meta, remembered for some minutes.

https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates,
read 2026-11.  What cannot be sent from here is left out: headers that are files or places,
one-time passwords, flows, catalogues and carousels.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from helpdesk.adapters.whatsapp.cloud.failures import error_of
from helpdesk.adapters.whatsapp.cloud.graph import Answer, Graph, UncertainError
from helpdesk.adapters.whatsapp.cloud.hostile import Json, id_of, line, part, parts, text
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SessionId
from helpdesk.domain.session import Session
from helpdesk.domain.template import Button, Template, TemplateStatus

FRESH_FOR: Final = 300.0  # seconds; an approval comes after hours
PATIENCE: Final = 15.0  # seconds for all pages: somebody looks at an empty dialog meanwhile
PAGE: Final = "100"
PAGES: Final = 20  # an account has up to 6000 templates; nobody chooses among more than these
_FIELDS: Final = "name,language,status,category,components"
_BUTTONS: Final = frozenset({"QUICK_REPLY", "URL", "PHONE_NUMBER"})
_PARTS: Final = frozenset({"HEADER", "BODY", "FOOTER", "BUTTONS"})
_STATUSES: Final = {
    "APPROVED": TemplateStatus.APPROVED,
    "PENDING": TemplateStatus.PENDING,
    "REJECTED": TemplateStatus.REJECTED,
    "PAUSED": TemplateStatus.PAUSED,
}


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    templates: list[Template]


class CloudTemplates:
    def __init__(
        self,
        graph_of: Callable[[Session], tuple[Graph, str]],
        clock: Callable[[], float],
        *,
        patience: float = PATIENCE,
    ) -> None:
        """`graph_of` gives the requests of a session, and its account's id.

        It raises UnavailableError where either is not configured.
        """
        self._graph_of = graph_of
        self._clock = clock
        self._patience = patience
        self._known: dict[SessionId, _Known] = {}

    async def of(self, session: Session) -> list[Template]:
        known = self._known.get(session.id)
        if known is None or known.until <= self._clock():
            found = [it for one in await self._all(session) if (it := template_of(one))]
            known = self._known[session.id] = _Known(self._clock() + FRESH_FOR, found)
        return list(known.templates)

    async def _all(self, session: Session) -> list[Json]:
        graph, account = self._graph_of(session)
        path = (account, "message_templates")
        found: list[Json] = []
        try:
            async with asyncio.timeout(self._patience):
                answer = await graph.get(*path, fields=_FIELDS, limit=PAGE, status="APPROVED")
                for _ in range(PAGES):
                    found += parts(_good(answer), "data")
                    following = text(part(answer.body, "paging"), "next")
                    if not following:
                        break
                    answer = await graph.follow(following)
        except UncertainError as error:
            raise UnavailableError(str(error)) from error
        except TimeoutError:
            raise UnavailableError("Meta takes too long to list the templates.") from None
        return found


def template_of(it: Json) -> Template | None:
    """Read a template; None when it has what cannot be sent from here."""
    components = {text(one, "type").upper(): one for one in parts(it, "components")}
    header = components.get("HEADER", {})
    buttons = list(parts(components.get("BUTTONS", {}), "buttons"))
    body = text(components.get("BODY", {}), "text")
    name, language = id_of(it, "name"), id_of(it, "language")
    plain = not header or text(header, "format").upper() == "TEXT"
    known = _BUTTONS.issuperset(text(one, "type").upper() for one in buttons)
    if not (name and language and body and plain and known and _PARTS.issuperset(components)):
        return None
    return Template(
        name=name,
        language=language,
        category=line(it, "category").lower(),
        body=body,
        header=text(header, "text"),
        footer=text(components.get("FOOTER", {}), "text"),
        buttons=tuple(Button(text=line(one, "text"), url=text(one, "url")) for one in buttons),
        status=_STATUSES.get(text(it, "status").upper(), TemplateStatus.DISABLED),
        examples=dict(_examples(components, buttons)),
    )


def _examples(components: dict[str, Json], buttons: list[Json]) -> Iterator[tuple[str, str]]:
    for kind, before in (("HEADER", "header."), ("BODY", "")):
        example = part(components.get(kind, {}), "example")
        for it in parts(example, f"{kind.lower()}_text_named_params"):
            yield before + text(it, "param_name"), text(it, "example")
        for number, one in enumerate(_listed(example.get(f"{kind.lower()}_text")), 1):
            yield f"{before}{number}", one
    for number, button in enumerate(buttons, 1):
        for one in _listed(button.get("example"))[:1]:
            yield f"button.{number}", one.removeprefix(text(button, "url").partition("{{")[0])


def _listed(found: object) -> list[str]:
    """Read a list of texts; that of a body is one row of a table."""
    row = found[0] if isinstance(found, list) and found and isinstance(found[0], list) else found
    return [text({"it": it}, "it") for it in row] if isinstance(row, list) else []


def _good(answer: Answer) -> Json:
    if not answer.is_good:
        verdict = error_of(answer.body, status=answer.status)
        raise UnavailableError(f"Meta does not list the templates: {verdict.failure.detail}")
    return answer.body

"""The OpenAPI document as a page for people: one HTML file and one style sheet, no scripts."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

STYLE: Final = Path(__file__).with_name("docs.css")

Json = dict[str, Any]


def showing(document: Json) -> Handler:
    """Make the handler of `/docs`."""
    page = "\n".join(_page(document))

    async def show(_: web.Request) -> web.Response:
        return web.Response(
            text=page, content_type="text/html", headers={"Cache-Control": "no-cache"}
        )

    return show


def styling() -> Handler:
    """Make the handler of the style sheet."""
    style = STYLE.read_text()

    async def show(_: web.Request) -> web.Response:
        return web.Response(
            text=style, content_type="text/css", headers={"Cache-Control": "no-cache"}
        )

    return show


def _page(document: Json) -> Iterator[str]:
    info = document["info"]
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="/docs.css">'
    yield f"</head><body><header><h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
    yield from (f"<p>{_prose(it)}</p>" for it in info["description"].strip().split("\n\n"))
    yield '<p><a href="/openapi.json">openapi.json</a></p></header><nav><ul>'
    for method, path, operation in operations:
        link = escape(operation["operationId"])
        yield f'<li><a href="#{link}"><b>{method}</b> {escape(path)}</a></li>'
    yield "</ul></nav><main>"
    for method, path, operation in operations:
        yield from _operation(method, path, operation)
    yield "<h2>Schemas</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield from _schema(name, schema)
    yield "</main></body></html>"


def _operation(method: str, path: str, it: Json) -> Iterator[str]:
    yield f'<section id="{escape(it["operationId"])}">'
    yield f"<h2><b>{method}</b> <code>{escape(path)}</code></h2>"
    yield f"<p>{_prose(it['summary'])}</p>"
    yield from (f"<p>{_prose(part)}</p>" for part in it.get("description", "").split("\n\n"))
    if parameters := it.get("parameters"):
        yield "<table><caption>Parameters</caption>"
        for one in parameters:
            yield _row(f"{one['name']} ({one['in']})", _kind(one["schema"]), one.get("required"))
        yield "</table>"
    if body := it.get("requestBody"):
        for kind, one in body["content"].items():
            yield f"<p>Body ({escape(kind)}): {_kind(one['schema'])}</p>"
    yield "<table><caption>Answers</caption>"
    for status, answer in it["responses"].items():
        shown = (each["schema"] for each in answer.get("content", {}).values() if "schema" in each)
        yield f"<tr><th>{status}</th><td>{' '.join(map(_kind, shown))}</td>"
        yield f"<td>{_prose(answer['description'])}</td></tr>"
    yield "</table></section>"


def _schema(name: str, it: Json) -> Iterator[str]:
    yield f'<section id="schema-{escape(name)}"><h3>{escape(name)}</h3>'
    if description := it.get("description"):
        yield f"<p>{_prose(description)}</p>"
    if "enum" in it:
        yield f"<p>{_kind(it)}</p>"
    if properties := it.get("properties"):
        required = it.get("required", [])
        yield "<table>"
        yield from (_row(key, _kind(each), key in required) for key, each in properties.items())
        yield "</table>"
    yield "</section>"


def _row(name: str, kind: str, required: object) -> str:
    always = "required" if required else ""
    return f"<tr><th><code>{escape(name)}</code></th><td>{kind}</td><td>{always}</td></tr>"


def _kind(schema: Json) -> str:
    """Say what a value is, in HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(it))}</code>" for it in schema["enum"])
    kind = escape(schema.get("format") or schema.get("type") or "anything")
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    ranges = (
        f"{key} {schema[key]}" for key in ("minimum", "maximum", "maxLength") if key in schema
    )
    return ", ".join((kind, *ranges))


def _prose(text: str) -> str:
    """Escape, and set what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{it}</code>" if at % 2 else it for at, it in enumerate(parts))

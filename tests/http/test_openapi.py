"""The OpenAPI document: what is checked in is what is served, and what is served keeps to it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

import pytest
import schemathesis
from hypothesis import Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helpdesk.adapters.http.document import document
from helpdesk.domain.feedback import Feedback
from tests.http.background import Background, background_site
from tests.http.files import photo, upload
from tests.http.site import Site
from tests.support.letters import a_letter

ROOT: Final = Path(__file__).parents[2]
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Case: TypeAlias = schemathesis.Case[Any]

FEEDBACK: Final = "a-link-of-a-client"

schema = schemathesis.openapi.from_dict(
    document(),
    config=SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(
                generation=GenerationConfig(database="none", no_shrink=True, allow_x00=True),
                phases=PhasesConfig(
                    coverage=CoveragePhaseConfig(unexpected_methods={"DELETE", "PUT", "TRACE"})
                ),
            )
        )
    ),
).exclude(operation_id="follow_feed")  # a WebSocket
examples = settings(max_examples=6, phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def served() -> Iterator[Background]:
    with background_site(furnish) as it:
        yield it


async def furnish(site: Site) -> None:
    """One of everything, so that not all requests end in 404."""
    office = site.office
    mine, closed = await site.held_by(office.dora), await site.held_by(office.dora)
    await office.close(closed)
    asked = Feedback.ask(closed.id, token=FEEDBACK, at=site.cases.now()())
    await office.keep(asked)
    await office.answer(mine, office.dora, "Bom dia")
    await site.waiting()
    answer = await upload(site, mine, photo(), by=office.dora)
    assert answer.status == 201


@pytest.mark.slow  # all of them together
@schema.parametrize()
@examples
def test_nobody_gets_anything_but_what_is_documented(case: Case, served: Background) -> None:
    """Neither a stranger nor an admin; making the cases costs more than asking twice."""
    served.run(served.site.token(served.site.office.dora))  # the last request may have signed out
    aim(case, served)
    for headers in ({}, {"Authorization": "Bearer token-of-Dora"}):
        case.call_and_validate(base_url=served.url, checks=CHECKS, headers=headers)


def aim(case: Case, served: Background) -> None:
    """Point half of the requests to something that exists; wait for nothing."""
    parts: dict[str, Any] = case.path_parameters or {}
    if "id" in parts and (known := existing(case.path, parts["id"], served.site)):
        parts["id"] = known
    if "token" in parts and len(parts["token"]) % 2:
        parts["token"] = FEEDBACK
    if case.query and "wait" in case.query:
        case.query["wait"] = "0"


def existing(path: str, id: Any, site: Site) -> str | None:
    try:
        number = UUID(str(id)).int
    except ValueError:
        return None
    if number % 2:
        return None
    tables = site.office.store._memory.tables  # type: ignore[attr-defined] # noqa: SLF001
    noun = path.split("/")[2]
    if noun == "media":
        media = (it.content.media for it in tables.messages.values())
        known = sorted(it.id for it in media if it)
    else:
        # No table: the letter that was kept.
        known = sorted(getattr(tables, noun, [a_letter().id]))
    return str(known[number // 2 % len(known)])


def test_the_document_that_is_checked_in_is_the_one_that_is_served() -> None:
    written = json.loads((ROOT / "docs/openapi.json").read_text())
    assert written == document(), "run: helpdesk openapi > docs/openapi.json"


def test_the_page_about_the_api_lists_every_endpoint() -> None:
    page = (ROOT / "docs/api.md").read_text()
    listed = re.findall(r"^\| `([A-Z]+ /\S+)` \| (.*) \|$", page, re.MULTILINE)
    assert sorted(listed) == sorted(
        (f"{method.upper()} {path}", it["summary"])
        for path, methods in document()["paths"].items()
        for method, it in methods.items()
    )


def test_whoever_takes_a_key_may_find_it_used() -> None:
    for methods in document()["paths"].values():
        for it in methods.values():
            if any(each["name"] == "Idempotency-Key" for each in it.get("parameters", [])):
                assert "idempotency_key_reused" in it["responses"]["409"]["description"]


def test_every_operation_has_a_name_and_a_summary() -> None:
    operations = [it for methods in document()["paths"].values() for it in methods.values()]
    names = [it["operationId"] for it in operations]
    assert len(set(names)) == len(names)
    assert [it for it in operations if not it["summary"].endswith((".", "…"))] == []


async def test_the_simulator_is_documented_only_where_it_is(site: Site) -> None:
    paths = (await site.call("GET /openapi.json")).json["paths"]
    assert "/simulator/phones" in paths

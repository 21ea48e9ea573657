"""The rules of Firestore and Storage: who reads what a feed has, and nobody anything else."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest

from helpdesk.adapters.firebase.documents import resync
from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.ids import SectorId
from helpdesk.domain.live import RIGHTS_LAST, Rights, feeds_of
from helpdesk.domain.visibility import Audience
from tests.support.builders import an_attendant, fresh
from tests.support.firestore.rules import CONFIG, READ, WRITE, Rules

NOW: Final = datetime.now(UTC)
ROOT: Final = "/databases/(default)/documents"
SALES, SUPPORT = SectorId(fresh()), SectorId(fresh())
PEOPLE: Final = [
    an_attendant(role=role, sectors=sectors)
    for role, sectors in product(Role, ([], [SALES], [SALES, SUPPORT]))
]
AUDIENCES: Final = [
    Audience(everyone=True),
    Audience(),
    *(Audience(attendants=frozenset({it.id})) for it in PEOPLE),
    *(Audience(members_of=frozenset({it}), managers_of=frozenset({it})) for it in (SALES, SUPPORT)),
    *(Audience(managers_of=frozenset({it})) for it in (SALES, SUPPORT)),
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.of("firestore.rules")


def auth_of(person: Attendant, *, minted: datetime = NOW, used: datetime = NOW) -> dict[str, Any]:
    claims = Rights.of(person).claims(at=minted)
    return {"uid": str(person.id), "token": {**claims, "auth_time": int(used.timestamp())}}


def event_in(feed: str) -> str:
    return f"{ROOT}/feeds/{feed}/events/0123456789abcdef"


def test_everybody_reads_exactly_the_feeds_that_are_theirs(rules: Rules) -> None:
    written = {feed for it in AUDIENCES for feed in feeds_of(it)}
    assert len(written) >= 15
    for person, feed, method in product(PEOPLE, sorted(written), sorted(READ)):
        may = rules.allow(method, event_in(feed), auth_of(person), NOW)
        # An admin may read what is written for them alone, and need not.
        own = feed == f"attendant:{person.id}"
        assert may == (feed in Rights.of(person).feeds or own), (person, feed)


def test_nobody_writes_and_nothing_else_is_read(rules: Rules) -> None:
    admin = auth_of(an_attendant(role=Role.ADMIN))
    for method in sorted(WRITE):
        assert not rules.allow(method, event_in("admins"), admin, NOW)
    for place in ("feeds/admins", "feeds/admins/events/1/more/2", "people/1", "events/1"):
        for method in sorted(READ | WRITE):
            assert not rules.allow(method, f"{ROOT}/{place}", admin, NOW), place


@pytest.mark.parametrize(
    "auth",
    [
        None,
        {"uid": "somebody", "token": {"auth_time": int(NOW.timestamp())}},
        {"uid": "", "token": {}},
    ],
    ids=["nobody", "somebody signed in by other means", "no claims"],
)
def test_a_stranger_reads_nothing(rules: Rules, auth: Any) -> None:
    for feed in ("everyone", "admins", "attendant:somebody", "sector:", "managers:"):
        assert not rules.allow("get", event_in(feed), auth, NOW)


def test_a_token_gives_rights_for_an_hour_and_is_used_at_once(rules: Rules) -> None:
    person, second = PEOPLE[0], timedelta(seconds=1)
    place, auth = event_in("everyone"), auth_of(person)
    assert rules.allow("list", place, auth, NOW + RIGHTS_LAST - 2 * second)
    assert not rules.allow("list", place, auth, NOW + RIGHTS_LAST)
    kept = auth_of(person, used=NOW + 122 * second)
    assert not rules.allow("list", place, kept, NOW + 130 * second)


def test_the_bucket_is_closed_to_browsers() -> None:
    rules = Rules.of("storage.rules")
    admin = auth_of(an_attendant(role=Role.ADMIN))
    for method in sorted(READ | WRITE):
        assert not rules.allow(method, "/b/helpdesk.appspot.com/o/files/abc", admin, NOW)


def test_what_is_deployed_is_there_and_only_cursors_are_indexed() -> None:
    deployed = json.loads((CONFIG / "firebase.json").read_text())
    named = [*deployed["firestore"].values(), *deployed["storage"].values()]
    assert [it for it in named if not (CONFIG / it).is_file()] == []
    indexes = json.loads((CONFIG / deployed["firestore"]["indexes"]).read_text())
    overrides = {it["fieldPath"]: it for it in indexes["fieldOverrides"]}
    fields = set(resync(1, at=NOW, keep=RIGHTS_LAST).content)
    assert set(overrides) == fields - {"cursor"}
    assert {it["collectionGroup"] for it in overrides.values()} == {"events"}
    assert [name for name, it in overrides.items() if it.get("ttl")] == ["expires_at"]
    assert [it for it in overrides.values() if it["indexes"]] == []


@pytest.mark.parametrize("name", ["firestore.rules", "storage.rules"])
def test_no_rule_is_open_and_the_last_one_denies(name: str) -> None:
    *others, last = Rules.of(name).allows
    assert last.condition == "False"
    assert last.methods == READ | WRITE
    assert "=**}" in last.path
    for it in others:
        assert "request.auth != None and" in it.condition
        assert it.methods <= READ

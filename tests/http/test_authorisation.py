"""Every endpoint asked by everybody: the API refuses, whatever a dashboard shows."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from helpdesk.adapters.http.routes import API, SIMULATOR
from helpdesk.domain.attachment import content_of
from helpdesk.domain.attendance import Attendance
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.file import MediaKind, Recognised, StoredFile
from helpdesk.domain.ids import MediaId, MessageId
from helpdesk.domain.media import Form, Media, Rendition
from helpdesk.domain.message import Delivery
from tests.http.site import PHONE, Site, open_site
from tests.support.builders import fresh
from tests.support.devices import a_device_of
from tests.support.letters import a_letter
from tests.support.streams import pieces

# What an attendant, a manager and an admin get; each has the attendance, or Bia of another
# sector.  Every stranger gets 401.
OWN, FOREIGN = "own", "foreign"
OK, NO, HIDDEN = "ok", 403, 404


@dataclass(frozen=True, slots=True)
class Rule:
    """`roles`: answers to attendant, manager, admin; "ok" is any 2xx."""

    route: str
    roles: tuple[Any, Any, Any] = (OK, OK, OK)
    body: Any = None
    of: str = OWN
    also: tuple[int, ...] = field(default=())  # may come instead, for reasons of state


def everybody(*routes: str) -> list[Rule]:
    return [Rule(it) for it in routes]


def admins(route: str, body: Any = None) -> Rule:
    return Rule(route, (NO, NO, OK), body)


def leaders(route: str, body: Any = None) -> Rule:
    return Rule(route, (NO, OK, OK), body)


TEMPLATE: Final = {"name": "horario_de_atendimento", "language": "pt_BR"}
BEGINNING: Final = {"phone": "{phone}", "template": TEMPLATE, "session_id": "{session}"}
VERBS: Final = {
    "GET /v1/attendances/{attendance}": None,
    "GET /v1/attendances/{attendance}/history": None,
    "GET /v1/attendances/{attendance}/messages": None,
    "POST /v1/attendances/{attendance}/replies": {"text": "Olá"},
    "POST /v1/attendances/{attendance}/replies?template": {"template": TEMPLATE},
    "POST /v1/attendances/{attendance}/notes": {"text": "Olá"},
    "POST /v1/attendances/{attendance}/take": None,
    "POST /v1/attendances/{attendance}/transfer": {"sector_id": "{sector}"},
    "POST /v1/attendances/{attendance}/release": None,
    "POST /v1/attendances/{attendance}/close": None,
    "POST /v1/attendances/{attendance}/read": None,
    "POST /v1/attendances/{attendance}/typing": None,
    "POST /v1/messages/{message}/retry": None,
    "GET /v1/messages/{message}/journey": None,
    "POST /v1/messages/{message}/reaction": {"emoji": "👍"},
    "POST /v1/messages/{message}/edit": {"text": "Olá!"},
    "POST /v1/messages/{message}/revoke": None,
    "GET /v1/messages/{message}/history": None,
}
FILES: Final = (
    "GET /v1/media/{media}",
    "GET /v1/media/{media}/thumbnail",
    "GET /v1/media/{media}/links",
)
DEVICE: Final = {"target": "https://push.example.com/1", "name": "Chromium", "locale": "en"}
RULES: Final = [
    *everybody(
        "GET /v1/me",
        "GET /v1/counts",
        "GET /v1/me/push",
        "GET /v1/attendances",
        "GET /v1/clients",
        "GET /v1/clients/{client}",
        "GET /v1/clients/{client}/attendances",
        "GET /v1/clients/{client}/merges",
        "GET /v1/search?q=ola",
        "GET /v1/sectors",
        "GET /v1/attendants",
        "GET /v1/sessions",
        "GET /v1/sessions/{session}/templates",
        *(f"{verb} /v1/me/presence/{{bia}}" for verb in ("PUT", "DELETE")),
        "POST /v1/sign-out",
    ),
    Rule("PATCH /v1/me", body={"away": True}),
    Rule("POST /v1/me/password", body={"current": "no", "new": "long enough"}, also=(422,)),
    Rule("POST /v1/attendances", body={"phone": "{phone}", "text": "Olá"}),
    Rule("POST /v1/attendances?template", body=BEGINNING),
    Rule("POST /v1/clients", body={"phone": PHONE}),
    Rule("PATCH /v1/clients/{client}", body={"notes": "x"}),
    leaders("POST /v1/clients/{client}/merge", {"other_id": "{other}"}),
    admins("POST /v1/sectors", {"name": "New"}),
    admins("PATCH /v1/sectors/{sector}", {"name": "New"}),
    admins(
        "POST /v1/attendants",
        {"name": "Eva", "email": "eva@example.com", "role": "attendant", "password": "a" * 12},
    ),
    admins("PATCH /v1/attendants/{bia}", {"capacity": 3}),
    admins("POST /v1/attendants/{bia}/password", {"new": "long enough"}),
    admins("GET /v1/dead-letters"),
    admins("GET /v1/dead-letters/{letter}"),
    admins("POST /v1/dead-letters/{letter}/replay"),
    admins("POST /v1/dead-letters/replay", {}),
    admins("POST /v1/dead-letters/{letter}/discard"),
    Rule("GET /v1/sessions/{session}/qr", (NO, HIDDEN, HIDDEN)),  # there is no code
    leaders("POST /v1/sessions/{session}/logout"),
    leaders("GET /v1/sessions/{session}/outages"),
    leaders("GET /v1/bridges"),
    # Nobody listens elsewhere.
    Rule("POST /v1/live/token", (HIDDEN, HIDDEN, HIDDEN)),
    Rule("PATCH /v1/me/push", body={"content": True}),
    Rule("POST /v1/me/push/devices", body=DEVICE),
    Rule("DELETE /v1/me/push/devices/{device}", (HIDDEN, HIDDEN, HIDDEN)),  # somebody else's
    admins("POST /v1/sessions", {"name": "Sales", "bridge": "whatsapp.cloud"}),
    admins("PATCH /v1/sessions/{session}", {"name": "Support"}),
    admins("DELETE /v1/sessions/{session}"),
    Rule("POST /v1/sessions/{session}/pair-code", (NO, 409, 409), {"phone": PHONE}),  # no such way
    Rule("GET /v1/sessions/{session}/pair-code", (NO, HIDDEN, HIDDEN)),  # there is none
    Rule("POST /v1/attendances/{attendance}/media", also=(415,)),
    Rule("POST /v1/attendances/{attendance}/media", (HIDDEN, HIDDEN, OK), of=FOREIGN, also=(409,)),
    Rule("POST /v1/media/{media}/fetch", also=(409,)),
    Rule("POST /v1/media/{media}/fetch", (HIDDEN, HIDDEN, OK), of=FOREIGN, also=(409,)),
    *(Rule(route) for route in FILES),
    *(Rule(route, (HIDDEN, HIDDEN, OK), of=FOREIGN) for route in FILES),
    *(Rule(route, body=body) for route, body in VERBS.items()),
    *(Rule(route, (HIDDEN, HIDDEN, OK), body, FOREIGN, (409,)) for route, body in VERBS.items()),
]
ROLES: Final = ("attendant", "manager", "admin")
OPEN_TO_ALL: Final = {
    "POST /v1/sign-in",
    "GET /v1/feedback/{token}",
    "POST /v1/feedback/{token}",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda it: f"{it.of} {it.route}")
async def test_each_role_gets_what_it_may(site: Site, rule: Rule) -> None:
    people = (site.office.ana, site.office.carla, site.office.dora)
    for person, expected in zip(people, rule.roles, strict=True):
        names = await names_for(site, person if rule.of == OWN else site.office.bia)
        answer = await site.call(fill(rule.route, names), by=person, json=fill(rule.body, names))
        found = OK if answer.status < 300 else answer.status
        allowed = {expected, *(rule.also if expected == OK else ())}
        assert found in allowed, (person.name, answer)


@pytest.mark.parametrize("rule", RULES, ids=lambda it: f"{it.of} {it.route}")
async def test_a_stranger_gets_nothing(site: Site, rule: Rule) -> None:
    names = await names_for(site, site.office.ana)
    route, body = fill(rule.route, names), fill(rule.body, names)
    answer = await site.call(route, json=body)
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    forged = {"Authorization": "Bearer forged"}
    assert (await site.call(route, json=body, headers=forged)).status == 401


def test_the_matrix_leaves_out_no_endpoint() -> None:
    asked = {it.route.partition("?")[0] for it in RULES}
    nouns = "attendance message client sector session bia media letter device"
    for noun in nouns.split():
        asked = {it.replace(f"{{{noun}}}", "{id}") for it in asked}
    asked = {it.replace("/thumbnail", "/{form}") for it in asked}
    assert {f"{it.method} {it.path}" for it in API} - asked == OPEN_TO_ALL


@pytest.mark.parametrize("it", SIMULATOR, ids=lambda it: f"{it.method} {it.path}")
async def test_only_admins_reach_the_simulator_through_a_proxy(it: Any) -> None:
    async with open_site(base_url="https://help.example.com", trusted_proxies=1) as site:
        route = f"{it.method} {it.path.format(phone=PHONE, message='m')}"
        bodies = {"say": {"text": "Oi"}, "type_on_phone": {"typing": True}}
        bodies["amend"] = {"message": "none", "verb": "react"}
        body = bodies.get(it.handle.__name__)
        assert (await site.call(route, json=body)).status == 401
        assert (await site.call(route, json=body, by=site.office.ana)).status == 403
        assert (await site.call(route, json=body, by=site.office.carla)).status == 403
        assert (await site.call(route, json=body, by=site.office.dora)).status in (
            200,
            201,
            204,
            404,
            409,
            422,
        )


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"Host": "evil.example:8080"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
async def test_the_simulator_is_closed_to_what_only_seems_to_be_at_this_machine(
    site: Site, headers: dict[str, str]
) -> None:
    answer = await site.call("POST /simulator/unlink", headers=headers)
    assert answer.status == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]:8080", "LOCALHOST"])
async def test_the_simulator_is_open_to_who_sits_at_this_machine(site: Site, host: str) -> None:
    answer = await site.call("GET /simulator/state", headers={"Host": host})
    assert answer.status == 200


async def test_without_the_simulator_there_is_nothing_of_it() -> None:
    async with open_site(simulator=False) as site:
        answer = await site.call("GET /simulator/phones", by=site.office.dora)
        assert (answer.status, answer.code) == (404, "not_found")
        answer = await site.call(f"POST /simulator/phones/{PHONE}/messages", json={"text": "Oi"})
        assert (answer.status, answer.code) == (404, "not_found")
        paths = (await site.call("GET /openapi.json")).json["paths"]
        assert [it for it in paths if it.startswith("/simulator")] == []
        assert (await site.call("GET /v1/me", by=site.office.ana)).json["simulator"] is False


async def test_a_colleagues_attendance_in_ones_sector_is_hidden_but_taking_says_who_has_it(
    site: Site,
) -> None:
    other = await site.office.answer(await site.waiting(), site.office.carla)
    path = f"/v1/attendances/{other[0].id}"
    assert (await site.call(f"GET {path}", by=site.office.ana)).status == 404
    taken = await site.call(f"POST {path}/take", by=site.office.ana)
    assert (taken.status, taken.code) == (409, "already_taken")
    assert taken.json["holder"] == {"id": str(site.office.carla.id), "name": "Carla"}


async def names_for(site: Site, holder: Attendant) -> dict[str, str]:
    """One of everything that `holder` has, with a reply that failed."""
    office = site.office
    sector = office.support if holder is office.bia else office.sales
    client = await office.meet()
    held: Attendance = await office.attend(client, sector=sector, by=holder)
    held, message = await office.answer(held, holder)
    failed = message.track(
        Delivery.FAILED, attendance=held, provider_id=f"wa-{message.id}", at=message.at
    )
    await office.save(failed)
    media = await a_photo(site)
    held, photo = await office.answer(held, holder)
    await office.keep(replace(photo, content=content_of(media, photo.content.text)))
    letter = a_letter()
    await site.cases.dead_letters().keep(letter)
    return {
        "letter": str(letter.id),
        "device": str(await a_device_of(site.office.bia, site.office.store)),
        "attendance": str(held.id),
        "message": str(MessageId(message.id)),
        "media": str(media.id),
        "client": str(client.id),
        "other": str((await office.meet("Rui")).id),
        "sector": str(sector.id),
        "session": str(office.session.id),
        "bia": str(office.bia.id),
        "phone": f"+55119{held.id.int % 10**8:08}",
    }


async def a_photo(site: Site) -> Media:
    """A file with a thumbnail."""
    stored = await site.cases.media().put(pieces(b"a photo"), limit=9)
    recognised = Recognised(kind=MediaKind.IMAGE, mime="image/jpeg")
    file = StoredFile(blob=stored.blob, recognised=recognised)
    made = Rendition(form=Form.THUMBNAIL, blob=stored.blob, mime="image/webp")
    return replace(Media.of_file(MediaId(fresh()), file), renditions=(made,))


def fill(it: Any, names: dict[str, str]) -> Any:
    if isinstance(it, dict):
        return {key: fill(value, names) for key, value in it.items()}
    if isinstance(it, str):
        for name, value in names.items():
            it = it.replace(f"{{{name}}}", value)
    return it

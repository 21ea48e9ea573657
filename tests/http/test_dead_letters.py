"""Dead letters over HTTP: for admins; numbers hidden in lists, bodies as they were."""

from base64 import b64decode
from dataclasses import replace

from helpdesk.domain.dead_letter import DeadLetter
from tests.http.site import Site
from tests.support.letters import a_foreign_letter, a_letter


async def kept(site: Site, *letters: DeadLetter) -> None:
    for it in letters:
        await site.cases.dead_letters().keep(it)


async def test_a_list_shows_why_and_hides_numbers(site: Site) -> None:
    letter = a_letter(detail="Nobody at +5511987654321.")
    await kept(site, letter)
    answer = await site.call("GET /v1/dead-letters", by=site.office.dora)
    (shown,) = answer.json["items"]
    assert (shown["id"], shown["reason"], shown["error"]) == (str(letter.id), "refused", "conflict")
    assert (shown["detail"], shown["key"]) == ("Nobody at +…4321.", "+…0001")
    assert "body" not in shown


async def test_a_list_is_searched_and_paged(site: Site) -> None:
    await kept(site, a_letter(1), a_letter(2), a_letter(3, queue="session.1"))

    async def ids(query: str) -> list[str]:
        answer = await site.call(f"GET /v1/dead-letters?{query}", by=site.office.dora)
        return [it["id"] for it in answer.json["items"]]

    assert await ids("queue=inbound") == [str(a_letter(2).id), str(a_letter(1).id)]
    assert await ids("reason=lost") == []
    assert await ids("state=replayed") == []
    assert await ids("limit=1") == [str(a_letter(3, queue="session.1").id)]
    answer = await site.call("GET /v1/dead-letters?reason=boredom", by=site.office.dora)
    assert (answer.status, answer.fields) == (422, {"reason"})


async def test_a_letter_is_shown_with_what_it_says(site: Site) -> None:
    await kept(site, a_letter(), a_foreign_letter())
    ours = await site.call(f"GET /v1/dead-letters/{a_letter().id}", by=site.office.dora)
    assert (ours.json["body"], ours.json["encoding"]) == (a_letter().body.decode(), "text")
    foreign = a_foreign_letter()
    theirs = await site.call(f"GET /v1/dead-letters/{foreign.id}", by=site.office.dora)
    assert theirs.json["encoding"] == "base64"
    assert b64decode(theirs.json["body"]) == foreign.body


async def test_a_letter_is_replayed_and_what_nobody_can_read_is_not(site: Site) -> None:
    await kept(site, a_letter(), a_foreign_letter())
    done = await site.call(f"POST /v1/dead-letters/{a_letter().id}/replay", by=site.office.dora)
    assert done.json["replayed_at"] is not None
    refused = await site.call(
        f"POST /v1/dead-letters/{a_foreign_letter().id}/replay", by=site.office.dora
    )
    assert (refused.status, refused.code) == (409, "dead_letter_unreadable")


async def test_all_that_are_found_are_replayed(site: Site) -> None:
    await kept(site, a_letter(1), a_letter(2), replace(a_letter(3), queue="session.1"))
    body = {"queue": "inbound"}
    done = await site.call("POST /v1/dead-letters/replay", by=site.office.dora, json=body)
    assert done.json == {"replayed": 2, "left": 0}
    rest = await site.call("POST /v1/dead-letters/replay", by=site.office.dora, json={})
    assert rest.json == {"replayed": 1, "left": 0}


async def test_a_discarded_letter_is_gone(site: Site) -> None:
    await kept(site, a_letter())
    route = f"/v1/dead-letters/{a_letter().id}"
    assert (await site.call(f"POST {route}/discard", by=site.office.dora)).status == 204
    gone = await site.call(f"GET {route}", by=site.office.dora)
    assert (gone.status, gone.code) == (404, "dead_letter_not_found")

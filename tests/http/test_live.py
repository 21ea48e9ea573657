"""Listening elsewhere: who is told where, and what they may read there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from helpdesk.domain.attendant import Role
from tests.http.site import Site, open_site
from tests.support.builders import a_sector, fresh
from tests.support.clock import StoppedClock
from tests.support.elsewhere import MemoryIdentity
from tests.support.waiting import within


async def test_without_such_a_place_one_follows_the_feed_of_the_api(site: Site) -> None:
    me = (await site.call("GET /v1/me", by=site.office.ana)).json
    assert (me["live"], me["firebase"]) == ("websocket", None)
    refused = await site.call("POST /v1/live/token", by=site.office.ana)
    assert (refused.status, refused.code) == (404, "no_live_feed")


async def test_a_browser_learns_where_and_gets_a_token_for_what_its_person_sees() -> None:
    identity = MemoryIdentity()
    async with open_site(identity=identity, keep_feed=timedelta(hours=3)) as site:
        ana, sales = site.office.ana, site.office.sales
        me = (await site.call("GET /v1/me", by=ana)).json
        assert me["live"] == "firestore"
        assert me["firebase"] == {
            "project": "helpdesk",
            "api_key": "a key",
            "firestore_url": "",
            "auth_url": "",
        }
        await site.held_by(ana)
        await site.relay()
        told = (await site.call("POST /v1/live/token", by=ana)).json
        assert told["token"] == f"token of {ana.id}"
        assert told["feeds"] == ["everyone", f"attendant:{ana.id}", f"sector:{sales.id}"]
        assert told["cursor"] == str(await site.cases.feed().head()) != "0"
        assert told["replay_seconds"] == 3 * 3600
        [(_, at)] = identity.signed
        assert datetime.fromisoformat(told["expires_at"]) == at + timedelta(hours=1)


async def test_a_dashboard_that_is_open_is_told_when_events_do_not_come_there() -> None:
    clock = StoppedClock(datetime.now(UTC))
    async with open_site(identity=MemoryIdentity(), now=clock) as site:
        ana, dashboard = site.office.ana, f"/v1/me/presence/{fresh()}"

        async def late() -> bool:
            it: bool = (await site.call(f"PUT {dashboard}", by=ana)).json["late"]
            return it

        await site.held_by(ana)
        await site.relay()
        assert not await late()
        clock.advance(seconds=30)
        assert await late()
        head = await site.cases.feed().head()
        await within(site.office.store, lambda it: it.projection.advance(head))
        clock.advance(seconds=15)
        assert not await late()


async def test_who_is_demoted_gets_less_at_once_and_who_cannot_be_served_is_told() -> None:
    identity = MemoryIdentity()
    async with open_site(identity=identity) as site:
        office = site.office
        await site.call("POST /v1/live/token", by=office.carla)
        demoted = {"role": Role.ATTENDANT}
        await site.call(f"PATCH /v1/attendants/{office.carla.id}", by=office.dora, json=demoted)
        told = (await site.call("POST /v1/live/token", by=office.carla)).json
        assert [it for it in told["feeds"] if it.startswith("managers:")] == []
        assert identity.revoked == [office.carla.id]

        sectors = [a_sector(f"Sector {n}") for n in range(30)]
        everywhere = frozenset(it.id for it in sectors)
        await office.keep(*sectors, replace(office.bia, sectors=everywhere))
        refused = await site.call("POST /v1/live/token", by=office.bia)
        assert (refused.status, refused.code) == (409, "too_many_sectors")

"""Telling admins of numbers that are down: once, and that they are back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.adapters.memory.alerts import MemoryAlerts
from helpdesk.domain.attendant import Role
from helpdesk.domain.bridge import StateReported
from helpdesk.domain.outage import Outage
from helpdesk.domain.patience import Patience
from helpdesk.domain.session import SessionState
from helpdesk.domain.usecases.tell_outages import TellOutages
from helpdesk.ports.leases import Lease, lease_of
from tests.support.team import Firm

GRACE = 120  # seconds, as the firm has it


class Watch:
    """A firm whose number is served, and two channels to its admins."""

    def __init__(self, firm: Firm, lease: Lease) -> None:
        self.firm, self.lease = firm, lease
        self.hook, self.mail = MemoryAlerts(), MemoryAlerts()

    async def becomes(self, state: SessionState, **properties: Any) -> None:
        report = StateReported(
            at=self.firm.now(), session_id=self.firm.office.session.id, state=state, **properties
        )
        await self.firm.cases.consume_reports()(report)

    def process(self) -> TellOutages:
        """One of those that have the same clock."""
        made: TellOutages = self.firm.cases.tell_outages(
            channels={"webhook": self.hook, "smtp": self.mail},
            patience=Patience(first=timedelta(seconds=10)),
        )
        return made

    async def look(self, *, seconds: float = 0) -> None:
        self.firm.later(seconds=seconds)
        await self.process()()

    def said(self, channel: MemoryAlerts | None = None) -> list[str]:
        return [alert.news for alert, _ in (channel or self.hook).sent]

    async def outage(self) -> Outage:
        async with self.firm.store.transaction() as work:
            found = await work.outages.last_of(self.firm.office.session.id)
        assert found
        return found


@pytest.fixture
async def watch(firm: Firm) -> Watch:
    name = lease_of(firm.office.session.id)
    lease = await firm.cases.leases().acquire(name, owner="bot", seconds=600)
    assert lease
    it = Watch(firm, lease)
    await it.becomes(SessionState.CONNECTED)
    return it


async def test_admins_hear_of_a_number_that_stays_down_and_that_it_is_back(watch: Watch) -> None:
    await watch.becomes(SessionState.DISCONNECTED, reason="network")
    await watch.look(seconds=GRACE - 1)
    assert watch.said() == []
    await watch.look(seconds=1)
    await watch.look(seconds=1)
    assert watch.said() == ["down"]
    await watch.becomes(SessionState.STARTING)
    await watch.becomes(SessionState.CONNECTED)
    await watch.look()
    await watch.look()
    assert watch.said() == watch.said(watch.mail) == ["down", "back"]
    [(alert, to), (back, _)] = watch.hook.sent
    assert to == [watch.firm.office.dora.email]
    assert (alert.session.reason, alert.link) == ("network", "https://desk.example.com/sessions")
    assert alert.since == back.since
    assert back.ended_at == watch.firm.now()
    assert alert.id != back.id


async def test_a_number_that_comes_back_in_time_is_nobodys_business(watch: Watch) -> None:
    await watch.becomes(SessionState.DISCONNECTED)
    watch.firm.later(seconds=GRACE - 1)
    await watch.becomes(SessionState.CONNECTED)
    await watch.look(seconds=GRACE)
    assert watch.said() == []
    assert (await watch.outage()).ended_at is not None


async def test_however_many_processes_look_each_outage_is_told_once(watch: Watch) -> None:
    await watch.becomes(SessionState.BANNED)
    watch.firm.later(seconds=GRACE)
    await asyncio.gather(*(watch.process()() for _ in range(5)))
    assert watch.said() == watch.said(watch.mail) == ["down"]


async def test_a_channel_that_fails_is_tried_again_and_keeps_no_other_from_hearing(
    watch: Watch,
) -> None:
    watch.hook.broken = True
    await watch.becomes(SessionState.LOGGED_OUT)
    await watch.look(seconds=GRACE)
    await watch.look(seconds=9)
    assert (watch.said(), watch.said(watch.mail)) == ([], ["down"])
    watch.hook.broken = False
    await watch.look(seconds=1)
    assert watch.said() == watch.said(watch.mail) == ["down"]


class Odd(MemoryAlerts):
    """Fails as nobody foresaw."""

    async def check(self) -> None:
        raise RuntimeError("bug")


async def test_a_channel_with_a_bug_has_no_other_told_again_and_is_tried_ever_less(
    watch: Watch,
) -> None:
    watch.mail = Odd()  # told after the webhook
    await watch.becomes(SessionState.LOGGED_OUT)
    watch.firm.later(seconds=GRACE)
    for attempts in (1, 2, 3):
        with pytest.raises(RuntimeError):
            await watch.process()()
        assert watch.said() == ["down"]
        outage = await watch.outage()
        assert outage.attempts == attempts
        assert outage.due_at
        watch.firm.later(seconds=(outage.due_at - watch.firm.now()).total_seconds())


async def test_a_number_whose_process_died_is_down_though_nothing_was_reported(
    watch: Watch,
) -> None:
    await watch.firm.cases.leases().release(watch.lease)
    await watch.look()
    await watch.look(seconds=GRACE)
    [(alert, _)] = watch.hook.sent
    assert (alert.session.state, alert.news) == (SessionState.CONNECTED, "down")
    assert (await watch.outage()).reason == "no process serves it"
    await watch.firm.cases.leases().acquire(watch.lease.name, owner="bot", seconds=600)
    await watch.look()
    assert watch.said() == ["down", "back"]


async def test_nobody_hears_of_a_number_that_is_removed_while_it_is_down(watch: Watch) -> None:
    dora, session = watch.firm.office.dora, watch.firm.office.session.id
    await watch.becomes(SessionState.FAILED)
    async with watch.firm.store.transaction() as work:
        [taken] = await work.outages.take(
            at=watch.firm.later(seconds=GRACE), until=watch.firm.now(), limit=5
        )
    await watch.firm.cases.manage_sessions().remove(session, by=dora)
    assert (await watch.outage()).due_at is None
    async with watch.firm.store.transaction() as work:
        await work.outages.keep(taken)  # who took it before had not looked yet
    await watch.look()
    assert watch.said() == []
    assert (await watch.outage()).due_at is None


async def test_an_admin_who_left_hears_nothing(watch: Watch) -> None:
    office = watch.firm.office
    await watch.firm.hire("Eva", role=Role.ADMIN, active=False)
    await watch.becomes(SessionState.FAILED)
    await watch.look(seconds=GRACE)
    assert [to for _, to in watch.hook.sent] == [[office.dora.email]]

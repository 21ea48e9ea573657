"""A status that comes while our own report is being stored, after another that was parked."""

from helpdesk.domain.bridge import StatusReported
from helpdesk.domain.message import Delivery, Message
from helpdesk.domain.usecases.amending import known
from helpdesk.domain.usecases.track_delivery import TrackDelivery
from helpdesk.ports.store import Store
from tests.support.clock import NOON
from tests.support.office import Office
from tests.support.reports import sent_as
from tests.support.waiting import soon, waiting, within


def status(of: Message, delivery: Delivery) -> StatusReported:
    return StatusReported(
        at=NOON, session_id=of.session_id, provider_id="wamid.1", delivery=delivery
    )


async def test_it_waits_and_is_not_lost(office: Office, store: Store) -> None:
    track = TrackDelivery(store=store, now=lambda: NOON)
    attendance = await office.attend(by=office.ana)
    _, reply = await office.answer(attendance, office.ana)
    await track.status(status(reply, Delivery.SENT))
    async with store.transaction() as work:  # as `sent` does
        change = (await work.messages.load(reply.id)).track(
            Delivery.SENT, attendance=attendance, attempt=1, provider_id="wamid.1", at=NOON
        )
        await work.save(change)
        assert not await work.first_time(known(reply.session_id, "wamid.1"))
        parked = await work.messages.unpark_status(reply.session_id, "wamid.1")
        rival = await waiting(track.status(status(reply, Delivery.DELIVERED)))
    await soon(rival)
    assert parked == (Delivery.SENT, None)
    now = await within(store, lambda it: it.messages.load(reply.id))
    assert now.delivery is Delivery.DELIVERED


async def test_it_finds_what_our_own_report_left(office: Office, store: Store) -> None:
    track = TrackDelivery(store=store, now=lambda: NOON)
    _, reply = await office.answer(await office.attend(by=office.ana), office.ana)
    await track.status(status(reply, Delivery.SENT))
    await track.status(status(reply, Delivery.READ))
    await track.sent(sent_as(reply, "wamid.1"))
    now = await within(store, lambda it: it.messages.load(reply.id))
    assert now.delivery is Delivery.READ

"""Messages: known by our id and by the provider's, and statuses that come too early."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendance import Attendance, Party
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.change import Change
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.feedback import Feedback, digest
from helpdesk.domain.ids import MessageId
from helpdesk.domain.message import Content, Delivery, Failure, Kind, MessageNotFoundError
from helpdesk.domain.reaction import Reaction
from helpdesk.ports.store import Store
from tests.support.builders import a_session, fresh, received, replied
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import race, soon, waiting, within
from tests.support.wire import OF_TEMPLATE, PHOTO

TEXT = "\u200eOlá 🎉 'quoted' \\back\\ \r\n\t%_ e\u0301 \x7f"


async def test_every_property_is_kept_and_every_byte_of_the_text(office: Office) -> None:
    it = await office.attend(by=office.ana)
    it, asked = await office.hear(it, TEXT, provider_id="wamid.1", at=after(microseconds=5))
    answered, reply = replied(it, office.ana.id)
    full = replace(
        reply.state,
        content=Content(Kind.FEEDBACK_REQUEST, TEXT),
        quote=asked.id,
        provider_id="wamid.2",
        delivery=Delivery.FAILED,
        failure=Failure("rate_limited", "slow 'down'"),
        attempt=3,
        reactions=(
            Reaction(Party.ATTENDANT, "", after(seconds=1), office.ana.id),
            Reaction(Party.CLIENT, "👩🏽\u200d🚒", after(microseconds=7)),
        ),
        edited_at=after(seconds=2),
        revoked_at=after(seconds=3),
    )
    await office.keep(answered.state, full)
    it, note = await office.note(answered.state, office.bia)
    for message in (asked, full, note):
        async with office.store.transaction() as work:
            assert await work.messages.find(message.id) == message
            assert await work.messages.load(message.id) == message


async def test_an_unknown_message_is_not_found(office: Office) -> None:
    unknown = MessageId(fresh())
    async with office.store.transaction() as work:
        assert await work.messages.find(unknown) is None
        assert await work.messages.of_provider(office.session.id, "unknown") is None
        with pytest.raises(MessageNotFoundError):
            await work.messages.load(unknown)


async def test_a_message_is_held_by_either_id_and_found_without(office: Office) -> None:
    _, it = await office.hear(await office.attend(), provider_id="wamid.1")
    async with office.store.transaction() as work:
        assert await work.messages.of_provider(office.session.id, "wamid.1") == it
        second = await waiting(within(office.store, lambda rival: rival.messages.load(it.id)))
        found = within(office.store, lambda rival: rival.messages.find(it.id))
        assert await soon(found) == it
    assert await soon(second) == it


async def test_a_provider_s_id_is_stored_once_in_a_session_whatever_races(
    office: Office,
) -> None:
    attendances = [await office.attend() for _ in range(4)]

    async def hear(it: Attendance) -> None:
        await office.save(*received(it, provider_id="wamid.1"))

    ended = await race(*(hear(it) for it in attendances))
    assert sorted(str(type(it).__name__) for it in ended) == [
        *["ConflictError"] * 3,
        "NoneType",
    ]


async def test_two_sessions_may_use_the_same_provider_s_id(office: Office) -> None:
    other = a_session("Other")
    await office.keep(other)
    _, here = await office.hear(await office.attend(), provider_id="1")
    _, there = await office.hear(await office.attend(session=other), provider_id="1")
    async with office.store.transaction() as work:
        assert await work.messages.of_provider(office.session.id, "1") == here
        assert await work.messages.of_provider(other.id, "1") == there


async def test_a_reply_is_found_by_the_provider_s_id_of_its_last_attempt(office: Office) -> None:
    _, reply = await office.answer(await office.attend(), office.ana)
    await office.keep(replace(reply, provider_id="first"))
    again = replace(reply, provider_id="second")
    await office.keep(again)
    async with office.store.transaction() as work:
        assert await work.messages.of_provider(office.session.id, "first") is None
        assert await work.messages.of_provider(office.session.id, "second") == again


async def test_a_reply_may_not_take_another_s_provider_s_id(office: Office) -> None:
    it, _ = await office.hear(await office.attend(), provider_id="wamid.1")
    _, reply = await office.answer(it, office.ana)
    with pytest.raises(ConflictError):
        await office.keep(replace(reply, provider_id="wamid.1"))


async def test_the_client_s_newest_message_is_found(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        assert await work.messages.last_inbound(it.id) is None
    it, _ = await office.hear(it, "one", at=after(minutes=2))
    it, newest = await office.hear(it, "two", at=after(minutes=1))  # sent late, heard last
    await office.answer(it, office.ana)
    async with office.store.transaction() as work:
        assert await work.messages.last_inbound(it.id) == newest


async def test_a_status_that_came_early_is_kept_until_it_is_fetched_once(
    office: Office,
) -> None:
    session, failure = office.session.id, Failure("banned", "for ever")
    async with office.store.transaction() as work:
        await work.messages.park_status(session, "wamid.1", Delivery.FAILED, failure)
    async with office.store.transaction() as work:
        assert await work.messages.unpark_status(session, "wamid.2") is None
        kept = await work.messages.unpark_status(session, "wamid.1")
        assert kept == (Delivery.FAILED, failure)
    async with office.store.transaction() as work:
        assert await work.messages.unpark_status(session, "wamid.1") is None


async def test_of_several_early_statuses_the_highest_stays(office: Office) -> None:
    for delivery in (Delivery.SENT, Delivery.READ, Delivery.FAILED, Delivery.DELIVERED):
        failure = Failure("bug") if delivery is Delivery.FAILED else None
        async with office.store.transaction() as work:
            await work.messages.park_status(office.session.id, "1", delivery, failure)
    async with office.store.transaction() as work:
        kept = await work.messages.unpark_status(office.session.id, "1")
    assert kept == (Delivery.READ, None)


async def test_a_form_is_found_by_its_token_and_held(office: Office) -> None:
    it = await office.close(await office.attend())
    asked = Feedback.ask(it.id, token="secret", at=NOON)
    await office.keep(asked)
    async with office.store.transaction() as work:
        assert await work.feedbacks.by_token(digest("wrong")) is None
        given = asked.give(5, "Ótimo", attendance=it, at=after(hours=1))
        assert await work.feedbacks.by_token(digest("secret")) == asked
        second = await waiting(
            within(office.store, lambda rival: rival.feedbacks.by_token(digest("secret")))
        )
        await work.save(given)
    assert await soon(second) == given.state


async def test_a_new_link_replaces_the_former(office: Office) -> None:
    it = await office.close(await office.attend())
    first, second = [Feedback.ask(it.id, token=token, at=NOON) for token in ("one", "two")]
    await office.keep(first)
    await office.keep(second)
    async with office.store.transaction() as work:
        assert await work.feedbacks.by_token(digest("one")) is None
        assert await work.feedbacks.by_token(digest("two")) == second
        assert await work.feedbacks.of(it.id) == second


async def test_what_nothing_was_asked_about_has_no_form(office: Office) -> None:
    it = await office.attend()
    async with office.store.transaction() as work:
        assert await work.feedbacks.of(it.id) is None


@pytest.mark.parametrize(
    "content",
    [
        PHOTO,
        OF_TEMPLATE,
        Content(Kind.LOCATION, "", location=Location(latitude=-23.5, longitude=0.1, name="Sé")),
        Content(Kind.CONTACT, "", contacts=(ContactCard(name="Bia", phones=("+55 11 9",)),)),
    ],
)
async def test_what_a_message_holds_beside_its_text_is_kept(
    office: Office, store: Store, content: Content
) -> None:
    it, _ = await office.hear(await office.attend(by=office.ana))
    answered, reply = replied(it, office.ana.id)
    await office.save(answered, Change(replace(reply.state, content=content)))
    async with store.transaction() as work:
        assert (await work.messages.load(reply.state.id)).content == content

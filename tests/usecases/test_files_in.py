"""A client sends a file: the text is there at once, the file as soon as it can be had."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from helpdesk.domain.attachment import MediaChanged, MediaWanted, NotFetchableError
from helpdesk.domain.cards import ContactCard, Location
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError, MediaKind, MediaNotFoundError
from helpdesk.domain.ids import MediaId
from helpdesk.domain.media import MediaState
from helpdesk.domain.message import Content, Kind
from tests.support.builders import fresh
from tests.support.team import Firm
from tests.usecases.files import JPEG, Sources, Way


@pytest.fixture
def way(firm: Firm) -> Way:
    return Way(firm)


async def test_a_file_that_can_be_had_comes_with_its_message(way: Way) -> None:
    it = await way.send(caption="Veja", name="foto.jpg")
    media = await way.media(it)
    assert (it.content.kind, it.content.text) == (Kind.IMAGE, "Veja")
    assert (media.state, media.name, media.mime) == (MediaState.READY, "foto.jpg", "image/jpeg")
    assert await way.bytes_of(media) == JPEG
    assert await way.retry() == 0  # nothing is left to do


async def test_what_is_not_what_it_claims_to_be_is_a_document(way: Way) -> None:
    it = await way.send(b"<svg onload=alert(1)>", name="foto.jpg")
    assert (it.content.kind, (await way.media(it)).kind) == (Kind.DOCUMENT, MediaKind.DOCUMENT)


async def test_an_empty_file_is_a_document(way: Way) -> None:
    media = await way.media(await way.send(b""))
    assert (media.kind, media.state) == (MediaKind.DOCUMENT, MediaState.READY)


async def test_twenty_failures_keep_neither_the_text_nor_the_file_away(
    firm: Firm, way: Way
) -> None:
    way.bridge.troubles = [UnavailableError("503") for _ in range(20)]
    it = await way.send(caption="Veja")
    media = await way.media(it)
    assert (it.content.text, media.state, media.reason) == ("Veja", MediaState.PENDING, "503")
    for failures in range(2, 21):
        assert await way.retry() == 1
        assert (await way.media(it)).attempts == failures
    assert await way.retry() == 1
    assert await way.bytes_of(await way.media(it)) == JPEG
    assert (way.bridge.opened, await way.retry()) == (21, 0)
    told = [event.message.content.media for event in await firm.told(MediaChanged)]
    assert [media.state for media in told if media] == [MediaState.PENDING] * 19 + [
        MediaState.READY
    ]


async def test_a_file_that_never_comes_is_given_up_and_can_be_asked_for_again(
    firm: Firm, way: Way
) -> None:
    way.bridge.troubles = [UnavailableError("503") for _ in range(80)]
    it = await way.send()
    while (await way.media(it)).state is MediaState.PENDING:
        assert await way.retry() == 1
    media = await way.media(it)
    assert (media.state, media.reason) == (MediaState.FAILED, "503")
    assert way.bridge.opened == 73  # once an hour, for three days
    assert await way.retry() == 0
    way.bridge.troubles = []
    await firm.cases.ask_again()(media.id, by=firm.office.ana)
    assert (await way.media(it)).state is MediaState.PENDING
    await way.retry()
    assert (await way.media(it)).state is MediaState.READY


async def test_what_is_gone_says_so_at_once(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [MediaGoneError("It expired.")]
    media = await way.media(await way.send())
    assert (media.state, media.reason) == (MediaState.GONE, "It expired.")
    assert await way.retry() == 0
    with pytest.raises(NotFetchableError):
        await firm.cases.ask_again()(media.id, by=firm.office.ana)


async def test_what_goes_later_says_so_then(way: Way) -> None:
    way.bridge.troubles = [UnavailableError(), MediaGoneError()]
    it = await way.send()
    await way.retry()
    assert (await way.media(it)).state is MediaState.GONE


async def test_a_bug_of_a_bridge_does_not_keep_the_text_away(way: Way) -> None:
    way.bridge.troubles = [RuntimeError("boom")]
    it = await way.send(caption="Veja")
    assert (it.content.text, (await way.media(it)).reason) == ("Veja", "RuntimeError")


async def test_a_source_that_hangs_is_not_waited_for(firm: Firm) -> None:
    class Hanging(Sources):
        @asynccontextmanager
        async def open_media(self, ref: str) -> AsyncIterator[AsyncIterator[bytes]]:
            await asyncio.Event().wait()
            yield await asyncio.Future()

    way = Way(firm, Hanging(), seconds=0.05)
    it = await way.send(caption="Veja")
    assert it.content.text == "Veja"
    assert "did not come" in (await way.media(it)).reason


async def test_a_file_is_fetched_once_however_often_that_is_reported(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [UnavailableError()]
    it = await way.send()
    firm.later(hours=1)
    await firm.cases.order_fetches().once()
    wanted = await firm.told(MediaWanted)
    await way.obey()
    ready = await way.media(it)
    await firm.settle()
    for command in wanted:
        async with firm.store.transaction() as work:
            await work.emit(command)
    await way.obey()
    assert await way.media(it) == ready
    assert await firm.told(MediaChanged) == []


async def test_who_does_not_see_the_message_cannot_ask_for_its_file(firm: Firm, way: Way) -> None:
    way.bridge.troubles = [UnavailableError()]
    media = await way.media(await way.send())
    with pytest.raises(MediaNotFoundError):
        await firm.cases.ask_again()(media.id, by=firm.office.bia)
    with pytest.raises(MediaNotFoundError):
        await firm.cases.ask_again()(MediaId(fresh()), by=firm.office.dora)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (
            Content(Kind.LOCATION, "", location=Location(latitude=1, longitude=2, name="a\nb")),
            Content(Kind.LOCATION, "", location=Location(latitude=1, longitude=2, name="a b")),
        ),
        (
            Content(Kind.LOCATION, "", location=Location(latitude=91, longitude=2)),
            Content(Kind.UNSUPPORTED, "location"),
        ),
        (
            Content(Kind.CONTACT, "", contacts=(ContactCard(name=" Bia "),)),
            Content(Kind.CONTACT, "", contacts=(ContactCard(name="Bia"),)),
        ),
    ],
)
async def test_places_and_cards_are_shown_as_far_as_they_make_sense(
    firm: Firm, said: Content, stored: Content
) -> None:
    await firm.cases.receive_message()(replace(firm.report(), content=said))
    [attendance] = await firm.attendances()
    assert [it.content for it in await firm.messages(attendance.id)] == [stored]

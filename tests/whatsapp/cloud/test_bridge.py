"""Sending by the Graph API: what becomes of each answer, and of none."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from structlog.testing import capture_logs

from helpdesk.domain.bridge import Outbound, Outcome, StateReported, StatusReported
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import MediaGoneError, MediaKind
from helpdesk.domain.ids import MediaId, MessageId
from helpdesk.domain.media import Media, MediaState
from helpdesk.domain.message import Content, Delivery, Kind
from helpdesk.domain.session import SessionState
from helpdesk.ports.bridge import Bridge
from helpdesk.ports.media import MediaStore
from tests.support.builders import fresh
from tests.support.clock import StoppedClock
from tests.support.graph.peer import CloudPeer
from tests.support.graph.server import FakeGraph, refusal
from tests.support.memory import memory_opening
from tests.support.phone_peer import Sink, eventually, running, states
from tests.support.phones import ANA, BIA, reply

OGG = b"OggS" + b"\0" * 60


@pytest.fixture
async def media() -> AsyncIterator[MediaStore]:
    async with memory_opening() as opening:
        store: MediaStore = await opening.port("media")
        yield store


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def peer(fake: FakeGraph, media: MediaStore, clock: StoppedClock) -> AsyncIterator[CloudPeer]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as http:
        yield CloudPeer(fake, http, media, clock)


@pytest.fixture
def bridge(peer: CloudPeer) -> Bridge:
    return peer.bridge()


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (131047, "window_closed"),
        (131026, "recipient_unreachable"),
        (131021, "recipient_unreachable"),
        (131049, "rate_limited"),
        (131052, "media_rejected"),
        (132001, "template_invalid"),
        (100, "bug"),
        (131009, "bug"),
        (4242, "bug"),
    ],
)
async def test_what_is_permanent_fails_the_message_with_its_reason(
    fake: FakeGraph, bridge: Bridge, code: int, named: str
) -> None:
    fake.refusals = [refusal(code)]
    with capture_logs():
        result = await bridge.send(reply())
    assert result.outcome is Outcome.REJECTED
    assert result.failure
    assert (result.failure.code, str(code) in result.failure.detail) == (named, True)


@pytest.mark.parametrize("answer", [refusal(131000), refusal(2, status=500), (503, {}), (500, {})])
async def test_what_may_have_been_taken_is_unknown(
    fake: FakeGraph, bridge: Bridge, answer: tuple[int, dict[str, object]]
) -> None:
    fake.refusals = [answer]
    assert (await bridge.send(reply())).outcome is Outcome.UNKNOWN


async def test_an_answer_that_cannot_be_read_is_settled_by_the_status(
    fake: FakeGraph, peer: CloudPeer
) -> None:
    sink, answer = Sink(), reply()
    async with running(peer.bridge(), sink) as bridge:
        await sink.has(StateReported)
        fake.silences = 1
        assert (await bridge.send(answer)).outcome is Outcome.UNKNOWN
        sent, delivered = await sink.has(StatusReported, 2)
    assert {sent.message_id, delivered.message_id} == {answer.message_id}
    assert [sent.delivery, delivered.delivery] == [Delivery.SENT, Delivery.DELIVERED]


@pytest.mark.parametrize(
    "slow", [refusal(130429), refusal(80007), (429, {"headers": {"Retry-After": "30"}})]
)
async def test_a_number_that_is_too_fast_pauses_whoever_it_writes_to(
    fake: FakeGraph, bridge: Bridge, slow: tuple[int, dict[str, object]]
) -> None:
    fake.refusals = [slow]
    for to in (ANA, BIA):
        with pytest.raises(UnavailableError):
            await bridge.send(reply(to=to))
    assert fake.posted == []


async def test_one_client_who_gets_too_much_holds_up_nobody_else(
    fake: FakeGraph, bridge: Bridge
) -> None:
    fake.refusals = [refusal(131056)]
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bridge.send(reply(to=ANA))
    assert (await bridge.send(reply(to=BIA))).outcome is Outcome.ACCEPTED
    assert len(fake.posted) == 1


@pytest.mark.parametrize(
    ("code", "state"), [(190, SessionState.LOGGED_OUT), (368, SessionState.BANNED)]
)
async def test_a_number_that_meta_refuses_sends_no_more_and_says_so(
    fake: FakeGraph, bridge: Bridge, code: int, state: SessionState
) -> None:
    fake.refusals = [refusal(code, "no more")]
    with capture_logs():
        for _ in range(2):
            with pytest.raises(UnavailableError):
                await bridge.send(reply())
    assert fake.posted == []
    health = await bridge.health()
    assert (health.state, "no more" in health.detail) == (state, True)


async def test_a_token_that_is_revoked_logs_the_session_out_until_it_is_good_again(
    fake: FakeGraph, peer: CloudPeer
) -> None:
    sink, good = Sink(), fake.token
    with capture_logs():
        async with running(peer.bridge(), sink):
            await sink.has(StateReported)
            fake.token = "another"
            await sink.has(StateReported, 2)
            fake.token = good
            await sink.has(StateReported, 3)
    assert states(sink) == [
        SessionState.CONNECTED,
        SessionState.LOGGED_OUT,
        SessionState.CONNECTED,
    ]
    assert good not in str(sink.taken)


async def test_a_number_whose_messages_alone_are_refused_is_tried_again_ever_less(
    fake: FakeGraph, peer: CloudPeer, clock: StoppedClock
) -> None:
    sink = Sink()
    with capture_logs():
        async with running(peer.bridge(), sink) as bridge:
            await sink.has(StateReported)
            for minutes in (1, 2):
                fake.refusals = [refusal(368, "policy")]
                with pytest.raises(UnavailableError):
                    await bridge.send(reply())
                await asked_again(fake)
                assert (await bridge.health()).state is SessionState.BANNED
                clock.advance(minutes=minutes)
                await sink.until(lambda: states(sink)[-1] is SessionState.CONNECTED)
            assert (await bridge.send(reply())).outcome is Outcome.ACCEPTED
    connected, banned = SessionState.CONNECTED, SessionState.BANNED
    assert states(sink) == [connected, banned, connected, banned, connected]


async def asked_again(fake: FakeGraph) -> None:
    """Wait until the number was looked at some more times."""
    before = fake.asked

    async def look() -> bool:
        return fake.asked > before + 2

    await eventually(look)


async def test_who_is_known_by_a_business_scoped_id_is_addressed_by_it(
    fake: FakeGraph, bridge: Bridge
) -> None:
    answer = reply()
    await bridge.send(answer)
    [body] = fake.posted
    assert (body["to"], "recipient" in body) == ("5511987654321", False)
    assert body["biz_opaque_callback_data"] == str(answer.message_id)


async def stored(store: MediaStore, kind: MediaKind, mime: str, data: bytes) -> Media:
    async def pieces() -> AsyncIterator[bytes]:
        yield data

    it = await store.put(pieces(), limit=1000)
    return Media(
        id=MediaId(fresh()),
        kind=kind,
        state=MediaState.READY,
        name="nota.pdf",
        mime=mime,
        blob=it.blob,
    )


def file(media: Media, kind: Kind, caption: str = "") -> Outbound:
    content = Content(kind, caption, media=media)
    return Outbound(message_id=MessageId(fresh()), address=ANA, content=content)


async def test_a_voice_note_is_uploaded_and_sent_as_one(
    fake: FakeGraph, bridge: Bridge, media: MediaStore
) -> None:
    note = await stored(media, MediaKind.VOICE, "audio/ogg", OGG)
    assert (await bridge.send(file(note, Kind.VOICE))).outcome is Outcome.ACCEPTED
    [body] = fake.posted
    assert fake.files[body["audio"]["id"]] == (OGG, "audio/ogg")
    assert body["audio"]["voice"] is True


async def test_a_document_has_its_name_and_caption(
    fake: FakeGraph, bridge: Bridge, media: MediaStore
) -> None:
    document = await stored(media, MediaKind.DOCUMENT, "application/pdf", b"%PDF-")
    await bridge.send(file(document, Kind.DOCUMENT, "a nota"))
    about = fake.posted[0]["document"]
    assert (about["filename"], about["caption"]) == ("nota.pdf", "a nota")


async def test_a_file_that_meta_lost_is_uploaded_again_once(
    fake: FakeGraph, bridge: Bridge, media: MediaStore
) -> None:
    image = await stored(media, MediaKind.IMAGE, "image/jpeg", b"\xff\xd8")
    fake.sends_refused = [refusal(131053)]
    assert (await bridge.send(file(image, Kind.IMAGE))).outcome is Outcome.ACCEPTED
    assert len(fake.files) == 2


async def test_a_file_whose_upload_is_uncertain_is_not_sent_and_tried_later(
    fake: FakeGraph, bridge: Bridge, media: MediaStore
) -> None:
    image = await stored(media, MediaKind.IMAGE, "image/jpeg", b"\xff\xd8")
    fake.refusals = [(503, {})]
    with pytest.raises(UnavailableError):
        await bridge.send(file(image, Kind.IMAGE))
    assert fake.posted == []


async def test_a_client_s_file_is_fetched_in_two_steps_with_the_token(
    fake: FakeGraph, bridge: Bridge
) -> None:
    fake.files["1166"] = (b"bytes", "image/jpeg")
    async with bridge.open_media("1166") as pieces:
        assert b"".join([it async for it in pieces]) == b"bytes"
    with pytest.raises(MediaGoneError):
        async with bridge.open_media("gone"):
            pass


async def test_a_file_that_meta_says_is_elsewhere_gets_no_token(
    fake: FakeGraph, bridge: Bridge
) -> None:
    fake.files["1166"] = (b"bytes", "image/jpeg")
    for url in ("http://evil.example/x", "https://fbsbx.com.evil.example/", "file:///etc/passwd"):
        fake.elsewhere = url
        with pytest.raises(UnavailableError):
            async with bridge.open_media("1166"):
                pass


async def test_while_the_api_is_away_nothing_is_sent(fake: FakeGraph, bridge: Bridge) -> None:
    await fake.down()
    with pytest.raises(UnavailableError):
        await bridge.send(reply())
    await bridge.mark_read(ANA, "wamid.1")
    await bridge.set_typing(ANA)

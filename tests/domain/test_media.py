"""The file of a message: awaited, there, converted, missing, removed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.attachment import (
    MediaChanged,
    MediaReported,
    NotFetchableError,
    ask_again,
    content_of,
    fetch,
    with_media,
)
from helpdesk.domain.file import (
    Blob,
    MediaKind,
    Recognised,
    Source,
    StoredFile,
    VoiceFormat,
    renamed,
)
from helpdesk.domain.ids import MediaId, MessageId, SessionId
from helpdesk.domain.media import Facts, Form, Media, MediaState, Rendition
from helpdesk.domain.message import Content, Kind, Message
from tests.support.builders import an_attendance, fresh, received
from tests.support.clock import NOON, after

BLOB, SMALL = Blob(sha256="ab" * 32, size=9), Blob(sha256="cd" * 32, size=3)
OGG = Recognised(kind=MediaKind.VOICE, mime="audio/ogg")
PLAIN = Recognised(kind=MediaKind.DOCUMENT, mime="application/octet-stream")
SOURCE = Source(ref="wamid.1", name="voz.ogg", mime="audio/ogg")
UNTIL = NOON + timedelta(hours=1)


def awaited() -> Media:
    return Media.awaited(MediaId(fresh()), MediaKind.VOICE, SOURCE, reason="no answer", until=UNTIL)


def arrived() -> Media:
    return Media.of_file(MediaId(fresh()), StoredFile(blob=BLOB, recognised=OGG))


def with_renditions() -> Media:
    made = Rendition(form=Form.VOICE, blob=SMALL, mime="audio/ogg")
    return arrived().convert(OGG, Facts(duration=1.5), (made,), reason="")


def a_message(media: Media | None) -> Message:
    _, message = received(an_attendance().state)
    content = content_of(media, "Oi") if media else Content(Kind.TEXT, "Oi")
    return replace(message.state, content=content)


def test_a_file_that_is_awaited_has_its_sender_s_word_for_it() -> None:
    it = awaited()
    assert (it.state, it.name, it.mime, it.attempts) == (
        MediaState.PENDING,
        "voz.ogg",
        "audio/ogg",
        1,
    )
    assert it.blobs() == ()


def test_a_file_of_no_type_at_all_is_awaited_as_bytes() -> None:
    source = Source(ref="1")
    it = Media.awaited(MediaId(fresh()), MediaKind.IMAGE, source, reason="", until=UNTIL)
    assert (it.name, it.mime) == ("image", "application/octet-stream")


def test_a_file_that_arrives_is_what_its_bytes_say() -> None:
    it = awaited()
    came = it.arrive(StoredFile(blob=BLOB, recognised=PLAIN))
    assert (came.id, came.state, came.kind, came.mime) == (
        it.id,
        MediaState.READY,
        MediaKind.DOCUMENT,
        "application/octet-stream",
    )
    assert (came.name, came.processing, came.source) == ("voz.ogg", True, None)
    nameless = replace(it, source=None).arrive(StoredFile(blob=BLOB, recognised=PLAIN))
    assert nameless.name == "voz.ogg"


def test_a_file_is_missed_until_it_is_given_up() -> None:
    once = awaited().miss("503", gone=False, at=NOON)
    assert (once.state, once.attempts, once.reason) == (MediaState.PENDING, 2, "503")
    for_good = once.miss("503", gone=False, at=UNTIL)
    assert (for_good.state, for_good.retry_until) == (MediaState.FAILED, None)
    asked = replace(for_good, state=MediaState.PENDING)
    assert asked.miss("503", gone=False, at=UNTIL).state is MediaState.PENDING


def test_what_is_gone_is_not_asked_for_again() -> None:
    gone = awaited().miss("404", gone=True, at=NOON)
    assert (gone.state, gone.source, gone.retry_until) == (MediaState.GONE, None, None)


def test_what_was_made_of_a_file_is_kept_with_it() -> None:
    it = with_renditions()
    assert it.blobs() == (BLOB, SMALL)
    assert it.rendition(Form.POSTER) is None
    assert not it.processing
    removed = it.remove()
    assert (removed.state, removed.blobs(), removed.facts) == (MediaState.REMOVED, (), it.facts)


def test_a_bridge_gets_a_voice_note_in_its_format() -> None:
    it = with_renditions()
    assert it.to_send(VoiceFormat.OGG_OPUS).blob == SMALL
    assert it.to_send(VoiceFormat.ANY).blob == BLOB
    assert it.to_send(VoiceFormat.MP3).blob == BLOB  # none was made: the original will do
    document = replace(it, kind=MediaKind.DOCUMENT)
    assert document.to_send(VoiceFormat.OGG_OPUS).blob == BLOB


def test_what_whatsapp_might_not_play_waits_for_what_it_does() -> None:
    it = arrived()
    assert it.waits_for_conversion(VoiceFormat.OGG_OPUS)
    assert not it.waits_for_conversion(VoiceFormat.ANY)
    assert not replace(it, processing=False).waits_for_conversion(VoiceFormat.MP3)
    for kind in (MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.IMAGE, MediaKind.STICKER):
        assert replace(it, kind=kind).waits_for_conversion(VoiceFormat.ANY)
    document = replace(it, kind=MediaKind.DOCUMENT)
    assert not document.waits_for_conversion(VoiceFormat.MP3)


def test_a_film_that_was_made_playable_is_sent_instead() -> None:
    film = Recognised(kind=MediaKind.VIDEO, mime="video/quicktime")
    looked = arrived().convert(film, Facts(), (), reason="", more=True)
    assert looked.processing
    named = replace(looked, name="beach.mov")
    made = Rendition(form=Form.PLAYABLE, blob=SMALL, mime="video/mp4")
    sent = named.complete((made,), reason="").to_send(VoiceFormat.OGG_OPUS)
    assert (sent.blob, sent.mime, sent.name) == (SMALL, "video/mp4", "beach.mp4")
    assert not sent.processing
    assert named.to_send(VoiceFormat.OGG_OPUS) == named
    assert renamed("beach", "video/mp4") == "beach.mp4"


def test_what_is_sent_instead_has_its_own_size() -> None:
    it = replace(arrived(), kind=MediaKind.STICKER, facts=Facts(width=60, height=40))
    made = Rendition(form=Form.STICKER, blob=SMALL, mime="image/webp", width=512, height=512)
    sent = replace(it, renditions=(made,)).to_send(VoiceFormat.ANY)
    assert (sent.facts.width, sent.facts.height) == (512, 512)


def test_a_message_tells_how_its_file_is_now() -> None:
    it, attendance = a_message(awaited()), an_attendance().state
    media = it.content.media
    assert media
    change = with_media(it, replace(media, kind=MediaKind.DOCUMENT), attendance, after(minutes=5))
    assert (change.state.content.kind, change.state.content.text) == (Kind.DOCUMENT, "Oi")
    assert change.events == (
        MediaChanged(at=after(minutes=5), attendance=attendance, message=change.state),
    )


def test_a_file_that_is_awaited_is_to_be_fetched() -> None:
    it = a_message(awaited())
    wanted = fetch(it, at=NOON)
    assert wanted
    assert (wanted.message_id, wanted.source, wanted.attempt) == (it.id, SOURCE, 2)
    assert fetch(a_message(arrived()), at=NOON) is None
    assert fetch(a_message(None), at=NOON) is None


def test_a_file_that_was_given_up_can_be_asked_for_again() -> None:
    it = a_message(awaited().miss("503", gone=False, at=UNTIL))
    change = ask_again(it, until=after(hours=2), attendance=an_attendance().state, at=NOON)
    media = change.state.content.media
    assert media
    assert (media.state, media.retry_until) == (MediaState.PENDING, after(hours=2))


@pytest.mark.parametrize("media", [None, arrived(), awaited().miss("404", gone=True, at=NOON)])
def test_nothing_else_can_be_asked_for_again(media: Media | None) -> None:
    with pytest.raises(NotFetchableError):
        ask_again(a_message(media), until=UNTIL, attendance=an_attendance().state, at=NOON)


def test_reports_of_one_file_keep_their_order() -> None:
    session, media = SessionId(fresh()), MediaId(fresh())
    report = MediaReported(
        at=NOON, session_id=session, message_id=MessageId(fresh()), media_id=media, attempt=2
    )
    assert report.key == f"{session}/{media}"

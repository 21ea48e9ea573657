"""Films that WhatsApp plays, made of those that it does not."""

from pathlib import Path

import av
import pytest

from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import Form
from tests.pyav.conftest import Look
from tests.support import files

VIDEO = MediaKind.VIDEO

# As browsers, cameras and screen recorders make them: the type, and how it is written.
UNPLAYABLE = {
    "webm": ("video/webm", {"codec": "libvpx", "heard": "libopus"}),
    "mov": ("video/quicktime", {"codec": "libx264", "heard": "pcm_s16le"}),
    "matroska": ("video/x-matroska", {"codec": "libx264", "heard": "libopus"}),
    "avi": ("video/x-msvideo", {"codec": "libx264", "heard": "libmp3lame"}),
    "3gp": ("video/3gpp", {"codec": "mpeg4", "heard": "aac"}),
    "mp4": ("video/mp4", {"codec": "mpeg4"}),
}
PLAYABLE = frozenset({Form.PLAYABLE})


@pytest.mark.parametrize("format", UNPLAYABLE)
def test_of_a_film_that_whatsapp_does_not_play_another_is_made(
    look: Look, tmp_path: Path, format: str
) -> None:
    mime, written = UNPLAYABLE[format]
    film = Recognised(kind=VIDEO, mime=mime)
    content = files.film(format, size=(320, 240), frames=24, **written)
    answer = look(content, film)
    assert (answer.later, set(answer.made)) == (PLAYABLE, {Form.POSTER})
    made = look(content, film, PLAYABLE).made[Form.PLAYABLE]
    assert (made.mime, made.width, made.height) == ("video/mp4", 320, 240)
    path = tmp_path / made.name
    assert _codecs(path) == (["h264", "aac"] if "heard" in written else ["h264"])
    assert _length(path) == pytest.approx(2.0, abs=0.1)
    with av.open(str(path)) as it:
        assert sum(1 for _ in it.decode(video=0)) == 24
    again = path.read_bytes()
    assert again.index(b"moov") < again.index(b"mdat")  # plays before all of it is there
    assert look(again, Recognised(kind=VIDEO, mime="video/mp4")).later == frozenset()


def test_a_film_that_whatsapp_plays_is_left_alone(look: Look) -> None:
    for heard in ("", "aac"):
        content = files.film("mp4", "libx264", heard=heard)
        assert look(content, Recognised(kind=VIDEO, mime="video/mp4")).later == frozenset()


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])  # copied, and encoded again
def test_a_film_held_upright_stays_so(look: Look, tmp_path: Path, codec: str) -> None:
    content = files.film("mov", codec, turned=90)
    made = look(content, Recognised(kind=VIDEO, mime="video/quicktime"), PLAYABLE)
    shown = look(
        (tmp_path / made.made[Form.PLAYABLE].name).read_bytes(),
        Recognised(kind=VIDEO, mime="video/mp4"),
    )
    assert (shown.facts.width, shown.facts.height) == (48, 64)


def test_a_large_film_becomes_as_large_as_a_telephone_shows(look: Look, tmp_path: Path) -> None:
    content = files.film("webm", "libvpx", size=(1500, 40), frames=2)
    made = look(content, Recognised(kind=VIDEO, mime="video/webm"), PLAYABLE).made[Form.PLAYABLE]
    with av.open(str(tmp_path / made.name)) as it:
        assert (it.streams.video[0].width, it.streams.video[0].height) == (1280, 34)


def test_hours_of_film_are_not_encoded(look: Look) -> None:
    content = files.film("webm", "libvpx", pause=1800.0)
    answer = look(content, Recognised(kind=VIDEO, mime="video/webm"), PLAYABLE)
    assert (answer.made, answer.reason) == ({}, "too long to be converted")


def _codecs(path: Path) -> list[str]:
    with av.open(str(path)) as it:
        return [one.codec_context.name for one in it.streams]


def _length(path: Path) -> float:
    with av.open(str(path)) as it:
        return (it.duration or 0) / av.time_base

"""What is found out of files, and made of them."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av
import pytest
from PIL import Image

from helpdesk.adapters.pyav.recognise import NO_TYPE
from helpdesk.adapters.pyav.tasks import Answer
from helpdesk.domain.file import MediaKind, Recognised
from helpdesk.domain.media import PEAKS, Form
from tests.pyav.conftest import Look
from tests.support import files

VOICE, IMAGE, VIDEO = MediaKind.VOICE, MediaKind.IMAGE, MediaKind.VIDEO
GPS = 0x8825


def test_a_picture_gets_a_thumbnail_and_its_size(look: Look, tmp_path: Path) -> None:
    answer = look(files.photo(), Recognised(kind=IMAGE, mime="image/jpeg"))
    made = answer.made[Form.THUMBNAIL]
    assert (answer.facts.width, answer.facts.height) == (1200, 800)
    assert (made.mime, made.width, made.height) == ("image/webp", 640, 427)
    with Image.open(tmp_path / made.name) as it:
        assert (it.format, it.size) == ("WEBP", (640, 427))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(look: Look, tmp_path: Path, orientation: int) -> None:
    answer = look(files.photo(orientation=orientation), Recognised(kind=IMAGE, mime="image/jpeg"))
    lies = orientation >= 5
    assert (answer.facts.width, answer.facts.height) == ((800, 1200) if lies else (1200, 800))
    with Image.open(tmp_path / answer.made[Form.THUMBNAIL].name) as it:
        assert it.size == ((427, 640) if lies else (640, 427))
        dark = {1: "top", 2: "top", 3: "bottom", 4: "bottom", 5: "left", 8: "left"}
        assert _darkest_side(it) == dark.get(orientation, "right")


def _darkest_side(image: Image.Image) -> str:
    grey, (right, bottom) = image.convert("L"), (image.width - 2, image.height - 2)
    middle = image.width // 2, image.height // 2
    points = {
        "top": (middle[0], 1),
        "bottom": (middle[0], bottom),
        "left": (1, middle[1]),
        "right": (right, middle[1]),
    }
    return min(points, key=lambda it: float(str(grey.getpixel(points[it]))))


def test_a_thumbnail_tells_neither_place_nor_camera(look: Look, tmp_path: Path) -> None:
    with Image.open(io.BytesIO(files.photo())) as original:
        assert original.getexif().get_ifd(GPS)
    answer = look(files.photo(), Recognised(kind=IMAGE, mime="image/jpeg"))
    written = (tmp_path / answer.made[Form.THUMBNAIL].name).read_bytes()
    with Image.open(io.BytesIO(written)) as it:
        assert dict(it.getexif()) == {}
    assert b"Camera" not in written
    assert b"EXIF" not in written


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16"])
def test_pictures_of_every_colour_model_get_a_thumbnail(look: Look, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "PNG")
    answer = look(out.getvalue(), Recognised(kind=IMAGE, mime="image/png"))
    assert Form.THUMBNAIL in answer.made, answer.reason


def test_a_grey_of_16_bits_stays_grey(look: Look, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("I;16", (40, 30), 0x6400).save(out, "PNG")
    look(out.getvalue(), Recognised(kind=IMAGE, mime="image/png"))
    for name in ("thumbnail.webp", "photo.jpg"):
        with Image.open(tmp_path / name) as it:
            assert it.convert("L").getpixel((9, 9)) == pytest.approx(0x64, abs=2)


def test_transparency_is_kept(look: Look, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (512, 512), (200, 0, 0, 0)).save(out, "WEBP")
    answer = look(out.getvalue(), Recognised(kind=MediaKind.STICKER, mime="image/webp"))
    assert answer.recognised.kind is MediaKind.STICKER
    with Image.open(tmp_path / answer.made[Form.THUMBNAIL].name) as it:
        assert it.getpixel((9, 9))[3] == 0  # type: ignore[index]


SOUNDS = [it for it in files.INLINE if it.startswith("audio/")]


@pytest.mark.parametrize("mime", SOUNDS)
def test_sound_gets_its_length_and_its_waveform(look: Look, mime: str) -> None:
    facts = look(files.INLINE[mime](), Recognised(kind=VOICE, mime=mime)).facts
    assert facts.duration == pytest.approx(1.0, abs=0.1)
    assert len(facts.waveform) == PEAKS
    assert max(facts.waveform) == 100
    assert facts.waveform[4] < facts.waveform[32] < facts.waveform[60]  # it grows louder


@pytest.mark.parametrize("mime", SOUNDS)
def test_of_a_voice_whatsapp_gets_mono_opus_in_ogg(look: Look, tmp_path: Path, mime: str) -> None:
    answer = look(files.INLINE[mime](), Recognised(kind=VOICE, mime=mime))
    made = answer.made.get(Form.VOICE)
    if mime == "audio/ogg":
        assert made is None  # that is what it is
        return
    assert made is not None
    assert made.mime == "audio/ogg"
    written = (tmp_path / made.name).read_bytes()
    assert written[28:36] == b"OpusHead"
    assert written[37] == 1  # RFC 7845, 5.1: channels
    assert int.from_bytes(written[40:44], "little") == 16_000
    assert _length(tmp_path / made.name) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("mime", SOUNDS)
def test_every_browser_gets_something_to_play(look: Look, tmp_path: Path, mime: str) -> None:
    answer = look(files.INLINE[mime](), Recognised(kind=MediaKind.AUDIO, mime=mime))
    assert set(answer.made) <= {Form.PLAYABLE}
    if mime in ("audio/mpeg", "audio/mp4"):
        assert answer.made == {}
        return
    made = answer.made[Form.PLAYABLE]
    assert made.mime == "audio/mp4"
    written = (tmp_path / made.name).read_bytes()
    assert written.index(b"moov") < written.index(b"mdat")  # plays before all of it is there
    assert _length(tmp_path / made.name) == pytest.approx(1.0, abs=0.1)


def test_a_voice_in_stereo_becomes_mono_and_music_stays_stereo(look: Look, tmp_path: Path) -> None:
    music = files.sound("ogg", "libopus", channels=2)
    answer = look(music, Recognised(kind=VOICE, mime="audio/ogg"))
    assert _channels(tmp_path / answer.made[Form.VOICE].name) == 1
    assert _channels(tmp_path / answer.made[Form.PLAYABLE].name) == 2


def test_an_mp3_is_made_for_a_voice_when_asked_for(look: Look, tmp_path: Path) -> None:
    recognised = Recognised(kind=VOICE, mime="audio/webm")
    answer = look(files.sound("webm", "libopus"), recognised, frozenset({Form.MP3}))
    assert set(answer.made) == {Form.MP3}
    assert _length(tmp_path / answer.made[Form.MP3].name) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("mime", [it for it in files.INLINE if it.startswith("video/")])
def test_a_film_gets_a_poster_its_size_and_its_length(
    look: Look, tmp_path: Path, mime: str
) -> None:
    answer = look(files.INLINE[mime](), Recognised(kind=VIDEO, mime=mime))
    assert (answer.facts.width, answer.facts.height) == (64, 48)
    assert answer.facts.duration == pytest.approx(1.0, abs=0.1)
    with Image.open(tmp_path / answer.made[Form.POSTER].name) as it:
        assert (it.format, it.size) == ("WEBP", (64, 48))


def test_a_film_held_upright_is_shown_upright(look: Look) -> None:
    answer = look(files.film("mp4", "libx264", turned=90), Recognised(kind=VIDEO, mime="video/mp4"))
    made = answer.made[Form.POSTER]
    assert (answer.facts.width, answer.facts.height) == (48, 64)
    assert (made.width, made.height) == (48, 64)


def test_what_is_in_a_container_refutes_what_its_first_bytes_left_open(look: Look) -> None:
    sound = look(files.sound("mp4", "aac"), Recognised(kind=VIDEO, mime="video/mp4"))
    assert sound.recognised == Recognised(kind=MediaKind.DOCUMENT, mime="audio/mp4")
    assert (sound.made, sound.reason) == ({}, "not what it claims to be")
    voice = look(files.sound("mp4", "aac"), Recognised(kind=VOICE, mime="audio/mp4"))
    assert voice.recognised.kind is VOICE
    film = look(files.film("mp4", "libx264"), Recognised(kind=VOICE, mime="audio/mp4"))
    assert film.recognised == Recognised(kind=MediaKind.DOCUMENT, mime="video/mp4")


PLAYLIST: Final = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"
# By what is wrong: the type that the first bytes announce, and how the file is made.
REFUSED: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "too many pixels": ("image/png", files.bomb),
    "more than Pillow takes": ("image/png", lambda: files.bomb(60_000, 60_000, rows=10)),
    "half a picture": ("image/jpeg", lambda: files.photo()[:2000]),
    "half a film": ("video/mp4", lambda: files.film("mp4", "libx264")[:900]),
    "a playlist": ("video/mp4", lambda: PLAYLIST),
    "a playlist as sound": ("audio/mpeg", lambda: PLAYLIST),
    "another picture": ("image/png", lambda: files.picture("JPEG")),
    "noise": ("audio/ogg", lambda: b"OggS" + bytes(4000)),
    "nothing in it": ("audio/mp4", lambda: b"\x00\x00\x00\x18ftypM4A " + bytes(12)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_shown_is_a_plain_document(look: Look, what: str) -> None:
    mime, make = REFUSED[what]
    answer = look(make(), Recognised(kind=MediaKind(mime.partition("/")[0]), mime=mime))
    document = Recognised(kind=MediaKind.DOCUMENT, mime=NO_TYPE)
    assert answer == Answer(recognised=document, reason=answer.reason)
    assert answer.reason


def test_tags_that_are_no_text_do_not_matter(look: Look) -> None:
    tagged = files.sound("mp3", "libmp3lame", rate=44_100).replace(b"Lavf", b"\xff\xfe\xfd\xfc")
    answer = look(tagged, Recognised(kind=MediaKind.AUDIO, mime="audio/mpeg"))
    assert answer.facts.duration == pytest.approx(1.0, abs=0.1)


def test_a_cover_makes_no_film_of_a_song(look: Look) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as song:
        sound = song.add_stream("libmp3lame", rate=44_100)
        cover = song.add_stream("mjpeg")
        cover.width, cover.height, cover.pix_fmt = 60, 40, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        packet = av.Packet(files.picture("JPEG"))
        packet.stream, packet.pts = cover, 0
        song.start_encoding()
        song.mux(packet)
        with av.open(io.BytesIO(files.sound("wav", "pcm_s16le", rate=8000)), "r") as tone:
            tone.streams.audio[0].codec_context.layout = "mono"
            for frame in tone.decode(audio=0):
                song.mux(sound.encode(frame))
        song.mux(sound.encode(None))
    answer = look(out.getvalue(), Recognised(kind=MediaKind.AUDIO, mime="audio/mpeg"))
    assert answer.recognised.kind is MediaKind.AUDIO
    assert answer.facts.duration


def _length(path: Path) -> float:
    with av.open(str(path)) as it:
        return (it.duration or 0) / av.time_base


def _channels(path: Path) -> int:
    with av.open(str(path)) as it:
        return it.streams.audio[0].codec_context.channels

"""Files for people to look at, under the rule of the message that they belong to."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from helpdesk.domain.attendance import AttendanceNotFoundError
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.file import Blob, MediaNotFoundError, is_inline
from helpdesk.domain.ids import MediaId
from helpdesk.domain.links import LINK_LASTS, SIGNING_KEY, Link, key_of
from helpdesk.domain.media import Form, Media
from helpdesk.domain.visibility import must_see
from helpdesk.ports.board import Board
from helpdesk.ports.media import MediaStore
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, NewToken

# Bytes: what is smaller comes sooner from us, and browsers keep it.
DIRECT_FROM: Final = 256 * 1024
_FAR: Final = 2**33  # seconds since the epoch, beyond which no link of ours lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What to serve, and under which name and type."""

    blob: Blob
    mime: str
    name: str
    media: Media

    @property
    def inline(self) -> bool:
        return is_inline(self.media.kind, self.mime)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMedia:
    board: Board
    store: Store
    media: MediaStore
    now: Clock
    new_token: NewToken

    async def find(self, id: MediaId, form: Form | None, *, by: Attendant) -> Shown:
        """Find a file, or one of its renditions, for somebody who sees the message.

        Raises:
            MediaNotFoundError: also when it is not theirs to see.
        """
        return _shown(await self._seen(id, by), form)

    async def follow(self, link: Link, signature: str) -> Shown:
        """Find it for whoever has a link that is good.

        Raises:
            MediaNotFoundError: also for a link that is none of ours, or too old.
        """
        if not link.is_signed(await self._key(), signature, at=self.now()):
            raise MediaNotFoundError
        return _shown((await self.board.message_of(link.media_id)).message.content.media, link.form)

    async def links(self, id: MediaId, *, by: Attendant) -> list[tuple[Link, str]]:
        """Sign links to the original and to each rendition.

        Raises:
            MediaNotFoundError: also when it is not theirs to see.
        """
        media, key, at = await self._seen(id, by), await self._key(), self.now()
        _shown(media, None)  # what is not there has no links
        forms = (None, *(it.form for it in media.renditions))
        links = (Link.to(id, it, at=at) for it in forms)
        return [(it, it.signature(key)) for it in links]

    async def address(self, it: Shown, *, mime: str, disposition: str) -> str | None:
        """Sign an address in the media store, where it has this type and Content-Disposition.

        None: it is read from us, as all is that is small.
        """
        if it.blob.size < DIRECT_FROM:
            return None
        return await self.media.address(
            it.blob, mime=mime, disposition=disposition, lasts=LINK_LASTS
        )

    def open(
        self, it: Shown, *, start: int, end: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Read it, or a part.  Entering raises MediaNotFoundError, UnavailableError."""
        return self.media.open(it.blob, start=start, end=end)

    async def _seen(self, id: MediaId, by: Attendant) -> Media:
        view = await self.board.message_of(id)
        it = await self.board.attendance(view.message.attendance_id)
        try:
            must_see(by, it.attendance)
        except AttendanceNotFoundError:
            raise MediaNotFoundError from None
        assert view.message.content.media is not None
        return view.message.content.media

    async def _key(self) -> bytes:
        draft = key_of(self.new_token(), self.new_token())
        async with self.store.transaction() as work:
            return await work.chores.secret(SIGNING_KEY, draft)


def link_of(id: MediaId, form: Form | None, expires: int) -> Link:
    """Read a link from its address; one that cannot be is one that is over."""
    expires_at = datetime.fromtimestamp(expires if 0 <= expires < _FAR else 0, UTC)
    return Link(media_id=id, form=form, expires_at=expires_at)


def _shown(media: Media | None, form: Form | None) -> Shown:
    if media is None or media.blob is None:
        raise MediaNotFoundError
    if form is None:
        return Shown(blob=media.blob, mime=media.mime, name=media.name, media=media)
    made = media.rendition(form)
    if made is None:
        raise MediaNotFoundError
    stem = media.name.rpartition(".")[0] or media.name
    shown = Shown(blob=made.blob, mime=made.mime, name=f"{stem}-{form}", media=media)
    return replace(shown, name=f"{shown.name}.{made.mime.rpartition('/')[2]}")

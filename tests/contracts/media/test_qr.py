"""Pictures of QR codes in every media store: shown while the code lasts, then gone."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.adapters.memory.store import Memory, MemoryStore
from helpdesk.adapters.system.drawing import draw_qr
from helpdesk.domain.bridge import QrReported
from helpdesk.domain.session import Qr, SessionState
from helpdesk.domain.usecases.show_qr import DropQr, UploadQr
from helpdesk.ports.media import MediaStore
from tests.support.builders import a_session
from tests.support.clock import NOON, after
from tests.support.streams import read


async def test_a_picture_is_deleted_when_its_code_is_over_and_not_before(media: MediaStore) -> None:
    session = a_session(state=SessionState.QR)
    qr = Qr(text="2@secret", attempt=1, expires_at=after(seconds=20))
    report = QrReported(at=NOON, session_id=session.id, qr=qr)
    upload = UploadQr(media=media, draw=draw_qr)
    first, again = await upload(report), await upload(report)
    assert first.qr.image
    assert again.qr.image
    assert first.qr.image.put_at < again.qr.image.put_at
    assert (await read(media, first.qr.image.blob)).startswith(b"\x89PNG")

    drop = DropQr(store=MemoryStore(Memory()), media=media, now=lambda: NOON + timedelta(seconds=1))
    await drop.former(replace(session, qr=first.qr), session)
    assert await media.stat(again.qr.image.blob.sha256) == again.qr.image
    await drop.former(replace(session, qr=again.qr), session)
    assert await media.stat(again.qr.image.blob.sha256) is None

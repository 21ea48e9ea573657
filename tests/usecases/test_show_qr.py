"""A QR code's picture: from the bot to who scans it, and gone when the code is over."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.adapters.memory.media import MemoryMedia
from helpdesk.domain.bridge import QrReported, StateReported
from helpdesk.domain.change import Change
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.file import StoredBlob
from helpdesk.domain.session import NoQrError, Qr, QrIssued, SessionState
from helpdesk.domain.usecases.show_qr import DropQr
from helpdesk.ports.broker import INBOUND
from helpdesk.ports.outbox import Envelope
from tests.support.clock import NOON
from tests.support.team import Firm
from tests.usecases.files import Sources


async def issue(firm: Firm, text: str, attempt: int = 1) -> QrReported:
    """Let the bot report a code that lasts for 20 seconds, and the consumer take it."""
    report = await uploaded(firm, text, attempt)
    await firm.cases.consume_reports()(report)
    return report


async def uploaded(firm: Firm, text: str, attempt: int = 1) -> QrReported:
    qr = Qr(text=text, attempt=attempt, expires_at=firm.now() + timedelta(seconds=20))
    session = firm.office.session.id
    return await firm.cases.upload_qr()(QrReported(at=NOON, session_id=session, qr=qr))


async def become(firm: Firm, state: SessionState) -> None:
    await firm.cases.consume_reports()(
        StateReported(at=NOON, session_id=firm.office.session.id, state=state)
    )


async def shown(firm: Firm) -> bytes:
    return await firm.cases.read_qr()(firm.office.session.id, by=firm.office.dora)


async def stored(firm: Firm) -> list[bytes]:
    """What is in the media store."""
    media = firm.cases.media()
    found = [it async for it in media.older_than(firm.now.at.replace(year=9000))]
    contents = list[bytes]()
    for it in found:
        async with media.open(it.blob) as chunks:
            contents.append(b"".join([chunk async for chunk in chunks]))
    return contents


async def test_a_code_is_shown_while_it_lasts_and_told_without_its_secret(firm: Firm) -> None:
    await issue(firm, "first")
    await issue(firm, "second", attempt=2)
    assert await shown(firm) == b"a picture of second"
    assert [it.attempt for it in await firm.told(QrIssued)] == [1, 2]
    firm.later(seconds=20)
    with pytest.raises(NoQrError):
        await shown(firm)


async def test_the_bot_draws_and_uploads_before_it_reports(firm: Firm) -> None:
    heard = list[Any]()

    async def hear(envelope: Envelope) -> None:
        heard.append((envelope.event, await stored(firm)))

    cases, session = firm.cases, firm.office.session.id
    forward = cases.forward_with_file(fetch=cases.fetch_media(bridge=Sources()))
    qr = Qr(text="2@secret", attempt=1, expires_at=firm.now())
    async with cases.broker().serve(INBOUND, hear):
        await forward(QrReported(at=NOON, session_id=session, qr=qr))
    [(report, there)] = heard
    assert there == [b"a picture of 2@secret"]
    assert report.qr.text == ""


async def test_a_code_that_was_replaced_is_deleted(firm: Firm) -> None:
    await issue(firm, "first")
    await issue(firm, "second", attempt=2)
    assert await stored(firm) == [b"a picture of second"]


async def test_a_code_that_was_scanned_is_deleted(firm: Firm) -> None:
    await issue(firm, "first")
    await become(firm, SessionState.CONNECTED)
    assert await stored(firm) == []
    with pytest.raises(NoQrError):
        await shown(firm)


async def test_a_code_that_nobody_scanned_in_time_is_deleted(firm: Firm) -> None:
    await issue(firm, "first")
    await firm.cases.drop_qr().expired()
    assert await shown(firm) == b"a picture of first"
    firm.later(seconds=20)
    await firm.cases.drop_qr().expired()
    assert await stored(firm) == []
    [session] = await firm.cases.read_directory().sessions()
    assert (session.state, session.qr) == (SessionState.QR, None)


async def test_a_code_that_is_told_again_stays(firm: Firm) -> None:
    report = await issue(firm, "first")
    await firm.cases.consume_reports()(report)
    assert await shown(firm) == b"a picture of first"


async def test_a_code_that_was_drawn_again_meanwhile_stays(firm: Firm) -> None:
    await issue(firm, "first")
    again = await uploaded(firm, "first")
    await become(firm, SessionState.STARTING)
    await firm.cases.consume_reports()(again)
    assert await shown(firm) == b"a picture of first"


async def test_the_clean_up_leaves_a_code_that_is_shown(firm: Firm) -> None:
    firm.now.at = firm.now.at.replace(year=9000)
    await issue(firm, "first")
    assert await firm.cases.keep_files().clean_up() == 0
    assert await shown(firm) == b"a picture of first"


async def test_a_picture_that_is_not_there_is_no_code(firm: Firm) -> None:
    report = await issue(firm, "first")
    assert report.qr.image
    await firm.cases.media().delete(report.qr.image)
    with pytest.raises(NoQrError):
        await shown(firm)


async def test_a_session_without_a_code_has_nothing_to_delete(firm: Firm) -> None:
    session = firm.office.session
    await firm.office.save(Change(session))
    await firm.cases.drop_qr().former(session, session)
    assert await stored(firm) == []


class Stuck(MemoryMedia):
    async def delete(self, it: StoredBlob) -> bool:
        raise UnavailableError("The store is away.")


async def test_what_cannot_be_deleted_now_holds_up_nothing(firm: Firm) -> None:
    media = Stuck()
    drop = DropQr(store=firm.store, media=media, now=firm.now)
    await issue(firm, "first")
    firm.later(seconds=20)
    await drop.expired()
    [session] = await firm.cases.read_directory().sessions()
    assert session.qr is None

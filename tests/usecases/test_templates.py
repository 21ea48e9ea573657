"""Outside of the window: refused at once where there is one, and what a template does there."""

from dataclasses import replace
from uuid import UUID

import pytest

from helpdesk.adapters.memory.templates import MemoryTemplates
from helpdesk.adapters.whatsapp.simulator.templates import SAMPLES
from helpdesk.domain.amendment import NotAmendableError
from helpdesk.domain.attendance import Attendance, AttendanceNotFoundError
from helpdesk.domain.errors import InvalidError, UnavailableError
from helpdesk.domain.ids import MessageId, SessionId
from helpdesk.domain.message import Delivery, Failure, ReplyQueued
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.session import NotCapableError, SessionNotFoundError
from helpdesk.domain.template import TemplateChoice
from helpdesk.domain.window import WindowClosedError
from helpdesk.templating import TemplateCases, template_cases
from tests.support.builders import fresh, phone
from tests.support.team import Firm

RESUME = TemplateChoice(name="retomar_atendimento", language="pt_BR", variables={"1": "Rita"})


async def official(firm: Firm, templates: MemoryTemplates | None = None) -> TemplateCases:
    """Let the firm's number be an official one, and have templates."""
    firm.office.session = replace(firm.office.session, bridge="whatsapp.cloud")
    await firm.office.keep(firm.office.session)
    return template_cases(firm.cases, templates or MemoryTemplates(*SAMPLES))


async def stale(firm: Firm) -> Attendance:
    """Ana's attendance, whose client wrote a day ago."""
    it = await firm.held(firm.office.ana)
    firm.later(hours=24)
    return it


async def test_free_text_is_refused_at_once_and_a_template_goes_out(firm: Firm) -> None:
    cases, ana = await official(firm), firm.office.ana
    it = await stale(firm)
    with pytest.raises(WindowClosedError):
        await firm.cases.send_reply()(it.id, by=ana, text="Ainda está aí?")
    with pytest.raises(WindowClosedError):
        await firm.cases.send_media().admit(it.id, by=ana)
    assert await firm.told(ReplyQueued) == []
    shown = await cases["send_template"].reply(it.id, RESUME, by=ana)
    assert shown.message.content.text.startswith("Olá, Rita! Podemos continuar")
    [queued] = await firm.told(ReplyQueued)
    assert queued.content == shown.message.content
    assert queued.content.template
    assert [one.text for one in queued.content.template.values] == ["Rita"]


async def test_the_client_s_next_message_opens_the_window_again(firm: Firm) -> None:
    await official(firm)
    it = await stale(firm)
    client = await firm.directory.client(it.client_id)
    await firm.cases.receive_message()(firm.report(*client.identities))
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Que bom!")
    view = await firm.cases.read_board().attendance(it.id, by=firm.office.ana)
    assert view.window_closes_at
    assert (view.window_closes_at - firm.now()).total_seconds() == 24 * 3600


async def test_a_bridge_without_a_window_takes_text_at_any_time(firm: Firm) -> None:
    it = await stale(firm)
    await firm.cases.send_reply()(it.id, by=firm.office.ana, text="Ainda está aí?")
    view = await firm.cases.read_board().attendance(it.id, by=firm.office.ana)
    assert view.window_closes_at is None


async def test_what_failed_is_sent_again_only_if_it_may_be(firm: Firm) -> None:
    cases, ana = await official(firm), firm.office.ana
    it = await firm.held(ana)
    text = await firm.cases.send_reply()(it.id, by=ana, text="Bom dia")
    template = await cases["send_template"].reply(it.id, RESUME, by=ana)
    for one in (text.message, template.message):
        failure = Failure("window_closed")
        at = await firm.attendance(it.id)
        failed = one.track(Delivery.FAILED, attendance=at, failure=failure, at=firm.now())
        await firm.office.save(failed)
    firm.later(hours=24)
    with pytest.raises(WindowClosedError):
        await firm.cases.retry_message()(text.message.id, by=ana)
    await firm.cases.retry_message()(template.message.id, by=ana)
    assert (await firm.message(text.message.id)).delivery is Delivery.FAILED
    assert (await firm.message(template.message.id)).delivery is Delivery.QUEUED


async def test_feedback_is_asked_for_only_where_the_question_arrives(firm: Firm) -> None:
    await official(firm)
    ana = firm.office.ana
    await firm.change(firm.office.sales, ask_feedback=True)
    answered, late = await firm.held(ana), await stale(firm)
    await firm.cases.receive_message()(
        firm.report(*(await firm.directory.client(answered.client_id)).identities)
    )
    for it in (answered, late):
        await firm.cases.close_attendance()(it.id, by=ana)
    assert [it.attendance_id for it in await firm.told(ReplyQueued)] == [answered.id]


async def test_a_stranger_is_written_to_with_a_template_only(firm: Firm) -> None:
    cases, ana = await official(firm), firm.office.ana
    number = phone(7).value
    with pytest.raises(WindowClosedError):
        await firm.cases.open_attendance()(by=ana, text="Olá", phone=number)
    session = firm.office.session.id
    id = await cases["send_template"].open(RESUME, by=ana, phone=number, session_id=session)
    assert (await firm.message(id)).content.template
    [it] = await firm.attendances()
    with pytest.raises(WindowClosedError):
        await firm.cases.send_reply()(it.id, by=ana, text="E então?")


async def test_the_window_outlives_the_attendance_in_which_the_client_wrote(firm: Firm) -> None:
    await official(firm)
    ana = firm.office.ana
    it = await firm.held(ana)
    await firm.cases.close_attendance()(it.id, by=ana)
    firm.later(hours=1)
    await firm.cases.open_attendance()(by=ana, text="Faltou algo?", client_id=it.client_id)


async def test_a_repeated_key_finds_what_it_made_even_without_meta(firm: Firm) -> None:
    templates = MemoryTemplates(*SAMPLES)
    send = (await official(firm, templates))["send_template"]
    it = await stale(firm)
    first = await send.reply(it.id, RESUME, by=firm.office.ana, key="k")
    templates.down = True
    again = await send.reply(it.id, RESUME, by=firm.office.ana, key="k")
    assert again.message.id == first.message.id
    assert len(await firm.told(ReplyQueued)) == 1
    templates.down = False
    other = replace(RESUME, variables={"1": "Bia"})
    with pytest.raises(KeyReusedError):
        await send.reply(it.id, other, by=firm.office.ana, key="k")
    templates.down = True
    with pytest.raises(UnavailableError):
        await send.reply(it.id, RESUME, by=firm.office.ana, key="another")


async def test_a_template_may_quote(firm: Firm) -> None:
    send = (await official(firm))["send_template"]
    it = await stale(firm)
    [asked] = await firm.messages(it.id)
    shown = await send.reply(it.id, RESUME, by=firm.office.ana, quote=MessageId(asked.id))
    assert shown.message.quote == asked.id


async def test_the_text_of_a_template_is_not_edited(firm: Firm) -> None:
    ana = firm.office.ana
    cases = template_cases(firm.cases, MemoryTemplates(*SAMPLES))  # of the simulator, which edits
    it = await firm.held(ana)
    shown = await cases["send_template"].reply(it.id, RESUME, by=ana)
    sent = shown.message.track(
        Delivery.SENT, attendance=await firm.attendance(it.id), provider_id="w", at=firm.now()
    )
    await firm.office.save(sent)
    with pytest.raises(NotAmendableError):
        await firm.cases.amend_message().edit(shown.message.id, "Outro", by=ana)


async def test_only_approved_templates_are_listed_and_sent(firm: Firm) -> None:
    cases = await official(firm)
    listed = await cases["read_templates"](firm.office.session.id)
    names = [it.name for it in listed]
    assert names == sorted(names)
    assert "promocao_em_analise" not in names
    it = await stale(firm)
    pending = TemplateChoice(name="promocao_em_analise", language="pt_BR", variables={"1": "a"})
    with pytest.raises(InvalidError) as refused:
        await cases["send_template"].reply(it.id, pending, by=firm.office.ana)
    assert refused.value.field == "template.name"


async def test_who_may_not_know_an_attendance_sends_it_nothing(firm: Firm) -> None:
    send = (await official(firm))["send_template"]
    it = await stale(firm)
    with pytest.raises(AttendanceNotFoundError):
        await send.reply(it.id, RESUME, by=firm.office.bia)


async def test_a_number_that_has_no_templates_says_so(firm: Firm) -> None:
    cases = await official(firm)
    office = firm.office
    await office.keep(replace(office.session, bridge="whatsapp.venom"))
    with pytest.raises(NotCapableError):
        await cases["read_templates"](office.session.id)
    with pytest.raises(SessionNotFoundError):
        await cases["read_templates"](SessionId(UUID(int=fresh().int + 1)))

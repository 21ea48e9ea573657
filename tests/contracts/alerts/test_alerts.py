"""Alerts: what was said arrived, and what did not is said to have failed."""

from dataclasses import replace

import pytest

from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.outage import Alert, News
from helpdesk.domain.session import SessionState
from helpdesk.neighbours import Smtp, Webhook
from helpdesk.opening import OpeningError, opening
from helpdesk.settings import AlertSettings, Settings
from tests.contracts.alerts.conftest import Channel
from tests.support.builders import a_session, an_attendant
from tests.support.clock import NOON, after
from tests.support.hook import hooked
from tests.support.mail import SENDER, mailing

SESSION = a_session('Vendas "São" <b>', state=SessionState.BANNED, reason="ban")
DOWN = Alert(
    id="it/down",
    news=News.DOWN,
    session=SESSION,
    since=NOON,
    ended_at=None,
    link="https://desk.example.com/sessions",
)
BACK = replace(DOWN, id="it/back", news=News.BACK, ended_at=after(hours=1))
ADMINS = [an_attendant("Dora", email="dora@example.com"), an_attendant(email="e@example.com")]


async def test_what_is_said_arrives_with_the_numbers_name_and_a_link(channel: Channel) -> None:
    await channel.alerts.send(DOWN, ADMINS)
    await channel.alerts.send(BACK, ADMINS)
    assert len(channel.said()) == 2
    for it in channel.said():
        assert SESSION.name in it
        assert DOWN.link in it


async def test_what_is_refused_has_failed_and_can_be_said_again(channel: Channel) -> None:
    channel.break_it()
    with pytest.raises(UnavailableError):
        await channel.alerts.send(DOWN, ADMINS)
    assert channel.said() == []
    channel.mend_it()
    await channel.alerts.send(DOWN, ADMINS)
    assert len(channel.said()) == 1


async def test_a_check_tells_nobody_anything_and_finds_what_is_broken(channel: Channel) -> None:
    await channel.alerts.check()
    channel.break_it()
    with pytest.raises(UnavailableError):
        await channel.alerts.check()
    assert channel.said() == []


async def test_a_webhook_is_signed_and_says_which_news_it_is() -> None:
    async with hooked() as (hook, webhook):
        settings = Settings(alerts=AlertSettings(by="webhook"), webhook=webhook)
        async with opening(settings) as opened:
            await (await opened.channels())["webhook"].send(BACK, [])
        [news] = hook.heard
        assert (news["id"], news["event"]) == ("it/back", "session.back")
        assert (news["since"], news["ended_at"]) == ("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z")
        assert news["session"]["state"] == "banned"
        forged = replace(webhook, secret="another")
        async with opening(replace(settings, webhook=forged)) as opened:
            with pytest.raises(UnavailableError, match="401"):
                await (await opened.channels())["webhook"].send(BACK, [])
        assert (hook.forged, len(hook.heard)) == (1, 1)


async def test_a_webhook_is_not_led_elsewhere_and_its_address_is_in_no_error() -> None:
    async with hooked() as (hook, webhook):
        settings = Settings(alerts=AlertSettings(by="webhook"), webhook=webhook)
        async with opening(settings) as opened:
            alerts = (await opened.channels())["webhook"]
            hook.answer_with(307)
            with pytest.raises(UnavailableError, match="307") as refused:
                await alerts.send(DOWN, [])
            assert webhook.url not in str(refused.value) + repr(alerts)
    async with opening(settings) as opened:  # nobody listens there any more
        with pytest.raises(UnavailableError):
            await (await opened.channels())["webhook"].check()


@pytest.mark.parametrize("locale", ["pt-BR", "en", "es"])
async def test_a_mail_goes_to_every_admin_and_is_the_same_when_it_is_said_again(
    locale: str,
) -> None:
    async with mailing() as (post, smtp):
        settings = Settings(alerts=AlertSettings(by="smtp"), smtp=smtp, locale=locale)
        async with opening(settings) as opened:
            alerts = (await opened.channels())["smtp"]
            for it in (DOWN, DOWN, BACK):
                await alerts.send(it, ADMINS)
            await alerts.send(DOWN, [])  # nobody is there to tell
    assert post.recipients == [["dora@example.com", "e@example.com"]] * 3
    ids = [it["Message-ID"] for it in post.mails]
    assert ids[0] == ids[1] != ids[2]
    assert {SENDER in it["To"] and "dora" not in it["To"] for it in post.mails} == {True}


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"port": 1}, {"security": "starttls"}, {"security": "tls"}]
)
async def test_a_mail_server_that_cannot_be_used_is_said_to_be_so(changes: dict[str, str]) -> None:
    async with mailing() as (_, smtp):
        wrong = replace(smtp, **changes)  # type: ignore[arg-type]
        settings = Settings(alerts=AlertSettings(by="smtp"), smtp=wrong)
        async with opening(settings) as opened:
            with pytest.raises(UnavailableError) as refused:
                await (await opened.channels())["smtp"].check()
    assert "[smtp]" in refused.value.detail
    assert wrong.password not in refused.value.detail


@pytest.mark.parametrize(
    ("by", "webhook", "smtp", "missing"),
    [
        ("webhook", Webhook(), Smtp(), "webhook.url"),
        ("webhook", Webhook(url="https://hook.example.com"), Smtp(), "webhook.secret"),
        ("smtp", Webhook(), Smtp(), "smtp.host"),
        ("smtp", Webhook(), Smtp(host="mail.example.com"), "smtp.sender"),
    ],
)
async def test_what_is_not_configured_is_named(
    by: str, webhook: Webhook, smtp: Smtp, missing: str
) -> None:
    settings = Settings(alerts=AlertSettings(by=by), webhook=webhook, smtp=smtp)
    async with opening(settings) as opened:
        with pytest.raises(OpeningError, match=missing):
            await opened.channels()

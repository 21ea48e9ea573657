"""Admins hear of a number that is down, and that it is back, from a real server."""

import asyncio
from pathlib import Path

import pytest

from helpdesk.neighbours import Smtp, Webhook
from tests.flows.test_trouble import scan
from tests.support.desk import visiting
from tests.support.hook import Hook, hooked
from tests.support.mail import Post, mailing
from tests.support.server import ADMIN, Server, running

PATIENCE = 60.0  # seconds; nothing is judged by its speed


def environment(webhook: Webhook, smtp: Smtp) -> dict[str, str]:
    """How both are configured."""
    return {
        "HELPDESK__LOCALE": "en",
        "HELPDESK__ALERTS__BY": "webhook, smtp",
        "HELPDESK__ALERTS__GRACE_SECONDS": "1",
        "HELPDESK__WEBHOOK__URL": webhook.url,
        "HELPDESK__WEBHOOK__SECRET": webhook.secret,
        **{f"HELPDESK__SMTP__{it.upper()}": str(getattr(smtp, it)) for it in Smtp.__slots__},
    }


async def heard(hook: Hook, post: Post, news: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (len(hook.heard), len(post.mails)) != (news, news):
            await asyncio.sleep(0.05)


async def checked(server: Server) -> str:
    told = await asyncio.to_thread(server.run, "doctor")
    return told.stdout + told.stderr


@pytest.mark.slow
async def test_a_number_that_is_unlinked_is_told_and_so_is_its_return(tmp_path: Path) -> None:
    async with hooked() as (hook, webhook), mailing() as (post, smtp):
        with running(tmp_path / "data", **environment(webhook, smtp)) as server:
            async with visiting(server) as visitor:
                desk = await visitor.desk()
                await desk.post("/simulator/unlink")
                await heard(hook, post, 1)
                await scan(desk)
                await heard(hook, post, 2)
            said = await checked(server)
            hook.answer_with(500)
            complaint = await checked(server)
        log = server.logged()
    assert [it["event"] for it in hook.heard] == ["session.down", "session.back"]
    assert [it["session"]["state"] for it in hook.heard] == ["qr", "connected"]
    assert post.recipients == [[ADMIN], [ADMIN]]
    assert "is down" in post.mails[0]["Subject"]
    assert hook.checks == 1
    assert "alerts (webhook)" in said
    assert "webhook.url answers 500" in complaint
    for secret in (webhook.secret, smtp.password):
        assert secret not in log + said + complaint

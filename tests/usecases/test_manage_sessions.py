"""Numbers of ours: added, renamed, let go of."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendant import RoleRequiredError
from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.requests import KeyReusedError
from helpdesk.domain.session import (
    AccountTakenError,
    LogoutRequested,
    NotCapableError,
    PairCodeRequested,
    SessionChanged,
    SessionState,
)
from tests.support.team import Firm

CLOUD = "whatsapp.cloud"


async def test_a_number_is_added_renamed_and_let_go_of(firm: Firm) -> None:
    manage, dora = firm.cases.manage_sessions(), firm.office.dora
    added = await manage.add(by=dora, name=" Sales ", bridge=CLOUD, account="1")
    assert (added.name, added.account, added.state) == ("Sales", "1", SessionState.STOPPED)
    renamed = await manage.change(added.id, by=dora, name="Shop")
    assert (renamed.name, renamed.account) == ("Shop", "1")
    assert renamed in await firm.directory.sessions()
    await manage.remove(added.id, by=dora)
    assert added.id not in [it.id for it in await firm.directory.sessions()]
    assert [it.session_id for it in await firm.told(SessionChanged)] == [added.id] * 3
    again = await manage.add(by=dora, name="Shop", bridge=CLOUD, account="1")
    assert again.id != added.id


async def test_only_admins_do_it(firm: Firm) -> None:
    manage, id = firm.cases.manage_sessions(), firm.office.session.id
    for by in (firm.office.ana, firm.office.carla):
        for asked in (
            manage.add(by=by, name="Sales", bridge=CLOUD),
            manage.change(id, by=by, name="Sales"),
            manage.remove(id, by=by),
        ):
            with pytest.raises(RoleRequiredError):
                await asked


async def test_a_number_is_one_session_s(firm: Firm) -> None:
    manage, dora = firm.cases.manage_sessions(), firm.office.dora
    await manage.add(by=dora, name="Sales", bridge=CLOUD, account="1")
    other = await manage.add(by=dora, name="Shop", bridge=CLOUD, account="2")
    with pytest.raises(AccountTakenError):
        await manage.add(by=dora, name="Third", bridge=CLOUD, account="1")
    with pytest.raises(AccountTakenError):
        await manage.change(other.id, by=dora, account="1")


@pytest.mark.parametrize("bridge", ["", "whatsapp.nothing", "postgres", "whatsapp.../x", "os"])
async def test_a_bridge_that_is_none_is_refused(firm: Firm, bridge: str) -> None:
    with pytest.raises(InvalidError) as refused:
        await firm.cases.manage_sessions().add(by=firm.office.dora, name="x", bridge=bridge)
    assert refused.value.field == "bridge"


async def test_a_name_has_some_length(firm: Firm) -> None:
    manage, dora = firm.cases.manage_sessions(), firm.office.dora
    for name in ("", " ", "x" * 81):
        with pytest.raises(InvalidError):
            await manage.add(by=dora, name=name, bridge=CLOUD)
    same = await manage.change(firm.office.session.id, by=dora)
    assert same == firm.office.session


async def test_a_repeated_key_adds_once(firm: Firm) -> None:
    manage, dora = firm.cases.manage_sessions(), firm.office.dora
    first = await manage.add(by=dora, name="Sales", bridge=CLOUD, key="k")
    assert await manage.add(by=dora, name="Sales", bridge=CLOUD, key="k") == first
    with pytest.raises(KeyReusedError):
        await manage.add(by=dora, name="Other", bridge=CLOUD, key="k")


async def test_what_has_nothing_to_unlink_is_not_logged_out(firm: Firm) -> None:
    added = await firm.cases.manage_sessions().add(by=firm.office.dora, name="x", bridge=CLOUD)
    with pytest.raises(NotCapableError):
        await firm.cases.log_out_session()(added.id, by=firm.office.dora)
    assert await firm.told(LogoutRequested) == []


async def test_pairing_codes_are_asked_for_where_the_bridge_has_them(firm: Firm) -> None:
    with pytest.raises(NotCapableError):
        await firm.cases.request_pair_code()(
            firm.office.session.id, "+5511900000000", by=firm.office.dora
        )


async def test_the_bot_is_asked_for_a_pairing_code(firm: Firm) -> None:
    ask = replace(firm.cases.request_pair_code(), abilities=lambda _: Capabilities(pair_code=True))
    await ask(firm.office.session.id, "+5511900000000", by=firm.office.dora)
    asked = await firm.told(PairCodeRequested)
    assert [(it.session_id, it.phone) for it in asked] == [
        (firm.office.session.id, "+5511900000000")
    ]

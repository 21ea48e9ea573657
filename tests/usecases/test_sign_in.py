"""Signing in and out, and passwords."""

from dataclasses import replace

import pytest

from helpdesk.domain.attendant import Attendant, AttendantNotFoundError
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.usecases.sign_in import InvalidCredentialsError, SignedIn
from tests.support.builders import fresh
from tests.support.team import Firm, PlainPasswords

PASSWORD = "correct horse"


@pytest.fixture
async def ana(firm: Firm) -> Attendant:
    await firm.cases.change_password().set(firm.office.ana.id, new=PASSWORD)
    firm.passwords.worked = 0
    return firm.office.ana


async def sign_in(firm: Firm, who: Attendant, password: str = PASSWORD) -> SignedIn:
    return await firm.cases.sign_in_out()(who.email, password)


async def test_who_knows_the_password_gets_a_token_for_a_month(firm: Firm, ana: Attendant) -> None:
    signed_in = await firm.cases.sign_in_out()(f"  {ana.email.upper()} ", PASSWORD)
    assert signed_in.attendant == ana
    authenticate = firm.cases.authenticate()
    assert await authenticate(signed_in.token) == ana
    firm.later(days=30, seconds=-1)
    assert await authenticate(signed_in.token) == ana
    firm.later(seconds=1)
    assert await authenticate(signed_in.token) is None


async def test_nobody_signed_in_with_a_guess(firm: Firm) -> None:
    for guess in ("", "guess", "\ud800"):
        assert await firm.cases.authenticate()(guess) is None


async def test_a_refusal_costs_the_same_and_says_the_same_whatever_is_wrong(
    firm: Firm, ana: Attendant
) -> None:
    gone = await firm.hire("Eva", firm.office.sales, active=False)
    await firm.cases.change_password().set(gone.id, new=PASSWORD)
    refusals = set()
    for email, password in (
        ("nobody@example.com", PASSWORD),
        (ana.email, "wrong password"),
        (firm.office.bia.email, PASSWORD),  # has none
        (gone.email, PASSWORD),
    ):
        firm.passwords.worked = 0
        with pytest.raises(InvalidCredentialsError) as refused:
            await firm.cases.sign_in_out()(email, password)
        refusals.add((refused.value.detail, firm.passwords.worked))
    assert len(refusals) == 1


async def test_a_password_that_is_changed_meanwhile_opens_nothing(
    firm: Firm, ana: Attendant
) -> None:
    change = firm.cases.change_password()

    class Slow(PlainPasswords):
        async def verify(self, hashed: str, password: str) -> bool:
            await change.set(ana.id, new="another password")
            return await super().verify(hashed, password)

    with pytest.raises(InvalidCredentialsError):
        await replace(firm.cases.sign_in_out(), passwords=Slow())(ana.email, PASSWORD)


async def test_signing_out_ends_this_sign_in_only(firm: Firm, ana: Attendant) -> None:
    one, other = await sign_in(firm, ana), await sign_in(firm, ana)
    for _ in range(2):
        await firm.cases.sign_in_out().out(one.token)
    assert await firm.cases.authenticate()(one.token) is None
    assert await firm.cases.authenticate()(other.token) == ana


async def test_a_new_password_ends_every_sign_in_but_the_one_that_stays(
    firm: Firm, ana: Attendant
) -> None:
    here, elsewhere = await sign_in(firm, ana), await sign_in(firm, ana)
    await firm.cases.change_password().own(ana, current=PASSWORD, new="another password")
    await firm.cases.sign_in_out().stay(here.token, by=ana)
    assert await firm.cases.authenticate()(elsewhere.token) is None
    assert await firm.cases.authenticate()(here.token) == ana
    with pytest.raises(InvalidCredentialsError):
        await sign_in(firm, ana)
    await sign_in(firm, ana, "another password")


async def test_ones_own_password_takes_the_present_one(firm: Firm, ana: Attendant) -> None:
    for who in (ana, firm.office.bia):  # Bia has none
        with pytest.raises(InvalidError) as refused:
            await firm.cases.change_password().own(who, current="wrong", new="another password")
        assert refused.value.field == "current"


@pytest.mark.parametrize("new", ["short", "x" * 9, "x" * 201])
async def test_a_password_has_a_length_that_serves(firm: Firm, ana: Attendant, new: str) -> None:
    change = firm.cases.change_password()
    for attempt in (
        change.own(ana, current=PASSWORD, new=new),
        change.of(ana.id, by=firm.office.dora, new=new),
        change.set(ana.id, new=new),
    ):
        with pytest.raises(InvalidError) as refused:
            await attempt
        assert refused.value.field == "new"


async def test_an_admin_sets_a_colleagues_password(firm: Firm, ana: Attendant) -> None:
    before = await sign_in(firm, ana)
    await firm.cases.change_password().of(ana.id, by=firm.office.dora, new="another password")
    assert await firm.cases.authenticate()(before.token) is None
    await sign_in(firm, ana, "another password")
    with pytest.raises(AttendantNotFoundError):
        await firm.cases.change_password().of(
            AttendantId(fresh()), by=firm.office.dora, new="another password"
        )


async def test_who_is_no_longer_active_is_signed_out(firm: Firm, ana: Attendant) -> None:
    before = await sign_in(firm, ana)
    await firm.cases.manage_attendants().change(
        ana.id, by=firm.office.dora, properties={"active": False}
    )
    assert await firm.cases.authenticate()(before.token) is None
    with pytest.raises(InvalidCredentialsError):
        await sign_in(firm, ana)

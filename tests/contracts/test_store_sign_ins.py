"""Passwords and sign-ins."""

from dataclasses import replace

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.ids import AttendantId
from helpdesk.ports.directory import Directory
from helpdesk.ports.repositories import SignIn
from tests.support.clock import NOON, after
from tests.support.office import Office
from tests.support.waiting import within


async def sign_in(office: Office, who: Attendant, token: bytes) -> None:
    it = SignIn(token_hash=token, attendant_id=who.id, expires_at=after(days=30))
    await within(office.store, lambda work: work.sign_ins.open(it))


async def signed_in(directory: Directory, *tokens: bytes) -> list[AttendantId | None]:
    found = [await directory.signed_in(it, at=NOON) for it in tokens]
    return [None if it is None else it.id for it in found]


async def test_a_password_is_found_by_the_address_and_replaced(office: Office) -> None:
    async with office.store.transaction() as work:
        assert await work.sign_ins.credentials(office.ana.email) is None
        await work.sign_ins.set_password(office.ana.id, "hash 1")
        await work.sign_ins.set_password(office.bia.id, "hash 2")
    async with office.store.transaction() as work:
        await work.sign_ins.set_password(office.ana.id, "hash 3")
        assert await work.sign_ins.credentials(office.ana.email) == (office.ana.id, "hash 3")
        assert await work.sign_ins.credentials("nobody@example.com") is None


async def test_a_password_outlives_other_changes(office: Office) -> None:
    async with office.store.transaction() as work:
        await work.sign_ins.set_password(office.ana.id, "hash")
    await office.keep(replace(office.ana, email="new@example.com"))
    async with office.store.transaction() as work:
        assert await work.sign_ins.credentials("new@example.com") == (office.ana.id, "hash")
        assert await work.sign_ins.credentials(office.ana.email) is None


async def test_a_token_tells_who_signed_in_until_it_expires(
    office: Office, directory: Directory
) -> None:
    await sign_in(office, office.ana, b"a")
    assert await directory.signed_in(b"a", at=after(days=29)) == office.ana
    assert await directory.signed_in(b"a", at=after(days=30)) is None
    assert await directory.signed_in(b"b", at=NOON) is None


async def test_who_is_no_longer_active_is_not_signed_in(
    office: Office, directory: Directory
) -> None:
    await sign_in(office, office.ana, b"a")
    await office.keep(replace(office.ana, active=False))
    assert await directory.signed_in(b"a", at=NOON) is None


async def test_one_sign_in_ends_alone(office: Office, directory: Directory) -> None:
    for token in (b"a1", b"a2"):
        await sign_in(office, office.ana, token)
    async with office.store.transaction() as work:
        await work.sign_ins.end(b"a1")
        await work.sign_ins.end(b"unknown")
    assert await signed_in(directory, b"a1", b"a2") == [None, office.ana.id]


async def test_all_sign_ins_of_one_person_end_together(
    office: Office, directory: Directory
) -> None:
    for who, token in [(office.ana, b"a1"), (office.ana, b"a2"), (office.bia, b"b")]:
        await sign_in(office, who, token)
    async with office.store.transaction() as work:
        await work.sign_ins.end_all(office.ana.id)
    assert await signed_in(directory, b"a1", b"a2", b"b") == [None, None, office.bia.id]


async def test_a_new_password_ends_every_sign_in(office: Office, directory: Directory) -> None:
    await sign_in(office, office.ana, b"a")
    await sign_in(office, office.bia, b"b")
    async with office.store.transaction() as work:
        await work.sign_ins.set_password(office.ana.id, "hash")
    assert await signed_in(directory, b"a", b"b") == [None, office.bia.id]


async def test_expired_sign_ins_are_forgotten(office: Office, directory: Directory) -> None:
    await sign_in(office, office.ana, b"a")
    async with office.store.transaction() as work:
        await work.sign_ins.prune(before=after(days=29))
    assert await signed_in(directory, b"a") == [office.ana.id]
    async with office.store.transaction() as work:
        await work.sign_ins.prune(before=after(days=31))
    assert await signed_in(directory, b"a") == [None]

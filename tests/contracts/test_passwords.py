"""What hashing passwords promises."""

import asyncio

import pytest
from argon2 import Parameters
from argon2.low_level import Type
from argon2.profiles import RFC_9106_LOW_MEMORY

from helpdesk.adapters.system.passwords import Argon2Passwords
from helpdesk.adapters.system.provide import passwords as default_passwords
from helpdesk.ports.system import Passwords

CHEAP = Parameters(
    type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
)


@pytest.fixture
def passwords() -> Passwords:
    return Argon2Passwords(parameters=CHEAP)


async def test_the_password_fits_its_hash_and_no_other_does(passwords: Passwords) -> None:
    hashed = await passwords.hash("correct horse battery staple")
    assert await passwords.verify(hashed, "correct horse battery staple")
    assert not await passwords.verify(hashed, "correct horse battery stapler")


async def test_a_password_may_be_any_text(passwords: Passwords) -> None:
    hashed = await passwords.hash("sénha 🔑 \N{ZERO WIDTH JOINER}")
    assert await passwords.verify(hashed, "sénha 🔑 \N{ZERO WIDTH JOINER}")


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("secret") != await passwords.hash("secret")


@pytest.mark.parametrize("malformed", ["", "x", "$argon2id$", "$argon2id$v=19$m=8$é", "\ud800"])
async def test_a_malformed_hash_fits_nothing(passwords: Passwords, malformed: str) -> None:
    assert not await passwords.verify(malformed, "secret")


async def test_what_is_no_text_fits_nothing(passwords: Passwords) -> None:
    assert not await passwords.verify(await passwords.hash("secret"), "\ud800")


async def test_a_hash_carries_the_parameters_that_rfc_9106_recommends() -> None:
    hashed = await default_passwords().hash("secret")
    assert hashed.startswith(f"$argon2id$v=19$m={RFC_9106_LOW_MEMORY.memory_cost},t=3,p=4$")


async def test_hashing_does_not_hold_up_the_loop() -> None:
    turns, hashing = 0, asyncio.create_task(default_passwords().hash("secret"))
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 3  # hashing takes some 100 ms; one that blocks leaves one turn
    assert await hashing

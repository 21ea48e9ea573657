"""Tokens of Firebase: signed by our account, saying what a person may read; and their end."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpdesk.domain.attendant import Role
from helpdesk.domain.errors import UnavailableError
from helpdesk.domain.ids import SectorId
from helpdesk.domain.live import Place, Rights
from helpdesk.opening import OpeningError, opening
from helpdesk.ports.identity import Identity
from tests.support.builders import an_attendant, fresh
from tests.support.clock import NOON
from tests.support.firestore.firm import Elsewhere
from tests.support.google import private_key

CARLA = an_attendant("Carla", role=Role.MANAGER, sectors=[SectorId(fresh())])
WITHOUT = """
import asyncio, sys
from helpdesk import cli, doctor, roles  # noqa: F401
from helpdesk.opening import opening
from helpdesk.settings import Adapters, Settings

async def main():
    chosen = Adapters(store="memory", feed="memory", broker="local", media="memory",
                      conversion="memory", push="memory")
    async with opening(Settings(adapters=chosen)) as it:
        for port in ("store", "feed", "broker", "media", "push", "bridge"):
            await it.port(port)

asyncio.run(main())
known = ("firebase_admin", "gcloud", "google", "grpc")
print(*sorted({it.partition(".")[0] for it in sys.modules} & set(known)))
"""


@pytest.fixture
async def identity(place: Elsewhere) -> AsyncIterator[Identity]:
    async with place.open() as opened:
        yield await opened.port("identity")


async def test_a_token_is_ours_and_says_whose_it_is_and_what_they_may_read(
    identity: Identity,
) -> None:
    token = await identity.token(Rights.of(CARLA), at=NOON)
    public = load_pem_private_key(private_key().encode(), None).public_key()
    audience = (
        "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
    )
    said = jwt.decode(token, public, ["RS256"], audience=audience)  # type: ignore[arg-type]
    assert (said["iss"], said["uid"]) == ("helpdesk@example.com", str(CARLA.id))
    assert said["claims"] == {
        "role": "manager",
        "sectors": [str(it) for it in CARLA.sectors],
        "minted": int(NOON.timestamp()),
    }
    assert identity.place == Place(kind="firestore", project="helpdesk", api_key="a-key")


async def test_what_was_granted_before_is_revoked(
    place: Elsewhere, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", place.account.host)
    before = int(time.time())
    await identity.revoke(CARLA.id)
    assert place.account.valid_since[str(CARLA.id)] >= before
    place.account.refusal = {"message": "USER_NOT_FOUND", "code": 400}
    await identity.revoke(CARLA.id)  # never used a token
    await identity.check()
    place.account.refusal = {"message": "no", "status": "PERMISSION_DENIED", "code": 403}
    ways: list[Callable[[], Awaitable[None]]] = [partial(identity.revoke, CARLA.id), identity.check]
    for ask in ways:
        with pytest.raises(UnavailableError, match="Firebase Authentication Admin"):
            await ask()


async def test_a_key_that_google_does_not_accept_is_said_to_be_so(
    place: Elsewhere, identity: Identity
) -> None:
    place.account.status = 400
    with pytest.raises(UnavailableError, match=r"wrong, expired or deleted.*Invalid JWT signature"):
        await identity.check()


async def test_what_cannot_be_used_is_named_at_the_start(place: Elsewhere, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"type": "service_account"}')
    usable = place.settings.firebase
    for wrong, says in (
        (replace(usable, api_key=""), r"firebase\.api_key"),
        (replace(usable, credentials=str(tmp_path / "nothing")), r"firebase\.credentials"),
        (replace(usable, credentials=str(broken)), r"firebase\.credentials"),
        (replace(usable, credentials=str(tmp_path)), r"firebase\.credentials"),
    ):
        async with opening(replace(place.settings, firebase=wrong)) as opened:
            with pytest.raises(OpeningError, match=says):
                await opened.port("identity")


def test_nothing_of_it_is_imported_when_it_is_not_configured() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout.split()) == (0, []), ran.stderr

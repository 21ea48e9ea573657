"""Who is there: e-mail and password in, an opaque token out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.errors import ForbiddenError, InvalidError
from helpdesk.domain.ids import AttendantId
from helpdesk.ports.directory import Directory
from helpdesk.ports.repositories import SignIn
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, NewToken, Passwords

VALID_FOR: Final = timedelta(days=30)
PASSWORD_MINIMUM: Final = 10
PASSWORD_LIMIT: Final = 200  # more is somebody who wants our processor to be busy


class InvalidCredentialsError(ForbiddenError):
    """The e-mail address or the password is wrong."""

    code = "invalid_credentials"


def valid_password(password: str, *, field: str) -> str:
    """Return the password.

    Raises:
        InvalidError: shorter than 10 or longer than 200 characters.
    """
    if not PASSWORD_MINIMUM <= len(password) <= PASSWORD_LIMIT:
        raise InvalidError(
            f"A password has {PASSWORD_MINIMUM} to {PASSWORD_LIMIT} characters.", field=field
        )
    return password


def token_hash(token: str) -> bytes:
    """Hash a token of 128 random bits; no salt is needed for those."""
    return sha256(token.encode(errors="replace")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    token: str
    expires_at: datetime
    attendant: Attendant


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Who sent this request."""

    directory: Directory
    now: Clock

    async def __call__(self, token: str) -> Attendant | None:
        """Find the attendant who signed in with `token`; None when nobody did."""
        return await self.directory.signed_in(token_hash(token), at=self.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOut:
    store: Store
    passwords: Passwords
    now: Clock
    new_token: NewToken

    async def __call__(self, email: str, password: str) -> SignedIn:
        """Sign in.

        Raises:
            InvalidCredentialsError: unknown, wrong or no longer active; which is not said.
        """
        address = email.strip().lower()
        async with self.store.transaction() as work:
            known = await work.sign_ins.credentials(address)
        attempt = password[: PASSWORD_LIMIT + 1]
        if known is None:
            await self.passwords.hash(attempt)  # takes as long as a comparison
            raise InvalidCredentialsError
        if not await self.passwords.verify(known[1], attempt):
            raise InvalidCredentialsError
        return await self._open(address, *known)

    async def out(self, token: str) -> None:
        """Forget the sign-in."""
        async with self.store.transaction() as work:
            await work.sign_ins.end(token_hash(token))

    async def stay(self, token: str, *, by: Attendant) -> None:
        """Keep this one sign-in, after a change of password ended all."""
        expires_at = self.now() + VALID_FOR
        async with self.store.transaction() as work:
            await work.sign_ins.open(
                SignIn(token_hash=token_hash(token), attendant_id=by.id, expires_at=expires_at)
            )

    async def _open(self, address: str, id: AttendantId, hashed: str) -> SignedIn:
        token, expires_at = self.new_token(), self.now() + VALID_FOR
        async with self.store.transaction() as work:
            attendant = await work.team.attendant(id)
            # Comparing took a while: a password that was changed meanwhile opens nothing.
            unchanged = await work.sign_ins.credentials(address) == (id, hashed)
            if not (attendant.active and unchanged):
                raise InvalidCredentialsError
            await work.sign_ins.open(
                SignIn(token_hash=token_hash(token), attendant_id=id, expires_at=expires_at)
            )
        return SignedIn(token=token, expires_at=expires_at, attendant=attendant)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    store: Store
    passwords: Passwords

    async def own(self, by: Attendant, *, current: str, new: str) -> None:
        """Change one's own; every sign-in ends.

        Raises:
            InvalidError: `current` is wrong, or `new` too short.
        """
        valid_password(new, field="new")
        async with self.store.transaction() as work:
            known = await work.sign_ins.credentials(by.email)
        if not known or not await self.passwords.verify(known[1], current[: PASSWORD_LIMIT + 1]):
            raise InvalidError("The current password is wrong.", field="current")
        await self.set(by.id, new=new)

    async def of(self, attendant: AttendantId, *, by: Attendant, new: str) -> None:
        """Set a colleague's.

        Raises:
            RoleRequiredError, AttendantNotFoundError, InvalidError.
        """
        by.must_be(Role.ADMIN)
        await self.set(attendant, new=new)

    async def set(self, attendant: AttendantId, *, new: str) -> None:
        """Set it without asking who wants it: for the person at the command line.

        Raises:
            AttendantNotFoundError, InvalidError.
        """
        hashed = await self.passwords.hash(valid_password(new, field="new"))
        async with self.store.transaction() as work:
            await work.team.attendant(attendant)
            await work.sign_ins.set_password(attendant, hashed)

"""Identities of Firebase: custom tokens whose claims are what a person may read."""

from datetime import datetime
from typing import Final

from firebase_admin import auth

from helpdesk.adapters.firebase.project import Project
from helpdesk.domain.ids import AttendantId
from helpdesk.domain.live import Place, Rights
from helpdesk.neighbours import Firebase

_NOBODY: Final = "helpdesk-doctor"


class FirebaseIdentity:
    def __init__(self, project: Project, settings: Firebase) -> None:
        self._project = project
        self.place = Place(
            kind="firestore",
            project=project.id,
            api_key=settings.api_key,
            data_url=settings.web_firestore_url,
            auth_url=settings.web_auth_url,
        )

    async def token(self, rights: Rights, *, at: datetime) -> str:
        person, claims = str(rights.attendant_id), dict(rights.claims(at=at))
        return await self._signed(person, claims)

    async def revoke(self, attendant: AttendantId) -> None:
        await self._project.call(self._revoke, str(attendant))

    async def check(self) -> None:
        await self._signed(_NOBODY, {})
        await self._project.call(self._revoke, _NOBODY)

    async def _signed(self, person: str, claims: dict[str, object]) -> str:
        # Without a key of our own Google is asked to sign.
        app = self._project.app
        signed = await self._project.call(auth.create_custom_token, person, claims, app)
        return str(signed, "ascii")

    def _revoke(self, person: str) -> None:
        try:
            auth.revoke_refresh_tokens(person, self._project.app)
        except auth.UserNotFoundError:
            return  # no token of theirs was ever used

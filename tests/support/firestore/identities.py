"""Google's sign-in with a custom token, as its emulator does it: a token for a token."""

import secrets
import time
from typing import Any, Final

import jwt
from aiohttp import web

LIFE: Final = 3600
_AUDIENCE: Final = (
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
)
_ALLOWED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "POST",
}


class Identities:
    """Believes what it is told: Google's library signs nothing for an emulator."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(32)
        self._people: dict[str, dict[str, Any]] = {}  # claims, by refresh token
        self.signed_in = 0
        self.revoked: set[str] = set()  # people

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/{host}/v1/accounts:signInWithCustomToken", self._sign_in)
        app.router.add_post("/{host}/v1/accounts:lookup", self._look_up)
        app.router.add_post("/{host}/v1/projects/{project}/accounts:update", self._revoke)
        app.router.add_post("/{host}/v1/token", self._refresh)
        app.router.add_route("OPTIONS", "/{host}/v1/{verb}", _allow)

    def who_asks(self, headers: str) -> Any:
        """Say what Firestore's rules know of whoever sends these headers."""
        token = headers.partition("Authorization:Bearer ")[2].split("\r\n")[0].strip()
        try:
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], audience="helpdesk")
        except jwt.InvalidTokenError:
            return None
        return {"uid": claims["user_id"], "token": claims}

    async def _sign_in(self, request: web.Request) -> web.Response:
        token = (await request.json())["token"]
        try:
            unsigned: Any = {"verify_signature": False, "verify_aud": True, "verify_exp": True}
            custom = jwt.decode(token, options=unsigned, audience=_AUDIENCE)
        except jwt.InvalidTokenError as error:
            return _refused(f"INVALID_CUSTOM_TOKEN : {error}")
        self.signed_in += 1
        refresh = secrets.token_hex(16)
        claims = {**custom.get("claims", {}), "user_id": custom["uid"], "sub": custom["uid"]}
        self._people[refresh] = {**claims, "auth_time": int(time.time())}
        return _given({"idToken": self._token(refresh), "refreshToken": refresh})

    async def _refresh(self, request: web.Request) -> web.Response:
        refresh = str((await request.post())["refresh_token"])
        if self._people[refresh]["user_id"] in self.revoked:
            return _refused("TOKEN_EXPIRED")
        given = {
            "id_token": self._token(refresh),
            "refresh_token": refresh,
            "expires_in": f"{LIFE}",
        }
        return web.json_response(given, headers=_ALLOWED)

    async def _revoke(self, request: web.Request) -> web.Response:
        person = (await request.json())["localId"]
        self.revoked.add(person)
        return _given({"localId": person})

    async def _look_up(self, request: web.Request) -> web.Response:
        token = (await request.json())["idToken"]
        who = self.who_asks(f"Authorization:Bearer {token}")
        return _given({"users": [{"localId": who["uid"]}]})

    def _token(self, refresh: str) -> str:
        now = int(time.time())
        claims = {**self._people[refresh], "aud": "helpdesk", "iat": now, "exp": now + LIFE}
        return jwt.encode(claims, self._secret, algorithm="HS256")


def _given(body: dict[str, Any]) -> web.Response:
    return web.json_response({**body, "expiresIn": f"{LIFE}"}, headers=_ALLOWED)


def _refused(message: str) -> web.Response:
    said = {"error": {"code": 400, "message": message}}
    return web.json_response(said, status=400, headers=_ALLOWED)


async def _allow(_: web.Request) -> web.Response:
    return web.Response(status=204, headers=_ALLOWED)

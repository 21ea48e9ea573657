r"""Have Google's emulators judge config/*.rules: every role, feed and file, reading and writing.

In config/: firebase emulators:exec --project demo-desk --only auth,firestore,storage \
    "../.venv/bin/python ../scripts/try_rules.py"
"""

import json
import os
import sys
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from helpdesk.domain.attendant import Attendant, Role
from helpdesk.domain.ids import AttendantId, SectorId
from helpdesk.domain.live import Rights

SALES, SUPPORT = SectorId(uuid4()), SectorId(uuid4())
AUDIENCE: Final = (
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
)


def main(auth: str, firestore: str, storage: str, project: str) -> list[str]:
    """Return what is not as it should be; `project` is an id, the others are hosts with ports."""
    return [*_in_firestore(auth, firestore, project), *_in_storage(auth, storage, project)]


def _in_firestore(auth: str, firestore: str, project: str) -> list[str]:
    place = f"http://{firestore}/v1/projects/{project}/databases/(default)/documents"
    wrong = []
    for person in _people():
        token = _signed_in(auth, person, minted=datetime.now(UTC))
        late = _signed_in(auth, person, minted=datetime.now(UTC) - timedelta(hours=1))
        for feed in _feeds(person):
            events = f"{place}/feeds/{feed}/events"
            theirs = feed in Rights.of(person).feeds
            for name, may, found in (
                ("get", theirs, _may("GET", f"{events}/1", token)),
                ("list", theirs, _may("GET", events, token)),
                ("write", False, _may("PATCH", f"{events}/1", token, {"fields": {}})),
                ("delete", False, _may("DELETE", f"{events}/1", token)),
                ("get after an hour", False, _may("GET", f"{events}/1", late)),
                ("get by a stranger", False, _may("GET", f"{events}/1", "")),
            ):
                if may != found:
                    wrong.append(f"{person.role}: {name} {feed}: {'may' if found else 'may not'}")
    return wrong


def _in_storage(auth: str, storage: str, project: str) -> list[str]:
    """Try what nobody may."""
    files = f"http://{storage}/v0/b/{project}.appspot.com/o"
    wrong = []
    for person in _people():
        token = _signed_in(auth, person, minted=datetime.now(UTC))
        for name, method, url, body in (
            ("get", "GET", f"{files}/files%2F1", None),
            ("list", "GET", files, None),
            ("write", "PATCH", f"{files}/files%2F1", {"contentType": "text/html"}),
            ("delete", "DELETE", f"{files}/files%2F1", None),
        ):
            if _may(method, url, token, body, scheme="Firebase"):
                wrong.append(f"{person.role}: {name} a file: may")
    return wrong


def _people() -> Iterator[Attendant]:
    for role in Role:
        yield Attendant(
            id=AttendantId(uuid4()),
            name="Somebody",
            email="somebody@example.com",
            role=role,
            sectors=frozenset({SALES}),
        )


def _feeds(of: Attendant) -> list[str]:
    places = [f"{kind}:{it}" for kind in ("sector", "managers") for it in (SALES, SUPPORT)]
    own = [] if of.role is Role.ADMIN else [f"attendant:{of.id}"]
    return ["everyone", "admins", *own, f"attendant:{uuid4()}", *places]


def _signed_in(auth: str, person: Attendant, *, minted: datetime) -> str:
    """Exchange a custom token, which an emulator takes without a signature."""
    now = int(datetime.now(UTC).timestamp())
    claims = Rights.of(person).claims(at=minted)
    said = {"aud": AUDIENCE, "iss": "me", "sub": "me", "iat": now, "exp": now + 3600}
    parts = ({"alg": "none", "typ": "JWT"}, said | {"uid": str(person.id), "claims": claims})
    written = (urlsafe_b64encode(json.dumps(it).encode()).decode().rstrip("=") for it in parts)
    url = f"http://{auth}/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken?key=any"
    body = {"token": ".".join((*written, "")), "returnSecureToken": True}
    token: str = json.loads(_ask("POST", url, "", body)[1])["idToken"]
    return token


def _may(method: str, url: str, token: str, body: Any = None, scheme: str = "Bearer") -> bool:
    """What is not there may be asked for all the same."""
    status, told = _ask(method, url, token and f"{scheme} {token}", body)
    if status not in (200, 401, 403, 404):
        raise RuntimeError(f"{method} {url}: {status} {told!r}")
    return status in (200, 404)


def _ask(method: str, url: str, authorization: str, body: Any = None) -> tuple[int, bytes]:
    request = urllib.request.Request(url, method=method)  # noqa: S310 - an emulator's
    request.add_header("Content-Type", "application/json")
    if authorization:
        request.add_header("Authorization", authorization)
    sent = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, sent, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


if __name__ == "__main__":
    found = main(
        os.environ["FIREBASE_AUTH_EMULATOR_HOST"],
        os.environ["FIRESTORE_EMULATOR_HOST"],
        os.environ["FIREBASE_STORAGE_EMULATOR_HOST"],
        os.environ["GCLOUD_PROJECT"],
    )
    print("\n".join(found) or "The rules are as they should be.")
    sys.exit(bool(found))

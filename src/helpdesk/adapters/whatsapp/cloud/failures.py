"""Error codes of the Graph API, and what to do about each.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, read 2026-11.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.adapters.whatsapp.cloud.hostile import Json, line, part, parts, whole
from helpdesk.domain.message import Failure


class Remedy(StrEnum):
    """What follows besides the failure of one message."""

    FAIL = "fail"  # permanent, for this message only
    SLOW_NUMBER = "slow_number"  # the whole number pauses
    SLOW_CLIENT = "slow_client"  # this client's messages pause
    RETRY = "retry"  # certainly not accepted: again, later
    UNCERTAIN = "uncertain"  # perhaps accepted; the status webhook tells
    UPLOAD_AGAIN = "upload_again"  # once
    LOG_OUT = "log_out"  # the token is no good
    BAN = "ban"
    ALARM = "alarm"  # fail, and tell the admins


@dataclass(frozen=True, slots=True)
class Verdict:
    remedy: Remedy
    failure: Failure


_SLOW: Final = frozenset({4, 613, 80007, 130429})
_UNSURE: Final = frozenset({1, 2, 131000, 131016})
_UNREACHABLE: Final = frozenset({131021, 131026, 131030, 130472})
_MEDIA: Final = frozenset({131051, 131052, 131053})
_ALARMING: Final = frozenset({131048, 131049, 131064})
_BANNED: Final = frozenset({368, 130497, 131031})
_AUTH: Final = frozenset({0, 3, 10, 190, *range(200, 300)})
DETAIL_LIMIT: Final = 500


def verdict_of(code: int | None, detail: str, *, status: int = 400) -> Verdict:
    """Judge an error of the Graph API, or a failed status (which has no HTTP status of its own)."""
    remedy, named = _judge(code, status)
    return Verdict(remedy, Failure(named, f"{code}: {detail}"[:DETAIL_LIMIT] if code else detail))


def _judge(code: int | None, status: int) -> tuple[Remedy, str]:
    if status == 429 or code in _SLOW:
        return Remedy.SLOW_NUMBER, "rate_limited"
    if code is None:
        unsure = status >= 500 or status < 400
        return (Remedy.UNCERTAIN, "timeout_unknown") if unsure else (Remedy.FAIL, "bug")
    special = _SPECIAL.get(code)
    if special:
        return special
    if 132000 <= code < 133000:
        return Remedy.FAIL, "template_invalid"
    if status >= 500:
        return Remedy.UNCERTAIN, "timeout_unknown"
    return Remedy.FAIL, "bug"


_SPECIAL: Final = {
    131056: (Remedy.SLOW_CLIENT, "rate_limited"),
    131047: (Remedy.FAIL, "window_closed"),
    131053: (Remedy.UPLOAD_AGAIN, "media_rejected"),
    **dict.fromkeys(_UNSURE, (Remedy.UNCERTAIN, "timeout_unknown")),
    **dict.fromkeys(_UNREACHABLE, (Remedy.FAIL, "recipient_unreachable")),
    **dict.fromkeys(_MEDIA - {131053}, (Remedy.FAIL, "media_rejected")),
    **dict.fromkeys(_ALARMING, (Remedy.ALARM, "rate_limited")),
    **dict.fromkeys(_BANNED, (Remedy.BAN, "banned")),
    **dict.fromkeys(_AUTH, (Remedy.LOG_OUT, "auth")),
}


def error_of(body: Json, *, status: int) -> Verdict:
    """Judge what the Graph API answered."""
    it = part(body, "error")
    detail = line(part(it, "error_data"), "details") or line(it, "message")
    return verdict_of(whole(it, "code"), detail or f"HTTP {status}", status=status)


def failure_of(status: Json) -> Failure:
    """Read why a message failed, from its status."""
    for it in parts(status, "errors"):
        detail = line(part(it, "error_data"), "details") or line(it, "message")
        return verdict_of(whole(it, "code"), detail or line(it, "title")).failure
    return Failure("recipient_unreachable", "WhatsApp gave no reason.")


def codes_of(it: Json) -> tuple[int, ...]:
    """List the codes of the errors that something has."""
    return tuple(code for one in parts(it, "errors") if (code := whole(one, "code")) is not None)

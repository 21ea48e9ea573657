"""What follows from each error code that the Cloud API documents."""

from typing import Final

import pytest

from helpdesk.adapters.whatsapp.cloud.failures import Remedy, verdict_of

FOLLOWS: Final = {
    (Remedy.SLOW_NUMBER, "rate_limited"): [4, 613, 80007, 130429],
    (Remedy.SLOW_CLIENT, "rate_limited"): [131056],
    (Remedy.ALARM, "rate_limited"): [131048, 131049, 131064],
    (Remedy.UNCERTAIN, "timeout_unknown"): [1, 2, 131000, 131016],
    (Remedy.FAIL, "window_closed"): [131047],
    (Remedy.FAIL, "recipient_unreachable"): [130472, 131021, 131026, 131030],
    (Remedy.FAIL, "media_rejected"): [131051, 131052],
    (Remedy.UPLOAD_AGAIN, "media_rejected"): [131053],
    (Remedy.FAIL, "template_invalid"): [132000, 132001, 132015, 132999],
    (Remedy.LOG_OUT, "auth"): [0, 3, 10, 190, 200, 299],
    (Remedy.BAN, "banned"): [368, 130497, 131031],
    (Remedy.FAIL, "bug"): [100, 131008, 131009, 135000, 999_999],
}


@pytest.mark.parametrize(
    ("code", "remedy", "named"),
    [(code, *it) for it, codes in FOLLOWS.items() for code in codes],
)
def test_a_code_has_its_remedy_and_its_name(code: int, remedy: Remedy, named: str) -> None:
    verdict = verdict_of(code, "why")
    assert (verdict.remedy, verdict.failure.code) == (remedy, named)
    assert verdict.failure.detail == (f"{code}: why" if code else "why")


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (429, Remedy.SLOW_NUMBER),
        (500, Remedy.UNCERTAIN),
        (503, Remedy.UNCERTAIN),
        (200, Remedy.UNCERTAIN),  # taken, it seems, and no JSON
        (400, Remedy.FAIL),
    ],
)
def test_an_answer_without_a_code_is_judged_by_its_status(status: int, remedy: Remedy) -> None:
    assert verdict_of(None, "", status=status).remedy is remedy

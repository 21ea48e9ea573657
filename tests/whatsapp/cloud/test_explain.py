"""`helpdesk cloud explain`: what a webhook comes to, for people who look."""

import json
from pathlib import Path

import pytest

from helpdesk.commands import CommandError, explain_webhook
from tests.whatsapp.cloud.payloads import ANA, a_message, body, of_messages, of_status


def test_each_thing_that_a_webhook_tells_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = of_messages(a_message("text", context={"forwarded": True}), a_message("hologram"))
    whole = one | {"entry": one["entry"] + of_status()["entry"]}
    (tmp_path / "webhook.json").write_bytes(body(whole))
    assert explain_webhook(tmp_path / "webhook.json") == 0
    text, hologram, status = map(json.loads, capsys.readouterr().out.splitlines())
    assert (text["event"], text["type"], text["problem"]) == ("message", "text", None)
    assert "forwarded" in text["flags"]
    [told] = text["reports"]
    assert (told["type"], told["content"]["text"]) == ("inbound.message.v1", "Olá")
    assert told["sender"] == [{"scheme": "phone", "value": f"+{ANA}"}]
    assert hologram["reports"][0]["content"]["kind"] == "unsupported"
    assert (status["event"], status["type"]) == ("status", "delivered")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "no JSON"),
        (b'{"object":"page","entry":[]}', '"object" is not'),
        (
            body(of_messages(a_message("text", **{"from": None}), contacts=[])),
            "Nothing says who",
        ),
    ],
    ids=["no json", "another object", "nobody"],
)
def test_what_is_malformed_ends_with_the_reason(tmp_path: Path, raw: bytes, reason: str) -> None:
    file = tmp_path / "webhook.json"
    file.write_bytes(raw)
    with pytest.raises(CommandError) as refused:
        explain_webhook(file)
    assert str(file) in str(refused.value)
    assert reason in str(refused.value)

"""What `helpdesk doctor` says of a broker."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.rabbitmq import Node
from tests.support.server import Server

pytestmark = [pytest.mark.postgres]


def doctor(folder: Path, url: str) -> tuple[int, str]:
    own = Server(
        folder / "data", {"HELPDESK__ADAPTERS__BROKER": "amqp", "HELPDESK__AMQP__URL": url}
    )
    told = own.run("doctor")
    return told.returncode, told.stdout + told.stderr


def test_a_broker_that_is_well_is_fine(node: Node, tmp_path: Path) -> None:
    assert doctor(tmp_path, node.url)[0] == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda _: "amqp://guest:secret@127.0.0.1:1/", "is RabbitMQ running"),
        (lambda url: url.replace("guest:guest", "guest:secret"), "password"),
        (lambda url: url + "nowhere", "virtual host"),
    ],
    ids=["nobody there", "wrong password", "no such virtual host"],
)
def test_what_is_wrong_is_a_sentence_with_the_key_and_no_secret(
    node: Node, tmp_path: Path, change: Callable[[str], str], word: str
) -> None:
    status, said = doctor(tmp_path, change(node.url))
    assert status == 1
    assert word in said
    assert "amqp.url" in said
    assert "secret" not in said
    assert "Traceback" not in said

"""The configuration: refused with file, key and remedy, or read as written."""

import tomllib
from pathlib import Path

import pytest

from helpdesk.configuration import HIDDEN, SettingsError, load, shown
from helpdesk.opening import bridges_here, check_adapters, must_be_shared
from helpdesk.roles import MEETING_POINTS, Role
from helpdesk.settings import Adapters, Bot, Settings

CONFIG = Path(__file__).parent.parent / "config"
EXAMPLE = CONFIG / "helpdesk.example.toml"


def flat(tree: dict[str, object], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def test_the_example_lists_every_key_with_its_default() -> None:
    assert flat(tomllib.loads(EXAMPLE.read_text("utf-8"))) == shown(load(None, {}))


def test_the_example_is_accepted() -> None:
    assert load(EXAMPLE, {}) == load(None, {})


def test_one_machine_needs_no_file_and_several_the_secrets_alone() -> None:
    assert load(CONFIG / "single.toml", {}) == load(None, {})
    secrets = {"POSTGRES__DSN": "postgresql://a:b@db/helpdesk", "AMQP__URL": "amqp://a:b@mq/"}
    split = load(CONFIG / "split.toml", {f"HELPDESK__{key}": it for key, it in secrets.items()})
    check_adapters(split)
    for role in Role:
        for port in MEETING_POINTS[role]:
            must_be_shared(port, split, by=role)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "h.toml"
    file.write_text("data_dir = '/one'\n[http]\nport = 1000\nhost = '127.0.0.2'\n")
    settings = load(file, {"HELPDESK__HTTP__PORT": "2000", "HELPDESK__DATA_DIR": "/two"})
    assert (settings.http.port, settings.http.host) == (2000, "127.0.0.2")
    assert settings.data_path == Path("/two")


@pytest.mark.parametrize("text", ["true", "1"])
def test_a_switch_may_be_written_as_people_do(text: str) -> None:
    assert load(None, {"HELPDESK__POSTGRES__BEHIND_POOLER": text}).postgres.behind_pooler


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[http]\nprot = 1\n", ["h.toml", "unknown key http.prot", "did you mean http.port?"]),
        ("[http]\nport = 'x'\n", ["h.toml", "http.port", "'x'", "type int"]),
        ("[http]\nport = '8080'\n", ["http.port", "type int"]),
        ("http = 3\n", ["unknown key http"]),
        ("[zzz]\nqqq = 1\n", ["unknown key zzz.qqq", "known: data_dir"]),
        ("[http\n", ["h.toml", "is not TOML"]),
        ("[http]\nport = 70000\n", ["http.port = 70000", "0 to 65535"]),
        ("[postgres]\npool_size = 1\n", ["postgres.pool_size = 1", "4 to 200"]),
        ("[silence]\ncheck_every_seconds = 7\n", ["silence.check_every_seconds", "divisor of 60"]),
        ("locale = 'fr'\n", ["locale = 'fr'", "pt-BR, en, es"]),
        ("[feedback]\nmessage = 'Rate us'\n", ["feedback.message", "{link}"]),
        ("[postgres]\ndsn = 'desk'\n", ["postgres.dsn", "postgresql://user:password@host/"]),
        ("[postgres]\nreplica_dsn = 'postgresql://[x'\n", ["postgres.replica_dsn", "://user"]),
        ("[postgres]\ndsn = 'postgresql://u:p/w@h/d'\n", ["postgres.dsn", "percent-encoded"]),
        ("[http]\npublic_url = 'desk.example.com'\n", ["http.public_url", "https://"]),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(
    tmp_path: Path, content: str, says: list[str]
) -> None:
    file = tmp_path / "h.toml"
    file.write_text(content)
    with pytest.raises(SettingsError) as refused:
        load(file, {})
    for part in says:
        assert part in str(refused.value)


def test_a_variable_that_is_wrong_is_named_as_it_was_written() -> None:
    with pytest.raises(SettingsError, match=r"HELPDESK__HTTP__PROT\): unknown key http.prot"):
        load(None, {"HELPDESK__HTTP__PROT": "1"})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: cannot be read"):
        load(tmp_path / "absent.toml", {})


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://user:p%40ss@db.example.com:5432/helpdesk",
        "postgres://db1:5432,[::1]:5433/helpdesk?target_session_attrs=read-write",
        "postgresql://user@/helpdesk?host=/run/postgresql",
    ],
)
def test_every_address_of_a_database_that_the_driver_reads_is_accepted(dsn: str) -> None:
    assert load(None, {"HELPDESK__POSTGRES__DSN": dsn}).postgres.dsn == dsn


def test_variables_of_others_are_left_alone() -> None:
    assert load(None, {"HELPDESK_ADMIN_PASSWORD": "x", "PATH": "y"}) == load(None, {})


def test_secrets_are_hidden_when_shown_and_in_errors(tmp_path: Path) -> None:
    settings = load(None, {"HELPDESK__POSTGRES__DSN": "postgresql://u:hunter2@h/d"})
    assert shown(settings)["postgres.dsn"] == HIDDEN
    assert "hunter2" not in str(shown(settings))
    file = tmp_path / "h.toml"
    file.write_text("[postgres]\ndsn = ['hunter2']\n")
    with pytest.raises(SettingsError) as refused:
        load(file, {})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "given", "remedy"),
    [
        ("adapters.broker", "kafka", "amqp, local"),
        ("adapters.store", "http", "memory, postgres"),
        ("adapters.bridge", "whatsapp", "whatsapp.cloud, whatsapp.simulator, whatsapp.venom"),
        ("bot.bridges", "whatsapp.cloud, whatsapp.vemon", "whatsapp.cloud, whatsapp.simulator"),
        ("alerts.by", "smpt", "smtp"),
    ],
)
def test_an_adapter_that_is_not_there_is_refused_with_those_that_are(
    key: str, given: str, remedy: str
) -> None:
    settings = load(None, {f"HELPDESK__{key.replace('.', '__').upper()}": given})
    wrong = given.rsplit(", ", maxsplit=1)[-1]
    with pytest.raises(SettingsError, match=rf"^{key} = '{wrong}': .*{remedy}"):
        check_adapters(settings)


def test_a_number_may_be_added_by_what_bots_hold_and_by_the_simulator_where_it_is_the_bridge() -> (
    None
):
    everything = {"whatsapp.cloud", "whatsapp.simulator", "whatsapp.venom"}
    assert bridges_here(Settings()).keys() == everything
    real = Adapters(bridge="whatsapp.cloud")
    assert bridges_here(Settings(adapters=real)).keys() == everything - {"whatsapp.simulator"}
    only = Bot(bridges="whatsapp.venom, whatsapp.nowhere")
    assert bridges_here(Settings(bot=only)).keys() == {"whatsapp.venom"}

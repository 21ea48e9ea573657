"""What venom-bot and its libraries do by themselves, and do not do here."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from helpdesk.adapters.whatsapp.venom.programs import SIDECAR
from helpdesk.adapters.whatsapp.worker.process import figures, members
from tests.support.whatsapp_web.stage import PROGRAMS
from tests.venom.conftest import Line

LISTENING = "0A"  # linux/include/net/tcp_states.h


def node(script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a script in the sidecar's folder, with nothing on standard input."""
    return subprocess.run(
        [PROGRAMS.find_node(), "-e", script],
        cwd=SIDECAR,
        env={
            "PATH": os.environ["PATH"],
            "NODE_PATH": str(PROGRAMS.packages / "node_modules"),
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_only_the_protocol_is_on_standard_output(whatsapp_programs: None) -> None:
    done = node("console.log('noise'); require('./main.js'); console.log('noise')")
    hello = [json.loads(it) for it in done.stdout.splitlines() if it != "noise"]
    assert [it["hello"]["engine"] for it in hello] == ["venom-bot 5.3.0"]
    # What was printed before it began is nobody's; what came later went elsewhere.
    assert (done.stdout.count("noise"), done.stderr.count("noise")) == (1, 1)


def test_it_ends_when_nobody_speaks_to_it_any_more(whatsapp_programs: None) -> None:
    assert node("require('./main.js')").returncode == 0


def test_what_it_does_not_know_is_refused_and_what_it_cannot_read_is_passed_over(
    whatsapp_programs: None,
) -> None:
    requests = [
        "no json",
        '{"id": 1, "method": "explode"}',
        '{"id": 2, "method": "constructor"}',
        '{"id": 3, "method": "send", "params": {"to": "1@c.us"}}',
        '{"id": 4, "method": "ping"}',
    ]
    done = subprocess.run(
        [PROGRAMS.find_node(), SIDECAR / "main.js"],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(PROGRAMS.packages / "node_modules")},
        input="\n".join(requests),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = {it.get("id"): it for it in map(json.loads, done.stdout.splitlines())}
    codes = {id: it["error"]["code"] for id, it in answers.items() if "error" in it}
    assert codes == {1: "no_such_method", 2: "no_such_method", 3: "not_connected"}
    assert answers[4]["ok"]["remembered"] == 0


def test_no_registry_is_asked_and_only_the_credentials_are_kept_shut(
    whatsapp_programs: None, tmp_path: Path
) -> None:
    script = """
        require('./tame');
        require('fs').chmodSync(process.env.PLACE, '777');
        require('npm-check-updates').default().then((it) => console.log(JSON.stringify(it)));
    """
    tmp_path.chmod(0o755)
    assert node(script, PLACE=str(tmp_path)).stdout == "{}\n"
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_what_is_remembered_has_a_bound(whatsapp_programs: None) -> None:
    script = """
        const { Inbox } = require('./inbox');
        const inbox = new Inbox(() => 1);
        for (let n = 0; n < 50000; n += 1) {
          inbox.ack({ ack: 1, id: { fromMe: true, remote: '1@c.us', _serialized: `true_${n}` } });
          inbox.revoke({ fromMe: false, from: '1@c.us', id: `false_${n}` });
        }
        console.error(inbox.remembered);
    """
    assert int(node(script).stderr) == 20_000


def test_messages_that_are_not_taken_wait_with_whatsapp(whatsapp_programs: None) -> None:
    script = """
        const { Inbox } = require('./inbox');
        const told = [];
        const inbox = new Inbox((ev, it) => told.push(it.id));
        (async () => {
          const say = (n) => inbox.live({ from: '1@c.us', id: `false_${n}`, t: 1, type: 'chat' });
          inbox.tab = { evaluate: async () => null };
          for (let n = 0; n < 2000; n += 1) await say(n);
          const first = told.length;
          const fetch = told.map((_, n) => inbox.acknowledge(n + 1)).some(Boolean);
          console.error(JSON.stringify([first, inbox.waiting, fetch]));
        })();
    """
    first, waiting, fetch = json.loads(node(script).stderr)
    assert (first, fetch) == (500, True)
    assert waiting < 500


async def test_chromium_gets_no_old_name_no_port_and_no_argument_twice(line: Line) -> None:
    [main] = [it for it in commands(line) if "--type=" not in " ".join(it)]
    text = " ".join(main)
    assert "--remote-debugging-pipe" in main
    assert "--remote-debugging-port" not in text
    assert "--user-agent" not in text
    assert "--ignore-certificate-errors" not in main
    for once in ("--user-data-dir=", "--host-resolver-rules="):
        assert len([it for it in main if it.startswith(once)]) == 1
    assert not any("Headless" in it or "Chrome/94" in it for it in line.web.agents)


async def test_neither_the_sidecar_nor_chromium_listens(line: Line) -> None:
    inodes = {it for table in ("tcp", "tcp6") for it in listening(table)}
    ours = {it for pid in members(pid_of(line)) for it in sockets(pid)}
    assert ours
    assert ours & inodes == set()


async def test_nobody_else_may_enter_the_session_s_folder(line: Line) -> None:
    places = [line.stage.folder, line.stage.folder / "profile", line.stage.folder / "spool"]
    places.append(line.stage.folder / "profile" / "chromium")
    assert [it.stat().st_mode & 0o777 for it in places] == [0o700] * 4


async def test_memory_and_processes_are_measured(line: Line) -> None:
    measured = figures(pid_of(line))
    assert measured["processes"] >= 4
    assert 50e6 < measured["memory_bytes"] < 4e9
    assert figures(2**22 + 1) == {"processes": 0, "memory_bytes": 0}


def pid_of(line: Line) -> int:
    return line.stage.pid


def commands(line: Line) -> list[list[str]]:
    """The command lines of this session's Chromium."""
    told = [Path(f"/proc/{it}/cmdline").read_bytes() for it in members(pid_of(line))]
    split = [it.decode(errors="replace").strip("\0").replace("\0", "\n") for it in told]
    return [it.split("\n") for it in split if "chromium" in it.split("\n")[0]]


def listening(table: str) -> list[str]:
    rows = [it.split() for it in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return [it[9] for it in rows if it[3] == LISTENING]


def sockets(pid: int) -> list[str]:
    links = []
    for it in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile
            links.append(str(it.readlink()))
    return [it[len("socket:[") : -1] for it in links if it.startswith("socket:")]

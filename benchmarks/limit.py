"""The machine's own limit: pgbench writing the same rows, on the same server, in the same run.

It sends the statements that nobody can do without, and nothing else: no check, no lock that is
waited for, no JSON.  20 clients, prepared statements, synchronous_commit as it is.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg

from helpdesk.adapters.postgres.launch import bundled_binaries

CLIENTS: Final = 20
WARM_UP: Final = 2  # seconds

_TARGETS: Final = """
CREATE TABLE IF NOT EXISTS bench_target AS
SELECT row_number() OVER (ORDER BY id)::int AS n, id FROM attendance WHERE status <> 'closed'
"""
_INDEX: Final = "CREATE UNIQUE INDEX IF NOT EXISTS bench_target_n ON bench_target (n)"
# What nobody reads must not stay in front of what is relayed.
_CLEAN: Final = ("DELETE FROM outbox WHERE type = 'bench'", "VACUUM outbox", "VACUUM inbox")

_HEAD: Final = """
\\set n random(1, {targets})
BEGIN;
"""
_PARENT: Final = """
UPDATE attendance SET
    last_position = last_position + 1, last_message_at = now(), last_message_from = '{party}',
    unread = {unread}
WHERE id = (SELECT id FROM bench_target WHERE n = :n)
RETURNING id, client_id, session_id, last_position, attendant_id \\gset
"""
_CLAIM: Final = "INSERT INTO inbox (delivery) VALUES (gen_random_uuid()::text);\n"
_MESSAGE: Final = """
INSERT INTO message (
    id, attendance_id, client_id, session_id, position, direction, kind, text, at, author_id,
    provider_id, delivery, attempt
) VALUES (
    gen_random_uuid(), :id, :client_id, :session_id, :last_position, '{direction}', 'text',
    'message number ' || :n, now(), {author}, {provider}, {delivery}, {attempt}
);
"""
_OUTBOX: Final = """
INSERT INTO outbox (destination, id, type, body, correlation) VALUES {values};
COMMIT;
"""
_EVENT: Final = "('{to}', gen_random_uuid(), 'bench', convert_to(repeat('x', {size}), 'UTF8'), '')"

# Sizes as our own events have them: attendance and message, or what a bot needs to send.
TOLD: Final = _EVENT.format(to="feed", size=1300)
COMMAND: Final = _EVENT.format(to="broker", size=350)

REPLY: Final = (
    _HEAD
    + _PARENT.format(party="attendant", unread="0")
    + _MESSAGE.format(
        direction="reply", author=":attendant_id", provider="NULL", delivery="'queued'", attempt=1
    )
    + _OUTBOX.format(values=f"{TOLD}, {COMMAND}")
)
INBOUND: Final = (
    _HEAD
    + _CLAIM
    + _PARENT.format(party="client", unread="unread + 1")
    + _MESSAGE.format(
        direction="inbound",
        author="NULL",
        provider="gen_random_uuid()::text",
        delivery="NULL",
        attempt=0,
    )
    + _OUTBOX.format(values=TOLD)
)


@asynccontextmanager
async def connected(data: Path) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the embedded server that runs on a data directory."""
    lines = (data / "postgres/data/postmaster.pid").read_text().splitlines()
    connection = await asyncpg.connect(host=lines[4], user="helpdesk", database="postgres")
    try:
        yield connection
    finally:
        await connection.close()


async def rate(data: Path, script: str, *, seconds: int) -> float:
    """Transactions a second."""
    async with connected(data) as connection:
        await connection.execute(_TARGETS)
        await connection.execute(_INDEX)
        targets = await connection.fetchval("SELECT count(*) FROM bench_target")
        text = script.replace("{targets}", str(targets))
        await _pgbench(data, text, WARM_UP)
        found = await _pgbench(data, text, seconds)
        for it in _CLEAN:
            await connection.execute(it)
    return found


async def _pgbench(data: Path, script: str, seconds: int) -> float:
    sockets = (data / "postgres/data/postmaster.pid").read_text().splitlines()[4]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        options = ["-n", "-M", "prepared", "-c", CLIENTS, "-j", 2, "-T", seconds, "-f", file.name]
        place = ["-h", sockets, "-U", "helpdesk", "postgres"]
        ran = await asyncio.create_subprocess_exec(
            bundled_binaries() / "pgbench",
            *map(str, options + place),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await ran.communicate()
    found = re.search(rb"tps = ([\d.]+)", said)
    if ran.returncode or not found:
        raise RuntimeError(f"pgbench: {complained.decode()}")
    return float(found[1])

"""Requests that cost the one who measures as little as possible: the machine has few cores."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from tests.support.server import Server


@dataclass(slots=True)
class Connection:
    """One kept-alive connection; one request at a time."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str

    @classmethod
    async def to(cls, server: Server) -> "Connection":
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        token = await asyncio.to_thread(server.token)
        head = f"Host: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {token}\r\n"
        return cls(reader, writer, head)

    async def post(self, path: str, body: dict[str, Any]) -> bytes:
        """Send and return the answer's body; anything but 2xx is an error."""
        sent = json.dumps(body).encode()
        self.writer.write(
            f"POST {path} HTTP/1.1\r\n{self.head}Content-Type: application/json\r\n"
            f"Content-Length: {len(sent)}\r\n\r\n".encode()
            + sent
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        told = await self.reader.readexactly(length)
        if head[9:10] != b"2":
            raise RuntimeError(f"POST {path}: {head[:15]!r} {told!r}")
        return told

    def close(self) -> None:
        self.writer.close()

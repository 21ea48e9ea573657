"""A mail server that keeps what it takes from those who sign in."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

from helpdesk.neighbours import Smtp

USER, PASSWORD = "desk", "a-password-of-the-mail-server"
SENDER: Final = "helpdesk@example.com"
_PROOF: Final = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


class Post:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.connections: set[asyncio.Task[None]] = set()
        self._refusal: str | None = None

    def refuse(self, answer: str | None) -> None:
        """Say this to whoever wants to send."""
        self._refusal = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one client until it leaves."""
        task = asyncio.current_task()
        assert task
        self.connections.add(task)
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            self.connections.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer, signed_in = "220 mail.test", False
        recipients: list[str] = []
        while answer:
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
            verb, _, rest = (await reader.readline()).decode().strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    answer = "250-mail.test\r\n250 AUTH PLAIN"
                case "AUTH":
                    signed_in = rest == f"PLAIN {_PROOF}"
                    answer = "235 welcome" if signed_in else "535 who are you?"
                case "MAIL" | "RSET":
                    recipients = []
                    answer = self._refusal or ("250 OK" if signed_in else "530 sign in")
                case "RCPT":
                    recipients.append(rest.partition("<")[2].partition(">")[0])
                    answer = "250 OK"
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    self._keep(await reader.readuntil(b"\r\n.\r\n"), recipients)
                    answer = "250 OK"
                case _:
                    answer = ""

    def _keep(self, data: bytes, recipients: list[str]) -> None:
        mail = message_from_bytes(data.removesuffix(b".\r\n"), policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(recipients)


@asynccontextmanager
async def mailing() -> AsyncIterator[tuple[Post, Smtp]]:
    """Take mail, and say what to configure."""
    post = Post()
    server = await asyncio.start_server(post.serve, "127.0.0.1", 0)
    try:
        yield (
            post,
            Smtp(
                host="127.0.0.1",
                port=server.sockets[0].getsockname()[1],
                security="none",
                user=USER,
                password=PASSWORD,
                sender=SENDER,
                timeout_seconds=5.0,
            ),
        )
    finally:
        server.close()
        for it in post.connections:
            it.cancel()
        await asyncio.gather(*post.connections, return_exceptions=True)

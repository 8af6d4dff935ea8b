"""Door to aiosmtpd for tests: a real mail server on the loopback that keeps what it gets and can be made difficult."""

import asyncio
import email
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class Sink:
    """What arrived, and how the server behaves.

    Attributes:
        mails: (time of arrival by `time.monotonic`, recipient, mail), in the order of their arrival.
        refuse: Recipient to the reply that it gets instead.
        reply: If set, the reply to every mail after its content.
        logins: (user, password) of every login.
    """

    def __init__(self) -> None:
        self.mails: list[tuple[float, str, EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.reply: str | None = None
        self.logins: list[tuple[str, str]] = []
        self.password = "đúng mật khẩu"
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.reply is not None:
            return self.reply
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        for address in envelope.rcpt_tos:
            self.mails.append((time.monotonic(), address, mail))
        return "250 OK"

    def login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, auth: Any) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        given = (auth.login.decode(), auth.password.decode())
        self.logins.append(given)
        return AuthResult(success=given[1] == self.password, handled=False)

    @property
    def subjects(self) -> list[str]:
        """Return the subjects in the order of arrival."""
        return [str(mail["Subject"]) for _, _, mail in self.mails]

    def wait(self, count: int, seconds: float = 60) -> None:
        """Wait until at least `count` mails are here.

        Raises:
            AssertionError: They do not come.
        """
        end = time.monotonic() + seconds
        while len(self.mails) < count:
            assert time.monotonic() < end, f"{len(self.mails)} of {count} mails: {self.subjects}"
            time.sleep(0.02)


@contextmanager
def mail_sink(*, port: int = 0, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[Sink]:
    """Run a mail server on the loopback.

    Args:
        port: Where it listens; 0 for any free port.
        tls: Speak TLS from the start.
        options: Of `aiosmtpd.smtp.SMTP` (`tls_context`, `require_starttls`, `auth_require_tls`, ...).
    """
    sink = Sink()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail sink")
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(sink, authenticator=sink.login, hostname="sink", **options), "127.0.0.1", port, ssl=tls
        )

    async def stop(server: asyncio.Server) -> None:
        server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(60)
        sink.port = server.sockets[0].getsockname()[1]
        try:
            yield sink
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


def mails_of(sink: Sink, address: str) -> list[EmailMessage]:
    """Return what one recipient got, in the order of arrival."""
    return [mail for _, to, mail in sink.mails if to == address]

"""The door to netmiko: one session, some commands, their answers.

Both libraries block and would wait for ever: each session runs in a thread of a small pool, over a socket of our own
that counts what comes in and knows its deadline, and that anybody may close. So a banner that never ends, an answer of
any length and a device that falls silent all end in time, each with its own reason.

A device proves who it is before it is told a password: by the key that the books name, or else by the one that this
process saw first.
"""

import asyncio
import logging
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, Literal

import netmiko
import netmiko.exceptions

from collector.probe import ProbeFailure
from collector.shell.changeless import Changeless, decline
from collector.shell.conversation import Conversation
from collector.shell.ledger import Ledger
from collector.shell.reading import Reading
from collector.shell.refusals import Refusals, Trying
from collector.shell.session import Answered, Jump, Typed, Way
from collector.shell.transport import BROKEN, Judge, WrongKey, client, end, meaning, private_key, transport
from collector.target import Credential, SshLogin
from collector.wire.limits import is_exhausted
from collector.wire.line import Line

SESSIONS: Final = 16
"""Sessions at once. One takes 6 ms of processor time and half a second of waiting."""

SLACK_S: Final = 0.5
"""Seconds by which a session ends before the deadline of its poll, so that its own reason is told."""

SHORTEST_S: Final = 1.0
"""Seconds without which no session is begun."""

HELLO_BYTES: Final = 65_536
"""Octets that may come before the device has proved who it is; a greeting and the exchange of keys take 4,000."""

ANSWER_BYTES: Final = 6_000_000
"""Octets of a whole session."""

_USUAL_S: Final = 10.0
"""Seconds that netmiko waits for an answer where nobody tells it how long."""

Stage = Literal["connect", "hello", "login", "prompt", "answer"]


class Ssh:
    """Sessions to any number of devices, at most `SESSIONS` at once."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        """Prepare the door; threads start when the first session does.

        Args:
            ledger: Where refused logins are written down; `None` to remember them as long as the door is open.
        """
        self._pool: ThreadPoolExecutor | None = None
        self._free: asyncio.Semaphore | None = None
        self._known: dict[str, str] = {}
        self._refusals = Refusals(ledger)
        self._open: set[_Session] = set()

    async def ask(self, way: Way, login: Credential | None, typed: Typed, timeout_s: float) -> Answered:
        """Log in, type the commands and return their answers.

        Args:
            way: How the device is reached.
            login: Name and password or key.
            typed: The commands.
            timeout_s: Deadline of the poll in seconds; the session ends `SLACK_S` before it.

        Raises:
            ProbeFailure: `credential`, `connect`, `broken`, or one that begins with `ssh_`.
        """
        if not isinstance(login, SshLogin):
            raise ProbeFailure("credential", "ssh")
        trying = Trying(self._refusals, login, (way.address, way.port), insisting=typed.insisting)
        trying.check(*((one.address, one.port) for one in (way.jump, way) if one is not None))
        if self._pool is None or self._free is None:
            _keep_quiet()
            self._pool, self._free = ThreadPoolExecutor(SESSIONS, "ssh"), asyncio.Semaphore(SESSIONS)
        allowed_s = max(timeout_s - SLACK_S, timeout_s / 2)
        ends = time.monotonic() + allowed_s
        try:
            async with asyncio.timeout(max(allowed_s - SHORTEST_S, allowed_s / 2)):
                await self._free.acquire()
        except TimeoutError:
            raise ProbeFailure("ssh_busy", str(SESSIONS)) from None
        try:
            return await self._run(way, login, trying, typed, ends)
        finally:
            self._free.release()

    async def _run(self, way: Way, login: SshLogin, trying: Trying, typed: Typed, ends: float) -> Answered:
        pool = self._pool
        if pool is None:
            raise ProbeFailure("internal", "closed")
        if way.host_key is not None:
            # The books have it now; once somebody clears it there, a new one may be taken.
            self._known.pop(way.instance, None)
        known = way.host_key or self._known.get(way.instance)
        session = _Session(way, login, trying, known, ends)
        self._open.add(session)
        try:
            answered = await asyncio.get_running_loop().run_in_executor(pool, session.run, typed)
        finally:
            # Also where the poll was given up: the thread ends as soon as its socket is closed.
            session.close()
            self._open.discard(session)
        if way.host_key is None:
            self._known[way.instance] = answered.host_key
        return answered

    def close(self) -> None:
        """End every session; harmless when called again."""
        for session in tuple(self._open):
            session.close()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._free = None
        self._refusals.close()


class _Session:
    """One session, in a thread of its own from `run` to its end.

    Attributes:
        host_key: What the device has proved.
    """

    def __init__(self, way: Way, login: SshLogin, trying: Trying, known: str | None, ends: float) -> None:
        self._way, self._login, self._trying, self._known, self._ends = way, login, trying, known, ends
        self._lines: list[Line] = []
        self._closed = threading.Event()
        self._stage: Stage = "connect"
        self._failure: ProbeFailure | None = None
        self._client: Any = None
        self._jump: Any = None
        self._reading = Reading()
        self.host_key = ""

    def close(self) -> None:
        """Let nothing more through; whoever waits for the device stops waiting."""
        self._closed.set()
        for line in self._lines:
            line.close()

    def run(self, typed: Typed) -> Answered:
        try:
            line = self._line(self._connected())
            console = self._logged_in(line, typed)
            self._stage, self._reading.greeted = "answer", False
            texts = self._asked(Conversation(console, typed, self._login, self.left_s))
        except ProbeFailure:
            raise
        except Exception as error:  # noqa: BLE001 - what the libraries raise is not listed anywhere
            raise self._why(error) from None
        finally:
            self._release()
        return Answered(self.host_key, texts)

    def _asked(self, conversation: Conversation) -> tuple[str | None, ...]:
        try:
            return conversation.texts()
        finally:
            if conversation.secret_refused:
                self._trying.refused("ssh_enable")

    def check(self) -> None:
        """Raise unless the session may go on; called whenever netmiko looks for more text."""
        for line in self._lines:
            if line.ended is not None:
                raise EOFError(line.ended)

    def _release(self) -> None:
        self._trying.rest()
        self.close()
        for one in filter(None, (self._client, self._jump)):
            with suppress(Exception):  # nothing may keep the sockets from being given back
                end(one)
        for line in reversed(self._lines):
            line.release()
        # netmiko adds one for each session and takes it away only after a polite good-bye.
        logging.getLogger("netmiko").filters.clear()

    def left_s(self) -> float:
        """Return how long the libraries may wait: a little beyond the deadline, so that it is seen to have passed."""
        return max(0.05, self._ends - time.monotonic() + 0.1)

    def _over(self) -> bool:
        return time.monotonic() >= self._ends

    def _line(self, sock: Any) -> Line:  # noqa: ANN401 - a socket or paramiko's channel
        line = Line(sock, self._ends, HELLO_BYTES)
        self._lines.append(line)
        if self._closed.is_set():
            line.close()
        return line

    def _connected(self) -> Any:  # noqa: ANN401 - a socket or paramiko's channel
        if self._way.jump is None:
            return self._tcp(self._way.address, self._way.port)
        try:
            return self._through(self._way.jump)
        except Exception as error:  # noqa: BLE001 - as in `run`
            reason = error if isinstance(error, ProbeFailure) else self._why(error)
            why = f"{reason.code} ({reason.detail})" if reason.detail else reason.code
            raise ProbeFailure("ssh_jump", f"{self._way.jump.address}: {why}") from None

    def _tcp(self, address: str, port: int) -> socket.socket:
        try:
            return socket.create_connection((address, port), timeout=self.left_s())
        except OSError as error:
            if is_exhausted(error):
                raise
            raise ProbeFailure("connect", error.strerror or type(error).__name__) from None

    def _through(self, jump: Jump) -> Any:  # noqa: ANN401 - paramiko's channel
        line = self._line(self._tcp(jump.address, jump.port))
        self._trying.peer = (jump.address, jump.port)
        self._jump = client(Judge(lambda seen: self._proved(seen, jump.host_key, line)))
        self._stage = "hello"
        self._jump.connect(jump.address, port=jump.port, sock=line, **self._words())
        self._trying.taken()
        self._stage, self._trying.peer = "connect", (self._way.address, self._way.port)
        return self._jump.get_transport().open_channel(
            "direct-tcpip", (self._way.address, self._way.port), ("127.0.0.1", 0), timeout=self.left_s()
        )

    def _words(self) -> dict[str, Any]:
        key, password, left_s = self._login.private_key, self._login.password, self.left_s()
        word = None if password is None else password.get_secret_value()
        return {
            "username": self._login.user,
            "password": word if key is None else None,
            "pkey": None if key is None else private_key(key.get_secret_value(), word),
            "look_for_keys": False,
            "allow_agent": False,
            "timeout": left_s,
            "banner_timeout": left_s,
            "auth_timeout": left_s,
        }

    def _logged_in(self, line: Line, typed: Typed) -> Any:  # noqa: ANN401 - netmiko's connection
        """Return an open session with a prompt."""
        self._stage = "hello"
        words, left_s = self._words(), self.left_s()
        connection = _kind(typed, self)(
            device_type=typed.driver,
            host=self._way.address,
            port=self._way.port,
            username=words["username"],
            password=words["password"] or "",
            pkey=words["pkey"],
            sock=line,
            conn_timeout=left_s,
            banner_timeout=left_s,
            auth_timeout=left_s,
            blocking_timeout=left_s,
            auto_connect=False,
            # Some of its classes leave out algorithms that their devices do know; named here, nothing is left out.
            disabled_algorithms={"kex": ["none"]},
        )
        connection.key_policy = Judge(lambda seen: self._proved(seen, self._known, line))
        # What its constructor would call; there is no other way to set the policy first.
        connection._open()
        return connection

    def transport(self, sock: Any, **options: Any) -> Any:  # noqa: ANN401 - paramiko's own
        """Return a transport for netmiko's client."""
        return transport(sock, self._known, **options)

    def took(self, client: Any) -> None:  # noqa: ANN401 - paramiko's client
        """Remember netmiko's client, so that it is closed whatever happens."""
        self._client = client

    def greeted(self) -> None:
        """Note that the device has accepted the login."""
        self._trying.taken()
        self._stage, self._reading.greeted = "prompt", True

    def _proved(self, seen: str, known: str | None, line: Line) -> None:
        if known is not None and seen != known:
            self._failure = ProbeFailure("ssh_host_key", seen)
            raise WrongKey("host key")
        line.allow(ANSWER_BYTES)
        self._stage, self.host_key = "login", seen
        try:
            self._trying.tell()
        except ProbeFailure as failure:
            self._failure = failure
            raise

    def read(self, connection: Any, text: str, *, closed: bool) -> str:  # noqa: ANN401 - netmiko's connection
        """Return what netmiko may see of what came, and turn the page if the device waits for that.

        Args:
            connection: netmiko's.
            text: What came.
            closed: Whether the device had ended the session before it was read.
        """
        shown, turn = self._reading.take(text)
        if turn:
            connection.write_channel(" ")
        elif closed and not text:
            # netmiko would look for more until the deadline.
            raise EOFError("closed")
        return shown

    def _why(self, error: Exception) -> ProbeFailure:
        """Return the reason of a failure; the library's own words are left out, they may hold anything."""
        told = meaning(error) or meaning(error.__context__)
        ended = {line.ended for line in self._lines}
        late = "deadline" in ended or isinstance(error, netmiko.exceptions.ReadTimeout) or self._over()
        if self._failure is not None:
            return self._failure
        # A login that is not answered in time is told by the library as one that was refused.
        if told is not None and not (late and told[0] == "ssh_login"):
            if told[0] == "ssh_login":
                self._trying.refused("ssh_login")
            return ProbeFailure(told[0], self._login.user if told[0] == "ssh_login" else told[1])
        if self._stage == "prompt" and self._reading.mentions_change and (late or isinstance(error, _BROKEN)):
            return ProbeFailure("ssh_password_change")
        code = "broken" if isinstance(error, _BROKEN) else "internal"
        if "long" in ended:
            code = "ssh_hello" if self._stage == "hello" else "ssh_too_long"
        elif late:
            code = "ssh_silent"
        elif self._stage == "hello" and code == "broken":
            code = "ssh_hello"
        return ProbeFailure(code, type(error).__name__ if code == "internal" else _STAGES[self._stage])


_BROKEN: Final[tuple[type[Exception], ...]] = (netmiko.exceptions.NetmikoBaseException, *BROKEN)
_STAGES: Final[dict[Stage, str]] = {
    "connect": "TCP", "hello": "SSH", "login": "login", "prompt": "prompt", "answer": "command",
}  # fmt: skip


def _kind(typed: Typed, session: _Session) -> Any:  # noqa: ANN401 - netmiko's class
    """Return netmiko's class of a platform, made to ask us before it waits for more and to change nothing."""
    base: Any = netmiko.ssh_dispatcher(typed.driver)

    class Guarded(Changeless, base):  # type: ignore[misc]
        _read_buffer: str

        def _build_ssh_client(self) -> Any:  # noqa: ANN401 - paramiko's client
            client = super()._build_ssh_client()
            session.took(client)
            return client

        def _connect_params_dict(self) -> Any:  # noqa: ANN401 - paramiko's arguments
            return {**super()._connect_params_dict(), "transport_factory": session.transport}

        def special_login_handler(self, delay_factor: float = 1.0) -> None:
            session.greeted()
            if typed.declined is None:
                super().special_login_handler(delay_factor)
                return
            decline(self, re.compile(typed.declined, re.IGNORECASE), session.left_s())

        def read_until_pattern(self, *args: Any, read_timeout: float = _USUAL_S, **words: Any) -> str:  # noqa: ANN401
            # Only where netmiko has no time of its own for a question may it take all that is left.
            left_s = session.left_s()
            most_s = left_s if read_timeout == _USUAL_S else min(left_s, read_timeout)
            return str(super().read_until_pattern(*args, read_timeout=most_s, **words))

        def write_channel(self, out_data: str) -> None:
            try:
                super().write_channel(out_data)
            except OSError:
                self.read_channel()  # what was said before the session was ended may tell why
                raise

        def read_channel(self) -> str:
            session.check()
            closed = bool(getattr(self.remote_conn, "closed", False))
            # What netmiko has put back was looked at when it came.
            before, self._read_buffer = self._read_buffer, ""
            return before + session.read(self, str(super().read_channel()), closed=closed)

    return Guarded


def _keep_quiet() -> None:
    """Turn the libraries' own logs off: they write what goes over the wire, passwords too."""
    for name in ("netmiko", "paramiko"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False

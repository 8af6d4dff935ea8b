"""The door to netmiko and its paramiko: one session, some commands, their answers.

Both libraries block and would wait for ever: each session runs in a thread of a small pool, over a socket of our own
that counts what comes in and knows its deadline, and that anybody may close. So a banner that never ends, an answer of
any length and a device that falls silent all end in time, each with its own reason.

A device proves who it is before it is told a password: by the key that the books name, or else by the one that this
process saw first.
"""

import asyncio
import base64
import hashlib
import io
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, Literal

import netmiko
import netmiko.exceptions
import paramiko

from collector.probe import ProbeFailure
from collector.shell.session import Answered, Jump, Typed, Way
from collector.target import Credential, SshLogin
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

Stage = Literal["connect", "hello", "login", "prompt", "answer"]


class Ssh:
    """Sessions to any number of devices, at most `SESSIONS` at once."""

    def __init__(self) -> None:
        """Prepare the door; threads start when the first session does."""
        self._pool: ThreadPoolExecutor | None = None
        self._free: asyncio.Semaphore | None = None
        self._known: dict[str, str] = {}
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
            return await self._run(way, login, typed, ends)
        finally:
            self._free.release()

    async def _run(self, way: Way, login: SshLogin, typed: Typed, ends: float) -> Answered:
        pool = self._pool
        if pool is None:
            raise ProbeFailure("internal", "closed")
        if way.host_key is not None:
            # The books have it now; once somebody clears it there, a new one may be taken.
            self._known.pop(way.instance, None)
        known = way.host_key or self._known.get(way.instance)
        session = _Session(way, login, known, ends)
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


class _Session:
    """One session, in a thread of its own from `run` to its end."""

    def __init__(self, way: Way, login: SshLogin, known: str | None, ends: float) -> None:
        self._way, self._login, self._known, self._ends = way, login, known, ends
        self._lines: list[Line] = []
        self._closed = threading.Event()
        self._stage: Stage = "connect"
        self._failure: ProbeFailure | None = None
        self._client: Any = None
        self._jump: Any = None
        self.host_key = ""

    def close(self) -> None:
        """Let nothing more through; whoever waits for the device stops waiting."""
        self._closed.set()
        for line in self._lines:
            line.close()

    def run(self, typed: Typed) -> Answered:
        try:
            line = self._line(self._connected())
            client = self._logged_in(line, typed.driver)
            self._stage = "answer"
            texts = tuple(self._answer(client, ways, typed.refused) for ways in typed.commands)
        except ProbeFailure:
            raise
        except Exception as error:  # noqa: BLE001 - what the libraries raise is not listed anywhere
            raise self._why(error) from None
        finally:
            self._release()
        return Answered(self.host_key, texts)

    def check(self) -> None:
        """Raise unless the session may go on; called whenever netmiko looks for more text."""
        for line in self._lines:
            if line.ended is not None:
                raise EOFError(line.ended)

    def _release(self) -> None:
        self.close()
        for client in filter(None, (self._client, self._jump)):
            with suppress(Exception):  # nothing may keep the sockets from being given back
                transport = client.get_transport()
                client.close()
                if transport is not None:
                    transport.join(1.0)
        for line in reversed(self._lines):
            line.release()
        # netmiko adds one for each session and takes it away only after a polite good-bye.
        logging.getLogger("netmiko").filters.clear()

    def _left_s(self) -> float:
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
        except ProbeFailure as failure:
            raise ProbeFailure("ssh_jump", f"{self._way.jump.address}: {failure.code}") from None
        except Exception as error:  # noqa: BLE001 - as in `run`
            reason = self._why(error)
            raise ProbeFailure("ssh_jump", f"{self._way.jump.address}: {reason.detail or reason.code}") from None

    def _tcp(self, address: str, port: int) -> socket.socket:
        try:
            return socket.create_connection((address, port), timeout=self._left_s())
        except OSError as error:
            raise ProbeFailure("connect", error.strerror or type(error).__name__) from None

    def _through(self, jump: Jump) -> Any:  # noqa: ANN401 - paramiko's channel
        line = self._line(self._tcp(jump.address, jump.port))
        self._jump = paramiko.SSHClient()
        self._jump.set_missing_host_key_policy(_Proof(lambda key: self._proved(key, jump.host_key, line)))
        self._stage = "hello"
        self._jump.connect(jump.address, port=jump.port, sock=line, **self._words())
        self._stage = "connect"
        return self._jump.get_transport().open_channel(
            "direct-tcpip", (self._way.address, self._way.port), ("127.0.0.1", 0), timeout=self._left_s()
        )

    def _words(self) -> dict[str, Any]:
        key, password, left_s = self._login.private_key, self._login.password, self._left_s()
        word = None if password is None else password.get_secret_value()
        return {
            "username": self._login.user,
            "password": word if key is None else None,
            "pkey": None if key is None else _private_key(key.get_secret_value(), word),
            "look_for_keys": False,
            "allow_agent": False,
            "timeout": left_s,
            "banner_timeout": left_s,
            "auth_timeout": left_s,
        }

    def _logged_in(self, line: Line, driver: str) -> Any:  # noqa: ANN401 - netmiko's connection
        """Return an open session with a prompt."""
        self._stage = "hello"
        words, left_s = self._words(), self._left_s()
        connection = _kind(driver, self)(
            device_type=driver,
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
            read_timeout_override=left_s,
            auto_connect=False,
        )
        connection.key_policy = _Proof(lambda key: self._proved(key, self._known, line))
        # What its constructor would call; there is no other way to set the policy first.
        connection._open()
        return connection

    def transport(self, sock: Any, **options: Any) -> Any:  # noqa: ANN401 - paramiko's own
        """Return a transport that asks first for the kind of key that is known: a device may have several."""
        made = paramiko.Transport(sock, **options)
        if self._known is not None:
            kind = self._known.partition(" ")[0]
            chosen = made.get_security_options()
            chosen.key_types = sorted(chosen.key_types, key=lambda name: (_RSA if name in _RSA_NAMES else name) != kind)
        return made

    def took(self, client: Any) -> None:  # noqa: ANN401 - paramiko's client
        """Remember netmiko's client, so that it is closed whatever happens."""
        self._client = client

    def greeted(self) -> None:
        """Note that the login was accepted."""
        self._stage = "prompt"

    def _proved(self, key: Any, known: str | None, line: Line) -> None:  # noqa: ANN401 - paramiko's key
        seen = f"{key.get_name()} SHA256:{_fingerprint(key.asbytes())}"
        if known is not None and seen != known:
            self._failure = ProbeFailure("ssh_host_key", seen)
            raise paramiko.SSHException("host key")
        line.allow(ANSWER_BYTES)
        self._stage, self.host_key = "login", seen

    def _answer(self, connection: Any, ways: Sequence[str], refused: Callable[[str], bool]) -> str | None:  # noqa: ANN401
        for command in ways:
            text: str = connection.send_command(command, read_timeout=self._left_s(), strip_prompt=True)
            if not refused(text):
                return text
        return None

    def _why(self, error: Exception) -> ProbeFailure:
        """Return the reason of a failure; the library's own words are left out, they may hold anything."""
        causes = (error, error.__context__)
        ended = {line.ended for line in self._lines}
        late = "deadline" in ended or isinstance(error, netmiko.exceptions.ReadTimeout) or self._over()
        if self._failure is not None:
            return self._failure
        # A login that is not answered in time is told by the library as one that was refused.
        if not late and any(isinstance(one, paramiko.AuthenticationException) for one in causes):
            return ProbeFailure("ssh_login", self._login.user)
        if any(isinstance(one, paramiko.ssh_exception.IncompatiblePeer) for one in causes):
            return ProbeFailure("ssh_algorithms")
        code = "broken" if isinstance(error, _BROKEN) else "internal"
        if "long" in ended:
            code = "ssh_hello" if self._stage == "hello" else "ssh_too_long"
        elif late:
            code = "ssh_silent"
        elif self._stage == "hello" and code == "broken":
            code = "ssh_hello"
        return ProbeFailure(code, type(error).__name__ if code == "internal" else _STAGES[self._stage])


_BROKEN: Final = (netmiko.exceptions.NetmikoBaseException, paramiko.SSHException, OSError, EOFError)
_STAGES: Final[dict[Stage, str]] = {
    "connect": "TCP", "hello": "SSH", "login": "login", "prompt": "prompt", "answer": "command",
}  # fmt: skip


_RSA: Final = "ssh-rsa"
_RSA_NAMES: Final = frozenset({_RSA, "rsa-sha2-256", "rsa-sha2-512"})
"""One kind of key, signed in three ways."""


class _Proof(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Asks us about every key: paramiko knows none, so it asks before it tells any secret."""

    def __init__(self, judge: Callable[[Any], None]) -> None:
        self._judge = judge

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:  # noqa: ANN401, ARG002 - paramiko's own
        self._judge(key)


def _kind(driver: str, session: _Session) -> Any:  # noqa: ANN401 - netmiko's class
    """Return netmiko's class of a platform, made to ask us before it waits for more."""
    base: Any = netmiko.ssh_dispatcher(driver)

    class Guarded(base):  # type: ignore[misc]
        def _build_ssh_client(self) -> Any:  # noqa: ANN401 - paramiko's client
            client = super()._build_ssh_client()
            session.took(client)
            return client

        def _connect_params_dict(self) -> Any:  # noqa: ANN401 - paramiko's arguments
            return {**super()._connect_params_dict(), "transport_factory": session.transport}

        def special_login_handler(self, delay_factor: float = 1.0) -> None:
            session.greeted()
            super().special_login_handler(delay_factor)

        def read_channel(self) -> str:
            session.check()
            return str(super().read_channel())

    return Guarded


def _private_key(text: str, phrase: str | None) -> Any:  # noqa: ANN401 - paramiko's key
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=phrase)
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    raise ProbeFailure("credential", "private_key")


def _fingerprint(key: bytes) -> str:
    """Return the fingerprint of a public key as OpenSSH prints it: SHA-256 in base64 without padding."""
    return base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def _keep_quiet() -> None:
    """Turn the libraries' own logs off: they write what goes over the wire, passwords too."""
    for name in ("netmiko", "paramiko"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False

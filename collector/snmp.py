"""The door to gufo.snmp: the only file that imports it.

`collector/agents/session.py` drives the library's Rust sockets. These are private names of a pinned version; if one is
missing, sessions use the library's public client instead, which is slower but gives the same answers.
"""

import asyncio
import resource
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, Protocol

import gufo.snmp
from gufo.snmp import _fast
from gufo.snmp.user import KeyType

from collector.agents.plan import SYS_UP_TIME, Column, Line, Step, Value, Verdict
from collector.agents.public import PublicSession
from collector.agents.session import Session, Sweep
from collector.probe import ProbeFailure
from collector.target import Credential, SnmpV2c, SnmpV3, Target
from collector.wire.limits import ensure_room

__all__ = ["SYS_UP_TIME", "Agent", "Column", "Snmp", "Value", "missing_names"]

Lane = Literal["fast", "slow"]

PRIVATE_NAMES: Final = {
    "GetIter": (),
    "SnmpV2cClientSocket": ("get_fd", "send_get_many", "recv_get_many", "send_get_bulk", "recv_get_bulk"),
    "SnmpV3ClientSocket": (
        "get_fd", "send_get_many", "recv_get_many", "send_get_bulk", "recv_get_bulk",
        "set_keys", "send_refresh", "recv_refresh",
    ),
    "get_master_key": (),
}  # fmt: skip
"""What this file uses of `gufo.snmp._fast`."""

IDLE_MAX_S: Final = 1_800.0
"""A session that no probe used for so long is closed."""

_AUTH: Final = {
    "md5": gufo.snmp.Md5Key, "sha1": gufo.snmp.Sha1Key, "sha224": gufo.snmp.Sha224Key, "sha256": gufo.snmp.Sha256Key,
    "sha384": gufo.snmp.Sha384Key, "sha512": gufo.snmp.Sha512Key,
}  # fmt: skip
_PRIV: Final = {"aes128": gufo.snmp.Aes128Key, "des": gufo.snmp.DesKey}

_DISCOVERY: Final = ("", 0, b"", 0, b"")
"""The nameless user that asks for an engine's identity (RFC 3414, section 4)."""

_Keys = tuple[str, int, bytes, int, bytes]


class Agent(Protocol):
    """What a probe may ask of an SNMP agent; see `collector.agents.session.Session`."""

    memory: dict[str, Any]

    async def get(self, oids: Sequence[str]) -> dict[str, Value]: ...  # noqa: D102
    async def walk(self, columns: Sequence[str]) -> list[Column]: ...  # noqa: D102
    async def cells(  # noqa: D102
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> tuple[dict[str, Value], list[Value | None]]: ...
    async def numbers(  # noqa: D102
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> "tuple[dict[str, Value], array[float]]": ...
    async def poll(self, oids: Sequence[str], columns: Sequence[str]) -> tuple[dict[str, Value], list[Column]]: ...  # noqa: D102


def missing_names() -> tuple[str, ...]:
    """Return the private names that the installed library lacks; empty for the pinned version."""
    return tuple(
        ".".join((name, method)) if method else name
        for name, methods in PRIVATE_NAMES.items()
        for method in ("", *methods)
        if not hasattr(getattr(_fast, name, None) if method else _fast, method or name)
    )


class Snmp:
    """All SNMP sessions of this process, kept open between polls."""

    def __init__(self, *, public: bool | None = None) -> None:
        """Make the door; nothing is opened yet.

        Args:
            public: Use the library's public client; `None` for only when a private name is missing.
        """
        self._public = bool(missing_names()) if public is None else public
        self._sweep = Sweep()
        self._sessions: dict[tuple[str, int, Credential, Lane], Session | PublicSession] = {}
        self._masters: dict[tuple[str, bytes], bytes] = {}
        self._swept_at = 0.0
        _allow_many_sockets()

    def agent(self, target: Target, credential: Credential | None, port: int, *, lane: Lane = "slow") -> Agent:
        """Return the lasting session with a target's agent.

        Args:
            target: Its address, and its deadline: a request is sent three times within 84 % of it, at most 5 s apart.
            credential: SNMP v2c or v3.
            port: UDP port of the agent, 1 to 65,535.
            lane: Sessions of the fast lane never wait for a walk of the slow one.

        Raises:
            ProbeFailure: There is no address, or the credential is of another kind.
        """
        if target.address is None:
            raise ProbeFailure("settings", "address")
        if not isinstance(credential, SnmpV2c | SnmpV3):
            raise ProbeFailure("credential")
        key = (target.address, port, credential, lane)
        session = self._sessions.get(key)
        try_s = min(5.0, max(0.05, target.timeout_s * 0.28))
        if session is None:
            self._close_idle()
            session = self._sessions[key] = self._make(target.address, port, credential, try_s)
        session.allow(try_s)
        return session

    def close(self) -> None:
        """Close every socket."""
        self._sweep.close()
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    def _make(self, address: str, port: int, credential: SnmpV2c | SnmpV3, try_s: float) -> Session | PublicSession:
        if self._public:
            client = partial(self._client, address, port, credential, try_s)
            return PublicSession(client, _judge, tries=3)
        peer = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        dial: Callable[[], Line] = (
            partial(_dial_v2c, peer, credential)
            if isinstance(credential, SnmpV2c)
            else partial(_dial_v3, peer, self._keys(credential))
        )
        return Session(dial, self._sweep, try_s=try_s)

    def _keys(self, credential: SnmpV3) -> _Keys:
        user = self._user(credential)
        return user.name, user.get_auth_alg(), user.get_auth_key(), user.get_priv_alg(), user.get_priv_key()

    def _user(self, credential: SnmpV3) -> gufo.snmp.User:
        auth = priv = None
        if credential.auth != "none" and credential.auth_pass is not None:
            kind = _AUTH[credential.auth]
            master = self._master(credential.auth, credential.auth_pass.get_secret_value())
            auth = kind(master, key_type=KeyType.Master)
        if credential.priv != "none" and credential.priv_pass is not None:
            if auth is None:
                raise ProbeFailure("credential", "priv, auth")
            master = self._master(credential.auth, credential.priv_pass.get_secret_value())
            priv = _PRIV[credential.priv](master, key_type=KeyType.Master)
        return gufo.snmp.User(credential.user, auth_key=auth, priv_key=priv)

    def _master(self, auth: str, phrase: str) -> bytes:
        """Return the master key (RFC 3414, appendix A.2): a million octets are hashed for it, so it is kept."""
        key = (auth, phrase.encode())
        if not key[1]:
            raise ProbeFailure("credential", "auth_pass, priv_pass")
        if key not in self._masters:
            self._masters[key] = _AUTH[auth].get_master_key(key[1])
        return self._masters[key]

    def _client(self, address: str, port: int, credential: SnmpV2c | SnmpV3, try_s: float) -> Any:  # noqa: ANN401
        from gufo.snmp.aio import SnmpSession  # noqa: PLC0415 - only where the fast sockets are missing

        if isinstance(credential, SnmpV2c):
            community = credential.community.get_secret_value()
            return SnmpSession(address, port=port, community=community, timeout=try_s)
        return SnmpSession(address, port=port, user=self._user(credential), timeout=try_s)

    def _close_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._swept_at + 60:
            return
        self._swept_at = now
        for key, session in list(self._sessions.items()):
            if not session.busy and session.used_at + IDLE_MAX_S < now:
                session.close()
                del self._sessions[key]


def _dial_v2c(peer: str, credential: SnmpV2c) -> Line:
    wire = _open(_fast.SnmpV2cClientSocket, peer, credential.community.get_secret_value())
    return Line(wire, _fast.GetIter, _judge)


def _dial_v3(peer: str, keys: _Keys) -> Line:
    wire = _open(_fast.SnmpV3ClientSocket, peer, b"", *_DISCOVERY)
    refresh: Step = (wire.send_refresh, wire.recv_refresh)
    return Line(wire, _fast.GetIter, _judge, refresh, partial(wire.set_keys, *keys))


def _open(kind: Any, peer: str, *identity: object) -> Any:  # noqa: ANN401 - the library's types stop here
    try:
        return kind(peer, *identity, 0, 0, 0, 0)
    except (OSError, gufo.snmp.SnmpError) as error:
        ensure_room()  # the library tells every error of the system alike
        raise ProbeFailure("snmp_unsendable", type(error).__name__) from None


def _judge(error: BaseException) -> Verdict:
    """Say what an exception of the library means. A panic of its Rust core is a garbled answer."""
    match error:
        case BlockingIOError():
            return "again"
        case StopAsyncIteration():
            return "end"
        case ConnectionError() | TimeoutError():
            return "closed"
        case gufo.snmp.SnmpAuthError():
            return "refused"
        case _:
            return "garbled"


def _allow_many_sockets() -> None:
    """Raise the soft limit of open files to the hard one: a session holds one socket for each agent and lane."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

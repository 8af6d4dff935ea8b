"""The door to paramiko: keys, host keys, jump hosts, and the meaning of its errors."""

import base64
import hashlib
import io
from collections.abc import Callable, Mapping
from typing import Any, Final

import paramiko

from collector.probe import ProbeFailure

BROKEN: Final[tuple[type[Exception], ...]] = (paramiko.SSHException, OSError, EOFError)
"""What it raises when the other side goes away or says what nobody understands."""

_RSA: Final = "ssh-rsa"
_RSA_NAMES: Final = frozenset({_RSA, "rsa-sha2-256", "rsa-sha2-512"})
"""One kind of key, signed in three ways."""

_ALGORITHMS: Final[Mapping[str, str]] = {
    "kex": "key exchange", "host key": "host key", "cipher": "cipher", "macs": "MAC", "compression": "compression",
}  # fmt: skip


class Judge(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Asks us about every key: paramiko knows none, so it asks before it tells any secret."""

    def __init__(self, judge: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            judge: Called with what a peer has proved, `ssh-ed25519 SHA256:...`; raises what is to end the session.
        """
        self._judge = judge

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:  # noqa: ANN401, ARG002 - paramiko's own
        """Let the judge decide."""
        digest = base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
        self._judge(f"{key.get_name()} SHA256:{digest}")


class WrongKey(paramiko.SSHException):  # type: ignore[misc]
    """A peer has proved another key than the one that is known; raised by a judge."""


def transport(sock: Any, known: str | None, **options: Any) -> Any:  # noqa: ANN401 - paramiko's own
    """Return a transport that asks first for the kind of key that is known: a device may have several."""
    made = paramiko.Transport(sock, **options)
    if known is not None:
        kind = known.partition(" ")[0]
        chosen = made.get_security_options()
        chosen.key_types = sorted(chosen.key_types, key=lambda name: (_RSA if name in _RSA_NAMES else name) != kind)
    return made


def client(judge: Judge) -> Any:  # noqa: ANN401 - paramiko's client
    """Return a client that knows no keys and asks the judge."""
    made = paramiko.SSHClient()
    made.set_missing_host_key_policy(judge)
    return made


def end(one: Any) -> None:  # noqa: ANN401 - paramiko's client
    """Close a client and wait until its thread has ended."""
    own = one.get_transport()
    one.close()
    if own is not None:
        own.join(1.0)


def private_key(text: str, phrase: str | None) -> Any:  # noqa: ANN401 - paramiko's key
    """Return a private key.

    Raises:
        ProbeFailure: `credential`: it is none, or its pass phrase is another.
    """
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=phrase)
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    raise ProbeFailure("credential", "private_key")


def meaning(error: BaseException | None) -> tuple[str, str] | None:
    """Return the reason and the detail of an error whose kind tells all, or `None`; its own words may hold anything."""
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        return "ssh_algorithms", next((said for part, said in _ALGORITHMS.items() if part in str(error)), "SSH")
    if isinstance(error, paramiko.AuthenticationException):
        return "ssh_login", ""
    # RFC 4252, section 8: instead of taking a password a server may ask for a new one.
    if isinstance(error, paramiko.SSHException) and "Illegal info request" in str(error):
        return "ssh_password_change", ""
    return None

"""Which logins were refused where: tried again only after a day, so that no account is locked by this program.

Many devices and most servers of accounts lock an account after three to five wrong passwords. A login that is refused
once is refused until somebody changes it here or there; a change here is another login and tried at once, a change
there is tried when a person asks for it.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from collector.probe import ProbeFailure
from collector.target import SshLogin

HELD_S: Final = 86_400.0
"""Seconds for which a refused login is not tried again by itself."""

MOST: Final = 20_000
"""Refusals that are remembered; beyond, the oldest is forgotten."""

Peer = tuple[str, int]
"""Address and port of what refused."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    login: SshLogin = field(repr=False)
    code: str
    until: float


class Refusals:
    """What was refused; in memory only, so that no trace of a password is ever written down."""

    def __init__(self) -> None:
        self._of: OrderedDict[Peer, _Refusal] = OrderedDict()

    def check(self, peer: Peer, login: SshLogin) -> None:
        """Let a login through unless this peer refused it within the last day.

        Raises:
            ProbeFailure: `ssh_held`.
        """
        refusal = self._of.get(peer)
        if refusal is None:
            return
        if refusal.login != login or time.monotonic() >= refusal.until:
            del self._of[peer]
            return
        raise ProbeFailure("ssh_held", "enable" if refusal.code == "ssh_enable" else login.user)

    def note(self, peer: Peer, login: SshLogin, code: str) -> None:
        """Remember that a login was refused."""
        self._of.pop(peer, None)
        self._of[peer] = _Refusal(login, code, time.monotonic() + HELD_S)
        if len(self._of) > MOST:
            self._of.popitem(last=False)

    def forget(self, peer: Peer) -> None:
        """Forget a refusal: the login was taken."""
        self._of.pop(peer, None)

"""Which logins were refused where: tried again only after a day, so that no account is locked by this program.

Many devices and most servers of accounts lock an account after three to five wrong passwords. A login that is refused
once is refused until somebody changes it here or there; a change here is another login and tried at once, a change
there is tried when a person asks for it.

One server of accounts may stand behind all devices. So a login that nobody has taken yet is told to one device at a
time, and one that three devices in a row have refused is told to none of them for an hour.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from collector.probe import ProbeFailure
from collector.target import SshLogin

HELD_S: Final = 86_400.0
"""Seconds for which a peer that has refused a login is not told it again by itself."""

IN_A_ROW: Final = 3
"""Refusals without one acceptance between them after which a login is told to nobody."""

ALL_HELD_S: Final = 3_600.0
"""Seconds for which that lasts; after them each further refusal begins it anew."""

TURN_S: Final = 5.0
"""Seconds that a session waits for the one that is trying the same login first."""

MOST: Final = 20_000
"""Refusals that are remembered, and logins; beyond, the oldest is forgotten."""

Peer = tuple[str, int]
"""Address and port of what refused."""


@dataclass(slots=True)
class _Refusal:
    login: SshLogin = field(repr=False)
    code: str
    until: float


@dataclass(slots=True)
class _Known:
    """What is known of one login wherever it is used."""

    in_a_row: int = 0
    until: float = 0.0
    taken: bool = False
    turn: threading.Semaphore = field(default_factory=threading.Semaphore)


class Refusals:
    """What was refused; in memory only, so that no trace of a password is ever written down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: OrderedDict[Peer, _Refusal] = OrderedDict()
        self._known: OrderedDict[SshLogin, _Known] = OrderedDict()

    def check(self, peer: Peer, login: SshLogin) -> None:
        """Let a login through unless this peer, or three in a row, have refused it of late.

        Raises:
            ProbeFailure: `ssh_held`.
        """
        with self._lock:
            refusal, known = self._of.get(peer), self._known.get(login)
            if refusal is not None and refusal.login == login and time.monotonic() < refusal.until:
                raise ProbeFailure("ssh_held", "enable" if refusal.code == "ssh_enable" else login.user)
            if known is not None and known.in_a_row >= IN_A_ROW and time.monotonic() < known.until:
                raise ProbeFailure("ssh_held", login.user)

    def turn(self, login: SshLogin) -> threading.Semaphore | None:
        """Wait until nobody else is trying a login that nobody has taken yet; return what is to be released then."""
        with self._lock:
            known = self._about(login)
        if known.taken or not known.turn.acquire(timeout=TURN_S):
            return None
        return known.turn

    def note(self, peer: Peer, login: SshLogin, code: str) -> None:
        """Remember that a login was refused."""
        with self._lock:
            now, known = time.monotonic(), self._about(login)
            self._of.pop(peer, None)
            self._of[peer] = _Refusal(login, code, now + HELD_S)
            known.in_a_row, known.until, known.taken = known.in_a_row + 1, now + ALL_HELD_S, False
            if len(self._of) > MOST:
                self._of.popitem(last=False)

    def forget(self, peer: Peer, login: SshLogin) -> None:
        """Forget a refusal: the login was taken."""
        with self._lock:
            self._of.pop(peer, None)
            known = self._about(login)
            known.in_a_row, known.taken = 0, True

    def _about(self, login: SshLogin) -> _Known:
        known = self._known.setdefault(login, _Known())
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return known


class Trying:
    """A login as one session uses it.

    Attributes:
        peer: Whom it is told next.
    """

    def __init__(self, refusals: Refusals, login: SshLogin, peer: Peer, *, insisting: bool) -> None:
        """Prepare.

        Args:
            refusals: What was refused of late.
            login: The login.
            peer: Whom it is told first.
            insisting: Whether it is told although it was refused, as when a person asks.
        """
        self._refusals, self._login, self._insisting, self.peer = refusals, login, insisting, peer
        self._turn: threading.Semaphore | None = None

    def check(self, *peers: Peer) -> None:
        """Raise unless the login may be told to all of them.

        Raises:
            ProbeFailure: `ssh_held`.
        """
        for peer in () if self._insisting else peers:
            self._refusals.check(peer, self._login)

    def tell(self) -> None:
        """Wait until the login may be told, just before it is; others may have been refused since.

        Raises:
            ProbeFailure: `ssh_held`.
        """
        self._turn = self._turn or self._refusals.turn(self._login)
        self.check(self.peer)

    def taken(self) -> None:
        """Note that it was taken; whoever waits to try it may go on."""
        self._refusals.forget(self.peer, self._login)
        self.rest()

    def refused(self, code: str) -> None:
        """Note that it was refused, with the code of the failure."""
        self._refusals.note(self.peer, self._login, code)

    def rest(self) -> None:
        """Let others try, whatever came of it."""
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

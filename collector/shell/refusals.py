"""Which logins were refused where: tried again only after a day, so that no account is locked by this program.

Many devices and most servers of accounts lock an account after three to five wrong passwords. A login that is refused
once is refused until somebody changes it here or there; a change here is another login and tried at once, a change
there is tried when a person asks for it.

One server of accounts may stand behind all devices. So a login that nobody has taken yet is told to one device at a
time, and one that three devices in a row have refused is told to none of them for an hour.

All workers of a collector know the same, and a restart forgets nothing: one that dies again and again would otherwise
lock the account that it was to spare.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from collector.probe import ProbeFailure
from collector.shell.ledger import MOST, Ledger, Peer, Refusal
from collector.target import SshLogin

HELD_S: Final = 86_400.0
"""Seconds for which a peer that has refused a login is not told it again by itself."""

IN_A_ROW: Final = 3
"""Refusals without one acceptance between them after which a login is told to nobody."""

ALL_HELD_S: Final = 3_600.0
"""Seconds for which that lasts; after them each further refusal begins it anew."""

TURN_S: Final = 5.0
"""Seconds that a session waits for the one that is trying the same login first."""

_AGAIN_S: Final = 0.05


class Refusals:
    """What was refused, for several threads at once and together with the other workers of the collector."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        """Remember what the ledger holds; without one, as long as this process lives."""
        self._ledger = Ledger() if ledger is None else ledger
        self._lock = threading.Lock()
        # That a login was taken is not written down: after a restart it is told to one device first, as a new one is.
        self._taken: OrderedDict[str, bool] = OrderedDict()
        self._turns: dict[str, threading.Semaphore] = {}

    def close(self) -> None:
        """Close the ledger; harmless when called again."""
        self._ledger.close()

    def check(self, peer: Peer, login: SshLogin) -> None:
        """Let a login through unless this peer, or three in a row, have refused it of late.

        Raises:
            ProbeFailure: `ssh_held`.
        """
        name = self._ledger.name_of(login)
        refusal = self._ledger.refusal_of(peer, HELD_S)
        if refusal is not None and refusal.login == name:
            raise ProbeFailure("ssh_held", "enable" if refusal.code == "ssh_enable" else login.user)
        if self._ledger.in_a_row(name, ALL_HELD_S) >= IN_A_ROW:
            raise ProbeFailure("ssh_held", login.user)

    def turn(self, login: SshLogin) -> Callable[[], None] | None:
        """Wait until nobody else is trying a login that nobody has taken yet; return what lets the next one try."""
        name = self._ledger.name_of(login)
        with self._lock:
            if self._taken.get(name):
                return None
            mine = self._turns.setdefault(name, threading.Semaphore())
            if len(self._turns) > MOST:
                del self._turns[next(iter(self._turns))]
        until = time.monotonic() + TURN_S
        if not mine.acquire(timeout=TURN_S):
            return None
        while not self._ledger.take_turn(name):
            if time.monotonic() >= until:
                mine.release()
                return None
            time.sleep(_AGAIN_S)

        def done() -> None:
            self._ledger.give_turn(name)
            mine.release()

        return done

    def note(self, peer: Peer, login: SshLogin, code: str) -> None:
        """Remember that a login was refused."""
        name = self._ledger.name_of(login)
        self._ledger.note(peer, Refusal(name, code), HELD_S, ALL_HELD_S)
        with self._lock:
            self._taken.pop(name, None)

    def forget(self, peer: Peer, login: SshLogin) -> None:
        """Forget a refusal: the login was taken."""
        name = self._ledger.name_of(login)
        self._ledger.forget(peer, name)
        with self._lock:
            self._taken[name] = True
            self._turns.pop(name, None)
            if len(self._taken) > MOST:
                self._taken.popitem(last=False)


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
        self._turn: Callable[[], None] | None = None

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
            turn()

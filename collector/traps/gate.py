"""Which addresses may send traps, and how many: rejecting one costs a look-up, not a decoding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from collector.target import Credential, Roster, SnmpV2c, SnmpV3

SOURCE_PER_S: Final = 2.0
"""Notifications per second of one device that are decoded in the long run."""

SOURCE_BURST: Final = 20.0
"""Notifications of one device that are decoded at once: a switch that loses its power says so for every port."""

TOTAL_PER_S: Final = 20.0
"""Notifications per second of all devices together: decoding one costs one to six milliseconds."""

TOTAL_BURST: Final = 60.0

SHARE_OCTETS: Final = 256
"""Octets of a message that one notification stands for; a longer one counts as several, as it costs as much: a full
decoder takes half a millisecond for each variable that a message carries."""

AGAIN_S: Final = 1.0
"""A device is polled out of turn at most once in so many seconds, however many traps it sends."""


HINTED: Final = frozenset({"icmp", "snmp_link", "snmp_interfaces", "snmp_system"})
"""Probes that a trap brings forward."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A device from which notifications are taken.

    Attributes:
        instances: Names of the devices at this address; more than one only if the books say so.
        credentials: SNMP credentials that the books have for it.
    """

    instances: tuple[str, ...]
    credentials: tuple[SnmpV2c | SnmpV3, ...]


class Bucket:
    """A token bucket on the monotonic clock."""

    __slots__ = ("_at", "_burst", "_left", "_per_s")

    def __init__(self, per_s: float, burst: float) -> None:
        """Start full.

        Args:
            per_s: Tokens that come back each second, above 0.
            burst: Most tokens that it holds, at least 1.
        """
        self._per_s, self._burst, self._left, self._at = per_s, burst, burst, 0.0

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Take tokens if there are so many.

        Args:
            now: Seconds of the monotonic clock; never earlier than the last time.
            tokens: At most the burst.
        """
        self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._per_s)
        self._at = now
        if self._left < tokens:
            return False
        self._left -= tokens
        return True


class Gate:
    """The table of known senders with a bucket for each, and one for all."""

    def __init__(self) -> None:
        self._senders: dict[str, Sender] = {}
        self._buckets: dict[str, Bucket] = {}
        self._total = Bucket(TOTAL_PER_S, TOTAL_BURST)
        self._polled: dict[str, float] = {}

    def know(self, senders: Mapping[str, Sender]) -> None:
        """Take notifications from exactly these addresses from now on; buckets of those that stay are kept."""
        self._senders = dict(senders)
        self._buckets = {address: bucket for address, bucket in self._buckets.items() if address in senders}
        known = {name for sender in senders.values() for name in sender.instances}
        self._polled = {name: at for name, at in self._polled.items() if name in known}

    def __len__(self) -> int:
        return len(self._senders)

    def admit(self, address: str, now: float, octets: int = 0) -> Sender | str:
        """Return the sender, or the reason for which a notification from this address is dropped unread.

        Args:
            address: IPv4 or IPv6 address from which it came.
            now: Seconds of the monotonic clock.
            octets: Length of the message.
        """
        sender = self._senders.get(address)
        if sender is None:
            return "unknown_source"
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = Bucket(SOURCE_PER_S, SOURCE_BURST)
        tokens = 1.0 + octets // SHARE_OCTETS
        if not bucket.take(now, tokens):
            return "source_rate"
        return sender if self._total.take(now, tokens) else "total_rate"

    def may_poll(self, instance: str, now: float) -> bool:
        """Return whether a device may be polled out of turn now; if so, not again for `AGAIN_S`."""
        if now - self._polled.get(instance, -AGAIN_S) < AGAIN_S:
            return False
        self._polled[instance] = now
        return True


def senders_of(roster: Roster, sites: Iterable[str]) -> dict[str, Sender]:
    """Return the senders that a roster's devices of some sites make, by address.

    Args:
        roster: The roster.
        sites: Slugs of the sites that are polled now.
    """
    wanted = frozenset(sites)
    names: dict[str, dict[str, None]] = {}
    keys: dict[str, dict[SnmpV2c | SnmpV3, None]] = {}
    for target in roster.targets:
        if target.address is None or target.site not in wanted:
            continue
        names.setdefault(target.address, {})[target.instance] = None
        credential: Credential | None = roster.credentials.get(target.credential or "")
        if isinstance(credential, SnmpV2c | SnmpV3):
            keys.setdefault(target.address, {})[credential] = None
    return {address: Sender(tuple(found), tuple(keys.get(address, ()))) for address, found in names.items()}

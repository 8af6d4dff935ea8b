"""Variables of one simulated device: a sorted table of object identifiers, some of whose values change over time."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from collector.lab import ber
from collector.lab.ber import Oid

Value = bytes | Callable[[float], bytes]
"""An encoded value, or how to encode it at a moment (Unix seconds)."""

MOST_OCTETS: Final = 4_000
"""Size of the largest answer: above a usual Ethernet frame, below what small clients take."""

MOST_REPETITIONS: Final = 100
TOO_BIG: Final = 1


class Mib:
    """The variables of one device.

    Raises:
        ValueError: An object identifier stands twice.
    """

    def __init__(self, rows: Iterable[tuple[Oid, Value]]) -> None:
        ordered = sorted(rows, key=lambda row: row[0])
        for (one, _), (other, _) in pairwise(ordered):
            if one == other:
                raise ValueError(f"{one} stands twice")
        self._oids = [oid for oid, _ in ordered]
        self._names = [ber.object_id(oid) for oid in self._oids]
        self._values = [value for _, value in ordered]
        self._places = {oid: place for place, oid in enumerate(self._oids)}

    def __len__(self) -> int:
        return len(self._oids)

    def answer(self, request: ber.Request, now: float) -> bytes:
        """Return the response to a request (RFC 3416, section 4.2), never longer than `MOST_OCTETS`.

        Args:
            request: GET, GETNEXT or GETBULK.
            now: The moment, in Unix seconds.
        """
        if request.kind == ber.GET:
            rows = [self._exact(oid, now) for oid in request.oids]
        elif request.kind == ber.GET_NEXT:
            rows = [self._at(oid, bisect_right(self._oids, oid), now) for oid in request.oids]
        else:
            rows = list(self._bulk(request, now))
        data = ber.response(request, rows)
        return data if len(data) <= MOST_OCTETS else ber.response(request, (), TOO_BIG)

    def _exact(self, oid: Oid, now: float) -> tuple[bytes, bytes]:
        place = self._places.get(oid)
        if place is None:
            return ber.object_id(oid), ber.empty(ber.NO_SUCH_INSTANCE)
        return self._at(oid, place, now)

    def _at(self, asked: Oid, place: int, now: float) -> tuple[bytes, bytes]:
        if place >= len(self._oids):
            return ber.object_id(asked), ber.empty(ber.END_OF_MIB_VIEW)
        value = self._values[place]
        return self._names[place], value if isinstance(value, bytes) else value(now)

    def _bulk(self, request: ber.Request, now: float) -> Iterator[tuple[bytes, bytes]]:
        """Yield as many rows as fit: a GETBULK may be answered in part, and the rest asked again."""
        single = max(0, min(request.first, len(request.oids)))
        room = MOST_OCTETS - 100 - len(request.community)
        for oid in request.oids[:single]:
            row = self._at(oid, bisect_right(self._oids, oid), now)
            room -= len(row[0]) + len(row[1]) + 4
            yield row
        repeated = request.oids[single:]
        places = [bisect_right(self._oids, oid) for oid in repeated]
        for turn in range(max(0, min(request.second, MOST_REPETITIONS))):
            for oid, place in zip(repeated, places, strict=True):
                row = self._at(oid, place + turn, now)
                room -= len(row[0]) + len(row[1]) + 4
                if room < 0:
                    return
                yield row
            if all(place + turn >= len(self._oids) for place in places):
                return

"""Who made a network card, by the beginning of its MAC: the IEEE's tables, read where Debian puts them.

The tables hold some 45,000 beginnings of 24, 28 and 36 bits. They are read when they are first asked for, and kept as
sorted numbers beside the names in one piece of text, because as a dictionary they would take several times the memory.
"""

import csv
import logging
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from inventory.text import Text

_LOG: Final = logging.getLogger(__name__)

FILES: Final = ("oui.csv", "mam.csv", "oui36.csv", "iab.csv")
"""Beginnings of 24, 28 and 36 bits, and the older ones of 36 bits."""

LENGTHS: Final = (9, 7, 6)
"""Figures of a beginning, the longest first: a block of 24 bits may be shared out in longer ones."""

MOST_OCTETS: Final = 16 * 1024 * 1024
"""A larger file is none of the IEEE's and is not read."""

MOST_ROWS: Final = 200_000
"""Rows of one file that are read."""

LONGEST: Final = 80
"""Characters of a name that are kept."""

_NOBODY: Final = frozenset({"", "private", "ieee registration authority"})
_COLUMNS: Final = 3
"""Registry, beginning, name of the maker; an address follows."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a network card.

    Attributes:
        name: The maker as the IEEE has it; empty if unknown.
        guess: What such a thing mostly is, for makers who make little else.
    """

    name: str = ""
    guess: Text | None = None


class Makers:
    """The tables; empty where they are not installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._read = False
        self._tables: dict[int, tuple[array[int], array[int]]] = {}
        self._names = b""

    def of(self, mac: str) -> Maker:
        """Return the maker of a network card, by its MAC in lower case with colons."""
        self.load()
        figures = mac.replace(":", "")
        if len(figures) != 12:
            return Maker()
        for length in LENGTHS:
            name = self._name(length, int(figures[:length], 16))
            if name:
                return Maker(name, guess_of(name))
        return Maker()

    def load(self) -> None:
        """Read the tables unless that is done: a tenth of a second, so not on the event loop."""
        with self._lock:
            if not self._read:
                self._fill(rows(self._folder))
                self._read = True

    def _fill(self, found: Iterable[tuple[str, str]]) -> None:
        starts: dict[str, int] = {}
        blob = bytearray()
        tables: dict[int, dict[int, int]] = {}
        for figures, name in found:
            if name not in starts:
                starts[name] = len(blob)
                blob += name.encode() + b"\n"
            tables.setdefault(len(figures), {}).setdefault(int(figures, 16), starts[name])
        for length, table in tables.items():
            keys = sorted(table)
            self._tables[length] = array("Q", keys), array("L", map(table.__getitem__, keys))
        self._names = bytes(blob)

    def _name(self, length: int, key: int) -> str:
        keys, starts = self._tables.get(length, (array("Q"), array("L")))
        at = bisect_left(keys, key)
        if at == len(keys) or keys[at] != key:
            return ""
        return self._names[starts[at] : self._names.index(b"\n", starts[at])].decode()


def rows(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the beginnings (6, 7 or 9 figures) and the makers of the files that are there."""
    for name in FILES:
        file = folder / name
        try:
            if file.stat().st_size > MOST_OCTETS:
                _LOG.warning("%s is larger than %d octets and is not read", file, MOST_OCTETS)
                continue
            with file.open(encoding="utf-8", errors="replace", newline="") as opened:
                yield from _rows(opened)
        except OSError as error:
            _LOG.info("no makers from %s: %s", file, error.strerror)
        except csv.Error as error:
            _LOG.warning("%s is read in part: %s", file, error)


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for row in islice(csv.reader(lines), MOST_ROWS):
        if len(row) < _COLUMNS:
            continue
        figures, name = row[1].strip(), " ".join("".join(c if c.isprintable() else " " for c in row[2]).split())
        plain = len(figures) in LENGTHS and all(figure in "0123456789abcdefABCDEF" for figure in figures)
        if plain and name.lower() not in _NOBODY:
            yield figures, name[:LONGEST].rstrip()


def guess_of(maker: str) -> Text | None:
    """Return what a thing of a maker mostly is; `None` for makers of many kinds of things."""
    folded = f" {maker.lower()}"
    for guess, marks in GUESSES:
        if any(f" {mark}" in folded for mark in marks):
            return guess
    return None


GUESSES: Final[tuple[tuple[Text, tuple[str, ...]], ...]] = (
    (
        Text(vi="có lẽ là camera", en="probably a camera"),
        ("hangzhou hikvision", "hangzhou ezviz", "zhejiang dahua", "zhejiang uniview", "axis communications", "vivotek",
         "hanwha techwin", "hanwha vision", "tiandy"),
    ),
    (
        Text(vi="có lẽ là máy in", en="probably a printer"),
        ("brother industries", "canon inc", "kyocera", "ricoh", "xerox", "fuji xerox", "konica minolta", "lexmark",
         "seiko epson", "oki electric", "zebra tech"),
    ),
    (
        Text(vi="có lẽ là thiết bị mạng", en="probably a network device"),
        ("routerboard.com", "mikrotik", "tp-link", "draytek", "d-link", "ruijie", "ubiquiti", "cisco systems",
         "juniper networks", "new h3c", "hangzhou h3c", "aruba", "ruckus", "netgear", "zyxel", "tenda", "linksys",
         "extreme networks", "fiberhome", "allied telesis", "fortinet", "sonicwall"),
    ),
    (
        Text(vi="có lẽ là điện thoại bàn", en="probably a desk telephone"),
        ("xiamen yealink", "yealink", "grandstream", "fanvil", "polycom", "snom"),
    ),
    (
        Text(vi="có lẽ là điện thoại di động", en="probably a mobile telephone"),
        ("guangdong oppo", "vivo mobile", "xiaomi communications", "oneplus", "realme"),
    ),
    (
        Text(vi="có lẽ là ổ lưu trữ mạng", en="probably a network storage"),
        ("synology", "qnap"),
    ),
    (
        Text(vi="có lẽ là bộ lưu điện", en="probably a UPS"),
        ("american power conversion", "phoenixtec"),
    ),
    (
        Text(vi="có lẽ là máy ảo", en="probably a virtual machine"),
        ("vmware", "pcs systemtechnik", "xensource", "parallels", "proxmox"),
    ),
    (
        Text(vi="có lẽ là máy tính", en="probably a computer"),
        ("dell inc", "lenovo", "lcfc(hefei)", "asustek", "giga-byte", "micro-star", "intel corporate", "acer inc",
         "wistron", "quanta computer", "compal information", "pegatron", "elitegroup", "clevo", "liteon technology",
         "azurewave"),
    ),
)  # fmt: skip
"""What makers mostly make, by the beginning of a word of their names; the first that fits counts."""

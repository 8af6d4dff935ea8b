"""Walks of real devices, from the package `snmpsim-data`, as tables for `tests.support.hostile_agent`."""

import bz2
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.support.hostile_agent import Cell, cell, key, path
from tests.support.parts import missing

_OBJECT_ID: Final = 6
_ADDRESS: Final = 64
_TAGS: Final = {2: 0x02, 4: 0x04, 6: 0x06, 64: 0x40, 65: 0x41, 66: 0x42, 67: 0x43, 68: 0x44, 70: 0x46}


def names() -> list[str]:
    """Return the names of all walks."""
    return sorted(file.name.split(".snmprec")[0] for file in _files())


def dump(name: str, under: tuple[str, ...] = ("",)) -> Mapping[str, Cell]:
    """Return one walk, or those parts of it that begin with one of `under`: object identifier to value."""
    for file in _files():
        if file.name.split(".snmprec")[0] == name:
            raw = file.read_bytes()
            lines = (bz2.decompress(raw) if file.suffix == ".bz2" else raw).splitlines()
            starts = tuple(part.encode() for part in under)
            return dict(_cells([line.decode("latin-1") for line in lines if line.startswith(starts)]))
    raise KeyError(name)


def instance(name: str, oid: str) -> Cell | None:
    """Return one value of a walk, reading no further than to it: walks are in the order of their identifiers."""
    file = next(file for file in _files() if file.name.split(".snmprec")[0] == name)
    with bz2.open(file) if file.suffix == ".bz2" else file.open("rb") as lines:
        for line in lines:
            at = line.partition(b"|")[0].decode("latin-1").strip(".")
            if at == oid:
                return dict(_cells([line.decode("latin-1").strip()])).get(oid)
            if at.replace(".", "").isdigit() and key(at) > key(oid):
                break
    return None


def _files() -> list[Path]:
    found = importlib.util.find_spec("snmpsim_data")
    if found is None or not found.submodule_search_locations:
        missing("the package snmpsim-data is not installed")
    return list(Path(found.submodule_search_locations[0]).glob("data/**/*.snmprec*"))


def _cells(lines: list[str]) -> Iterator[tuple[str, Cell]]:
    """Decode lines `oid|type|value`; what the recorder itself could not write down properly is left out."""
    for line in lines:
        oid, _, rest = line.partition("|")
        kind, _, value = rest.partition("|")
        number = kind.rstrip("x")
        if not number.isdigit() or int(number) not in _TAGS:
            continue
        try:
            yield oid, _cell(int(number), value, hexadecimal=kind.endswith("x"))
        except ValueError:
            continue


def _cell(kind: int, value: str, *, hexadecimal: bool) -> Cell:
    tag = _TAGS[kind]
    if hexadecimal:
        return tag, bytes.fromhex(value)
    if kind == _OBJECT_ID:
        return tag, path(key(value.lstrip(".")))
    if kind == _ADDRESS:
        return tag, bytes(int(part) for part in value.split("."))
    if tag in {0x04, 0x44}:
        return tag, value.encode("latin-1")
    return cell(int(value or 0), tag)

"""`make bench`: measures in one run, prints the tables and writes each into its place in docs/performance.md.

`python -m tests.bench NAME ...` measures only some; `python -m tests.bench soak` is the one that takes ten minutes.
"""

import platform
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from tests.bench.measure import Line, Measure

MEASURES = ("snmp", "ping", "growth", "workers", "pages", "books", "findings", "worth", "imports", "district")
LONG = ("soak",)
"""What runs only when it is named."""

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "snmp": ("gufo-snmp", "uvloop"),
    "ping": ("uvloop",),
    "growth": ("gufo-snmp", "uvloop"),
    "workers": ("gufo-snmp", "uvloop"),
    "soak": ("gufo-snmp", "uvloop"),
    "pages": ("prometheus-client",),
    "books": ("sqlalchemy", "fastapi"),
    "findings": ("sqlalchemy", "fastapi"),
    "worth": ("sqlalchemy",),
    "imports": ("sqlalchemy",),
    "district": ("fastapi", "uvicorn"),
}
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "snmp": ("snmpd", "prometheus-snmp-exporter"),
    "ping": ("fping", "prometheus-blackbox-exporter"),
    "growth": ("snmpd",),
    "workers": ("snmpd",),
    "soak": ("snmpd",),
    "books": ("postgresql",),
    "findings": ("postgresql",),
    "worth": ("postgresql",),
    "imports": ("postgresql",),
    "district": ("prometheus", "prometheus-alertmanager"),
}
"""What each measure stands on, for its heading."""

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def main(names: list[str]) -> int:
    """Run the named measures, or all but the long ones, and write their tables down.

    Returns:
        1 if a promise did not hold.
    """
    held = True
    for name in names or MEASURES:
        lines = list(_measure(name)())
        table = "\n".join([*_head(name), *map(_row, lines)])
        print(f"{table}\n")  # noqa: T201 - what the command is for
        _write(name, table)
        held = held and all(line.kept is not False for line in lines)
    return int(not held)


def _measure(name: str) -> Measure:
    """Return a measure by its name; only what is measured is imported."""
    if name not in (*MEASURES, *LONG):
        raise SystemExit(f"no such measure: {name}; there are {', '.join((*MEASURES, *LONG))}")
    found: Measure = import_module(f"tests.bench.{name}").measure
    return found


def _write(section: str, table: str) -> None:
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    before, rest = PAGE.read_text(encoding="utf-8").split(begin)
    PAGE.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}", encoding="utf-8")


def _head(name: str) -> list[str]:
    versions = {
        "Python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES.get(name, ())},
        **{package: _debian(package) for package in PACKAGES.get(name, ())},
    }
    if name in {"books", "findings", "worth"}:
        versions["SQLite"] = sqlite3.sqlite_version
    told = ", ".join(f"{what} {number}" for what, number in versions.items())
    return [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}; {told}.",
        "",
        "| work | figure | beside, in the same run | ratio | promise |",
        "|---|---|---|---|---|",
    ]


def _debian(package: str) -> str:
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _row(line: Line) -> str:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    mark = {True: " ✓", False: " ✗", None: ""}[line.kept]
    return f"| {line.work} | {line.figure} | {line.beside} | {ratio} | {line.bound}{mark} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

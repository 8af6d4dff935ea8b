"""`make test`: every test, as many at once as the machine has cores for, and one after the other what must be alone.

With arguments (`make test ARGS="tests/inventory -k budget"`) it is `pytest` with these arguments and nothing else.
"""

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
REPORTS: Final = ROOT / "build" / "tests"
MOST: Final = 4
"""Each worker grows to a gigabyte, and has a PostgreSQL cluster and sometimes a Chromium of its own."""

_AT_ONCE: Final = ("--dist", "loadfile", "--no-loadscope-reorder")
"""A file's tests share what it started, so they stay together; the files begin in the order of tests/conftest.py."""

_ALIKE: Final = "--hypothesis-profile=whole"
"""Examples are drawn by lot where somebody runs a few tests, and are the same each time where all are run."""

_INTERRUPTED: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Run the tests and return the exit status: zero only if every part passed."""
    # Ctrl-C reaches pytest too, which then takes away what it started: wait for that.
    signal.signal(signal.SIGINT, lambda *_: None)
    if arguments:
        return _pytest(*arguments)
    parts = {
        "together": ("-m", "not alone", *_AT_ONCE, "-n", str(workers(len(os.sched_getaffinity(0))))),
        "alone": ("-m", "alone"),
    }
    began = time.monotonic()
    statuses: dict[str, int] = {}
    # The second part runs even if the first failed: whoever reads this wants to know everything that is wrong.
    for name, words in parts.items():
        if _INTERRUPTED not in statuses.values():
            statuses[name] = _reported(REPORTS / f"{name}.xml", *words)
    for line in summary(statuses, REPORTS, time.monotonic() - began):
        print(line)  # noqa: T201 - this is the program's answer
    return int(any(statuses.values()))


def workers(cores: int) -> int:
    """Return how many tests run at once on a machine with this number of cores.

    One more than there are cores: many tests wait, for a second reading or for a part to come back.
    """
    return min(cores + 1, MOST)


def summary(statuses: Mapping[str, int], reports: Path, seconds: float) -> Iterator[str]:
    """Yield what all parts came to: each test that failed, how many there were, how long they took.

    Args:
        statuses: What pytest ended with, by part.
        reports: Folder with a JUnit report of each part; a part that ended before it wrote one has none.
        seconds: How long all took.
    """
    count = 0
    for name, status in statuses.items():
        report = reports / f"{name}.xml"
        root = ET.parse(report).getroot() if report.exists() else ET.Element("testsuites")
        count += sum(int(suite.get("tests", 0)) for suite in root.iter("testsuite"))
        wrong = [case for case in root.iter("testcase") if {"failure", "error"} & {child.tag for child in case}]
        yield from (f"FAILED {case.get('file', '')}::{case.get('name', '')}" for case in wrong)
        if status and not wrong:
            yield f"FAILED {name}: pytest ended with status {status}"
    result = "failed" if any(statuses.values()) else "passed"
    yield f"{result}: {count} tests in {int(seconds) // 60} min {int(seconds) % 60} s"


def _reported(report: Path, *words: str) -> int:
    report.unlink(missing_ok=True)
    return _pytest(*words, _ALIKE, f"--junitxml={report}", "--override-ini=junit_family=xunit1")


def _pytest(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

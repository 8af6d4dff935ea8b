"""`make test`: every test, as many at once as the machine has cores for, and one after the other what must be alone.

With arguments (`make test ARGS="tests/inventory -k budget"`) it is `pytest` with these arguments and nothing else.
"""

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
REPORTS: Final = ROOT / "build" / "tests"
MOST: Final = 4
"""Each worker has a PostgreSQL cluster and sometimes a Chromium of its own: more would ask for much memory."""

_INTERRUPTED: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Run the tests and return the exit status: zero only if every part passed."""
    if arguments:
        return _pytest(*arguments)
    began = time.monotonic()
    # Ctrl-C reaches pytest too, which then takes away what it started: wait for that.
    signal.signal(signal.SIGINT, lambda *_: None)
    parts = {
        # A file's tests share what it started, so they stay together.
        "together": ("-m", "not alone", "-n", str(workers(os.sched_getaffinity(0))), "--dist", "loadfile"),
        "alone": ("-m", "alone"),
    }
    statuses: dict[str, int] = {}
    # The second part runs even if the first failed: whoever reads this wants to know everything that is wrong.
    for name, words in parts.items():
        if _INTERRUPTED not in statuses.values():
            statuses[name] = _reported(_report(name), *words)
    for line in summary(statuses, time.monotonic() - began):
        print(line)  # noqa: T201 - this is the program's answer
    return max(statuses.values(), key=abs)


def workers(cores: set[int]) -> int:
    """Return how many tests run at once on these cores."""
    return min(len(cores), MOST)


def summary(statuses: dict[str, int], seconds: float) -> Iterator[str]:
    """Yield what both parts came to: each test that failed, how many there were, how long they took."""
    yield ""
    count = 0
    for name, status in statuses.items():
        report = _report(name)
        root = ET.parse(report).getroot() if report.exists() else ET.Element("testsuites")
        count += sum(int(suite.get("tests", 0)) for suite in root.iter("testsuite"))
        wrong = [case for case in root.iter("testcase") if {"failure", "error"} & {child.tag for child in case}]
        yield from (f"FAILED {case.get('file', '')}::{case.get('name', '')}" for case in wrong)
        if status and not wrong:
            yield f"FAILED the part {name!r}: pytest ended with status {status}"
    word = "failed" if any(statuses.values()) else "passed"
    yield f"{word}: {count} tests in {int(seconds) // 60} min {int(seconds) % 60} s"


def _report(name: str) -> Path:
    return REPORTS / f"{name}.xml"


def _reported(report: Path, *words: str) -> int:
    report.unlink(missing_ok=True)
    return _pytest(*words, f"--junitxml={report}", "--override-ini=junit_family=xunit1")


def _pytest(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

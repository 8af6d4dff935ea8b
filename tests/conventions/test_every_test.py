"""`make test` runs every test and says in its last lines what failed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.__main__ import MOST, ROOT, summary, workers
from tests.conftest import LONG

REPORT = """<testsuites><testsuite tests="3">
<testcase file="tests/a/test_b.py" name="test_good"/>
<testcase file="tests/a/test_b.py" name="test_bad[sqlite]"><failure>x</failure></testcase>
<testcase file="tests/a/test_c.py" name="test_broken"><error>x</error></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(("cores", "at_once"), [(1, 2), (2, 3), (4, MOST), (64, MOST)])
def test_one_more_runs_at_once_than_there_are_cores_and_four_at_most(cores: int, at_once: int) -> None:
    assert workers(cores) == at_once


def test_the_last_lines_name_what_failed_in_each_part(tmp_path: Path) -> None:
    (tmp_path / "together.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "alone.xml").write_text('<testsuites><testsuite tests="2"/></testsuites>', encoding="utf-8")
    assert list(summary({"together": 1, "alone": 0}, tmp_path, 125.9)) == [
        "FAILED tests/a/test_b.py::test_bad[sqlite]",
        "FAILED tests/a/test_c.py::test_broken",
        "failed: 5 tests in 2 min 5 s",
    ]


def test_a_part_that_ended_without_a_report_is_a_failure_too(tmp_path: Path) -> None:
    assert list(summary({"together": 3, "alone": 0}, tmp_path, 1)) == [
        "FAILED together: pytest ended with status 3",
        "failed: 0 tests in 0 min 1 s",
    ]


@pytest.mark.parametrize(("words", "status"), [(("--version",), 0), (("tests/conventions", "-k", "no_such_test"), 5)])
def test_arguments_are_for_pytest_alone(words: tuple[str, ...], status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests", *words], cwd=ROOT, check=False, capture_output=True, text=True, timeout=280
    )
    assert (done.returncode, "min" in done.stdout) == (status, False)


@pytest.mark.parametrize("name", LONG)
def test_what_begins_first_is_there(name: str) -> None:
    assert (ROOT / name).exists()

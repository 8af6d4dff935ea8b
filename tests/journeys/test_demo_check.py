"""`quang demo --check`, as it is promised: everything in time, nothing else told, nothing left running."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.support.parts import need

pytestmark = [pytest.mark.alone, pytest.mark.timeout(300)]


def test_the_check_passes_and_leaves_nothing_behind() -> None:
    for program in ("prometheus", "prometheus-alertmanager", "unshare", "nsenter", "ip"):
        need(program)
    before = ours()
    env = {name: value for name, value in os.environ.items() if not name.startswith("QUANG_")}
    done = subprocess.run(
        [sys.executable, "-m", "api", "demo", "--check", "--pause", "20"],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=280,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = [float(word) for word in re.findall(r"([\d.]+) s$", done.stdout, re.MULTILINE)]
    assert len(seconds) >= 8
    assert done.stdout.count("✉") == 4
    assert "✓" in done.stdout
    assert ours() <= before


def ours() -> set[str]:
    """Return the processes of any demonstration."""
    found = subprocess.run(
        [shutil.which("pgrep") or "pgrep", "-f", "collector.lab --control|api.demo.mail"],
        check=False,
        capture_output=True,
        text=True,
        timeout=10,
    )
    return set(found.stdout.split())

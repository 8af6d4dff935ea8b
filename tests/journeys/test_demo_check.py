"""`quang demo --check`: everything is told, nothing else is, and nothing is left running."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.parts import need


def test_the_check_passes_and_leaves_nothing_behind() -> None:
    for program in ("prometheus", "prometheus-alertmanager", "unshare", "nsenter", "ip"):
        need(program)
    # Its home is in here, so whatever it starts names this folder in its command line.
    folder = Path(tempfile.mkdtemp(prefix="quang-"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("QUANG_")} | {"TMPDIR": str(folder)}
    done = subprocess.run(
        # People are promised ten seconds on a machine of their own; here other tests have the processors too.
        [sys.executable, "-m", "api", "demo", "--check", "--pause", "20", "--limit", "120"],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=800,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = [float(word) for word in re.findall(r"([\d.]+) s$", done.stdout, re.MULTILINE)]
    assert len(seconds) >= 8
    assert done.stdout.count("✉") == 4
    assert "✓" in done.stdout
    assert programs_of(folder) == ""
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    shutil.rmtree(folder)


def programs_of(folder: Path) -> str:
    """Return the processes whose command line names a folder, a line each."""
    words = [need("pgrep"), "-af", str(folder)]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=60).stdout

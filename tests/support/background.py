"""Programs that put themselves into the background."""

import subprocess
from collections.abc import Sequence
from pathlib import Path


def into_background(command: Sequence[str], output: Path) -> None:
    """Run a program until it has gone into the background.

    Some keep what they write to, so that a pipe would not end before they do: it is a file.

    Args:
        command: Program and arguments.
        output: Where what it writes goes; also what it says when it fails.

    Raises:
        AssertionError: It failed.
    """
    with output.open("wb") as out:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, timeout=60, check=False
        )
    assert done.returncode == 0, output.read_text(encoding="utf-8", errors="replace")

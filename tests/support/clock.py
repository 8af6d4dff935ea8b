"""A clock that a test sets, for one program: Debian's libfaketime in front of the C library.

Only programs that ask the C library for the time can be fooled so; Prometheus and Alertmanager ask the kernel. What
waits in `time.sleep` fails under this library, for it asks for a moment of a clock that is not faked.
"""

import subprocess
from pathlib import Path

from tests.support.parts import missing, need


class Clock:
    """The time of day of the programs that are started with `environment`."""

    def __init__(self, file: Path, *, all_clocks: bool = False) -> None:
        """Begin with the right time.

        Args:
            file: Holds how far the clock is off.
            all_clocks: Whether the monotonic clock jumps too, as for a program that stood still.
        """
        need("faketime")
        self._file, self._all = file, all_clocks
        self.step(0)

    def step(self, seconds: int) -> None:
        """Set the clock so many seconds ahead of the true time, or behind it."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n", encoding="ascii")
        fresh.replace(self._file)

    def environment(self) -> dict[str, str]:
        """Return the variables that put a program under this clock."""
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            # Unless it is told so, the library looks at the file every ten seconds only.
            "FAKETIME_NO_CACHE": "1",
            "NO_FAKE_STAT": "1",
            "FAKETIME_DONT_RESET": "1",
            "DONT_FAKE_MONOTONIC": "0" if self._all else "1",
        }


def _library() -> Path:
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, text=True, check=False, timeout=20)
    found = [line for line in listed.stdout.splitlines() if line.endswith("/libfaketimeMT.so.1")]
    if not found:
        missing("the library of faketime is not installed")
    return Path(found[0])

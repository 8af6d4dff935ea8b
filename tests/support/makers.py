"""The IEEE's tables of makers, as Debian's package `ieee-data` installs them."""

from pathlib import Path

from tests.support.parts import missing

DEBIAN = Path("/usr/share/ieee-data")


def need_makers() -> Path:
    """Return the folder of the tables, or skip (fail under `CI`) because they are not installed."""
    if not (DEBIAN / "oui.csv").exists():
        missing("the package ieee-data is not installed")
    return DEBIAN

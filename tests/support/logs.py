"""What all loggers write, as a test can read it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """Catch every record that any logger makes, as it would be written."""
    words: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words.append(self.format(record))

    root, catch = logging.getLogger(), Catch()
    level = root.level
    root.addHandler(catch)
    root.setLevel(logging.DEBUG)
    try:
        yield words
    finally:
        root.removeHandler(catch)
        root.setLevel(level)

"""What cannot be opened because the collector's own machine has no more files or memory, whatever is asked of whom."""

import errno
import socket
from typing import Final

_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


def is_exhausted(error: BaseException) -> bool:
    """Return whether an error says that this process or its machine can open nothing more."""
    return isinstance(error, OSError) and error.errno in _EXHAUSTED


def ensure_room() -> None:
    """Do nothing if a socket can be opened now; for what failed in libraries that do not say why.

    Raises:
        OSError: None can, and `is_exhausted` tells it.
    """
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except OSError as error:
        if is_exhausted(error):
            raise

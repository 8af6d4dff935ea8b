"""Door to aiosmtpd: a mail server that delivers to nobody and keeps what it got as files.

`python -m api.demo.mail --fd N --folder FOLDER`
"""

import argparse
import asyncio
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, Envelope

MOST_OCTETS: Final = 1_000_000
MOST_FILES: Final = 2_000
_MOST_AT_ONCE: Final = 50


class Keeper:
    """Writes each message as a file, the oldest making room."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: ANN401, N802 - aiosmtpd's names
        """Keep a message, and only then say that it was taken."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self._count += 1
        name = f"{time.time():017.6f}-{self._count:06d}.eml"
        await asyncio.to_thread(self._keep, name, content)
        return "250 kept"

    def _keep(self, name: str, content: bytes) -> None:
        draft = self._folder / f".{name}"
        draft.write_bytes(content)
        draft.replace(self._folder / name)
        for old in sorted(self._folder.glob("*.eml"))[:-MOST_FILES]:
            old.unlink(missing_ok=True)


async def serve(sock: socket.socket, folder: Path, stop: asyncio.Event) -> None:
    """Take mail on a listening socket until `stop` is set.

    Args:
        sock: Listens already.
        folder: Where the files go; made if it is missing.
        stop: Ends it.
    """
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=MOST_OCTETS, enable_SMTPUTF8=True, timeout=30.0),
        sock=sock,
        backlog=_MOST_AT_ONCE,
    )
    async with server:
        await stop.wait()


async def _run(fd: int, folder: Path) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(socket.socket(fileno=fd), folder, stop)


def main() -> int:
    """Take mail until SIGTERM; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m api.demo.mail", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="open listening socket / socket đang mở")
    parser.add_argument("--folder", type=Path, required=True, help="where the messages go / thư mục nhận thư")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.fd, arguments.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Control of the simulation: JSON lines over a Unix socket, one request and one answer per line."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

MOST_OCTETS: Final = 65_536
_ASK_S: Final = 15.0

Answer = dict[str, Any]


class NoLab(Exception):
    """The simulation does not answer: it is not running, or not under this folder."""


async def serve(path: Path, act: Callable[[Answer], Awaitable[Answer]]) -> asyncio.Server:
    """Answer questions on a socket file that only this user may open.

    Args:
        path: Where the file shall be; a left-over of an earlier run is replaced.
        act: Turns a question into its answer.

    Raises:
        OSError: The file cannot be made.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await _answer(line, act), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        except (ValueError, OSError):
            return
        finally:
            writer.close()

    path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, before anybody is served
    server = await asyncio.start_unix_server(talk, path, limit=MOST_OCTETS)
    path.chmod(0o600)  # noqa: ASYNC240 - as above
    return server


def ask(path: Path, question: Answer) -> Answer:
    """Ask one question and return the answer.

    Raises:
        NoLab: Nobody answers there within 15 s.
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_ASK_S)
            line.connect(str(path))
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile("rb") as file:
                answer = json.loads(file.readline(MOST_OCTETS))
    except (OSError, ValueError) as error:
        raise NoLab(str(path)) from error
    if not isinstance(answer, dict):
        raise NoLab(str(path))
    return answer


async def _answer(line: bytes, act: Callable[[Answer], Awaitable[Answer]]) -> Answer:
    try:
        question = json.loads(line)
    except ValueError:
        question = None
    if not isinstance(question, dict):
        return {"ok": False, "vi": "Lệnh không phải là JSON.", "en": "The question is no JSON object."}
    return await act(question)

"""`quang demo --check`: the promise of the house, proved on this machine with everything that is real but the fibres.

It starts the demonstration in a folder of its own, waits for the first full poll, cuts a fibre, waits for the incident
and the message, restores it, waits for "resolved", and does both once more. Anything missing, late or too many fails.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from api.demo.watch import Watch
from api.stack.programs import PYTHON, find
from collector.lab.district import district

SITE: Final = "vinh-tuy"
LINK: Final = "vinh-hao-vinh-tuy"
"""A fibre in the middle of a chain: two more sites lie behind it and must keep silent."""

LIMIT_S: Final = 10.0
"""Seconds from cut to message, and from restoring to "resolved", that the house promises."""

START_S: Final = 120.0
PATIENCE_S: Final = 45.0
"""How long is waited for what is late, so that it can be told how late it was."""

QUIET_S: Final = 40.0
"""Seconds of watching for messages that should not come: longer than any rule waits after a shadow."""

Say = Callable[[str], None]


class Failed(Exception):
    """Something is missing; the text says what, in both languages."""


def main(say: Say, pause_s: float = 60.0, limit_s: float = LIMIT_S) -> int:
    """Run the check and return the exit status: 0 if everything came in time and nothing else came.

    Args:
        say: Where each step and its time is told.
        pause_s: Seconds between the first cut and the second one.
        limit_s: Seconds after which something counts as late.
    """
    home = Path(tempfile.mkdtemp(prefix="quang-check-"))
    try:
        asyncio.run(_guarded(home, say, pause_s, limit_s))
    except Failed as error:
        say(f"✗ {error}")
        say(f"  Nhật ký còn ở / Logs are kept in: {home / 'logs'}")
        return 1
    except asyncio.CancelledError:
        say("✗ bị ngắt giữa chừng / interrupted")
        shutil.rmtree(home, ignore_errors=True)
        return 130
    shutil.rmtree(home, ignore_errors=True)
    say("✓ Đạt / passed")
    return 0


async def _guarded(home: Path, say: Say, pause_s: float, limit_s: float) -> None:
    """Run the check so that whatever it started is stopped again, however it ends."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        if task is not None:
            loop.add_signal_handler(number, task.cancel)
    process = await asyncio.create_subprocess_exec(
        find(["setpriv"], "util-linux"),
        *("--pdeathsig", "TERM", *PYTHON, "api", "demo"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"QUANG_HOME": str(home)},
        start_new_session=True,
    )
    output: list[str] = []
    reading = asyncio.create_task(_read(process, output))
    try:
        await _check(Watch(home), process, output, say, pause_s, limit_s=limit_s)
    finally:
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)
        await reading
        say(f"• đã dừng tất cả / everything stopped: {time.monotonic() - began:.1f} s")


async def _read(process: asyncio.subprocess.Process, output: list[str]) -> None:
    if process.stdout is not None:
        async for line in process.stdout:
            output.append(line.decode(errors="replace"))
            del output[:-200]


async def _check(
    watch: Watch,
    process: asyncio.subprocess.Process,
    output: list[str],
    say: Say,
    pause_s: float,
    *,
    limit_s: float,
) -> None:
    began = time.monotonic()
    targets = await _started(watch, process, output)
    say(f"• khởi động, hỏi đủ lượt đầu / started, first full poll: {time.monotonic() - began:.1f} s, {targets} targets")
    await asyncio.to_thread(watch.sign_in)
    late: list[str] = []
    first = time.monotonic()
    for turn in (1, 2):
        if turn == 2:
            await asyncio.sleep(max(0.0, first + pause_s - time.monotonic()))
        say(f"• đứt cáp lần {turn} / cut number {turn}: {LINK}")
        late += await _act(watch, say, "cut", is_open=True, mails=2 * turn - 1, limit_s=limit_s)
        say(f"• khôi phục lần {turn} / restored, number {turn}")
        late += await _act(watch, say, "restore", is_open=False, mails=2 * turn, limit_s=limit_s)
    await asyncio.sleep(min(QUIET_S, pause_s))
    await _nothing_else(watch, say)
    for name, size in watch.memory(process.pid):
        say(f"    {name:<32} {size / 1e6:5.1f} MB")
    if late:
        raise Failed(f"quá {limit_s:g} giây / later than {limit_s:g} s: {', '.join(late)}")


async def _started(watch: Watch, process: asyncio.subprocess.Process, output: list[str]) -> int:
    """Wait until every target was polled with success and nothing is wrong; return how many targets there are."""
    deadline = time.monotonic() + START_S
    why = ""
    while time.monotonic() < deadline:
        if process.returncode is not None:
            raise Failed("".join(output[-20:]) or "quang demo")
        count, why = await watch.polled(len(district().devices) + len(district().links))
        if count:
            return count
        await asyncio.sleep(0.2)
    raise Failed(f"lượt hỏi đầu chưa xong sau {START_S:g} giây / no full poll after {START_S:g} s: {why}")


async def _act(watch: Watch, say: Say, act: str, *, is_open: bool, mails: int, limit_s: float) -> list[str]:
    """Make or end the fault, wait for incident and message, and return what was late."""
    began = time.monotonic()
    await watch.fault({"act": act, "where": SITE})
    state = "open" if is_open else "resolved"
    late = []
    for name, there in (
        (f"sự cố / incident {state}", lambda: watch.incident_is("LinkDown", f"link:{LINK}", state)),
        (f"thư {mails} / message {mails}", lambda: watch.has_mail(mails)),
    ):
        took = await _wait(there, began, max(PATIENCE_S, 2 * limit_s), f"{act}: {name}")
        say(f"    {name:<32} {took:5.1f} s")
        if took > limit_s:
            late.append(f"{act}: {name} {took:.1f} s")
    return late


async def _wait(there: Callable[[], Awaitable[bool]], began: float, patience_s: float, name: str) -> float:
    while not await there():
        if time.monotonic() - began > patience_s:
            raise Failed(f"không thấy sau {patience_s:g} giây / missing after {patience_s:g} s: {name}")
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def _nothing_else(watch: Watch, say: Say) -> None:
    """Refuse any message or incident beyond those of the cut."""
    subjects = await watch.subjects()
    for subject in subjects:
        say(f"    ✉ {subject}")
    others = [name for name in await watch.incidents() if name != f"LinkDown link:{LINK}"]
    if others:
        raise Failed(f"sự cố không mong đợi / incidents that should not be: {', '.join(others)}")
    if len(subjects) != 4:
        raise Failed(f"số thư phải là 4, không phải {len(subjects)} / there should be 4 messages, not {len(subjects)}")
    say("• không có tin nào khác / no other message")

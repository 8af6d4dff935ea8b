"""One program of the stack: started, watched, started again when it dies, and stopped."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from api.stack.log import LogFile
from api.stack.plan import Program
from inventory.text import Text

FIRST_WAIT_S: Final = 0.3
LONGEST_WAIT_S: Final = 30.0
STEADY_S: Final = 60.0
"""After this long without a fault, the waits begin at `FIRST_WAIT_S` again."""

_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "SSL_CERT_FILE")

Say = Callable[[str], None]


class Child:
    """A program that is kept running.

    Attributes:
        program: What it is.
        pid: Number of the process now; 0 while there is none.
        starts: How often it was started.
    """

    def __init__(self, program: Program, logs: Path, prefix: Sequence[str], fds: Sequence[int], say: Say) -> None:
        """Get ready to start a program.

        Args:
            program: What to run.
            logs: Folder of the log files.
            prefix: Words before the command, such as those that enter a namespace.
            fds: Further open files that the prefix needs.
            say: Where to tell that it died.
        """
        self.program = program
        self.pid = 0
        self.starts = 0
        self._log = LogFile(logs / f"{program.name}.log")
        # The kernel kills the child when this process dies, however it dies. Set last: a new namespace may clear it.
        self._command = [*prefix, "setpriv", "--pdeathsig", "KILL", *program.command]
        self._fds = (*program.fds, *fds)
        self._held = list(program.holds)
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def keep(self) -> None:
        """Run the program, again and again, until `stop` is called."""
        wait = FIRST_WAIT_S
        while not self._stopping:
            began = time.monotonic()
            status = await self._run()
            if self._stopping:
                return
            if time.monotonic() - began >= STEADY_S:
                wait = FIRST_WAIT_S
            again = _AGAIN.fill(name=self.program.name, ending=_ending(status), wait=f"{wait:g}")
            self._say(f"{again.vi} / {again.en}")
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def once(self) -> int:
        """Run the program to its end, in at most `stop_s`, and return its status."""
        task = asyncio.ensure_future(self._run())
        try:
            async with asyncio.timeout(self.program.stop_s):
                return await asyncio.shield(task)
        except TimeoutError:
            _signal(self.pid, signal.SIGKILL)
            return await task

    async def stop(self) -> None:
        """End the program and all that it started; by force when its time is up."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal(process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(self.program.stop_s):
                await process.wait()
        except TimeoutError:
            late = _LATE.fill(name=self.program.name)
            self._say(f"{late.vi} / {late.en}")
        _signal(process.pid, signal.SIGKILL)
        await process.wait()

    async def _run(self) -> int:
        while self._held:
            os.close(self._held.pop())
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=environment(inherits=self.program.inherits) | dict(self.program.env),
                pass_fds=self._fds,
                # A group of its own: Ctrl-C reaches the supervisor alone, which then ends all in order.
                start_new_session=True,
            )
        except OSError as error:
            self._log.write(f"{error}\n".encode())
            return 127
        self._process, self.pid = process, process.pid
        self.starts += 1
        if self._stopping:
            _signal(process.pid, signal.SIGKILL)
        await self._pump(process)
        status = await process.wait()
        _signal(process.pid, signal.SIGKILL)
        self.pid = 0
        return status

    async def _pump(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while data := await process.stdout.read(65_536):
            self._log.write(data)


def environment(*, inherits: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what a program gets to know of our own environment.

    Args:
        inherits: Beginnings of the names that it gets besides the usual ones; `!BEGINNING` takes names out again.
    """
    given = tuple(word for word in inherits if not word.startswith("!"))
    kept_back = tuple(word[1:] for word in inherits if word.startswith("!"))
    return {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or (name.startswith(given) and not name.startswith(kept_back))
    }


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _ending(status: int) -> Text:
    if status < 0:
        return Text(vi="bị dừng bởi {name}", en="killed by {name}").fill(name=signal.Signals(-status).name)
    return Text(vi="kết thúc với mã {status}", en="ended with status {status}").fill(status=status)


_AGAIN: Final = Text(
    vi="{name}: {ending}, khởi động lại sau {wait} giây", en="{name}: {ending}, starts again in {wait} s"
)
_LATE: Final = Text(
    vi="{name}: không dừng đúng hạn, buộc phải ngắt", en="{name}: did not end in time, is ended by force"
)

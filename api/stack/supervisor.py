"""`python -m api.stack.supervisor PLAN`: starts what the plan names, keeps it running, and ends it in order.

This is what `quang up` turns into once everything is prepared; it imports little, because it stays for months.
"""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.stack import http as stack_http
from api.stack import targets as stack_targets
from api.stack.child import Child
from api.stack.namespace import Namespace, NoNamespace
from api.stack.plan import Plan, Ready

READY_S: Final = 90.0
"""Seconds after which it is said that a part does not answer."""

_DAY_S: Final = 86_400.0


class Supervisor:
    """A running stack.

    Attributes:
        plan: What it does.
        children: The programs, in the order of the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.children: list[Child] = []

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, then end everything in the opposite order.

        Raises:
            NoNamespace: The plan needs a network namespace and the machine gives none.
        """
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, stop.set)
        with contextlib.ExitStack() as stack:
            if any(program.inside for program in self.plan.programs):
                namespace = stack.enter_context(await Namespace.make())
            else:
                namespace = None
            self._prepare(namespace)
            keeping = [loop.create_task(child.keep()) for child in self.children]
            beside = [loop.create_task(self._announce()), *self._chores(loop)]
            await stop.wait()
            say("stopping / đang dừng…")
            await _ended(beside)
            for child in reversed(self.children):
                await child.stop()
            await _ended(keeping)
        say("stopped / đã dừng.")

    def _prepare(self, namespace: Namespace | None) -> None:
        logs = Path(self.plan.home) / "logs"
        for program in self.plan.programs:
            prefix: Sequence[str] = namespace.prefix if namespace and program.inside else ()
            fds = namespace.fds if namespace and program.inside else ()
            self.children.append(Child(program, logs, prefix, fds, say))

    def _chores(self, loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[None]]:
        chores = []
        if self.plan.targets:
            chores.append(loop.create_task(stack_targets.keep(self.plan.targets)))
        if self.plan.daily:
            chores.append(loop.create_task(_daily(Child(self.plan.daily, Path(self.plan.home) / "logs", (), (), say))))
        return chores

    async def _announce(self) -> None:
        began = time.monotonic()
        for part in self.plan.ready:
            while not await _answers(part):
                if time.monotonic() - began > READY_S:
                    log = Path(self.plan.home) / "logs" / f"{part.name}.log"
                    say(f"{part.name}: no answer yet, see {log} / chưa trả lời, xem {log}")
                    began = time.monotonic()
                await asyncio.sleep(0.1)
        for line in self.plan.announce:
            say(line)


def say(line: str) -> None:
    """Tell the person at the terminal, or the journal."""
    with contextlib.suppress(OSError):
        print(line, flush=True)  # noqa: T201 - the supervisor's own output


async def _answers(part: Ready) -> bool:
    try:
        status, _ = await stack_http.get(part.address, part.path)
    except stack_http.NoAnswer:
        return False
    return status == 200


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _daily(child: Child) -> None:
    while True:
        await asyncio.sleep(_DAY_S)
        await child.once()


def main() -> int:
    """Run the plan named on the command line and return the exit status."""
    plan = Plan.read(Path(sys.argv[1]))
    try:
        asyncio.run(Supervisor(plan).run())
    except NoNamespace as error:
        say(error.reason.vi)
        say(error.reason.en)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

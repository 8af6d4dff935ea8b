"""A session with one SNMP agent: many requests, one future.

A poll is a generator (`collector/agents/plan.py`) that yields after each request; the reader of the socket resumes it
with the answer. So a poll of a dozen requests costs one future, and no task, timer or registration per request. One
sweep per process handles timeouts. Nothing here knows which library owns the socket; see `collector/snmp.py`.
"""

import asyncio
import contextlib
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Final

from collector.agents.numbers import numbers
from collector.agents.patience import Patience
from collector.agents.plan import Column, Garbled, Line, Plan, Refused, Step, TooBig, Value, cells, get, poll
from collector.probe import ProbeFailure

STRAYS_MAX: Final = 200
"""Packets that answer nothing, during one poll or between two; more close the socket."""

IDLE_S: Final = 150.0
"""After this silence the clock of a v3 engine may have left the window (RFC 3414, section 2.2.3)."""


class Sweep:
    """Ends what is overdue, for all sessions of a process at once."""

    def __init__(self, tick_s: float = 0.05) -> None:
        self._tick_s = tick_s
        self._waiting: set[Session] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, session: "Session") -> None:
        """Look after a session until `forget`."""
        self._waiting.add(session)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._tick_s, self._run)

    def forget(self, session: "Session") -> None:
        """Stop looking after a session."""
        self._waiting.discard(session)

    def close(self) -> None:
        """Stop for good."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for session in [each for each in self._waiting if each.due <= now]:
            session.overdue()
        if self._waiting:
            self._timer = loop.call_later(self._tick_s, self._run)


class Session:
    """A persistent conversation with one agent; one poll at a time, others wait for their turn.

    Attributes:
        due: Loop time at which the current request is overdue.
        used_at: Loop time of the last poll.
        memory: What probes remember of this agent between polls.
    """

    __slots__ = (
        "_answers", "_dial", "_future", "_greeting", "_heard_at", "_hints", "_identified", "_known", "_line", "_make",
        "_patience", "_plan", "_step", "_strays", "_sweep", "_tried", "_tries", "_tries_left", "_turn", "due", "memory",
        "used_at",
    )  # fmt: skip

    def __init__(self, dial: Callable[[], Line], sweep: Sweep, *, try_s: float, tries: int = 3) -> None:
        self._dial = dial
        self._sweep = sweep
        self._patience = Patience(try_s, tries)
        self._tries = tries
        self._turn = asyncio.Lock()
        self._line: Line | None = None
        self._plan: Plan | None = None
        self._step: Step | None = None
        self._future: asyncio.Future[Any] | None = None
        self._tries_left = 0
        self._tried = 0
        self._known = False
        self._make: Callable[[Line], Plan] | None = None
        self._strays = 0
        self._answers = 0
        self._greeting = True
        self._heard_at = -IDLE_S
        self._identified = False
        self._hints: dict[str, int] = {}
        self.due = 0.0
        self.used_at = 0.0
        self.memory: dict[str, Any] = {}

    @property
    def busy(self) -> bool:
        """Return whether a poll is running or waiting."""
        return self._turn.locked()

    def allow(self, try_s: float) -> None:
        """Set the seconds after which a request is sent again, from the next one on: polls have their own deadlines."""
        self._patience.try_s = try_s

    async def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """Return the instances that exist among `oids`, and always `SYS_UP_TIME`.

        An instance that the agent does not have is absent. `SYS_UP_TIME` is asked in each packet, so that an agent that
        answers with an error or with nothing is told from one that merely lacks an instance.

        Raises:
            ProbeFailure: No answer, an error-status, or something that is no SNMP.
        """
        found: dict[str, Value] = await self._talk(lambda line: get(line, oids))
        return found

    async def poll(self, oids: Sequence[str], columns: Sequence[str]) -> tuple[dict[str, Value], list[Column]]:
        """Return `get(oids)` and each column, as `walk` gives it, in one go.

        Raises:
            ProbeFailure: As `get`; or rows that do not increase, or more than `ROWS_MAX`.
        """
        answer: tuple[dict[str, Value], list[Column]] = await self._talk(
            lambda line: poll(line, oids, columns, self._hints)
        )
        return answer

    async def cells(
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> tuple[dict[str, Value], list[Value | None]]:
        """Return scalars and the cells of columns whose indexes are known: the cheapest way to ask again.

        Args:
            scalars: Instances that stand alone; an absent one is missing in the answer.
            columns: Columns.
            indexes: Rows, as a walk gave them.

        Returns:
            The scalars with `SYS_UP_TIME` (its lowest value, should the agent restart in between), and the values
            column by column in the order of `indexes`, `None` where the agent has no such cell.

        Raises:
            ProbeFailure: As `get`.
        """
        answer: tuple[dict[str, Value], list[Value | None]] = await self._talk(
            lambda line: cells(line, scalars, columns, indexes, self._hints, keep=_listed)
        )
        return answer

    async def numbers(
        self, scalars: tuple[str, ...], columns: tuple[str, ...], indexes: tuple[str, ...]
    ) -> "tuple[dict[str, Value], array[float]]":
        """Return the same as `cells` where each cell is a whole number; not a number where there is none.

        Raises:
            ProbeFailure: As `get`; or a cell is no whole number.
        """
        answer: tuple[dict[str, Value], array[float]] = await self._talk(
            lambda line: cells(line, scalars, columns, indexes, self._hints, keep=numbers)
        )
        return answer

    async def walk(self, columns: Sequence[str]) -> list[Column]:
        """Return each column; a column that the agent does not have is empty.

        Raises:
            ProbeFailure: As `poll`.
        """
        return (await self.poll((), columns))[1]

    def close(self) -> None:
        """Close the socket; the next poll opens another."""
        if self._line is not None:
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._line.wire.get_fd())
            self._line = None

    def _greet(self, line: Line, plan: Plan) -> Plan:
        """Put what user-based security needs before a plan: the engine's identity, then its clock (RFC 3414)."""
        if line.refresh is not None and self._heard_at + IDLE_S < asyncio.get_running_loop().time():
            if line.identify is not None and not self._identified:
                yield line.refresh
                line.identify()
                self._identified = True
            yield line.refresh
        self._greeting = False
        return (yield from plan)

    # -- the driver ----------------------------------------------------------------------------------------------------

    async def _talk(self, make: Callable[[Line], Plan]) -> Any:  # noqa: ANN401 - narrowed by each public method
        async with self._turn:
            loop = asyncio.get_running_loop()
            self.used_at = loop.time()
            self._future = loop.create_future()
            self._known = self._line is not None
            self._strays = self._answers = self._tried = 0
            self._make = make
            try:
                self._begin(loop)
                return await self._future
            except ProbeFailure:
                if self._line is not None and self._line.refresh is not None:
                    self.close()
                raise
            finally:
                self._sweep.forget(self)
                self._plan = self._step = self._future = self._make = None

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._make is None:
            return
        line = self._open(loop)
        self._greeting = line.refresh is not None
        self._plan = self._greet(line, self._make(line)) if self._greeting else self._make(line)
        self._advance(None)

    def _open(self, loop: asyncio.AbstractEventLoop) -> Line:
        if self._line is None:
            self._line = self._dial()
            self._heard_at, self._identified = -IDLE_S, False
            loop.add_reader(self._line.wire.get_fd(), self._readable)
        return self._line

    def _advance(self, answer: object, error: BaseException | None = None) -> None:
        plan, future = self._plan, self._future
        if plan is None or future is None or future.done():
            return
        try:
            self._step = plan.send(answer) if error is None else plan.throw(error)
            self._tries_left = self._tries - self._tried
            self._patience.begin(asyncio.get_running_loop().time(), self._tries_left)
            self._send()
        except StopIteration as stop:
            future.set_result(stop.value)
        except TooBig as refusal:
            future.set_exception(ProbeFailure(*refusal.args))
        except Garbled:
            future.set_exception(ProbeFailure("snmp_garbled"))
        except Refused:
            future.set_exception(ProbeFailure("snmp_refused"))
        except Exception as failure:  # noqa: BLE001 - handed to the poll, which waits for it
            future.set_exception(failure)

    def _send(self) -> None:
        if self._step is None:
            return
        self._tries_left -= 1
        self.due = self._patience.sent(asyncio.get_running_loop().time())
        self._sweep.watch(self)
        try:
            self._step[0]()
        except BlockingIOError:
            return  # the buffer is full: the sweep sends again
        except (TimeoutError, ConnectionError):
            self.close()
            raise ProbeFailure("snmp_closed") from None
        except OSError as error:
            raise ProbeFailure("snmp_unsendable", error.strerror or "") from None

    def overdue(self) -> None:
        """Send the current request again, or give up.

        A v3 engine that was known and does not answer may be another one now, whose answers are dropped unseen; it is
        greeted anew at once.
        """
        if self._known and not self._answers and self._line is not None and self._line.refresh is not None:
            self._known, self._tried = False, 1
            self.close()
            self._begin(asyncio.get_running_loop())
            return
        if not self._tries_left or self._patience.is_over(asyncio.get_running_loop().time()):
            self._advance(None, ProbeFailure(self._silence()))
            return
        try:
            self._send()
        except ProbeFailure as failure:
            self._advance(None, failure)

    def _silence(self) -> str:
        if self._answers and not self._greeting:
            return "snmp_stalled"
        return "snmp_no_answer" if self._line is None or self._line.refresh is None else "snmp_v3_no_answer"

    def _readable(self) -> None:
        line, step = self._line, self._step
        if line is None:
            return
        try:
            answer = line.wire.recv_get_many() if step is None else step[1]()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the library's panics are no Exception
            self._judge(line, error)
            return
        if step is None:
            self._stray()
            return
        self._heard()
        self._advance(answer)

    def _heard(self) -> None:
        self._answers += 1
        self._tried = 0
        self._heard_at = asyncio.get_running_loop().time()
        self._patience.heard(self._heard_at)
        self._step = None

    def _judge(self, line: Line, error: BaseException) -> None:
        verdict = line.judge(error)
        if verdict == "closed":
            # libuv stops to watch a socket that reports an error, so this one would never be heard again.
            self.close()
        if self._step is None or verdict == "again":
            self._stray()
            return
        self._step = None
        if verdict == "end":
            self._heard()
            self._advance([])
        elif verdict == "closed":
            self._advance(None, ProbeFailure("snmp_closed"))
        else:
            self._advance(None, Refused() if verdict == "refused" else Garbled())

    def _stray(self) -> None:
        self._strays += 1
        if self._step is not None:
            self.due = self._patience.late(asyncio.get_running_loop().time(), self.due)
        if self._strays > STRAYS_MAX:
            self.close()
            self._advance(None, Garbled())


def _listed(values: tuple[Value | None, ...], _: tuple[str, ...]) -> list[Value | None]:
    return list(values)

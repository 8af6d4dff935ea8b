"""Duties: what the API does by itself while it runs, each at its own pace."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from anyio import create_task_group, sleep
from anyio.to_thread import run_sync

from api.house import SILENCES_EVERY_S, STRANGERS_EVERY_S, House
from api.spreadsheets.working import work
from api.watch.postman import deliver
from api.watch.reconcile import EVERY_S, reconcile
from api.watch.reminders import EVERY_S as REMINDED_EVERY_S
from api.watch.reminders import remind
from inventory import replays
from inventory.access import sessions
from inventory.errors import QuangError
from inventory.network import forgetting, settling

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done again and again.

    Attributes:
        name: For the log.
        every_s: Seconds from the end of one run to the start of the next.
        run: What is done. A failure is logged, once until it succeeds again, and the next run comes as usual.
    """

    name: str
    every_s: float
    run: Callable[[House], Awaitable[None]]


async def _tidy(house: House) -> None:
    disabled = await run_sync(sessions.tidy, house.books)
    if disabled:
        _LOG.warning("%d accounts were disabled because nobody used them for 45 days", disabled)
    await run_sync(replays.forget, house.books)


async def _settle(house: House) -> None:
    await run_sync(settling.settle, house.books)
    await run_sync(house.strangers.refresh)


async def _listen(house: House) -> None:
    await run_sync(house.silences.refresh)


async def _forget(house: House) -> None:
    wrong = await run_sync(settling.revise, house.books)
    if wrong:
        _LOG.warning("%d discovered devices were explained by what was written past the program", wrong)
    gone = await run_sync(forgetting.forget, house.books)
    if gone:
        _LOG.info("%d sightings and discovered devices of long ago were forgotten", gone)


DUTIES: Final[tuple[Duty, ...]] = (
    Duty("tidy up sessions, idle accounts and replays", 600.0, _tidy),
    Duty("forget what was seen long ago", 3_600.0, _forget),
    Duty("set aside what the books explain", STRANGERS_EVERY_S, _settle),
    Duty("count whom the network misses", SILENCES_EVERY_S, _listen),
    Duty("deliver messages", 0.05, deliver),
    Duty("work through files of rows", 0.2, work),
    Duty("compare incidents with Prometheus", EVERY_S, reconcile),
    Duty("remind of counts that are due", REMINDED_EVERY_S, remind),
)


async def run(house: House, duties: Sequence[Duty] = DUTIES) -> None:
    """Do all duties until cancelled; one that fails does not stop the others.

    When it ends no duty uses the database any more: a thread that is at work is waited for, which asyncio's own groups
    of tasks would leave alone with its connection.
    """
    async with create_task_group() as group:
        for duty in duties:
            group.start_soon(_repeat, house, duty, name=duty.name)


async def _repeat(house: House, duty: Duty) -> None:
    failing = False
    while True:
        if house.ready:
            failing = await _once(house, duty, failing=failing)
        await sleep(duty.every_s if house.ready else min(1.0, duty.every_s))


async def _once(house: House, duty: Duty, *, failing: bool) -> bool:
    try:
        await duty.run(house)
    except QuangError as error:
        if not failing:
            _LOG.error("duty %r failed: %s", duty.name, error)
        return True
    except Exception:  # noqa: BLE001 - a duty with a mistake in it must not stop the others
        if not failing:
            _LOG.exception("duty %r failed", duty.name)
        return True
    if failing:
        _LOG.info("duty %r works again", duty.name)
    return False

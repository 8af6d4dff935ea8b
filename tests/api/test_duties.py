import asyncio
import logging
import threading

import pytest
from anyio.to_thread import run_sync
from sqlalchemy import text

from api.duties import DUTIES, Duty, run
from api.house import House
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Unavailable
from inventory.text import Text

REASON = Text(vi="Không trả lời.", en="No answer.")


def living(house: House, *duties: Duty, until: asyncio.Event | None = None) -> None:
    """Let the duties be done until something has come about, or for a moment."""

    async def some_time() -> None:
        working = asyncio.create_task(run(house, duties))
        if until is None:
            await asyncio.sleep(0.3)
        else:
            async with asyncio.timeout(60):
                await until.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(some_time())


@pytest.fixture
def house(books: object) -> House:
    return House(settings=None, books=books, ready=True)  # type: ignore[arg-type] # these duties ask for neither


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("failure", [Unavailable(REASON, REASON), RuntimeError("a mistake")])
def test_a_duty_that_fails_stops_no_other_and_is_logged_once(
    house: House, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    done: list[str] = []
    often_enough = asyncio.Event()

    async def failing(_house: House) -> None:
        done.append("failing")
        if len([name for name in done if name == "failing"]) < 4:
            raise failure

    async def working(_house: House) -> None:
        done.append("working")
        if min(done.count("working"), done.count("failing")) >= 6:
            often_enough.set()

    with caplog.at_level(logging.INFO):
        living(
            house, Duty("the failing one", 0.02, failing), Duty("the working one", 0.02, working),
            until=often_enough,
        )  # fmt: skip
    told = [record.getMessage() for record in caplog.records if "the failing one" in record.getMessage()]
    assert len(told) == 2
    assert "failed" in told[0]
    assert "works again" in told[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_duties_wait_until_the_database_is_there(house: House) -> None:
    done: list[int] = []
    at_last = asyncio.Event()

    async def duty(_house: House) -> None:
        done.append(1)
        at_last.set()

    house.ready = False
    living(house, Duty("one", 0.02, duty))
    assert done == []
    house.ready = True
    living(house, Duty("one", 0.02, duty), until=at_last)


def test_whoever_stops_the_duties_waits_until_the_database_is_let_go(books: Books) -> None:
    asked, may_go_on = threading.Event(), threading.Event()

    def ask() -> None:
        with reading(books.engine) as session:
            session.execute(text("SELECT 1"))
            asked.set()
            may_go_on.wait(60)

    async def stopped_in_the_midst() -> int:
        house = House(settings=None, books=books, ready=True)  # type: ignore[arg-type] # this duty asks for none
        working = asyncio.create_task(run(house, [Duty("ask", 60, lambda _house: run_sync(ask))]))
        await asyncio.to_thread(asked.wait, 60)
        working.cancel()
        asyncio.get_running_loop().call_later(0.2, may_go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await working
        return books.engine.pool.checkedout()  # type: ignore[attr-defined,no-any-return] # of a pool with a bound

    assert asyncio.run(stopped_in_the_midst()) == 0


def test_tidying_up_is_a_duty_that_works_on_both_databases(house: House) -> None:
    tidy = next(duty for duty in DUTIES if "tidy" in duty.name)
    asyncio.run(_once(tidy, house))


async def _once(duty: Duty, house: House) -> None:
    await duty.run(house)

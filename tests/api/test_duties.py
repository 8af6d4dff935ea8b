import asyncio
import logging

import pytest

from api.duties import DUTIES, Duty, run
from api.house import House
from inventory.errors import Unavailable
from inventory.text import Text

REASON = Text(vi="Không trả lời.", en="No answer.")


def living(house: House, *duties: Duty, seconds: float = 0.3) -> None:
    async def some_time() -> None:
        working = asyncio.create_task(run(house, duties))
        await asyncio.sleep(seconds)
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

    async def failing(_house: House) -> None:
        done.append("failing")
        if len([name for name in done if name == "failing"]) < 4:
            raise failure

    async def working(_house: House) -> None:
        done.append("working")

    with caplog.at_level(logging.INFO):
        living(house, Duty("the failing one", 0.02, failing), Duty("the working one", 0.02, working))
    assert done.count("working") >= 5
    assert done.count("failing") >= 5
    told = [record.getMessage() for record in caplog.records if "the failing one" in record.getMessage()]
    assert len(told) == 2
    assert "failed" in told[0]
    assert "works again" in told[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_duties_wait_until_the_database_is_there(house: House) -> None:
    done: list[int] = []

    async def duty(_house: House) -> None:
        done.append(1)

    house.ready = False
    living(house, Duty("one", 0.02, duty))
    assert done == []


def test_tidying_up_is_a_duty_that_works_on_both_databases(house: House) -> None:
    tidy = next(duty for duty in DUTIES if "tidy" in duty.name)
    asyncio.run(_once(tidy, house))


async def _once(duty: Duty, house: House) -> None:
    await duty.run(house)

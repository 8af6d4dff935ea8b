import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pytest

from collector.upstream import delivery as module
from collector.upstream.client import Client
from collector.upstream.delivery import Delivery
from collector.upstream.reports import Report
from collector.upstream.spool import Spool
from tests.support.api_peer import ApiPeer


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    made = ApiPeer()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", (0.05, 0.1))


def reports(first: int, count: int) -> list[Report]:
    return [{"uid": f"{number:032x}", "detail": "x"} for number in range(first, first + count)]


def uids(api: ApiPeer) -> list[int]:
    return [int(report["uid"], 16) for report in api.reports]


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.02)


def deliver(path: Path, url: str, act: Callable[[Delivery], Awaitable[None]]) -> Delivery:
    async def go() -> Delivery:
        async with Client(url, "edge", lambda: ("first-token",)) as client:
            made = Delivery(Spool(path), client)
            task = asyncio.create_task(made.run())
            await act(made)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return made

    return asyncio.run(go())


def test_reports_arrive_in_order_and_leave_the_disk(api: ApiPeer, tmp_path: Path) -> None:
    async def act(made: Delivery) -> None:
        made.add(reports(0, 3))
        made.add([])
        made.add(reports(3, 1200))
        await until(lambda: len(api.reports) == 1203)
        await until(lambda: made.waiting == 0)

    deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == list(range(1203))
    assert max(len(body["reports"]) for _, _, body in api.bodies) <= 500


def test_reports_wait_while_the_api_is_away_and_come_in_order_when_it_is_back(
    api: ApiPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    api.status = 503

    async def act(made: Delivery) -> None:
        made.add(reports(0, 5))
        await until(lambda: "wait on disk" in caplog.text and api.count("/reports") > 2)
        made.add(reports(5, 5))
        await until(lambda: made.waiting == 10)
        api.status = None
        await until(lambda: made.waiting == 0)

    deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == list(range(10))
    assert sum("wait on disk" in message for message in caplog.messages) == 1


class SlowSpool(Spool):
    """One whose disk takes its time to say that it has written."""

    def put(self, given: Sequence[Report]) -> None:
        super().put(given)
        time.sleep(0.2)


def test_each_report_that_waits_counts_once_on_its_way_to_the_disk_too(api: ApiPeer, tmp_path: Path) -> None:
    api.status = 503
    counted: set[int] = set()

    async def act() -> None:
        async with Client(api.url, "edge", lambda: ("first-token",)) as client:
            spool = SlowSpool(tmp_path / "spool.db")
            made = Delivery(spool, client)
            made.add(reports(0, 10))
            task = asyncio.create_task(made.run())
            async with asyncio.timeout(60):
                while spool.rows < 10 or made._writing:
                    counted.add(made.waiting)
                    await asyncio.sleep(0.01)
            counted.add(made.waiting)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(act())
    assert counted == {10}


def test_what_was_not_delivered_is_delivered_after_a_restart(tmp_path: Path) -> None:
    away = ApiPeer()
    away.close()

    async def write(made: Delivery) -> None:
        made.add(reports(0, 4))
        await until(lambda: made._spool.rows == 4)
        made.add(reports(4, 1))  # still in memory when it ends

    deliver(tmp_path / "spool.db", away.url, write)
    api = ApiPeer()
    try:
        deliver(tmp_path / "spool.db", api.url, lambda _: until(lambda: len(api.reports) == 5))
        assert uids(api) == list(range(5))
    finally:
        api.close()


def test_an_answer_that_was_lost_does_not_double_a_report(api: ApiPeer, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.put(reports(0, 3))
    spool.close()
    api.answer("POST", "/reports", {"reports": reports(0, 2)}, None)
    deliver(tmp_path / "spool.db", api.url, lambda made: until(lambda: made.waiting == 0))
    assert uids(api) == [0, 1, 2]


def test_one_report_that_the_api_cannot_take_does_not_block_the_others(api: ApiPeer, tmp_path: Path) -> None:
    api.refuse_uids = {f"{7:032x}"}

    async def act(made: Delivery) -> None:
        made.add(reports(0, 40))
        await until(lambda: made.waiting == 0)

    made = deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == [number for number in range(40) if number != 7]
    assert made.dropped == 1


@pytest.mark.parametrize("status", [409, 500])
def test_one_report_over_which_the_api_stumbles_does_not_block_the_others(
    status: int, api: ApiPeer, tmp_path: Path
) -> None:
    api.refuse_uids, api.refuse_status = {f"{number:032x}" for number in (3, 4, 9)}, status

    async def act(made: Delivery) -> None:
        made.add(reports(0, 12))
        await until(lambda: len(uids(api)) == 9 and made.dropped == 3)

    made = deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == [0, 1, 2, 5, 6, 7, 8, 10, 11]
    assert made.dropped == 3


def test_an_api_that_stumbles_over_everything_costs_no_report(api: ApiPeer, tmp_path: Path) -> None:
    api.status = 500

    async def act(made: Delivery) -> None:
        made.add(reports(0, 4))
        await asyncio.sleep(1.5)
        assert made.waiting == 4
        api.status = None
        await until(lambda: made.waiting == 0)

    assert deliver(tmp_path / "spool.db", api.url, act).dropped == 0
    assert sorted(uids(api)) == list(range(4))


def test_a_spool_that_is_damaged_while_it_is_in_use_is_replaced_by_a_new_one(api: ApiPeer, tmp_path: Path) -> None:
    path, api.status = tmp_path / "spool.db", 503

    async def act(made: Delivery) -> None:
        made.add([{**report, "detail": "x" * 4_000} for report in reports(0, 1_000)])
        await until(lambda: made._spool.rows == 1_000)
        with path.open("r+b") as file:
            file.seek(4_096)
            file.write(b"\xff" * (path.stat().st_size - 4_096))
        api.status = None
        await until(lambda: made.waiting == 0)
        made.add(reports(1_000, 2))
        await until(lambda: len(api.reports) > 1 and made.waiting == 0)

    made = deliver(path, api.url, act)
    assert made.dropped >= 1_002 - len(api.reports) > 0
    assert uids(api)[-2:] == [1_000, 1_001]
    assert (tmp_path / "spool.db.damaged").exists()


def test_a_refused_token_keeps_the_reports(api: ApiPeer, tmp_path: Path) -> None:
    api.tokens = {"another"}

    async def act(made: Delivery) -> None:
        made.add(reports(0, 2))
        await asyncio.sleep(0.3)
        assert made.waiting == 2
        api.tokens = {"first-token"}
        await until(lambda: made.waiting == 0)

    deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == [0, 1]


def test_a_flood_before_the_disk_is_bounded_and_counted(
    api: ApiPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_IN_MEMORY", 10)

    async def act(made: Delivery) -> None:
        made.add(reports(0, 25))
        await until(lambda: made.waiting == 0)

    made = deliver(tmp_path / "spool.db", api.url, act)
    assert uids(api) == list(range(15, 25))
    assert made.dropped == 15

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collector.upstream.reports import Report
from collector.upstream.spool import BATCH, Spool
from tests.support.disks import fill, small_disk


def report(number: int, size: int = 10) -> Report:
    return {"uid": f"{number:032x}", "detail": "ắ" * size}


def uids(spool: Spool, most: int = 1_000_000) -> list[int]:
    return [int(body["uid"] or "", 16) for _, body in spool.head(most)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


def test_reports_come_out_in_the_order_in_which_they_went_in(path: Path) -> None:
    spool = Spool(path)
    spool.put([report(1), report(2)])
    spool.put([report(3)])
    assert uids(spool) == [1, 2, 3]
    spool.done([spool.head()[0][0]])
    assert (uids(spool), spool.rows) == ([2, 3], 2)
    spool.close()


def test_a_batch_is_bounded(path: Path) -> None:
    spool = Spool(path)
    spool.put([report(number) for number in range(BATCH + 7)])
    assert len(spool.head()) == BATCH
    spool.close()


def test_what_waits_is_still_there_after_a_restart(path: Path) -> None:
    spool = Spool(path)
    spool.put([report(1), report(2)])
    spool.close()
    again = Spool(path)
    assert (uids(again), again.rows, again.dropped) == ([1, 2], 2, 0)
    again.close()


def test_a_full_spool_drops_its_oldest_and_counts_them_over_a_restart(path: Path) -> None:
    spool = Spool(path, max_rows=1000)
    spool.put([report(number) for number in range(1000)])
    spool.put([report(1000)])
    left = uids(spool)
    assert left[-1] == 1000
    assert left == list(range(left[0], 1001))
    assert spool.dropped == left[0] > 0
    assert spool.rows == len(left) <= 1000
    spool.close()
    again = Spool(path, max_rows=1000)
    assert again.dropped == left[0]
    again.close()


def test_more_at_once_than_there_is_room_keeps_the_newest(path: Path) -> None:
    spool = Spool(path, max_rows=1000)
    spool.put([report(number) for number in range(2500)])
    assert uids(spool) == list(range(1500, 2500))
    assert spool.dropped == 1500
    spool.close()


def test_a_file_that_may_not_grow_drops_the_oldest(path: Path) -> None:
    spool = Spool(path, max_bytes=400_000)
    for number in range(0, 3000, 50):
        spool.put([report(n, 200) for n in range(number, number + 50)])
    left = uids(spool)
    assert left[-1] == 2999
    assert left == list(range(left[0], 3000))
    assert spool.dropped == left[0] > 1000
    assert path.stat().st_size <= 400_000
    spool.close()


def test_a_full_disk_drops_the_oldest_and_never_raises(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        spool = Spool(disk / "spool.db")
        for number in range(0, 9000, 50):
            spool.put([report(n, 200) for n in range(number, number + 50)])
        left = uids(spool)
        assert left == list(range(left[0], 9000))
        assert spool.dropped == left[0] > 3000
        assert len(left) > 1000
        spool.done(number for number, _ in spool.head(100))
        assert spool.rows == len(left) - 100
        spool.close()


def test_a_disk_that_others_have_filled_still_takes_what_the_reserve_holds(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        spool = Spool(disk / "spool.db")
        fill(disk)
        spool.put([report(number, 200) for number in range(500)])
        assert (uids(spool), spool.dropped) == (list(range(500)), 0)
        spool.close()


def test_a_damaged_file_is_set_aside(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)
    spool = Spool(path)
    spool.put([report(1)])
    assert uids(spool) == [1]
    assert path.with_name("spool.db.damaged").read_bytes().startswith(b"this is no database")
    spool.close()


def test_a_report_whose_text_is_damaged_is_dropped_and_the_others_go_on(path: Path) -> None:
    spool = Spool(path)
    spool.put([report(number) for number in range(5)])
    spool.close()
    database = sqlite3.connect(path)
    for number, body in ((1, b"\xff\xfe"), (3, b'{"uid": "'), (4, b"[1]")):
        database.execute("UPDATE report SET body = CAST(? AS TEXT) WHERE id = ?", (body, number))
    database.commit()
    database.close()
    again = Spool(path)
    assert uids(again, 2) == [1]
    assert (uids(again), again.rows, again.dropped) == ([1, 4], 2, 3)
    again.close()


@pytest.mark.parametrize(
    ("table", "damaged"),
    [
        (b"body TEXT", b"boAy TEXT"),
        (b"value INTEGER", b"vaAue INTEGER"),
        (b"id INTEGER PRIMARY", b"id INTEGEN PRIMARY"),
        (b"body TEXT", b"body TEXA"),
        (b"body TEXT", b"bo\xffy TEXT"),
    ],
)
def test_a_file_whose_tables_have_become_others_is_set_aside(path: Path, table: bytes, damaged: bytes) -> None:
    spool = Spool(path)
    spool.put([report(1)])
    spool.close()
    whole = path.read_bytes()
    assert whole.count(table) == 1
    path.write_bytes(whole.replace(table, damaged))
    again = Spool(path)
    again.put([report(2)])
    assert (uids(again), again.rows) == ([2], 1)
    assert path.with_name("spool.db.damaged").exists()
    again.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200) | st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=20))
@example([(47, 5)])
@example([(18, 9)])
@example([(19, 9)])
def test_whatever_happens_to_the_file_new_reports_get_through(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.mktemp("spool") / "spool.db"
    spool = Spool(path)
    spool.put([report(number, 300) for number in range(40)])
    spool.close()
    raw = bytearray(path.read_bytes())
    for place, octet in damage:
        raw[place % len(raw)] = octet
    path.write_bytes(raw)
    again = Spool(path)
    again.put([{"uid": f"{99:032x}", "detail": "new"}])
    assert [body for _, body in again.head(1_000)][-1] == {"uid": f"{99:032x}", "detail": "new"}
    again.close()


def test_a_refused_report_counts_as_dropped(path: Path) -> None:
    spool = Spool(path)
    spool.put([report(1), report(2)])
    spool.done([spool.head()[0][0]], refused=True)
    assert (uids(spool), spool.dropped) == ([2], 1)
    spool.close()


def test_the_reports_of_a_worker_that_is_gone_are_taken_over(path: Path, tmp_path: Path) -> None:
    left = Spool(tmp_path / "spool-3.db")
    left.put([report(number) for number in range(1200)])
    left.close()
    spool = Spool(path)
    spool.put([report(5000)])
    spool.adopt(tmp_path / "spool-3.db")
    assert uids(spool) == [5000, *range(1200)]
    assert [entry.name for entry in tmp_path.glob("spool-3*")] == []
    spool.close()


def test_nobody_else_can_read_the_file(path: Path) -> None:
    Spool(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        Spool(tmp_path / "nowhere" / "spool.db")


WRITER = """
import sys
from pathlib import Path
from collector.upstream.spool import Spool
spool = Spool(Path(sys.argv[1]))
number = spool.rows
while True:
    spool.put([{"uid": f"{number:032x}", "detail": "x"}])
    print(number, flush=True)
    number += 1
"""


def test_kill_9_loses_nothing_that_was_written(path: Path) -> None:
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told = [writer.stdout.readline()]
        time.sleep(0.3)
        os.kill(writer.pid, signal.SIGKILL)
        told += writer.communicate(timeout=30)[0].split()
        spool = Spool(path)
        left = uids(spool)
        assert left == list(range(len(left)))
        assert len(left) >= int(told[-1]) + 1
        spool.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=8))
def test_order_holds_and_every_report_is_waiting_confirmed_or_counted(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    spool = Spool(tmp_path_factory.mktemp("spool") / "spool.db", max_rows=1000)
    number = confirmed = 0
    for size in sizes:
        spool.put([report(number + n) for n in range(size)])
        number += size
        batch = spool.head(size // 2)
        spool.done(row for row, _ in batch)
        confirmed += len(batch)
    left = uids(spool)
    assert left == list(range(number - len(left), number))
    assert len(left) + confirmed + spool.dropped == number
    spool.close()

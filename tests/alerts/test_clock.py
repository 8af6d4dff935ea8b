"""A machine whose clock is set back: Prometheus holds samples of what is the future now, and still sees a cut."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.listener import Listener, listening
from tests.support.monitoring import until
from tests.support.watching import Watch

AHEAD_S = 480
"""Prometheus takes no sample of more than ten minutes ahead; what it has taken stands for what it read before."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


def test_a_cut_is_seen_although_the_clock_was_set_back(tmp_path: Path, listener: Listener) -> None:
    watch = Watch(tmp_path / "watch", listener, "token")
    page = listener.pages["/site"][1]
    # From the first reading on: nothing of today is known.
    _show_ahead(listener, page)
    with watch.prometheus():
        until(lambda: _reads_ahead(watch, listener, page), seconds=60, name="samples of the future", pause_s=0.5)
        assert not watch.has_read()
        watch.cut()
        watch.wait_for(firing=True)
        watch.restore()
        watch.wait_for(firing=False)


def _show_ahead(listener: Listener, page: str) -> float:
    """Let the page tell of the future, and return of which moment."""
    ahead = time.time() + AHEAD_S
    lines = (f"{line} {round(ahead * 1_000)}\n" for line in page.splitlines())
    listener.pages["/site"] = ("text/plain; version=0.0.4", "".join(lines))
    return ahead


def _reads_ahead(watch: Watch, listener: Listener, page: str) -> bool:
    ahead = _show_ahead(listener, page)
    asked = {"query": "count(count_over_time(ifOperStatus[1m]) > 2)", "time": f"{ahead:.3f}"}
    answer = httpx.get(f"{watch.url}/api/v1/query", params=asked, timeout=30)
    return bool(answer.raise_for_status().json()["data"]["result"])

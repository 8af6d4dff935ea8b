import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.relay import Relay


def forwarded(folder: Path, act: Callable[[list[Relay]], None], workers: int = 3) -> dict[int, list[str]]:
    """Return what each worker was asked to poll."""
    asked: dict[int, list[str]] = {number: [] for number in range(workers)}

    async def go() -> None:
        made = [Relay(folder, number, workers, asked[number].append) for number in range(workers)]
        for one in made:
            await one.listen()
        act(made)
        await asyncio.sleep(0.1)
        for one in made:
            one.close()
        await asyncio.sleep(0)

    asyncio.run(go())
    return asked


def test_every_other_worker_is_asked(tmp_path: Path) -> None:
    assert forwarded(tmp_path, lambda made: made[0].forward("r1")) == {0: [], 1: ["r1"], 2: ["r1"]}


def test_a_worker_that_is_gone_holds_up_nobody(tmp_path: Path) -> None:
    def act(made: list[Relay]) -> None:
        (tmp_path / "relay-1").unlink()
        made[0].forward("r1")

    assert forwarded(tmp_path, act)[2] == ["r1"]


def test_a_socket_left_by_a_killed_worker_is_taken_over(tmp_path: Path) -> None:
    forwarded(tmp_path, lambda _: None)
    assert forwarded(tmp_path, lambda made: made[0].forward("r2"))[1] == ["r2"]


def test_a_folder_whose_path_is_too_long_for_a_socket_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    assert forwarded(deep, lambda made: made[0].forward("r1")) == {0: [], 1: [], 2: []}
    assert "bring no poll forward" in caplog.text

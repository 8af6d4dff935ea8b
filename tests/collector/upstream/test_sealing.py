"""What is secret on its way to the API: sealed while it waits on disk, told once, read by nobody without the token."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.probe import Configuration, Result
from collector.shell.configs import unpacked
from collector.target import Target
from collector.upstream.client import Client
from collector.upstream.delivery import Delivery
from collector.upstream.reports import PACKED, Report, Reporter
from collector.upstream.sealing import Unsealable, seal, unseal
from collector.upstream.spool import Spool
from tests.support.api_peer import ApiPeer
from tests.support.parts import free_port

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TEXT = "hostname sw\nsnmp-server community planted-c0mmunity RO\nend\n"
TARGET = Target(instance="sw", site="huyen", probe="ssh_config", interval_s=21_600, timeout_s=60)


@pytest.fixture
def api() -> Iterator[ApiPeer]:
    made = ApiPeer()
    yield made
    made.close()


def read(text: str = TEXT, *, hours: float = 0) -> Result:
    at = NOW + timedelta(hours=hours)
    return Result(TARGET, at, 1.0, success=True, configuration=Configuration("ios", text))


def told(reporter: Reporter, result: Result) -> list[Report]:
    return [one for one in reporter.reports(result, "network") if one["kind"] == "configuration"]


def deliver(path: Path, url: str, tokens: Sequence[str], reports: Sequence[Report], seconds: float) -> Delivery:
    async def go() -> Delivery:
        async with Client(url, "edge", lambda: tokens) as client:
            made = Delivery(Spool(path), client)
            task = asyncio.create_task(made.run())
            made.add(reports)
            end = asyncio.get_running_loop().time() + seconds
            await asyncio.sleep(0.3)
            while made.waiting and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - another thread works
                await asyncio.sleep(0.02)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return made

    return asyncio.run(go())


@given(st.binary(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_only_the_token_opens_what_it_sealed(plain: bytes, token: str, other: str) -> None:
    token, other = (word.encode(errors="ignore").decode() for word in (token, other))
    sealed = seal(plain, token, b"one")
    assert unseal(sealed, (other + "x", token), b"one") == plain
    for tokens, purpose in (((token + "x",), b"one"), ((token,), b"other"), ((), b"one")):
        with pytest.raises(Unsealable):
            unseal(sealed, tokens, purpose)


@pytest.mark.parametrize("cut", [0, 10, 28, 40])
def test_what_was_cut_short_or_changed_does_not_open(cut: int) -> None:
    sealed = seal(b"secret words", "token", b"one")
    for broken in (sealed[:cut], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(Unsealable):
            unseal(broken, ("token",), b"one")


def test_a_configuration_is_told_when_it_changes_and_once_a_day() -> None:
    reporter = Reporter()
    (first,) = told(reporter, read())
    assert unpacked(first[PACKED] or "") == TEXT
    assert (first["instance"], first["platform"], first["at"]) == ("sw", "ios", "2026-11-23T03:00:00.000Z")
    assert told(reporter, read("! Last configuration change at 10:00\n" + TEXT, hours=6)) == []
    assert len(told(reporter, read(TEXT + "! more\n", hours=12))) == 1
    assert told(reporter, read(TEXT + "! more\n", hours=18)) == []
    assert len(told(reporter, read(TEXT + "! more\n", hours=37))) == 1
    reporter.forget(TARGET.key)
    assert len(told(reporter, read(TEXT + "! more\n", hours=38))) == 1


def test_on_the_disk_it_is_sealed_and_over_the_wire_it_is_whole(api: ApiPeer, tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    (report,) = told(Reporter(), read())
    deliver(path, f"http://127.0.0.1:{free_port()}", ("first-token",), [report], 0.5)
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (report["uid"] or "").encode() in on_disk
    assert (report[PACKED] or "").encode() not in on_disk
    made = deliver(path, api.url, ("next-token", "first-token"), [], 60)
    assert (made.waiting, made.dropped) == (0, 0)
    assert api.reports == [report]


def test_what_no_token_opens_any_more_is_dropped_and_holds_up_nothing(
    api: ApiPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "spool.db"
    (report,) = told(Reporter(), read())
    deliver(path, f"http://127.0.0.1:{free_port()}", ("forgotten",), [report, {"uid": "0" * 32}], 0.5)
    with caplog.at_level(logging.WARNING):
        made = deliver(path, api.url, ("first-token",), [], 60)
    assert (made.waiting, made.dropped) == (0, 1)
    assert [one["uid"] for one in api.reports] == ["0" * 32]
    assert "a report of sw was sealed with a token that is gone" in caplog.text

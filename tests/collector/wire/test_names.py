import asyncio
import ctypes
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from collector.probe import Result
from collector.wire import names
from collector.wire.names import MOST_AT_ONCE, look_up
from tests.support.namespace import alone
from tests.support.parts import need
from tests.support.polling import Poller, polling
from tests.support.speaker import Speaker

_NEW_MOUNTS = 0x20000


def silent_name_server(folder: Path) -> socket.socket:
    """Let the calling thread's machine have a name server that never answers; gives its socket."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "unshare")
    file = folder / "resolv.conf"
    file.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:1\n", encoding="utf-8")
    for command in (("--make-rprivate", "/"), ("--bind", str(file), "/etc/resolv.conf")):
        subprocess.run([need("mount"), *command], check=True, timeout=60)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    return server


def break_the_silence(server: socket.socket) -> None:
    """Say of each name that there is none until nobody asks any more."""
    server.settimeout(0.05)
    while any(thread.name == "names" for thread in threading.enumerate()):
        with suppress(TimeoutError):
            asked, peer = server.recvfrom(1_000)
            server.sendto(asked[:2] + b"\x81\x83" + asked[4:], peer)


def test_names_whose_servers_are_silent_keep_no_other_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "LOOK_UP_S", 1.0)

    async def all_at_once(poll: Poller, port: int) -> list[Result]:
        async with asyncio.TaskGroup() as group:
            urls = [f"http://office-{number}.example/" for number in range(8)]
            silent = [group.create_task(poll("http", address=None, url=url)) for url in urls]
            for _ in range(20):
                await asyncio.sleep(0)  # until all have asked
            # Less than a silent server takes, and long for a name that the machine knows by itself.
            monkeypatch.setattr(names, "LOOK_UP_S", 20.0)
            known = await poll("http", address=None, url=f"http://localhost:{port}/")
        return [*(one.result() for one in silent), known]

    def inside() -> list[Result]:
        with (
            silent_name_server(tmp_path) as silent,
            Speaker(lambda _: (b"HTTP/1.1 200 OK\r\n\r\n",)) as server,
        ):
            results: list[Result] = polling(lambda poll: all_at_once(poll, server.port))
            break_the_silence(silent)
            return results

    *silent, known = alone(inside)
    assert known.success, known
    assert {(result.reason, result.detail) for result in silent} == {
        ("dns", f"office-{number}.example") for number in range(8)
    }


def test_questions_beyond_the_bound_fail_at_once_and_the_bound_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: go_on.wait(60) and [])

    async def ask() -> None:
        waiting = [asyncio.create_task(look_up("office.example", 80)) for _ in range(MOST_AT_ONCE)]
        await asyncio.sleep(0)
        with pytest.raises(BlockingIOError):
            await look_up("one.more.example", 80)
        go_on.set()
        assert await asyncio.gather(*waiting) == [[]] * MOST_AT_ONCE
        assert await look_up("one.more.example", 80) == []

    asyncio.run(ask())


def test_an_answer_that_comes_when_nobody_waits_any_more_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, gone = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        go_on.wait(60)
        gone.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(names, "LOOK_UP_S", 0.05)

    async def ask() -> None:
        with pytest.raises(TimeoutError):
            await look_up("office.example", 80)

    asyncio.run(ask())
    go_on.set()
    assert gone.wait(60)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".example", "."])
def test_what_is_no_name_is_said_to_be_none(host: str) -> None:
    with pytest.raises((OSError, UnicodeError)):
        asyncio.run(look_up(host, 80))


def test_addresses_come_once_each_in_the_resolver_s_order() -> None:
    assert "127.0.0.1" in (found := asyncio.run(look_up("localhost", 80)))
    assert len(found) == len(set(found))

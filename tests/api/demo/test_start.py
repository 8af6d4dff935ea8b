"""The demonstration as people use it: faults from another window, and parts that come back in the same network."""

import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.support.parts import need
from tests.support.running import Stack, quang, ready, running, wait


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    for program in ("prometheus", "prometheus-alertmanager", "unshare", "nsenter", "ip"):
        need(program)
    with running("demo", home=tmp_path_factory.mktemp("demo") / "home") as it:
        yield ready(it)


def count(demo: Stack, expression: str) -> int:
    url = f"http://127.0.0.1:{demo.ports()['prometheus']}/api/v1/query"
    try:
        found = httpx.get(url, params={"query": expression}, timeout=20).json()["data"]["result"]
    except (httpx.HTTPError, KeyError):
        return -1
    return int(float(found[0]["value"][1])) if found else 0


def all_answer(demo: Stack) -> bool:
    return count(demo, 'count(probe_success{probe=~"icmp|snmp_link"} == 1)') == 51


def test_it_tells_what_to_try_and_where_the_messages_are(demo: Stack) -> None:
    assert "quang demo cut vinh-tuy" in demo.text()
    assert str(demo.home / "mail") in demo.text()


def test_every_device_answers_ping_and_every_router_snmp(demo: Stack) -> None:
    wait(lambda: all_answer(demo), 60, "27 devices and 24 routers")


def test_power_off_silences_a_site_and_restore_brings_it_back(demo: Stack) -> None:
    wait(lambda: all_answer(demo), 60)
    done = quang("demo", "power-off", "tan-lap", home=demo.home)
    assert (done.returncode, "tan-lap-r1" in done.stdout) == (0, True)
    wait(lambda: count(demo, 'count(probe_success{probe="icmp"} == 0)') == 1, 60, "one device down")
    assert quang("demo", "restore", "tan-lap", home=demo.home).returncode == 0
    wait(lambda: all_answer(demo), 60, "all back")


def test_a_dimmed_line_stays_up_and_loses_light(demo: Stack) -> None:
    wait(lambda: all_answer(demo), 60, "27 devices and 24 routers")
    assert quang("demo", "dim", "viet-quang", "--db", "5", home=demo.home).returncode == 0
    wait(lambda: all_answer(demo), 60, "27 devices and 24 routers")
    assert quang("demo", "restore", home=demo.home).stdout.strip() == "✓ bq-viet-quang"


def test_a_fault_that_cannot_be_is_refused_in_both_languages(demo: Stack) -> None:
    for words in (("cut", "nowhere"), ("power-off", "huyen-bac-quang"), ("dim", "tan-lap", "--db", "99")):
        done = quang("demo", *words, home=demo.home)
        assert done.returncode == 1
        assert len([line for line in done.stderr.splitlines() if line]) == 4


@pytest.mark.parametrize("part", ["lab", "collector", "mail"])
def test_a_part_that_is_killed_comes_back_in_the_same_network(demo: Stack, part: str) -> None:
    before = wait(lambda: demo.children().get(part))
    os.kill(before, signal.SIGKILL)
    wait(lambda: demo.children().get(part, before) != before, 60, f"{part} started again")
    wait(lambda: all_answer(demo), 60, "every device")

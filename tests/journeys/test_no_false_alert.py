"""What happens to devices, clocks and programs every week, with traffic on the ports: nobody is alarmed for nothing.

A device that restarts, interfaces that are numbered anew, counters that end, clocks that are set and programs that
stand still leave the states as they were, every rate within what was really carried, and every series as it was called.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.agents.system import SYS_DESCR
from inventory.books import Books, open_books, prepare
from inventory.settings import Settings
from tests.support.clock import Clock
from tests.support.hostile_agent import HostileAgent, cell
from tests.support.monitoring import until
from tests.support.network import community, line, router, site
from tests.support.ports import Traffic, counted, index_of, lay, own_network, rebase, take_away
from tests.support.snmpd import Snmpd
from tests.support.standing import RATE_S, Identities, Standing, standing, wait_for
from tests.support.switch import device

pytestmark = [pytest.mark.root, pytest.mark.alone]

CABLES = (("p1", "q1", 10), ("p2", "q2", 11))
SWAPPED = (("p2", "q2", 10), ("p1", "q1", 11))
MARGIN = 2_000_000
"""Octets that the counters are from their ends at the beginning."""

PUSHED_S = 3.0
STOOD_S = 6
SPEED_BPS = 1e9
EACH_SECOND = {
    "snmp_interfaces": {"interval_s": 1},
    "snmp_system": {"interval_s": 1},
    "snmp_link": {"interval_s": 1},
    **{f"snmp_{kind}": {"enabled": False} for kind in ("optics", "host", "sensors", "arp", "fdb", "neighbours")},
}
CARRIED = f'count(rate(ifHCInOctets{{ifName="p1"}}[{RATE_S}s]) > 0) == 2'

NAMED = {SYS_DESCR: cell("a switch that is made by hand")}

LATE = frozenset(
    f"{what} pending"
    for what in ("CollectorDown collector:main", "CollectorBehind collector:main", "APIDown rule:APIDown")
)
"""What is on the way while a program does not answer, or the tests leave it no time, and ends before it is told."""

_EACH_ASKED = (
    'count(count_over_time(probe_success{{probe="{probe}"}}[WINDOW]) >= 4) == count(probe_success{{probe="{probe}"}})'
)

RESTARTED = frozenset({f"DeviceRebooted device:{name} firing" for name in ("wide", "narrow")})
"""That a device has restarted is true, and is told as news."""


class District:
    """Two devices at the ends of a cable, one of which has counters of 32 bits only, and a switch that is made by hand.

    net-snmp keeps the old name of an interface whose index another one has taken, until it is started again; so the
    switch that numbers its ports anew while it runs is `HostileAgent`.
    """

    def __init__(self, folder: Path, books: Books) -> None:
        self.folder, self.books = folder, books
        self.traffic = Traffic("p1", "q1", "p2", "q2")
        (folder / "wide").mkdir()
        (folder / "narrow").mkdir()
        speeds = "\n".join(f"interface {name} 6 {SPEED_BPS:.0f}" for pair in CABLES for name in pair[:2])
        wide = counted(folder / "wide", bits=64, bases={"p1": 2**64 - MARGIN})
        narrow = counted(folder / "narrow", bits=32, bases={"p1": 2**32 - MARGIN})
        self.wide = Snmpd(community="xin-chao", address="127.0.0.2", config=f"{speeds}\n{wide}")
        self.narrow = Snmpd(
            community="xin-chao", address="127.0.0.3", config=f"{speeds}\n{narrow}", hidden=("1.3.6.1.2.1.31",)
        )
        self.switch = HostileAgent(device("ge1", "ge2") | NAMED, community=b"xin-chao", address="127.0.0.4")

    def book(self) -> None:
        """Write the devices and the cable between them into the books."""
        centre, commune = site(self.books, "trung-tam", kind="district"), site(self.books, "viet-vinh")
        snmp = community(self.books, "district", "xin-chao")
        told = {"snmp_credential_id": snmp.id, "probes": EACH_SECOND}
        wide = router(
            self.books, "wide", centre, address="127.0.0.2", ports={"snmp": self.wide.port}, is_root=True, **told
        )
        narrow = router(self.books, "narrow", commune, address="127.0.0.3", ports={"snmp": self.narrow.port}, **told)
        router(self.books, "switch", commune, address="127.0.0.4", ports={"snmp": self.switch.port}, **told)
        line(self.books, "cable", wide, narrow, a_interface="p1", b_interface="q1")

    def restart(self, cables: tuple[tuple[str, str, int], ...] = CABLES) -> None:
        """Let both devices restart: they are away for a moment, count from 0, and number their ports as told."""
        for agent in (self.wide, self.narrow):
            agent.stop()
        take_away("p1", "p2")
        lay(cables)
        for folder in ("wide", "narrow"):
            rebase(self.folder / folder, {})
        for agent in (self.wide, self.narrow):
            agent.start_again()


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock") / "offset")


@pytest.fixture(scope="module")
def asleep(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """The clocks of a collector that is not run while its machine sleeps: the other programs stay awake."""
    return Clock(tmp_path_factory.mktemp("asleep") / "offset", all_clocks=True)


@pytest.fixture(scope="module")
def network() -> Iterator[None]:
    with own_network():
        lay(CABLES)
        yield


@pytest.fixture(scope="module")
def district(network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    folder = tmp_path_factory.mktemp("district")
    books = open_books(Settings(database_url=f"sqlite:///{folder}/quang.db", key_file=folder / "key"))
    prepare(books)
    made = District(folder, books)
    with made.wide, made.narrow, made.switch:
        made.book()
        yield made
    made.traffic.stop()
    books.engine.dispose()


@pytest.fixture(scope="module")
def watch(district: District, clock: Clock) -> Iterator[Standing]:
    with standing(district.books, district.folder) as made:
        made.start_collector(clock.environment())
        wait_for("traffic of both", made, CARRIED)
        wait_for("the link", made, 'quang:link_down{link="cable"} == bool 0')
        yield made


@pytest.fixture
def before(watch: Standing) -> Identities:
    """Begin a moment, and return how the series are called before it."""
    watch.begin()
    return watch.identities()


def calm(watch: Standing, district: District, *, expected: frozenset[str] = frozenset(), most_bps: float = 0.0) -> None:
    """Make sure that since the moment began nothing was said that is not true.

    Args:
        watch: Who looks.
        district: What is looked at.
        expected: Alerts that are true.
        most_bps: What the busiest port really carried; 0 for the traffic that always flows.
    """
    assert watch.alerts() <= expected | LATE
    assert watch.downs() == set()
    assert {incident for incident in watch.incidents() if not incident.startswith("DeviceRebooted ")} == set()
    # Prometheus counts what a second's share of a frame more or less makes: a rate may be half as much again.
    most = max(most_bps, district.traffic.bps) * 3
    for octets in ("ifHCInOctets", "ifHCOutOctets"):
        ports = f'{octets}{{ifName=~"[pq][12]"}}'
        each = f"(8 * rate({ports}[{RATE_S}s]))[{watch.window()}:1s]"
        # What a collector that was away makes of the counters shows only in a rate that reaches back before.
        whole = f"8 * rate({ports}[{watch.window(before=RATE_S)}])"
        for rate in (f"max_over_time({each})", f"min_over_time({each})", whole):
            for labels, value in watch.ask(rate):
                assert 0 <= value <= most, (octets, labels)
    for labels, value in watch.ask(f'max_over_time(quang:port_bps{{ifName=~"[pq][12]"}}[{watch.window()}])'):
        assert 0 <= value <= most, labels
    assert watch.ask(f"max_over_time(quang:port_errors_count[{watch.window()}]) > 0") == []
    assert watch.ask("count by (instance, ifName) (ifHCInOctets) > 1") == []


def for_long(watch: Standing, what: str, query: str) -> float:
    """Wait for the value of a query over the time that is looked at, which goes on meanwhile."""
    return until(lambda: watch.one(query.replace("WINDOW", watch.window())), seconds=60, name=what)


def called_as(watch: Standing, before: Identities) -> None:
    """Make sure that every series is called as before, as soon as everything has been asked again."""

    def others() -> dict[str, object]:
        now = watch.identities()
        names = sorted(now.keys() | before.keys())
        return {name: differ for name in names if (differ := now.get(name, set()) ^ before.get(name, set()))}

    end = time.monotonic() + 90
    while (differing := others()) and time.monotonic() < end:
        watch.settle(0.5)
    assert differing == {}, "the series are not called as they were"


def test_counters_of_32_and_of_64_bits_end_and_the_rate_goes_on(
    watch: Standing, district: District, before: Identities
) -> None:
    reads = 'ifHCInOctets{instance="wide", ifName="p1"}'
    assert (watch.one(reads) or 0) > 1.8e19
    district.traffic.push("q1", MARGIN * 2, PUSHED_S)
    wait_for("the end of 64 bits", watch, f"{reads} < 1e9")
    watch.settle(RATE_S + 1)
    for name in ("wide", "narrow"):
        grown = f'increase(ifHCInOctets{{instance="{name}", ifName="p1"}}[WINDOW])'
        assert for_long(watch, f"what {name} carried", f"{grown} > {1.5 * MARGIN}") < 3 * MARGIN, name
    calm(watch, district, most_bps=8 * MARGIN * 2 / PUSHED_S)
    called_as(watch, before)


def test_the_clock_of_the_collector_is_set_two_hours_on_then_two_back_and_then_right_again(
    watch: Standing, district: District, clock: Clock, before: Identities
) -> None:
    told = watch.ups()
    for step_s in (7_200, -7_200, 0):
        clock.step(step_s)
        watch.settle(2)
        until(lambda step_s=step_s: abs(watch.told_of_time() - step_s) < 60, seconds=60, name="the clock that was set")
    calm(watch, district)
    called_as(watch, before)
    assert watch.ups() == told
    for probe in ("icmp", "snmp_link", "snmp_interfaces"):
        for_long(watch, f"polls of {probe}", _EACH_ASKED.format(probe=probe))
    assert watch.ask(f"changes(ifOperStatus[{watch.window()}]) > 0") == []


def test_a_collector_that_stood_still_goes_on_without_making_up_for_it(
    watch: Standing, district: District, before: Identities
) -> None:
    told = watch.ups()
    polls = 'sum(quang_collector_polls_total{probe="snmp_interfaces"})'
    done, began = watch.one(polls) or 0, time.monotonic()
    os.kill(watch.collector, signal.SIGSTOP)
    watch.settle(STOOD_S)
    os.kill(watch.collector, signal.SIGCONT)
    watch.settle(4)
    calm(watch, district)
    called_as(watch, before)
    assert watch.ups() == told
    polled = (watch.one(polls) or 0) - done
    # Three devices, each once in every second in which the collector ran, and one that was under way.
    assert polled <= 3 * (time.monotonic() - began - STOOD_S + 2)
    wait_for("what was missed", watch, 'sum(quang_collector_polls_skipped_total{cause="stalled"})')


def test_a_collector_that_was_killed_makes_no_traffic_of_the_counters_that_it_finds(
    watch: Standing, district: District, asleep: Clock, before: Identities
) -> None:
    watch.kill_collector()
    watch.start_collector(asleep.environment())
    wait_for("the collector", watch, CARRIED)
    watch.settle(RATE_S)
    calm(watch, district)
    called_as(watch, before)


def test_a_machine_that_slept_ten_minutes_goes_on_with_what_is_now(
    watch: Standing, district: District, asleep: Clock, before: Identities
) -> None:
    told = watch.ups()
    asleep.step(600)
    watch.settle(6)
    until(lambda: "stood still for 6" in watch.log(), seconds=60, name="the sleep in the log")
    calm(watch, district)
    called_as(watch, before)
    assert watch.ups().keys() == told.keys()


def test_a_switch_numbers_its_ports_anew_while_it_runs(watch: Standing, district: District, before: Identities) -> None:
    district.switch.load(device("ge2", "ge1", up_time=10_000, changed=2) | NAMED)
    wait_for("the new numbers", watch, 'ifHCInOctets{ifName="ge1", ifIndex="2"} > 0')
    watch.settle(3)
    calm(watch, district)
    assert (
        watch.ask(f'max_over_time(rate(ifHCInOctets{{instance="switch"}}[{RATE_S}s])[{watch.window()}:1s]) > 0') == []
    )
    until(
        lambda: (
            {name: len(found) for name, found in watch.identities().items()}
            == {name: len(found) for name, found in before.items()}
        ),
        seconds=60,
        name="as many series as before",
    )


def test_devices_restart_and_count_from_nothing(watch: Standing, district: District, before: Identities) -> None:
    district.restart()
    for_long(watch, "the restart", 'count(resets(sysUpTime{instance=~"wide|narrow"}[WINDOW]) > 0) == 2')
    watch.settle(3)
    calm(watch, district, expected=RESTARTED)
    called_as(watch, before)


def test_devices_restart_and_number_their_ports_anew(watch: Standing, district: District, before: Identities) -> None:
    assert index_of("p1") == 10
    district.restart(SWAPPED)
    assert index_of("p1") == 11
    wait_for("the new numbers", watch, 'count(ifHCInOctets{ifName="p1", ifIndex="11"}) == 2')
    watch.settle(3)
    calm(watch, district, expected=RESTARTED)
    others = {name: {_unnumbered(series) for series in found} for name, found in before.items()}
    until(
        lambda: watch.identities("ifIndex", "ifDescr") == others,
        seconds=60,
        name="the series as they were called, but for their numbers",
    )


def _unnumbered(series: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in series if one[0] not in {"ifIndex", "ifDescr"})

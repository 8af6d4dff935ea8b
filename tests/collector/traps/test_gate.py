import itertools

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collector.target import Roster, SnmpV2c, SshLogin, Target
from collector.traps import gate as module
from collector.traps.envelope import LONGEST
from collector.traps.gate import Bucket, Gate, Sender, senders_of

PUBLIC = SnmpV2c(community=SecretStr("public"))
TIMES = st.lists(st.floats(min_value=0, max_value=20), min_size=1, max_size=300).map(sorted)


@given(TIMES, st.floats(min_value=0.1, max_value=50), st.floats(min_value=1, max_value=50))
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(times: list[float], rate: float, burst: float) -> None:
    bucket = Bucket(rate, burst)
    taken = [at for at in times if bucket.take(at)]
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate * (taken[last] - taken[first]) + 1e-6


@given(TIMES)
def test_a_bucket_gives_one_after_a_pause_however_often_it_refused(times: list[float]) -> None:
    bucket = Bucket(1.0, 1.0)
    for at in times:
        bucket.take(at)
    assert bucket.take(times[-1] + 1.001)


def test_an_unknown_source_is_refused_before_anything_else() -> None:
    gate = Gate()
    gate.know({"10.0.0.1": Sender(("r1",), (PUBLIC,))})
    assert gate.admit("10.0.0.2", 0.0) == "unknown_source"
    assert isinstance(gate.admit("10.0.0.1", 0.0), Sender)


def test_one_device_cannot_use_up_the_share_of_the_others() -> None:
    gate = Gate()
    gate.know({f"10.0.0.{n}": Sender((f"r{n}",), ()) for n in (1, 2)})
    answers = [gate.admit("10.0.0.1", 1.0) for _ in range(1_000)]
    assert sum(isinstance(one, Sender) for one in answers) == module.SOURCE_BURST
    assert set(answers[20:]) == {"source_rate"}
    assert isinstance(gate.admit("10.0.0.2", 1.0), Sender)


def test_many_devices_together_are_bounded_too() -> None:
    gate = Gate()
    gate.know({f"10.0.{n // 200}.{n % 200}": Sender((f"r{n}",), ()) for n in range(400)})
    answers = [gate.admit(f"10.0.{n // 200}.{n % 200}", 1.0) for n in range(400)]
    assert sum(isinstance(one, Sender) for one in answers) == module.TOTAL_BURST
    assert answers[-1] == "total_rate"


def test_long_messages_count_as_several_because_they_cost_as_much() -> None:
    gate = Gate()
    gate.know({"10.0.0.1": Sender(("r1",), (PUBLIC,))})
    answers = [gate.admit("10.0.0.1", 0.0, LONGEST) for _ in range(20)]
    taken = sum(isinstance(one, Sender) for one in answers)
    assert taken == module.SOURCE_BURST // (1 + LONGEST // module.SHARE_OCTETS) > 0


def test_a_device_that_stays_keeps_its_bucket_when_the_roster_changes() -> None:
    gate = Gate()
    gate.know({"10.0.0.1": Sender(("r1",), ())})
    for _ in range(20):
        gate.admit("10.0.0.1", 1.0)
    gate.know({"10.0.0.1": Sender(("r1",), ()), "10.0.0.2": Sender(("r2",), ())})
    assert gate.admit("10.0.0.1", 1.0) == "source_rate"


@given(TIMES)
def test_a_device_is_polled_out_of_turn_at_most_once_a_second(times: list[float]) -> None:
    gate = Gate()
    polled = [at for at in times if gate.may_poll("r1", at)]
    assert polled[0] == times[0]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(polled))


def target(instance: str, address: str | None, site: str = "a", credential: str | None = None, **more: str) -> Target:
    values = {"probe": "icmp", "interval_s": 1, "timeout_s": 1} | more
    return Target(instance=instance, site=site, address=address, credential=credential, **values)  # type: ignore[arg-type]


def test_senders_are_the_devices_of_the_sites_polled_now_with_their_snmp_credentials() -> None:
    roster = Roster(
        scope="main",
        collector="edge",
        targets=(
            target("r1", "10.0.0.1"),
            target("r1", "10.0.0.1", credential="snmp", probe="snmp_link"),
            target("r1", "10.0.0.1", credential="ssh", probe="ssh_facts"),
            target("r2", "10.0.0.2", site="b", credential="snmp", probe="snmp_link"),
            target("web", None),
            target("twin", "10.0.0.1"),
        ),
        credentials={"snmp": PUBLIC, "ssh": SshLogin(user="u", password=SecretStr("p"))},
    )
    assert senders_of(roster, {"a"}) == {"10.0.0.1": Sender(("r1", "twin"), (PUBLIC,))}

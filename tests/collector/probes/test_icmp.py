import itertools

from collector import metrics
from collector.probe import Result
from tests.support.far_end import NETWORK, FarEnd, reply
from tests.support.namespace import alone, ip
from tests.support.polling import poll, values


def test_a_living_host_gives_loss_round_trips_and_jitter() -> None:
    result = alone(lambda: poll("icmp"))
    assert result.success
    assert values(result, metrics.ICMP_LOSS) == {(): 0.0}
    shortest = values(result, metrics.ICMP_RTT_MIN)[()]
    mean = values(result, metrics.ICMP_DURATION)[("rtt",)]
    longest = values(result, metrics.ICMP_RTT_MAX)[()]
    assert 0 < shortest <= mean <= longest < 60
    assert 0 <= values(result, metrics.ICMP_JITTER)[()] <= longest
    assert values(result, metrics.ICMP_SENT) == {(): 5}
    assert values(result, metrics.ICMP_LOST) == {(): 0}


def test_a_lost_burst_is_confirmed_by_a_second_one() -> None:
    def cut() -> Result:
        ip("route add blackhole 192.0.2.7")
        return poll("icmp", address="192.0.2.7")

    result = alone(cut)
    assert (result.success, result.reason) == (False, "icmp_lost")
    assert result.samples == ()


def test_a_host_that_answers_the_second_burst_is_alive_with_the_first_one_counted() -> None:
    seen = itertools.count()

    def late() -> Result:
        with FarEnd(lambda request: [(0.0, reply(request))] if next(seen) >= 5 else []):
            return poll("icmp", address=f"{NETWORK}.2")

    result = alone(late)
    assert result.success
    assert values(result, metrics.ICMP_SENT) == {(): 10}
    assert 5 <= values(result, metrics.ICMP_LOST)[()] < 10


def test_a_target_without_an_address_fails_with_the_name_of_what_is_missing() -> None:
    result = poll("icmp", address=None)
    assert (result.reason, result.detail) == ("settings", "address")


def test_fewer_than_five_requests_are_refused_by_name() -> None:
    result = poll("icmp", count=4)
    assert (result.reason, result.detail) == ("settings", "count")

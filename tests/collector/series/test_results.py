import math
from datetime import UTC, datetime

import pytest

from collector.metrics import HTTP_STATUS, ICMP_LOSS, IF_HC_IN_OCTETS, IF_OPER_STATUS, Metric
from collector.probe import Result, Sample
from collector.reasons import NOT_THE_TARGETS, REASONS
from collector.series.exposition import render
from collector.series.results import MOST_SAMPLES, Results
from collector.target import Target

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_reason_that_is_not_the_targets_is_a_reason() -> None:
    assert REASONS.keys() >= NOT_THE_TARGETS


def target(instance: str = "r1", probe: str = "icmp", site: str = "vinh-tuy", **more: object) -> Target:
    return Target.model_validate(
        {"instance": instance, "site": site, "probe": probe, "interval_s": 1, "timeout_s": 1, **more}
    )


def good(of: Target, *samples: Sample) -> Result:
    return Result(of, NOW, 0.25, success=True, samples=samples)


def bad(of: Target, reason: str = "icmp_lost") -> Result:
    return Result(of, NOW, 0.5, success=False, reason=reason)


def lines(results: Results, job: str = "reach", site: str = "vinh-tuy") -> list[str]:
    page = results.page((job, site))
    assert page is not None
    return [line for line in b"".join(render(page)).decode().splitlines() if not line.startswith("#")]


def port(name: str, index: str, value: float = 1.0, metric: Metric = IF_OPER_STATUS) -> Sample:
    return Sample(metric, (index, name, f"descr {index}", ""), value)


def test_nothing_is_exposed_before_the_first_result() -> None:
    results = Results()
    results.keep(target(), "reach")
    assert lines(results) == []


def test_a_failed_probe_withdraws_its_values_at_once_and_says_why() -> None:
    results, r1 = Results(), target()
    results.keep(r1, "reach")
    results.record(good(r1, Sample(ICMP_LOSS, (), 0.2)))
    assert sorted(lines(results)) == [
        'probe_duration_seconds{instance="r1",probe="icmp",site="vinh-tuy"} 0.25',
        'probe_success{instance="r1",probe="icmp",site="vinh-tuy"} 1.0',
        'quang_icmp_loss_ratio{instance="r1",site="vinh-tuy"} 0.2',
    ]
    results.record(bad(r1))
    assert sorted(lines(results)) == [
        'probe_duration_seconds{instance="r1",probe="icmp",site="vinh-tuy"} 0.5',
        'probe_success{instance="r1",probe="icmp",site="vinh-tuy"} 0.0',
        'quang_probe_failure_info{instance="r1",probe="icmp",reason="icmp_lost",site="vinh-tuy"} 1.0',
    ]
    results.record(good(r1))
    assert not any("failure" in line for line in lines(results))


@pytest.mark.parametrize("reason", sorted(NOT_THE_TARGETS))
def test_a_fault_of_the_collector_itself_never_says_that_the_target_is_down(reason: str) -> None:
    results, r1 = Results(), target()
    results.keep(r1, "reach")
    results.record(good(r1, Sample(ICMP_LOSS, (), 0.2)))
    results.record(bad(r1, reason))
    assert sorted(lines(results)) == [
        'probe_duration_seconds{instance="r1",probe="icmp",site="vinh-tuy"} 0.5',
        f'quang_probe_failure_info{{instance="r1",probe="icmp",reason="{reason}",site="vinh-tuy"}} 1.0',
    ]


def test_targets_that_cannot_be_asked_are_counted_until_they_are_asked_again_or_gone() -> None:
    results, r1, r2 = Results(), target(), target(probe="snmp_link")
    results.keep(r1, "reach")
    results.keep(r2, "reach")
    counted = []
    for reason in ("icmp_lost", "icmp_not_allowed", "internal", "ssh_busy"):
        results.record(bad(r1, reason))
        counted.append(results.left_out)
    results.record(bad(r1, "collector_full"))
    results.record(bad(r2, "credential"))
    counted.append(results.left_out)
    results.record(good(r1))
    counted.append(results.left_out)
    results.drop(r2.key)
    assert [*counted, results.left_out] == [0, 1, 1, 0, 2, 1, 0]


def test_a_series_that_stands_twice_is_kept_once_and_counted() -> None:
    results, r1 = Results(), target(probe="snmp_link")
    results.keep(r1, "reach")
    results.record(good(r1, port("ge0", "1", 1.0), port("ge0", "1", 2.0)))
    assert sum("ifOperStatus" in line for line in lines(results)) == 1
    assert results.duplicates == {"snmp_link": 1}


def test_two_ports_of_one_name_would_break_the_rules_so_the_first_counts() -> None:
    results, r1 = Results(), target(probe="snmp_link")
    results.keep(r1, "reach")
    results.record(good(r1, port("ge0", "1", 1.0), port("ge0", "7", 2.0), port("ge1", "2", 1.0)))
    found = [line for line in lines(results) if line.startswith("ifOperStatus")]
    assert [line[-3:] for line in found] == ["1.0", "1.0"]
    assert 'ifIndex="1"' in found[0]


def test_ports_without_a_name_are_told_apart_by_their_index() -> None:
    results, r1 = Results(), target(probe="snmp_link")
    results.keep(r1, "reach")
    results.record(good(r1, port("", "1"), port("", "2")))
    assert sum(line.startswith("ifOperStatus") for line in lines(results)) == 2


def test_what_is_no_finite_number_or_has_the_wrong_labels_is_refused_and_counted() -> None:
    results, r1 = Results(), target()
    results.keep(r1, "reach")
    odd = [Sample(ICMP_LOSS, (), value) for value in (math.nan, math.inf, -math.inf)]
    results.record(good(r1, *odd, Sample(IF_OPER_STATUS, ("1",), 1.0), Sample(ICMP_LOSS, (), 0.0)))
    assert results.refused == {"icmp": 4}
    assert 'quang_icmp_loss_ratio{instance="r1",site="vinh-tuy"} 0.0' in lines(results)


def test_a_result_without_end_is_cut_off() -> None:
    results, r1 = Results(), target(probe="snmp_interfaces")
    results.keep(r1, "network")
    results.record(good(r1, *(port(f"p{n}", str(n), metric=IF_HC_IN_OCTETS) for n in range(MOST_SAMPLES + 10))))
    assert len(lines(results, "network")) == MOST_SAMPLES
    assert results.refused == {"snmp_interfaces": 12}


def test_two_probes_of_one_instance_that_bring_the_same_series_give_one_line() -> None:
    results, one, two = Results(), target(probe="http"), target(probe="http2")
    for each in (one, two):
        results.keep(each, "services")
        results.record(good(each, Sample(HTTP_STATUS, (), 200.0)))
    assert sum("probe_http_status_code" in line for line in lines(results, "services")) == 1
    assert sum("probe_success" in line for line in lines(results, "services")) == 2


def test_a_page_holds_its_own_site_and_job_only() -> None:
    results = Results()
    for each, job in ((target(), "reach"), (target("r2", site="hung-an"), "reach"), (target(probe="tcp"), "services")):
        results.keep(each, job)
        results.record(good(each))
    assert all('site="vinh-tuy"' in line and 'probe="icmp"' in line for line in lines(results))
    assert results.page(("network", "vinh-tuy")) is None
    assert results.series() == {"reach": 4, "services": 2}
    results.record(bad(target(), "icmp_lost"))  # of another object: nobody asked for it
    results.drop(target("r2").key)
    assert results.series() == {"reach": 2, "services": 2}
    results.drop(target().key)
    assert results.series() == {"services": 2}


def test_a_dropped_or_changed_target_leaves_nothing_behind_and_its_late_result_is_ignored() -> None:
    results, old = Results(), target()
    results.keep(old, "reach")
    results.record(good(old))
    new = target(site="hung-an")
    results.keep(new, "reach")
    assert results.page(("reach", "vinh-tuy")) is None
    results.record(good(old))
    assert lines(results, site="hung-an") == []
    results.drop(new.key)
    results.drop(new.key)
    results.record(good(new))
    assert results.page(("reach", "hung-an")) is None


def test_label_texts_of_ports_that_are_gone_do_not_pile_up() -> None:
    results, r1 = Results(), target(probe="snmp_interfaces")
    results.keep(r1, "network")
    for number in range(500):
        results.record(good(r1, port(f"ppp{number}", str(number), metric=IF_HC_IN_OCTETS)))
    kept = results._kept[r1.key]
    assert sum(map(len, kept.texts.values())) < 50

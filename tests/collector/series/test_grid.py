from array import array
from datetime import UTC, datetime
from math import isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import CollectorRegistry
from prometheus_client.core import Metric as ClientMetric
from prometheus_client.exposition import generate_latest

from collector.metrics import ICMP_LOSS, IF_HC_IN_OCTETS, IF_IN_ERRORS, IF_OPER_STATUS, OPTICAL_RX, Metric
from collector.probe import Result, Sample
from collector.series.exposition import render
from collector.series.grid import Families, Grid, Rows
from collector.series.results import Results
from collector.target import Target

PORT = IF_OPER_STATUS.labels
FAMILIES = Families(IF_OPER_STATUS, IF_HC_IN_OCTETS, IF_IN_ERRORS)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
counters = st.one_of(
    st.integers(0, 2**64).map(float),
    st.integers(0, 5_000).map(float),
    st.floats().map(lambda value: value + 0.0),
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    names = draw(st.lists(words.filter(bool), max_size=6, unique=True))
    rows = Rows(PORT, tuple((str(at), name, draw(words), draw(words)) for at, name in enumerate(names)))
    size = 3 * len(names)
    return Grid(FAMILIES, rows, array("d", draw(st.lists(counters, min_size=size, max_size=size))))


def target(instance: str = "r1") -> Target:
    return Target.model_validate(
        {"instance": instance, "site": "vinh-tuy", "probe": "snmp_interfaces", "interval_s": 10, "timeout_s": 5}
    )


def page(*grids_: Grid) -> bytes:
    results = Results()
    for number, grid in enumerate(grids_):
        each = target(f"r{number}")
        results.keep(each, "network")
        results.record(Result(each, datetime.now(UTC), 0.25, success=True, samples=grid))
    return b"".join(render(results.page(("network", "vinh-tuy")) or ()))


def clients_page(*grids_: Grid) -> bytes:
    """Render the same samples with Prometheus' own library."""

    class Source:
        def collect(self) -> list[ClientMetric]:
            families: dict[str, ClientMetric] = {}
            for number, grid in enumerate(grids_):
                for metric, labels, value in grid:
                    family = families.setdefault(metric.name, ClientMetric(metric.name, metric.help, "gauge"))
                    values = (f"r{number}", "vinh-tuy", *labels)
                    family.add_sample(metric.name, dict(zip(metric.all_labels, values, strict=True)), value)
            return list(families.values())

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Source())  # type: ignore[arg-type]
    return generate_latest(registry)


def lines(text: bytes) -> list[bytes]:
    return sorted(line for line in text.split(b"\n") if line and not line.startswith((b"#", b"probe_")))


@given(st.lists(grids(), max_size=3))
def test_a_page_of_grids_is_what_the_client_library_renders_byte_by_byte(found: list[Grid]) -> None:
    assert lines(page(*found)) == lines(clients_page(*found))


@given(grids())
def test_a_grid_is_the_sequence_of_its_samples(grid: Grid) -> None:
    samples = list(grid)
    assert len(grid) == len(samples) == sum(isfinite(value) for value in grid.values)
    assert [grid[at] for at in range(len(grid))] == samples
    assert list(grid[1:]) == samples[1:]
    assert all(type(sample) is Sample and sample.labels in grid.rows.labels for sample in samples)


@given(grids())
def test_the_store_shows_the_same_of_a_grid_and_of_its_samples(grid: Grid) -> None:
    assert lines(page(grid)) == lines(page(tuple(grid)))  # type: ignore[arg-type]


def test_rows_that_would_be_taken_for_one_are_dropped_and_counted() -> None:
    results, r1 = Results(), target()
    results.keep(r1, "network")
    rows = Rows(PORT, (("1", "ge0", "first", ""), ("2", "ge0", "second", "")))
    grid = Grid(Families(IF_OPER_STATUS), rows, array("d", [1, 2]))
    results.record(Result(r1, datetime.now(UTC), 0.25, success=True, samples=grid))
    text = b"".join(render(results.page(("network", "vinh-tuy")) or ()))
    assert not rows.unique
    assert text.count(b"\nifOperStatus{") == 1
    assert results.duplicates == {"snmp_interfaces": 1}


def test_series_are_counted_without_those_that_have_no_value() -> None:
    results, r1 = Results(), target()
    results.keep(r1, "network")
    rows = Rows(PORT, (("1", "ge0", "", ""), ("2", "ge1", "", "")))
    grid = Grid(Families(IF_OPER_STATUS), rows, array("d", [1, nan]))
    results.record(Result(r1, datetime.now(UTC), 0.25, success=True, samples=grid))
    assert results.series() == {"network": 3}


@pytest.mark.parametrize(
    ("families", "values"),
    [((IF_OPER_STATUS,), [1.0]), ((IF_OPER_STATUS,), [1.0] * 3), ((ICMP_LOSS,), [1.0] * 2)],
)
def test_values_that_do_not_fit_are_refused(families: tuple[Metric, ...], values: list[float]) -> None:
    rows = Rows(PORT, (("1", "ge0", "", ""), ("2", "ge1", "", "")))
    with pytest.raises(ValueError, match="fit each other"):
        Grid(Families(*families), rows, array("d", values))


def test_families_of_different_labels_are_no_grid() -> None:
    with pytest.raises(ValueError, match="different labels"):
        Families(IF_OPER_STATUS, ICMP_LOSS)
    with pytest.raises(ValueError, match="different labels"):
        Families()


def test_labels_that_stand_behind_those_of_the_target_or_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="lane"):
        Rows(OPTICAL_RX.labels, (("1", "ge0", "1"),))
    with pytest.raises(ValueError, match="ifAlias"):
        Rows(PORT, (("1", "ge0"),))

import math
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import CollectorRegistry
from prometheus_client.core import Metric as ClientMetric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from collector.metrics import CATALOGUE, IF_HC_IN_OCTETS, PROBE_SUCCESS, UPSTREAM, UPSTREAM_NAMES, Metric
from collector.probe import Sample
from collector.series.exposition import CHUNK_BYTES, CONTENT_TYPE, label_text, number, own_series, render
from tests.support.parts import need


def page_of(samples: list[Sample]) -> bytes:
    full = [Sample(_plain(metric), labels, value) for metric, labels, value in samples]
    return b"".join(render([own_series(full)]))


def _plain(metric: Metric) -> Metric:
    return Metric(metric.name, metric.help, metric.kind, metric.all_labels, of_target=False)


def clients_page(samples: list[Sample]) -> bytes:
    """Render the same with Prometheus' own library."""

    class Source:
        def collect(self) -> list[ClientMetric]:
            families: dict[str, ClientMetric] = {}
            for metric, labels, value in samples:
                # The library knows counters only by their ending; it writes those without it as what they are called.
                counter = metric.kind == "counter" and metric.name.endswith("_total")
                name = metric.name.removesuffix("_total") if counter else metric.name
                family = families.setdefault(name, ClientMetric(name, metric.help, "counter" if counter else "gauge"))
                family.add_sample(metric.name, dict(zip(metric.all_labels, labels, strict=True)), value)
            return list(families.values())

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Source())  # type: ignore[arg-type]
    text = generate_latest(registry)
    for metric in CATALOGUE:
        if metric.kind == "counter" and not metric.name.endswith("_total"):
            text = text.replace(f"# TYPE {metric.name} gauge\n".encode(), f"# TYPE {metric.name} counter\n".encode())
    return text


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**63), 2**64).map(float),
    st.integers(999_000, 10**16).map(float),
    st.integers(0, 18).map(lambda power: 10.0**power),
)


@st.composite
def pages(draw: st.DrawFn) -> list[Sample]:
    found = {}
    for metric in draw(st.lists(st.sampled_from(CATALOGUE), min_size=1, max_size=6)):
        labels = tuple(draw(words) for _ in metric.all_labels)
        found[metric.name, labels] = Sample(metric, labels, draw(values))
    return list(found.values())


@given(pages())
def test_every_page_is_what_the_client_library_renders_up_to_the_order_of_lines(samples: list[Sample]) -> None:
    assert sorted(page_of(samples).split(b"\n")) == sorted(clients_page(samples).split(b"\n"))


@given(pages())
def test_what_is_rendered_reads_back_as_it_was(samples: list[Sample]) -> None:
    # The library's reader gives every counter its own ending, also those of other exporters that have none.
    bare = {f"{metric.name}_total": metric.name for metric in CATALOGUE if not metric.name.endswith("_total")}
    read = {
        (bare.get(sample.name, sample.name), tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page_of(samples).decode())
        for sample in family.samples
    }
    expected = {
        (metric.name, tuple(sorted(zip(metric.all_labels, labels, strict=True)))): value
        for metric, labels, value in samples
    }
    assert read == expected


@given(values)
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(number(value)) == value


def test_a_whole_number_is_written_like_a_float() -> None:
    assert [number(value) for value in (1, 0, -5, 1_000_000, 2**64)] == [
        "1.0",
        "0.0",
        "-5.0",
        "1e+06",
        "1.8446744073709552e+19",
    ]


def test_help_and_type_stand_once_even_when_many_targets_bring_the_family() -> None:
    parts = [own_series([Sample(_plain(PROBE_SUCCESS), (f"r{n}", "s", "icmp"), 1.0)]) for n in range(5)]
    page = b"".join(render(parts))
    assert page.count(b"# HELP probe_success ") == page.count(b"# TYPE probe_success gauge\n") == 1
    assert page.count(b"\nprobe_success{") == 5


def test_a_long_page_comes_in_pieces_of_bounded_size() -> None:
    parts = [own_series([Sample(UPSTREAM, (f"m{n}", f"v{k}", "e" * 50), 1.0) for k in range(20)]) for n in range(900)]
    pieces = list(render(parts))
    assert len(pieces) > 5
    assert max(map(len, pieces)) < CHUNK_BYTES + max(len(block) for part in parts for block in part.values())


def test_labels_that_do_not_fit_the_family_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        label_text(("a", "b"), ("1",))


def test_the_content_type_names_the_version() -> None:
    assert "version=0.0.4" in CONTENT_TYPE


def test_promtool_complains_of_all_upstream_names_and_of_nothing_else() -> None:
    samples = [
        Sample(metric, tuple(f"x{place}" for place, _ in enumerate(metric.all_labels)), 1.0) for metric in CATALOGUE
    ]
    done = subprocess.run(
        [need("promtool"), "check", "metrics"], input=page_of(samples), capture_output=True, check=False, timeout=30
    )
    complaints = (done.stdout + done.stderr).decode().splitlines()
    named = {line.split(" ", 1)[0] for line in complaints if line.strip()}
    assert named == UPSTREAM_NAMES, "\n".join(complaints)


def test_a_port_counter_keeps_its_upstream_name_and_type() -> None:
    page = page_of([Sample(IF_HC_IN_OCTETS, ("r1", "s", "1", "ge0", "", ""), 2.0**63)])
    assert b"# TYPE ifHCInOctets counter\n" in page
    value = page.split()[-1]
    assert math.isclose(float(value), 2.0**63)

"""A real Prometheus whose past was written by the test: samples of the last hours, as `promtool` backfills them."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.monitoring import prometheus
from tests.support.parts import free_port, need

Sample = tuple[str, float, float]
"""(series with its labels, Unix seconds, value)."""


@contextmanager
def prometheus_with_past(folder: Path, samples: Iterable[Sample]) -> Iterator[str]:
    """Run a Prometheus that holds these samples and scrapes nothing; yield its address."""
    families: dict[str, list[str]] = {}
    for series, at, value in sorted(samples):
        families.setdefault(series.split("{")[0], []).append(f"{series} {value!r} {at:.3f}")
    text = "".join(f"# TYPE {name} unknown\n" + "\n".join(lines) + "\n" for name, lines in families.items()) + "# EOF\n"
    source, data = folder / "past.txt", folder / "data"
    source.write_text(text, encoding="utf-8")
    data.mkdir()
    command = [need("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(source), str(data)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    config = folder / "prometheus.yml"
    config.write_text("global: {scrape_interval: 1h}\n", encoding="utf-8")
    with prometheus(config, folder, free_port()) as url:
        yield url

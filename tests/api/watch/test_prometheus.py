"""The door to Prometheus: real answers, and every way in which an answer may be no answer."""

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from api.watch import prometheus as door
from api.watch.prometheus import MOST_POINTS, Prometheus, WrongQuery
from inventory.columns import now
from inventory.errors import Unavailable
from tests.support import monitoring
from tests.support.parts import free_port

RULES = """\
groups:
  - name: test
    interval: 1s
    rules:
      - {alert: Always, expr: "vector(7)", labels: {element: "link:x"}, annotations: {a: "{{ $value }}"}}
      - {alert: Soon, expr: "vector(1)", for: 1h}
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder, port = tmp_path_factory.mktemp("prometheus"), free_port()
    (folder / "rules.yml").write_text(RULES, encoding="utf-8")
    config = folder / "prometheus.yml"
    config.write_text(f"rule_files: [{folder / 'rules.yml'}]\n", encoding="utf-8")
    with monitoring.prometheus(config, folder, port) as url:
        found = Prometheus(url)
        monitoring.until(lambda: len(found.alerts()) == 2 and found.query("ALERTS"), seconds=60, name="rules")
        yield found
        found.close()


def test_single_values_come_with_labels_and_time(real: Prometheus) -> None:
    (value,) = real.query('label_replace(vector(1.5), "a", "é\\"", "", "")')
    assert (value.labels, value.value) == ({"a": 'é"'}, 1.5)
    assert abs(value.at - now()) < timedelta(seconds=30)
    assert [one.value for one in real.query("1 / 0")] == [math.inf]
    assert math.isnan(real.query("0 / 0")[0].value)
    assert real.query("none") == []


def test_a_moment_may_be_asked_for(real: Prometheus) -> None:
    at = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)
    (value,) = real.query("time()", at)
    assert (value.at, value.value) == (at, at.timestamp())


def test_a_time_comes_as_points(real: Prometheus) -> None:
    end = datetime(2018, 12, 3, 1, 0, tzinfo=UTC)
    (series,) = real.query_range("vector(2)", end - timedelta(seconds=30), end, 10)
    assert series.points == [(end.timestamp() - left, 2.0) for left in (30, 20, 10, 0)]


def test_stored_samples_come_with_their_own_times(real: Prometheus) -> None:
    (series,) = real.samples('ALERTS{alertname="Always"}[5m]', now())
    assert series.labels["element"] == "link:x"
    assert all(value == 1 for _, value in series.points)


def test_active_alerts_are_pending_or_firing(real: Prometheus) -> None:
    alerts = {alert.labels["alertname"]: alert for alert in real.alerts()}
    assert (alerts["Always"].state, alerts["Always"].annotations) == ("firing", {"a": "7"})
    assert alerts["Soon"].state == "pending"
    assert real.started_at() <= alerts["Always"].active_at + timedelta(minutes=5)


@pytest.mark.parametrize("expr", ["", "sum(", "up{", "(" * 100_000, "rate(up)"])
def test_a_wrong_expression_is_told_apart_from_a_silent_server(real: Prometheus, expr: str) -> None:
    with pytest.raises(WrongQuery) as caught:
        real.query(expr)
    assert len(caught.value.reason.vi) < 500


def test_too_many_points_are_not_even_asked_for(real: Prometheus) -> None:
    for step in (0, -1, 3600 / (MOST_POINTS + 1)):
        with pytest.raises(WrongQuery):
            real.query_range("up", now() - timedelta(hours=1), now(), step)
    with pytest.raises(WrongQuery):
        real.query_range("up", now(), now() - timedelta(hours=1), 1)


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[Prometheus]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name of http.server

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        found = Prometheus(f"http://127.0.0.1:{server.server_address[1]}", 60)
        try:
            yield found
        finally:
            found.close()
            server.shutdown()
            thread.join()


def vector(**more: object) -> bytes:
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": []} | more}).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"<html>proxy</html>", 200),
        (b"{}", 200),
        (b"[" * 10_000, 200),
        (vector(resultType="tensor"), 200),
        (vector(result=[{"metric": {}, "value": [1]}]), 200),
        (vector(result=[{"metric": {}, "value": [1, "many"]}]), 200),
        (vector(result=[{"metric": {"a": 1}, "value": [1, "1"]}]), 200),
        (vector(), 500),
        (vector(), 503),
        (vector(), 302),
        (vector(), 401),
    ],
)
def test_an_answer_that_is_none_counts_as_silence(body: bytes, status: int) -> None:
    with answering(body, status) as found, pytest.raises(Unavailable):
        found.query("up")


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_BYTES", 1_000)
    with answering(vector(result=[], pad="x" * 2_000)) as found, pytest.raises(WrongQuery):
        found.query("up")


def test_nobody_at_the_other_end_is_told_with_a_first_step() -> None:
    found = Prometheus(f"http://127.0.0.1:{free_port()}", 2)
    with pytest.raises(Unavailable) as caught:
        found.alerts()
    assert caught.value.first_step.vi
    found.close()

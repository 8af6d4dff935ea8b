"""The whole way from a cut to a mail with the real programs, and what is made good when a part of it was away."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.settings import MailSettings, PrometheusSettings
from api.watch.reconcile import ON_ITS_WAY, compare
from inventory.access.accounts import Scope
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import Unavailable
from inventory.network.links import Link
from inventory.watch.incidents import Incident
from tests.support.listener import listening
from tests.support.monitoring import until
from tests.support.network import District
from tests.support.program import Program, serving, token
from tests.support.smtp_sink import Sink, mail_sink
from tests.support.watching import Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CUT, OVER, AGAIN = (
    f"[{tag}] Đường truyền Việt Vinh – trung tâm" for tag in ("ĐỨT CÁP", "ĐÃ KHẮC PHỤC", "TÁI DIỄN: ĐỨT CÁP")
)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_sink() as found:
        yield found


@pytest.fixture
def watch(books: Books, tmp_path: Path) -> Iterator[Watch]:
    District(books)
    secret = token(books, Scope.ALERTMANAGER)["Authorization"].removeprefix("Bearer ")
    with listening() as listener:
        yield Watch(tmp_path / "watch", listener, secret)


def serve(books: Books, home: Path, watch: Watch, sink: Sink) -> Any:
    mail = MailSettings(
        host="127.0.0.1", port=sink.port, security="none", sender="quang@x.vn", always_to=("truc@example.vn",)
    )
    return serving(
        books, home, port=watch.api_port, mail=mail, prometheus=PrometheusSettings(url=watch.url, timeout_s=30)
    )


def incidents(books: Books) -> list[Incident]:
    with reading(books.engine) as session:
        # Of the link alone: the watch's one token lets Prometheus not read the API's own page, which is another alert.
        return list(session.exec(select(Incident).where(Incident.rule == "LinkDown").order_by(Incident.opened_at)))


def rest() -> None:
    """Wait until nothing can be on its way any more."""
    time.sleep(ON_ITS_WAY.total_seconds() + 2)


def states(books: Books) -> list[tuple[str, int, bool]]:
    return [(one.state, one.times, one.reconstructed) for one in incidents(books)]


def test_a_cut_its_end_and_the_next_cut_are_told_within_seconds_and_nothing_else(
    books: Books, tmp_path: Path, watch: Watch, sink: Sink
) -> None:
    with watch.prometheus(), watch.alertmanager(), serve(books, tmp_path, watch, sink) as program:
        until(watch.has_read, seconds=60, name="first reading")
        time.sleep(3)
        for number, act in enumerate((watch.cut, watch.restore, watch.cut, watch.restore), 1):
            act()
            sink.wait(number, seconds=60)
        assert sink.subjects == [CUT, OVER, AGAIN, OVER]
        assert states(books) == [("resolved", 2, False)]
        first, *others = (mail for _, _, mail in sink.mails)
        assert {mail["References"] for mail in others} == {first["Message-ID"]}
        assert len({mail["Message-ID"] for _, _, mail in sink.mails}) == 4
        compare(program.house)
        # As after the clock was set back two hours.
        program.house.compared_at = now() + timedelta(hours=2)
        compare(program.house)
        assert program.house.compared_at <= now()
        time.sleep(1)
        assert len(sink.mails) == 4


def test_what_happened_while_nobody_listened_is_found_by_comparing(
    books: Books, tmp_path: Path, watch: Watch, sink: Sink
) -> None:
    with watch.prometheus():
        until(watch.has_read, seconds=60, name="first reading")
        began = now()
        watch.cut()
        watch.wait_for(firing=True)
        known = now()
        until(lambda: watch.fired() >= 3, seconds=60, name="an alert that lasted")
        watch.restore()
        watch.wait_for(firing=False)
        over = now()
        rest()
        with serve(books, tmp_path, watch, sink) as program:
            # The comparison of the start finds what came and went.
            sink.wait(1, seconds=60)
            assert sink.subjects == [OVER]
            (incident,) = incidents(books)
            assert states(books) == [("resolved", 1, True)]
            moment = timedelta(seconds=1)
            assert began - moment <= incident.opened_at <= known + moment
            assert incident.resolved_at is not None
            assert incident.opened_at + moment < incident.resolved_at <= over + moment
            began = now()
            watch.cut()
            watch.wait_for(firing=True)
            compare(program.house)
            found = states(books)
            # Where all this took longer, it is not on its way any more, and rightly found.
            if now() - began < ON_ITS_WAY:
                assert found == [("resolved", 1, True)], "an alert on its way was taken for a lost one"
            rest()
            compare(program.house)
            compare(program.house)
            assert states(books) == [("open", 2, True)]
            sink.wait(2)
            watch.restore()
            watch.wait_for(firing=False)
            rest()
            compare(program.house)
            assert states(books) == [("resolved", 2, True)]
            sink.wait(3)
            assert sink.subjects == [OVER, AGAIN, OVER]


def test_the_next_cut_is_told_though_a_killed_alertmanager_holds_the_last_one_as_told(
    books: Books, tmp_path: Path, watch: Watch, sink: Sink
) -> None:
    log = watch.folder / "alertmanager" / "nflog"
    with watch.prometheus(), serve(books, tmp_path, watch, sink):
        until(watch.has_read, seconds=60, name="first reading")
        with watch.alertmanager():
            watch.cut()
            sink.wait(1, seconds=60)
            time.sleep(1)  # The mail may be here before Alertmanager has noted that it was told.
        told = log.read_bytes()
        with watch.alertmanager():
            watch.restore()
            sink.wait(2, seconds=60)
        assert log.read_bytes() != told
        # What a kill leaves: its log is written now and then, and the end came after the last time.
        log.write_bytes(told)
        with watch.alertmanager():
            watch.cut()
            sink.wait(3, seconds=90)
    assert sink.subjects == [CUT, OVER, AGAIN]
    assert states(books) == [("open", 2, False)]


def open_one(program: Program, books: Books) -> None:
    alert = {
        "status": "firing",
        "labels": {"alertname": "LinkDown", "element": "link:viet-vinh", "severity": "critical"},
        "annotations": {},
        "startsAt": now().isoformat(),
    }
    headers = token(books, Scope.ALERTMANAGER, name=f"hook-{time.monotonic_ns()}")
    assert program.http.post("/api/v1/alertmanager", json={"alerts": [alert]}, headers=headers).json()["news"] == 1


def test_without_prometheus_and_without_data_nothing_is_called_resolved(
    books: Books, tmp_path: Path, watch: Watch, sink: Sink
) -> None:
    with serve(books, tmp_path, watch, sink) as program:
        watch.cut()
        with watch.prometheus():
            watch.wait_for(firing=True)
            open_one(program, books)
        with pytest.raises(Unavailable):
            compare(program.house)
        rest()
        watch.vanish()
        with watch.prometheus("empty"):
            compare(program.house)
            assert states(books) == [("open", 1, False)]
        watch.cut()
        with watch.prometheus():
            compare(program.house)
            watch.wait_for(firing=True)
            rest()
            compare(program.house)
            assert states(books) == [("open", 1, False)]
            watch.restore()
            watch.wait_for(firing=False)
            compare(program.house)
            assert states(books) == [("resolved", 1, False)]
        sink.wait(2)
        assert sink.subjects == [CUT, OVER]


def test_the_incident_of_what_nobody_watches_any_more_is_closed_without_a_word(
    books: Books, tmp_path: Path, watch: Watch, sink: Sink
) -> None:
    with watch.prometheus(), serve(books, tmp_path, watch, sink) as program:
        until(watch.has_read, seconds=60, name="first reading")
        open_one(program, books)
        with writing(books.engine) as session:
            session.exec(select(Link).where(Link.name == "viet-vinh")).one().retired_at = now()
        rest()
        compare(program.house)
        assert states(books) == [("resolved", 1, False)]
        sink.wait(1)
        time.sleep(0.5)
        assert sink.subjects == [CUT]

"""The webhook: alerts become incidents and messages in one transaction, whatever is sent with them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from api.settings import MailSettings
from inventory.access.accounts import Account, Role, Scope
from inventory.books import Books
from inventory.db import reading
from inventory.watch.incidents import Incident, timeline
from inventory.watch.outbox import OutboxMessage
from tests.support.monitoring import until
from tests.support.network import District, book
from tests.support.parts import free_port
from tests.support.program import Program, serving, token
from tests.support.smtp_sink import Sink, mail_sink, mails_of

BEGAN = "2018-12-03T01:02:03.456Z"


def alert(status: str = "firing", **more: Any) -> dict[str, Any]:
    labels = {"alertname": "LinkDown", "element": "link:viet-vinh", "severity": "critical"}
    return {
        "status": status,
        "labels": labels | more.pop("labels", {}),
        "annotations": {
            "summary_vi": "Đường truyền viet-vinh bị đứt: đầu cáp báo không có tín hiệu.",
            "summary_en": "Link viet-vinh is down: its end reports no signal.",
            "value_vi": "mất tín hiệu",
        },
        "startsAt": BEGAN,
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2018-12-03T01:10:00Z",
    } | more


def note(*alerts: Any) -> dict[str, Any]:
    return {"version": "4", "status": "firing", "receiver": "api", "groupLabels": {}, "alerts": list(alerts)}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_sink() as found:
        yield found


@pytest.fixture
def program(books: Books, tmp_path: Path, sink: Sink) -> Iterator[Program]:
    mail = MailSettings(host="127.0.0.1", port=sink.port, security="none", sender="quang@bacquang.example.vn")
    with serving(books, tmp_path, mail=mail) as found:
        yield found


@pytest.fixture
def headers(books: Books) -> dict[str, str]:
    return token(books, Scope.ALERTMANAGER)


def incidents(books: Books) -> list[Incident]:
    with reading(books.engine) as session:
        return list(session.exec(select(Incident).order_by(Incident.id)))


def staff(books: Books, name: str, language: str = "vi") -> None:
    book(
        books,
        Account(
            username=name, role=Role.IT_STAFF.value, email=f"{name}@bacquang.example.vn", receives_alerts=True,
            language=language,
        ),
    )  # fmt: skip


def test_a_cut_becomes_an_incident_and_a_mail_within_seconds(
    books: Books, program: Program, headers: dict[str, str], sink: Sink
) -> None:
    district = District(books)
    staff(books, "lan")
    staff(books, "john", "en")
    began = time.monotonic()
    answer = program.http.post("/api/v1/alertmanager", json=note(alert()), headers=headers)
    assert answer.json() == {"taken": 1, "news": 1, "refused": {}}
    sink.wait(2)
    assert sink.mails[-1][0] - began < 45
    (incident,) = incidents(books)
    assert (incident.site_id, incident.other_site_id) == (district.near.id, district.centre.id)
    assert incident.hidden_count == 2
    assert incident.summary_vi == "Đường truyền Việt Vinh – trung tâm bị đứt: đầu cáp báo không có tín hiệu."
    (mail,) = mails_of(sink, "lan@bacquang.example.vn")
    assert mail["Subject"] == "[ĐỨT CÁP] Đường truyền Việt Vinh – trung tâm"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Gọi 18008119 (Viettel), đọc mã kênh HGG-0412." in body.get_content()
    assert "2 thiết bị phía sau" in body.get_content()
    assert mails_of(sink, "john@bacquang.example.vn")[0]["Subject"].startswith("[LINE CUT]")
    with reading(books.engine) as session:
        lines = [(event.kind, event.text_vi) for event in timeline(session, incident)]
    assert lines[-1] == ("message", "Báo tin qua thư cho: john@bacquang.example.vn, lan@bacquang.example.vn")


def test_a_redelivery_makes_no_second_incident_and_no_second_mail(
    books: Books, program: Program, headers: dict[str, str], sink: Sink
) -> None:
    District(books)
    staff(books, "lan")
    for _ in range(3):
        program.http.post("/api/v1/alertmanager", json=note(alert(), alert()), headers=headers)
    sink.wait(1)
    time.sleep(0.5)
    assert len(incidents(books)) == 1
    assert len(sink.mails) == 1


def test_an_end_that_nothing_confirms_is_unknown_and_tells_nobody_that_all_is_well(
    books: Books, program: Program, headers: dict[str, str], sink: Sink
) -> None:
    District(books)
    staff(books, "lan")
    program.http.post("/api/v1/alertmanager", json=note(alert()), headers=headers)
    answer = program.http.post("/api/v1/alertmanager", json=note(alert("resolved")), headers=headers)
    assert answer.json() == {"taken": 1, "news": 0, "refused": {}}
    assert [one.state for one in incidents(books)] == ["unknown"]
    sink.wait(1)
    time.sleep(0.3)
    assert len(sink.mails) == 1


MALFORMED: tuple[Any, ...] = (
    None,
    5,
    "text",
    [],
    {},
    alert(labels={"alertname": ""}),
    alert(labels={"alertname": "a b"}),
    alert(labels={"element": "planet mars"}),
    alert(labels={"element": "link:" + "x" * 200}),
    alert(status="perhaps"),
    alert(startsAt="yesterday"),
    alert(startsAt="2018-12-03T01:02:03"),
    alert(startsAt=None),
    alert(annotations={str(number): "x" for number in range(41)}),
    alert(annotations=[1]),
)


def test_each_malformed_alert_is_refused_alone(books: Books, program: Program, headers: dict[str, str]) -> None:
    answer = program.http.post("/api/v1/alertmanager", json=note(*MALFORMED, alert()), headers=headers)
    assert answer.status_code == 200
    assert answer.json()["taken"] == 1
    assert list(answer.json()["refused"]) == [str(number) for number in range(len(MALFORMED))]
    assert [one.rule for one in incidents(books)] == ["LinkDown"]


@pytest.mark.parametrize("body", [{}, {"alerts": {}}, {"alerts": [None] * 1001}, []])
def test_a_body_that_is_no_notification_is_refused_as_a_whole(
    books: Books, program: Program, headers: dict[str, str], body: Any
) -> None:
    assert program.http.post("/api/v1/alertmanager", json=body, headers=headers).status_code == 422
    assert incidents(books) == []


def test_texts_are_cut_and_cleaned_before_they_are_stored(
    books: Books, program: Program, headers: dict[str, str]
) -> None:
    sent = alert(annotations={"summary_vi": "a\0" + "x" * 5000, "summary_en": "y", "note": " "})
    assert program.http.post("/api/v1/alertmanager", json=note(sent), headers=headers).json()["taken"] == 1
    (incident,) = incidents(books)
    assert (incident.summary_vi[:2], len(incident.summary_vi)) == ("a\ufffd", 500)
    assert sorted(incident.values) == ["summary_en", "summary_vi"]


def test_a_sign_of_life_is_no_incident(books: Books, program: Program, headers: dict[str, str]) -> None:
    watchdog = alert(labels={"alertname": "Watchdog", "element": "rule:Watchdog", "severity": "info"})
    answer = program.http.post("/api/v1/alertmanager", json=note(watchdog), headers=headers)
    assert answer.json() == {"taken": 1, "news": 0, "refused": {}}
    assert incidents(books) == []


def test_what_alertmanager_mails_itself_and_what_is_no_more_than_information_is_not_mailed_again(
    books: Books, program: Program, headers: dict[str, str], sink: Sink
) -> None:
    District(books)
    staff(books, "lan")
    alerts = [
        alert(labels={"alertname": "APIDown", "element": "rule:APIDown"}),
        alert(labels={"alertname": "DeviceRebooted", "element": "device:core", "severity": "info"}),
        alert(labels={"alertname": "Strange", "element": "host:printer", "severity": "loud"}),
    ]
    program.http.post("/api/v1/alertmanager", json=note(*alerts), headers=headers)
    sink.wait(1)
    time.sleep(0.3)
    assert [one.severity for one in incidents(books)] == ["critical", "info", "warning"]
    assert sink.subjects == ["[STRANGE] printer"]


def test_an_alert_of_a_site_counts_what_is_behind_it_and_names_its_line(
    books: Books, program: Program, headers: dict[str, str], sink: Sink
) -> None:
    district = District(books)
    staff(books, "lan")
    dark = alert(labels={"alertname": "SiteDark", "element": "site:viet-vinh", "site": "viet-vinh"})
    program.http.post("/api/v1/alertmanager", json=note(dark), headers=headers)
    sink.wait(1)
    (incident,) = incidents(books)
    assert (incident.site_id, incident.hidden_count) == (district.near.id, 1)
    body = sink.mails[0][2].get_body(("plain",))
    assert body is not None
    assert "đọc mã kênh HGG-0412" in body.get_content()


def tried(books: Books) -> OutboxMessage | None:
    """Return the only message once its delivery was tried."""
    with reading(books.engine) as session:
        row = session.exec(select(OutboxMessage)).one()
        session.expunge(row)
    return row if row.attempts else None


def test_a_mail_server_that_is_away_gets_the_mail_when_it_is_back(
    books: Books, tmp_path: Path, headers: dict[str, str]
) -> None:
    District(books)
    port = free_port()
    mail = MailSettings(host="127.0.0.1", port=port, security="none", sender="q@x.vn", always_to=("kho@example.vn",))
    with serving(books, tmp_path, mail=mail) as program:
        program.http.post("/api/v1/alertmanager", json=note(alert()), headers=headers)
        row = until(lambda: tried(books), seconds=60, name="a first attempt")
        assert row.delivered_at is None
        assert "127.0.0.1" in row.last_error
        with mail_sink(port=port) as sink:
            sink.wait(1, seconds=60)
            assert mails_of(sink, "kho@example.vn")[0]["Message-ID"] == row.message_id


def test_no_mail_server_means_no_messages_but_the_incident_stands(
    books: Books, tmp_path: Path, headers: dict[str, str]
) -> None:
    District(books)
    staff(books, "lan")
    with serving(books, tmp_path) as program:
        assert program.http.post("/api/v1/alertmanager", json=note(alert()), headers=headers).status_code == 200
    assert len(incidents(books)) == 1
    with reading(books.engine) as session:
        assert session.exec(select(OutboxMessage)).all() == []


def test_only_alertmanagers_token_may_hand_over_alerts(books: Books, program: Program) -> None:
    assert program.http.post("/api/v1/alertmanager", json=note()).status_code == 401
    for scope in (Scope.SCRAPE, Scope.READ, Scope.WRITE):
        answer = program.http.post("/api/v1/alertmanager", json=note(), headers=token(books, scope))
        assert answer.status_code == 403

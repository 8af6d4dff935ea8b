"""The postman: what nobody takes for two days is given up where people see it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from api.house import House
from api.settings import MailSettings, Settings
from api.watch.mail import MailTrouble
from api.watch.postman import deliver_batch
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.text import Text
from inventory.watch.firing import Firing, fire
from inventory.watch.incidents import Incident, timeline
from inventory.watch.outbox import GIVEN_UP_AFTER, OutboxMessage, enqueue
from tests.support.parts import free_port
from tests.support.smtp_sink import mail_sink


def lay(books: Books, *recipients: str, age: timedelta = timedelta(0)) -> None:
    written = now() - age
    with writing(books.engine) as session:
        firing = Firing(
            rule="LinkDown", element="link:x", severity="critical", started_at=written, values={},
            summary=Text(vi="Đứt.", en="Cut."),
        )  # fmt: skip
        incident = fire(session, firing, written).incident
        assert incident is not None
        enqueue(
            session,
            [
                OutboxMessage(
                    message_id=f"<{to}>", incident_id=incident.id, channel="email", recipient=to, subject="Đứt cáp",
                    body_text="...", created_at=written, next_attempt_at=written,
                )
                for to in recipients
            ],
        )  # fmt: skip


def house(books: Books, home: Path, port: int) -> House:
    mail = MailSettings(host="127.0.0.1", port=port, security="none", sender="quang@x.vn")
    return House(settings=Settings(home=home, mail=mail), books=books)


def rows(books: Books) -> dict[str, OutboxMessage]:
    with reading(books.engine) as session:
        return {row.recipient: row for row in session.exec(select(OutboxMessage))}


def test_what_is_refused_waits_and_what_is_taken_is_done(books: Books, tmp_path: Path) -> None:
    lay(books, "a@x.vn", "gone@x.vn", "b@x.vn")
    with mail_sink() as sink:
        sink.refuse["gone@x.vn"] = "550 nobody"
        assert deliver_batch(house(books, tmp_path, sink.port)) == 2
        assert deliver_batch(house(books, tmp_path, sink.port)) == 0
    found = rows(books)
    assert [found[name].delivered_at is not None for name in ("a@x.vn", "gone@x.vn", "b@x.vn")] == [True, False, True]
    assert "550 nobody" in found["gone@x.vn"].last_error
    assert len(sink.mails) == 2


def test_a_server_that_is_away_is_told_once_and_the_messages_wait(books: Books, tmp_path: Path) -> None:
    lay(books, "a@x.vn", "b@x.vn")
    with pytest.raises(MailTrouble):
        deliver_batch(house(books, tmp_path, free_port()))
    assert [(row.attempts, row.delivered_at) for row in rows(books).values()] == [(1, None), (1, None)]


def test_after_two_days_the_timeline_says_that_nobody_was_reached(books: Books, tmp_path: Path) -> None:
    lay(books, "a@x.vn", age=GIVEN_UP_AFTER + timedelta(minutes=1))
    with pytest.raises(MailTrouble):
        deliver_batch(house(books, tmp_path, free_port()))
    assert rows(books)["a@x.vn"].abandoned_at is not None
    with reading(books.engine) as session:
        last = timeline(session, session.exec(select(Incident)).one())[-1]
    assert last.kind == "message"
    assert last.text_vi.startswith("Không gửi được thư cho a@x.vn sau 48 giờ")

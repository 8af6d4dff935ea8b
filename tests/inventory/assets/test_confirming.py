from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from inventory import verification
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.confirmations import ConfirmationRead
from inventory.assets.confirming import LineState, LineStatus, confirm, doubts_of, lines_of, revoke
from inventory.assets.rulebook import Rulebooks
from inventory.assets.rulebook_files import read_rulebooks
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.books import statements
from tests.support.people import commune_staff, person
from tests.support.rows import add_site

RULEBOOKS = read_rulebooks()
LINE = ("tt-141-2025", "lives.computer")
SHIPPED = Path(__file__).parents[3] / "inventory" / "assets" / "rulebooks"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """Make it 20 November 2026."""
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC), tick=True):
        yield


def line(books: Books, rulebooks: Rulebooks = RULEBOOKS) -> LineStatus:
    found = {(one.rulebook, one.place): one for one in lines_of(books, SYSTEM, rulebooks)}
    return found[LINE]


def say(books: Books, actor: Actor = SYSTEM, rulebooks: Rulebooks = RULEBOOKS, **more: str) -> ConfirmationRead:
    values = {
        "rulebook": LINE[0], "place": LINE[1], "digest": line(books, rulebooks).digest, "day": "2026-11-19",
        "confirmed_by": "Nguyễn Thị Hoa, kế toán trưởng",
    }  # fmt: skip
    return confirm(books, actor, values | more, rulebooks)


def doubtful(books: Books, rulebooks: Rulebooks = RULEBOOKS) -> set[tuple[str, str]]:
    with reading(books.engine) as session:
        return {(one.book, one.place) for one in doubts_of(session, rulebooks)}


def test_every_line_is_shown_with_its_figures_source_and_state_in_one_statement(books: Books) -> None:
    with statements(books) as seen:
        lines = lines_of(books, SYSTEM, RULEBOOKS)
    assert len(seen) == 1
    assert len(lines) == sum(len(list(book.lines())) for book in (*RULEBOOKS.wear, *RULEBOOKS.norms))
    found = line(books)
    assert (found.state, found.confirmation, found.kind) == (LineState.OPEN, None, "wear")
    assert found.says == {"years": 7, "rate_bp": 1429, "variation_percent": 0}
    assert "phụ lục I" in found.source.vi
    assert {one.state for one in lines} == {LineState.OPEN, LineState.READ}


def test_what_is_in_doubt_is_what_the_files_do_not_confirm(books: Books) -> None:
    assert doubtful(books) == {(one.book, one.place) for one in RULEBOOKS.doubts()}
    with reading(books.engine) as session:
        assert {one.book for one in doubts_of(session, RULEBOOKS, {"qd-10-2026"})} <= {"qd-10-2026"}


def test_a_confirmed_line_is_no_longer_in_doubt_and_the_history_says_who(books: Books) -> None:
    made = say(books, person(Role.AUDITOR), note="So với bản đăng trên công báo")
    found = line(books)
    assert (found.state, found.confirmation) == (LineState.CONFIRMED, made)
    assert LINE not in doubtful(books)
    with reading(books.engine) as session:
        assert verification.verify(session, books.keys) == []


def test_a_confirmation_taken_back_leaves_the_line_in_doubt_and_can_be_given_again(books: Books) -> None:
    made = say(books)
    back = revoke(books, SYSTEM, made.id, made.version)
    assert back.retired_at is not None
    assert line(books).state == LineState.OPEN
    assert LINE in doubtful(books)
    with pytest.raises(Conflict):
        revoke(books, SYSTEM, back.id, back.version)
    assert say(books).id != made.id


def test_a_line_that_says_something_else_since_is_no_longer_confirmed(books: Books, tmp_path: Path) -> None:
    made = say(books)
    text = (SHIPPED / "tt-141-2025.yaml").read_text(encoding="utf-8")
    own = text.replace("    rate_bp: 1429\n", "    rate_bp: 1429\n    variation_percent: 10\n", 1)
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    changed = read_rulebooks(tmp_path)
    found = line(books, changed)
    assert (found.state, found.confirmation) == (LineState.OUTDATED, made)
    assert LINE in doubtful(books, changed)
    again = say(books, rulebooks=changed)
    assert (line(books, changed).state, line(books, changed).confirmation) == (LineState.CONFIRMED, again)


def test_setting_the_mark_in_the_file_keeps_a_confirmation(books: Books, tmp_path: Path) -> None:
    say(books)
    text = (SHIPPED / "tt-141-2025.yaml").read_text(encoding="utf-8").replace("confirmed: false", "confirmed: true")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert line(books, read_rulebooks(tmp_path)).state == LineState.CONFIRMED


def test_a_line_changed_while_it_was_read_is_not_confirmed(books: Books) -> None:
    with pytest.raises(Conflict) as caught:
        say(books, digest="0" * 64)
    assert "vừa được sửa" in caught.value.reason.vi


def test_a_line_is_confirmed_once(books: Books) -> None:
    say(books)
    with pytest.raises(Conflict) as caught:
        say(books, confirmed_by="Người khác")
    assert "Nguyễn Thị Hoa" in caught.value.reason.en


def test_wrong_fields_are_named_together(books: Books) -> None:
    with pytest.raises(Invalid) as caught:
        say(books, place="lives.none", day="2026-11-21")
    assert {one.field for one in caught.value.problems} == {"place", "day"}
    with pytest.raises(Invalid) as caught:
        say(books, digest="x", confirmed_by="", place="../etc", rulebook="Ä" * 99)
    assert {one.field for one in caught.value.problems} == {"digest", "confirmed_by", "place", "rulebook"}


def test_only_administrators_and_auditors_of_the_whole_book_confirm_and_everybody_reads(books: Books) -> None:
    add_site(books, "tan-lap")
    staff = commune_staff(books, "tan-lap")
    assert lines_of(books, staff, RULEBOOKS)
    local = Actor(name="x", role=Role.AUDITOR, site_ids=staff.site_ids)
    for actor in (staff, person(Role.IT_STAFF), local):
        with pytest.raises(Forbidden):
            say(books, actor)
    made = say(books, person(Role.ADMINISTRATOR))
    with pytest.raises(Forbidden):
        revoke(books, person(Role.IT_STAFF), made.id, made.version)
    with pytest.raises(Stale):
        revoke(books, SYSTEM, made.id, made.version + 1)
    with pytest.raises(NotFound):
        revoke(books, SYSTEM, made.id + 1, 1)

"""How a line, a device or a service did over the last month, on its page."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from inventory.db import writing
from inventory.network.observations import Transition, ingest_transitions
from tests.api.pages.conftest import Reader
from tests.support.api import Api


def tell(pages: Api, element: str, *words: tuple[float, str]) -> None:
    now = datetime.now(UTC)
    rows = [
        Transition(
            uid=uuid4().hex, collector="main", element=element, instance="core", site="bac-quang", probe="icmp",
            state=state, at=now - timedelta(hours=hours),
        )
        for hours, state in words
    ]  # fmt: skip
    with writing(pages.books.engine) as session:
        ingest_transitions(session, rows)


@pytest.mark.parametrize(
    ("element", "page"),
    [
        ("link:bq-vinh-tuy", "/links/bq-vinh-tuy"),
        ("device:vinh-tuy-rt", "/devices/vinh-tuy-rt"),
        ("service:web-vinh-tuy", "/services/web-vinh-tuy"),
    ],
)
def test_a_page_says_for_how_much_of_the_month_the_thing_worked(
    pages: Api, reader: Reader, element: str, page: str
) -> None:
    assert "Worked in 30 days" not in reader("auditor", "en").get(page).text
    tell(pages, element, (24 * 40, "up"), (72, "down"), (36, "up"))
    text = reader("auditor", "en").get(page).text
    assert "<strong>95.00 %</strong>" in text
    assert "down once, 1 day 12 hours" in text
    assert "known for" not in text


def test_a_promise_that_was_not_kept_is_said_in_words(pages: Api, reader: Reader) -> None:
    tell(pages, "link:bq-vinh-tuy", (24 * 40, "up"), (72, "down"), (62, "up"))
    assert "thấp hơn cam kết" in reader("it_staff", "vi").get("/links/bq-vinh-tuy").text


def test_a_young_record_breaks_no_promise_of_a_month(pages: Api, reader: Reader) -> None:
    tell(pages, "link:bq-vinh-tuy", (2, "up"), (1.2, "down"))
    text = reader("it_staff", "vi").get("/links/bq-vinh-tuy").text
    assert re.search(r"<strong>[34]\d,\d\d %</strong>", text)
    assert "thấp hơn cam kết" not in text


def test_a_short_cut_is_never_rounded_away(pages: Api, reader: Reader) -> None:
    tell(pages, "link:bq-vinh-tuy", (24 * 40, "up"), (72, "down"), (71.999, "up"))
    assert "<strong>99.99 %</strong>" in reader("auditor", "en").get("/links/bq-vinh-tuy").text


def test_of_what_is_new_it_is_said_for_how_long_it_is_known(pages: Api, reader: Reader) -> None:
    tell(pages, "link:bq-vinh-tuy", (48, "up"))
    text = reader("auditor", "en").get("/links/bq-vinh-tuy").text
    assert "<strong>100.00 %</strong>" in text
    assert "never down" in text
    assert "known for 2 days" in text

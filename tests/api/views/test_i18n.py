"""Both languages of the pages are complete, and numbers, dates and durations read as each language writes them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.views.i18n import CATALOGUE, COOKIE, Formats, Translations, language_of

TEMPLATES = Path(__file__).parents[3] / "api" / "templates"
PLACE = re.compile(r"%\(\w+\)s")
MARKS = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)

VI, EN = Formats("vi"), Formats("en")


def extracted() -> set[str]:
    found = extract_from_dir(TEMPLATES, [("**.html", "jinja2")], {"**.html": {"silent": "false"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def catalogue() -> dict[str, tuple[str, str]]:
    """Return English to (the English plural or the same again, Vietnamese)."""
    with CATALOGUE.open("rb") as file:
        read = read_po(file, locale="vi")
    messages = {}
    for message in read:
        if message.id:
            assert not message.fuzzy, message.id
            ids = (message.id, message.id) if isinstance(message.id, str) else message.id
            messages[ids[0]] = (ids[1], message.string if isinstance(message.string, str) else message.string[0])
    return messages


def test_every_sentence_of_the_templates_is_translated_and_no_translation_is_left_over() -> None:
    assert set(catalogue()) == extracted()
    assert [english for english, (_, vietnamese) in catalogue().items() if not vietnamese.strip()] == []


def test_a_translation_names_the_same_values() -> None:
    unlike = [
        english
        for english, (plural, vietnamese) in catalogue().items()
        if set(PLACE.findall(plural)) != set(PLACE.findall(vietnamese))
    ]
    assert unlike == []


def test_a_vietnamese_sentence_carries_its_diacritics() -> None:
    assert [text for _, text in catalogue().values() if len(text.split()) >= 3 and not MARKS.search(text)] == []


def test_a_number_of_things_has_one_form_in_vietnamese_and_two_in_english() -> None:
    asked = ("One thing is wrong", "%(count)s things are wrong")
    assert (
        Translations("vi").ngettext(*asked, 1)
        == Translations("vi").ngettext(*asked, 5)
        == "Có %(count)s việc cần xử lý"
    )
    assert [Translations("en").ngettext(*asked, n) for n in (1, 2)] == list(asked)


def test_a_sentence_without_a_translation_stays_english() -> None:
    assert Translations("vi").gettext("No such sentence") == "No such sentence"


def request(cookie: str = "", accepts: str = "") -> Request:
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode()), (b"accept-language", accepts.encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("cookie", "accepts", "language"),
    [
        ("en", "vi", "en"),
        ("", "fr-FR, en-GB;q=0.8, vi;q=0.5", "en"),
        ("xx", "vi-VN", "vi"),
        ("", "", "vi"),
        ("", "fr", "vi"),
        ("", "," * 10_000 + "en", "vi"),
    ],
)
def test_the_readers_own_choice_counts_before_the_browsers(cookie: str, accepts: str, language: str) -> None:
    assert language_of(request(cookie, accepts)) == language


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert (VI.number(1_234_567.891, 2), EN.number(1_234_567.891, 2)) == ("1.234.567,89", "1,234,567.89")
    assert (VI.dbm(-19.25), EN.dbm(-7)) == ("−19,2 dBm", "−7.0 dBm")
    assert (VI.percent(0.0512), EN.percent(1, 0)) == ("5,1 %", "100 %")
    assert VI.money(18_500_000) == "18.500.000 ₫"


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0, "0 bit/s"), (999, "999 bit/s"), (1_000, "1 kbit/s"), (2_500_000, "2.5 Mbit/s"), (1e9, "1 Gbit/s")],
)
def test_a_rate_is_written_in_the_unit_that_fits(rate: float, text: str) -> None:
    assert EN.bits(rate) == text


def test_times_are_shown_in_the_zone_of_the_office() -> None:
    at = datetime(2018, 12, 31, 17, 30, tzinfo=UTC)
    assert (VI.moment(at), EN.moment(at)) == ("00:30 01/01/2019", "1 Jan 2019, 00:30")
    assert (VI.day(date(2018, 5, 3)), EN.day(date(2018, 5, 3))) == ("03/05/2018", "3 May 2018")
    assert VI.clock(at) == "00:30:00"


def test_how_long_ago_is_told_in_words() -> None:
    now = datetime(2018, 12, 31, 12, tzinfo=UTC)
    assert VI.ago(now - timedelta(minutes=3), now) == "3 phút trước"
    assert EN.ago(now - timedelta(hours=1), now) == "1 hour ago"


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "0 giây", "0 seconds"),
        (1, "1 giây", "1 second"),
        (3_605, "1 giờ", "1 hour"),
        (7_500, "2 giờ 5 phút", "2 hours 5 minutes"),
        (90_061, "1 ngày 1 giờ", "1 day 1 hour"),
        (-5, "0 giây", "0 seconds"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(seconds: float, vi: str, en: str) -> None:
    assert (VI.duration(seconds), EN.duration(seconds)) == (vi, en)


@given(st.floats(min_value=0, max_value=1e10, allow_nan=False))
def test_a_length_of_time_never_reads_longer_than_it_is(seconds: float) -> None:
    sizes = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    words = EN.duration(seconds).replace(",", "").split()
    told = sum(int(number) * sizes[unit.rstrip("s")] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= seconds
    assert seconds - told < max(1, seconds / 2)

"""Search: one box for names, addresses, serial numbers and circuits."""

import pytest

from tests.api.pages.conftest import Reader


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("10.20.3.1", "/devices/tan-lap-rt"),
        ("VNPT-HGG-1005", "/links/bq-hung-an"),
        ("vnpt-hgg-1005", "/links/bq-hung-an"),
    ],
)
def test_the_only_thing_that_fits_is_opened_at_once(reader: Reader, words: str, page: str) -> None:
    answer = reader("it_staff").get("/search", params={"q": words})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_words_are_found_without_their_accents(reader: Reader) -> None:
    text = reader("it_staff", "vi").get("/search", params={"q": "tan lap"}).text
    assert "Xã Tân Lập" in text
    assert "Cáp quang trung tâm – Tân Lập" in text


def test_a_serial_number_is_found_in_the_books_and_in_what_devices_say(reader: Reader) -> None:
    text = reader("it_staff", "en").get("/search", params={"q": "HC908XZK3QF"}).text
    assert "BQ-0001" in text
    assert "core · Serial number" in text


def test_what_is_found_is_placed_by_the_name_of_its_site_and_its_carrier(reader: Reader) -> None:
    text = reader("it_staff", "vi").get("/search", params={"q": "hung an"}).text
    assert "Xã Hùng An</td>" in text
    assert "VNPT-HGG-1005 · VNPT" in text
    assert "· hung-an<" not in text
    assert "· Số sê-ri" in reader("it_staff", "vi").get("/search", params={"q": "HC908XZK3QF"}).text


def test_nothing_found_says_so_and_repeats_the_words_safely(reader: Reader) -> None:
    text = reader("it_staff", "en").get("/search", params={"q": '<script>"x"'}).text
    assert "Nothing fits “&lt;script&gt;" in text
    assert "<script>" not in text


def test_endless_words_and_wildcards_are_bounded(reader: Reader) -> None:
    client = reader("it_staff", "en")
    assert client.get("/search", params={"q": "a" * 1500}).status_code == 200
    assert "Nothing fits" in client.get("/search", params={"q": "%%%%"}).text

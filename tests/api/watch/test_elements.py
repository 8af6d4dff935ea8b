"""Elements: what people call a thing, where it is, whom to call."""

import pytest

from api.watch.elements import Subject, read_subject
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading
from inventory.network.collectors import Collector
from inventory.text import Text, same
from tests.support.network import District, book


def found(books: Books, element: str, site: str | None = None) -> Subject:
    with reading(books.engine) as session:
        return read_subject(session, element, site)


def test_everything_in_the_books_has_its_name_place_and_carrier(books: Books) -> None:
    district = District(books)
    book(books, Collector(name="main"))
    link, device = found(books, "link:viet-vinh"), found(books, "device:core")
    place, service = found(books, "site:viet-vinh"), found(books, "service:portal")
    assert link.name.vi == "Đường truyền Việt Vinh – trung tâm"
    assert link.site_ids == {district.near.id, district.centre.id}
    assert link.site is not None
    assert (link.site.slug, link.circuit, link.provider and link.provider.hotline) == (
        "viet-vinh",
        "HGG-0412",
        "18008119",
    )
    assert (device.name.vi, device.name.en) == ("Thiết bị core tại Trung tâm", "Device core at Trung tâm")
    assert (place.name.vi, place.circuit) == ("Điểm Việt Vinh", "HGG-0412")
    assert (service.name.vi, service.owner) == ("Dịch vụ portal", "Văn phòng")
    assert found(books, "collector:main").name.vi == "Bộ thu thập main"
    assert all(one.is_booked for one in (link, device, place, service, found(books, "collector:main")))


def test_a_link_without_a_title_is_called_by_its_ends(books: Books) -> None:
    District(books)
    assert found(books, "link:hung-an").name.vi == "Đường truyền Hùng An – Việt Vinh"


def test_a_title_that_says_what_it_is_is_left_as_it_is(books: Books) -> None:
    district = District(books)
    district.near_line.title = "Cáp quang Việt Vinh"
    book(books, district.near_line)
    name = found(books, "link:viet-vinh").name
    assert (name.vi, name.en) == ("Cáp quang Việt Vinh", "Link Cáp quang Việt Vinh")


def test_what_is_retired_or_unknown_is_not_booked_any_more(books: Books) -> None:
    district = District(books)
    district.near_line.retired_at = now()
    book(books, district.near_line)
    assert not found(books, "link:viet-vinh").is_booked
    for element in ("link:none", "device:none", "site:none", "service:none", "collector:none"):
        assert not found(books, element).is_booked


@pytest.mark.parametrize("element", ["rule:Watchdog", "host:printer", "", ":", "strange"])
def test_of_what_no_book_is_kept_nobody_says_that_it_is_gone(books: Books, element: str) -> None:
    subject = found(books, element)
    assert subject.is_booked
    assert subject.name.vi


def test_the_alerts_own_site_places_what_the_books_do_not_know(books: Books) -> None:
    district = District(books)
    assert found(books, "device:new", "viet-vinh").site_ids == {district.near.id}
    assert found(books, "device:new", "nowhere").site_ids == frozenset()


def test_keys_in_sentences_become_names_but_only_as_whole_words() -> None:
    subject = Subject("link:an", same("x"), "An Tiến")
    sentence = Text(vi="an, (an) an-tien x.an an.vn bàn an.", en="an/an")
    assert subject.named(sentence) == Text(
        vi="An Tiến, (An Tiến) an-tien x.an an.vn bàn An Tiến.", en="An Tiến/An Tiến"
    )

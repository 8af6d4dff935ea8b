import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import Invalid, Stale
from inventory.nouns import ASSETS, DEVICES, LINKS, NOUNS, SITES
from inventory.register import Query, create, get, list_, restore, retire, update


def test_a_created_object_reads_back_with_keys_for_what_it_refers_to(books: Books) -> None:
    create(books, SYSTEM, SITES, {"slug": "huyen", "name": "Huyện", "kind": "district"})
    made = create(books, SYSTEM, SITES, {"slug": "xa", "name": "Xã Đồng Tâm", "kind": "commune", "parent": "huyen"})
    assert made.model_dump()["parent"] == "huyen"
    assert get(books, SYSTEM, SITES, "xa") == made
    page = list_(books, SYSTEM, SITES, Query(search="dong tam", sort="name", total=True))
    assert [item.key for item in page.items] == ["xa"]
    assert page.total == 1
    changed = update(books, SYSTEM, SITES, "xa", 1, {"headcount": "25"})
    assert changed.version == 2
    assert changed.model_dump()["headcount"] == 25
    with pytest.raises(Stale):
        update(books, SYSTEM, SITES, "xa", 1, {"headcount": 26})
    assert update(books, SYSTEM, SITES, "xa", 2, {"headcount": 25}).version == 2
    retired = retire(books, SYSTEM, SITES, "xa", 2)
    assert retired.retired_at is not None
    assert restore(books, SYSTEM, SITES, "xa", 3).retired_at is None


def test_every_noun_can_be_listed(books: Books) -> None:
    for noun in NOUNS.values():
        for sort in ("", *noun.sorts, "-created_at"):
            assert list_(books, SYSTEM, noun, Query(sort=sort, search="x", total=True)).items == []


def test_all_problems_are_named_at_once(books: Books) -> None:
    with pytest.raises(Invalid) as caught:
        create(books, SYSTEM, ASSETS, {
            "tag": "", "serial": "Default string", "site": "nowhere", "category": "spaceship", "cost_vnd": -1,
            "put_to_use": "2999-01-01", "colour": "red", "supplier": "nobody",
        })  # fmt: skip
    assert {(p.field, p.code) for p in caught.value.problems} == {
        ("tag", "too_short"), ("name", "required"), ("serial", "placeholder"), ("site", "no_such"),
        ("category", "no_such"), ("cost_vnd", "out_of_range"), ("colour", "unknown"), ("put_to_use", "out_of_range"),
        ("supplier", "no_such"),
    }  # fmt: skip


def test_a_link_has_two_ends(books: Books) -> None:
    create(books, SYSTEM, SITES, {"slug": "a", "name": "A", "kind": "commune"})
    create(books, SYSTEM, DEVICES, {"name": "r1", "site": "a", "category": "router", "address": "10.0.0.1"})
    with pytest.raises(Invalid, match="two devices"):
        create(books, SYSTEM, LINKS, {"name": "l1", "a_device": "r1", "b_device": "r1"})

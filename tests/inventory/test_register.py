import pytest
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.db import reading
from inventory.errors import Conflict, Forbidden, Invalid, NotFound
from inventory.history import Change
from inventory.nouns import NOUNS
from inventory.register import Query, create, get, list_, restore, retire, update
from tests.support.people import person
from tests.support.refusals import refused
from tests.support.rows import add_asset, add_device, add_site
from tests.support.threads import together

SITES = NOUNS["sites"]
SITE = {"slug": "a", "name": "A", "kind": "commune"}


def test_an_object_lives_from_creation_to_retirement_and_back(books: Books) -> None:
    add_site(books, "huyen", kind="district")
    made = create(books, SYSTEM, SITES, SITE | {"parent": "huyen"})
    assert (made.key, made.version, made.model_dump()["parent"]) == ("a", 1, "huyen")
    assert get(books, SYSTEM, SITES, "a") == made
    changed = update(books, SYSTEM, SITES, "a", 1, {"headcount": "25"})
    assert (changed.version, changed.model_dump()["headcount"]) == (2, 25)
    assert changed.updated_at > made.updated_at
    assert changed.created_at == made.created_at
    retired = retire(books, SYSTEM, SITES, "a", 2)
    assert (retired.version, retired.retired_at is not None) == (3, True)
    assert restore(books, SYSTEM, SITES, "a", 3).retired_at is None


def test_a_change_that_differs_in_nothing_is_no_change(books: Books) -> None:
    create(books, SYSTEM, SITES, SITE)
    assert update(books, SYSTEM, SITES, "a", 1, {"name": " A ", "headcount": ""}).version == 1
    assert update(books, SYSTEM, SITES, "a", 1, {}).version == 1
    with reading(books.engine) as session:
        assert len(session.exec(select(Change)).all()) == 1


def test_a_model_is_taken_as_well_as_what_was_sent(books: Books) -> None:
    assert SITES.create is not None
    assert SITES.change is not None
    create(books, SYSTEM, SITES, SITES.create.model_validate(SITE))
    changed = update(books, SYSTEM, SITES, "a", 1, SITES.change.model_validate({"note": "x"}))
    assert (changed.model_dump()["note"], changed.model_dump()["name"]) == ("x", "A")


def test_what_is_retired_is_not_changed_and_not_retired_again(books: Books) -> None:
    create(books, SYSTEM, SITES, SITE)
    with pytest.raises(Conflict):
        restore(books, SYSTEM, SITES, "a", 1)
    retire(books, SYSTEM, SITES, "a", 1)
    with pytest.raises(Conflict):
        retire(books, SYSTEM, SITES, "a", 2)
    with pytest.raises(Conflict):
        update(books, SYSTEM, SITES, "a", 2, {"name": "B"})


@pytest.mark.parametrize(
    "key", ["x", "", "a'; DROP TABLE site; --", "x" * 5_000, "\ud83d", "a\x00b", "-1", "99999999999999999999"]
)
@pytest.mark.parametrize("noun", ["sites", "holdings"])
def test_what_does_not_exist_is_not_found(books: Books, noun: str, key: str) -> None:
    for act in (
        lambda: get(books, SYSTEM, NOUNS[noun], key),
        lambda: update(books, SYSTEM, NOUNS[noun], key, 1, {}),
        lambda: retire(books, SYSTEM, NOUNS[noun], key, 1),
        lambda: restore(books, SYSTEM, NOUNS[noun], key, 1),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("noun", NOUNS)
def test_a_role_that_may_not_write_writes_nothing(books: Books, noun: str) -> None:
    auditor = person(Role.AUDITOR)
    for act in (
        lambda: create(books, auditor, NOUNS[noun], {}),
        lambda: update(books, auditor, NOUNS[noun], "x", 1, {}),
        lambda: retire(books, auditor, NOUNS[noun], "x", 1),
        lambda: restore(books, auditor, NOUNS[noun], "x", 1),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_listed_in_every_order(books: Books, noun: str) -> None:
    for sort in ("", *NOUNS[noun].sorts, "-created_at", "updated_at"):
        assert list_(books, SYSTEM, NOUNS[noun], Query(sort=sort, search="x", total=True)).items == []


def test_of_many_who_take_a_name_at_once_one_gets_it(books: Books) -> None:
    def take() -> bool:
        try:
            create(books, SYSTEM, SITES, SITE)
        except Invalid:
            return False
        return True

    assert sum(together(*[take] * 6)) == 1


def test_a_name_is_not_taken_by_a_row_that_was_refused(books: Books) -> None:
    assert refused(books, "sites", **SITE | {"lat": 5}) == {("lon", "required")}
    create(books, SYSTEM, SITES, SITE)


def test_more_fields_than_anything_has_are_refused(books: Books) -> None:
    assert refused(books, "sites", **SITE | {f"f{n}": n for n in range(101)}) == {("", "too_long")}


def test_what_is_nested_without_end_is_refused(books: Books) -> None:
    add_site(books, "a")
    deep: dict[str, object] = {}
    for _ in range(900):
        deep = {"x": deep, "y": [deep] if len(deep) < 2 else 1}
    values = {"name": "r", "site": "a", "category": "router", "probes": {"icmp": deep}}
    assert refused(books, "devices", **values) == {("probes", "too_deep")}


def test_a_device_that_an_asset_stands_in_is_not_retired(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "r1", "a")
    add_asset(books, "T1", "a")
    create(books, SYSTEM, NOUNS["holdings"], {"device": "r1", "asset": "T1", "held_from": "2020-01-01T00:00:00Z"})
    for noun, key in (("devices", "r1"), ("assets", "T1")):
        with pytest.raises(Conflict, match="holding period “1”"):
            retire(books, SYSTEM, NOUNS[noun], key, 1)
    update(books, SYSTEM, NOUNS["holdings"], "1", 1, {"held_to": "2021-01-01T00:00:00Z"})
    retire(books, SYSTEM, NOUNS["devices"], "r1", 1)
    retire(books, SYSTEM, NOUNS["assets"], "T1", 1)

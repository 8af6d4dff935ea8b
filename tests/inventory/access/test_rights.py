from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inventory.access.accounts import Role, Scope
from inventory.access.rights import RIGHTS, SCOPES, SYSTEM, Act, Actor, check, may, subtree, visible
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.errors import Forbidden, Invalid, NotFound
from inventory.history import Change
from inventory.nouns import NOUNS
from inventory.places.sites import Site
from inventory.register import Query, create, get, list_, retire, update
from tests.support.books import empty
from tests.support.people import commune_staff, person, program
from tests.support.rows import add, add_asset, add_device, add_site

GUARDED = {"accounts", "tokens", "reorganisations"}


@pytest.mark.parametrize("noun", NOUNS)
def test_roles_read_and_write_what_the_house_allows(noun: str) -> None:
    reads = {role for role in Role if may(person(role), Act.READ, noun)}
    writes = {role for role in Role if may(person(role), NOUNS[noun].write, noun)}
    everywhere = {Role.ADMINISTRATOR, Role.IT_STAFF, Role.AUDITOR}
    assert reads == everywhere | (set() if noun in GUARDED | {"credentials", "collectors"} else {Role.COMMUNE_STAFF})
    expected = {Role.ADMINISTRATOR} | (set() if noun in GUARDED else {Role.IT_STAFF})
    assert writes == expected | ({Role.COMMUNE_STAFF} if noun in {"assets", "incidents", "documents"} else set())


def test_an_auditor_reads_all_and_writes_counts_only() -> None:
    auditor = person(Role.AUDITOR)
    assert all(may(auditor, Act.READ, noun) for noun in (*NOUNS, "changes", "messages"))
    assert may(auditor, Act.COUNT, "assets")
    for act, noun in product(set(Act) - {Act.READ, Act.COUNT}, (*NOUNS, "metrics", "collectors")):
        assert not may(auditor, act, noun)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", Scope)
def test_a_token_does_no_more_than_its_scope_and_its_account_both_allow(role: Role, scope: Scope) -> None:
    token = program(role, scope)
    for act, noun in product(Act, (*NOUNS, "changes", "metrics", "discovery", "agents", "alertmanager", "settings")):
        scoped = act in SCOPES[scope] and (SCOPES[scope][act] is None or noun in (SCOPES[scope][act] or ()))
        assert may(token, act, noun) == (scoped and noun in RIGHTS[role].get(act, ()))


def test_no_token_administers() -> None:
    token = program(Role.ADMINISTRATOR, *Scope)
    assert not any(may(token, Act.ADMINISTER, noun) for noun in (*NOUNS, "settings"))


def test_a_token_of_the_system_ingests_and_scrapes_only() -> None:
    token = program(None, *Scope)
    assert may(token, Act.INGEST, "collectors")
    assert may(token, Act.SCRAPE, "metrics")
    assert not may(token, Act.READ, "sites")
    assert not may(program(None, Scope.SCRAPE), Act.INGEST, "collectors")
    assert not may(Actor(name="nobody", role=None), Act.INGEST, "collectors")


def test_an_unknown_noun_is_forbidden_to_everybody() -> None:
    for role in Role:
        with pytest.raises(Forbidden):
            check(person(role), Act.READ, "secrets")


def district(books: Books) -> None:
    """Two communes, the second of which became part of `new`; each with a device, and a link between them."""
    add_site(books, "new")
    for slug, more in (("a", {}), ("b", {"successor": "new"})):
        add_site(books, slug, **more)
        add_site(books, f"{slug}-school", parent=slug, kind="office")
        add_device(books, f"r-{slug}", slug)
        add_asset(books, f"T-{slug}", f"{slug}-school")
        add(books, "holdings", device=f"r-{slug}", asset=f"T-{slug}", held_from="2020-01-01T00:00:00Z")
        add(books, "services", name=f"s-{slug}", kind="website", site=slug, url="http://a.example/")
    add(books, "links", name="ab", a_device="r-a", b_device="r-b")
    add(books, "providers", slug="vnpt", name="VNPT")


def seen(books: Books, actor: Actor, noun: str) -> list[str]:
    return [item.key for item in list_(books, actor, NOUNS[noun], Query()).items]


def test_commune_staff_see_their_subtree_and_what_it_took_over(books: Books) -> None:
    district(books)
    a, new = commune_staff(books, "a"), commune_staff(books, "new")
    assert seen(books, a, "sites") == ["a", "a-school"]
    assert seen(books, new, "sites") == ["b", "b-school", "new"]
    for noun, key in (("devices", "r-"), ("assets", "T-"), ("services", "s-")):
        assert seen(books, a, noun) == [f"{key}a"]
        assert seen(books, new, noun) == [f"{key}b"]
        with pytest.raises(NotFound):
            get(books, a, NOUNS[noun], f"{key}b")
    assert seen(books, a, "providers") == ["vnpt"]
    assert seen(books, a, "links") == seen(books, new, "links") == ["ab"]
    assert len(seen(books, a, "holdings")) == 1
    with reading(books.engine) as session:
        changes = session.execute(select(Change).where(visible(a, Change))).scalars().all()
    assert {change.object_key for change in changes} == {"a", "a-school", "r-a", "T-a", "1", "s-a", "ab"}


def test_commune_staff_write_assets_of_their_own_only(books: Books) -> None:
    district(books)
    a = commune_staff(books, "a")
    assets = NOUNS["assets"]
    update(books, a, assets, "T-a", 1, {"room": "P2", "site": "a"})
    create(books, a, assets, {"tag": "N1", "name": "x", "category": "printer", "site": "a-school"})
    for act in (
        lambda: create(books, a, assets, {"tag": "N2", "name": "x", "category": "printer", "site": "b"}),
        lambda: update(books, a, assets, "T-a", 2, {"site": "b"}),
    ):
        with pytest.raises(Invalid, match="There is no site “b”"):
            act()
    with pytest.raises(NotFound):
        update(books, a, assets, "T-b", 1, {"room": "P2"})
    with pytest.raises(NotFound):
        retire(books, a, assets, "T-b", 1)
    with pytest.raises(Forbidden):
        update(books, a, NOUNS["devices"], "r-a", 1, {"title": "x"})


def test_what_commune_staff_may_not_choose_stays_when_they_change_something_else(books: Books) -> None:
    district(books)
    add(books, "providers", slug="shop", name="Shop", is_supplier=True)
    update(books, SYSTEM, NOUNS["assets"], "T-a", 1, {"supplier": "shop"})
    assert update(books, commune_staff(books, "a"), NOUNS["assets"], "T-a", 2, {"room": "P3"}).version == 3


trees = st.integers(1, 9).flatmap(
    lambda n: st.lists(
        st.tuples(st.none() | st.integers(0, n - 1), st.none() | st.integers(0, n - 1)), min_size=n, max_size=n
    )
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, start=st.integers(0, 8))
def test_a_subtree_is_what_leads_to_its_root_by_parent_or_successor(
    books: Books, tree: list[tuple[int | None, int | None]], start: int
) -> None:
    """Even where the tree has loops, written behind the program's back: it ends."""
    empty(books)
    root = start % len(tree)
    with writing(books.engine) as session:
        sites = [Site(slug=f"s{n}", name="x", kind="commune") for n in range(len(tree))]
        session.add_all(sites)
        session.flush()
        for site, (parent, successor) in zip(sites, tree, strict=True):
            site.parent_id = None if parent is None else sites[parent].id
            site.successor_id = None if successor is None else sites[successor].id
        numbers = [site.id or 0 for site in sites]
    expected, before = {root}, set[int]()
    while expected != before:
        before = set(expected)
        expected |= {n for n, above in enumerate(tree) if set(above) & before}
    with reading(books.engine) as session:
        found = subtree(session, numbers[root])
        shown = session.execute(
            select(column(Site, "id")).where(visible(Actor("x", Role.COMMUNE_STAFF, site_ids=found), Site))
        ).scalars()
        assert set(shown) == found
    assert found == {numbers[n] for n in expected}

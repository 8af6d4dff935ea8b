import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import Conflict, Invalid
from inventory.nouns import NOUNS
from inventory.register import get, retire
from tests.support.books import empty
from tests.support.refusals import change, refused, refused_change
from tests.support.rows import add, add_device, add_site

BASE = {"slug": "x", "name": "X", "kind": "commune"}


def test_a_site_is_read_as_it_was_written(books: Books) -> None:
    add_site(books, "huyen", kind="district")
    values = BASE | {
        "code": "01159", "parent": "huyen", "valid_from": "2019-01-01", "valid_to": "2025-06-30", "lat": 22.5,
        "lon": 104.8, "headcount": 21, "coverage": {"fibre": 100.0, "coverage_4g": 71.5}, "contact_phone": "0219",
        "work_hours": {"1": ["07:30", "17:00"]}, "note": "Dòng 1\nDòng 2",
    }  # fmt: skip
    written = add(books, "sites", **values).model_dump(mode="json")
    assert written == get(books, SYSTEM, NOUNS["sites"], "x").model_dump(mode="json")
    assert {name: written[name] for name in values} == values


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"slug": "Xã"}, ("slug", "slug")),
        ({"slug": ""}, ("slug", "too_short")),
        ({"slug": "a" * 65}, ("slug", "too_long")),
        ({"slug": "-a"}, ("slug", "slug")),
        ({"name": "  "}, ("name", "too_short")),
        ({"name": "a\x00b"}, ("name", "control_character")),
        ({"kind": "planet"}, ("kind", "not_a_choice")),
        ({"lat": 90.1, "lon": 0}, ("lat", "out_of_range")),
        ({"lat": 0, "lon": -180.1}, ("lon", "out_of_range")),
        ({"lat": "nan", "lon": 0}, ("lat", "finite_number")),
        ({"lat": 22.0}, ("lon", "required")),
        ({"lon": 104.0}, ("lat", "required")),
        ({"valid_from": "2025-07-01", "valid_to": "2025-06-30"}, ("valid_to", "order")),
        ({"valid_from": "1.7.2025"}, ("valid_from", "date_from_datetime_parsing")),
        ({"valid_from": 20250701}, ("valid_from", "date_type")),
        ({"valid_from": "0025-07-01"}, ("valid_from", "out_of_range")),
        ({"headcount": -1}, ("headcount", "out_of_range")),
        ({"headcount": True}, ("headcount", "int_type")),
        ({"coverage": {"Fibre!": 1}}, ("coverage.Fibre!.[key]", "pattern")),
        ({"coverage": {"fibre": -1}}, ("coverage.fibre", "out_of_range")),
        ({"coverage": {f"c{n}": 1 for n in range(41)}}, ("coverage", "too_long")),
        ({"work_hours": {"8": ["07:30", "17:00"]}}, ("work_hours", "weekday")),
        ({"work_hours": {"1": ["17:00", "07:30"]}}, ("work_hours", "hours")),
        ({"work_hours": {"1": ["07:30"]}}, ("work_hours.1", "too_short")),
        ({"parent": "nowhere"}, ("parent", "no_such")),
        ({"note": "x" * 2001}, ("note", "too_long")),
        ({"colour": "red"}, ("colour", "unknown")),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(books: Books, values: dict[str, object], problem: tuple[str, str]) -> None:
    assert refused(books, "sites", **BASE | values) == {problem}


def test_a_name_in_decomposed_letters_is_stored_composed(books: Books) -> None:
    written = add_site(books, "a", name="Xa\u0303 \u0110o\u0302\u0300ng Ta\u0302m")
    assert written.model_dump()["name"] == "Xã Đồng Tâm"


def test_the_slug_never_changes(books: Books) -> None:
    add_site(books, "a")
    assert refused_change(books, "sites", "a", slug="b") == {("slug", "fixed")}
    assert change(books, "sites", "a", slug="a", name="New").version == 2


def test_a_code_is_taken_only_with_the_same_first_day(books: Books) -> None:
    add_site(books, "a", code="01165", valid_to="2025-06-30")
    add_site(books, "b", code="01165", valid_from="2025-07-01")
    assert refused(books, "sites", **BASE, code="01165") == {("code", "taken")}
    assert refused(books, "sites", **BASE, code="01165", valid_from="2025-07-01") == {("code", "taken")}
    assert refused_change(books, "sites", "b", valid_from=None) == {("code", "taken")}
    assert refused(books, "sites", **BASE | {"slug": "a"}) == {("slug", "taken")}


edges = st.lists(st.tuples(st.sampled_from(["parent", "successor"]), st.integers(0, 4), st.integers(0, 4)), max_size=12)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=edges)
def test_neither_the_tree_nor_the_successors_ever_make_a_loop(books: Books, edges: list[tuple[str, int, int]]) -> None:
    empty(books)
    for n in range(5):
        add_site(books, f"s{n}")
    links: dict[str, dict[int, int]] = {"parent": {}, "successor": {}}
    for name, start, end in edges:
        chain, here = {start}, end
        while here is not None and here not in chain:
            chain.add(here)
            here = links[name].get(here)  # type: ignore[assignment]
        if here == start:
            assert refused_change(books, "sites", f"s{start}", **{name: f"s{end}"}) == {(name, "loop")}
        else:
            change(books, "sites", f"s{start}", **{name: f"s{end}"})
            links[name][start] = end


def test_a_site_that_something_stands_at_is_not_retired(books: Books) -> None:
    add_site(books, "a")
    add_device(books, "r1", "a")
    with pytest.raises(Conflict) as caught:
        retire(books, SYSTEM, NOUNS["sites"], "a", 1)
    assert "thiết bị mạng “r1”" in caught.value.reason.vi
    retire(books, SYSTEM, NOUNS["devices"], "r1", 1)
    retire(books, SYSTEM, NOUNS["sites"], "a", 1)
    assert refused(books, "sites", **BASE, parent="a") == {("parent", "retired")}
    assert refused(books, "sites", **BASE | {"slug": "a"}) == {("slug", "taken")}


def test_form_fields_left_empty_mean_nothing(books: Books) -> None:
    written = add(books, "sites", **BASE, parent="", lat="", lon="", valid_from="", headcount="", code="").model_dump()
    assert [written[name] for name in ("parent", "lat", "lon", "valid_from", "headcount", "code")] == [None] * 6
    with pytest.raises(Invalid):
        add(books, "sites", slug="y", name="", kind="commune")

import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM, Actor
from inventory.assets.categories import CATEGORIES
from inventory.books import Books
from inventory.cells import BadFile
from inventory.errors import Conflict, Forbidden, Invalid
from inventory.exporting import Format, export
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.register import create, retire
from inventory.spelling import is_storable
from inventory.spreadsheet import read_sheet
from tests.support.books import empty
from tests.support.files import bring_file, contents, give
from tests.support.people import commune_staff, person
from tests.support.rows import add, add_asset, add_device, add_site
from tests.support.world import build

ORDER = (
    "sites",
    "providers",
    "products",
    "devices",
    "assets",
    "holdings",
    "links",
    "services",
    "accounts",
    "collectors",
    "subnets",
)
"""Nouns of files, such that what is referred to comes first."""

EXAMPLES = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

# Signs that the fonts before Unicode show as letters make a file look as if it were written with them.
_LETTERS = st.characters(exclude_characters="µ¶¸¹¨»¼½¾©®ª«¬\u00ad§¦·ØÛÏÅÄËÜøûïåäëüñÑ")


def words(longest: int, *, least: int = 0) -> st.SearchStrategy[str]:
    text = st.text(_LETTERS, max_size=longest) | st.sampled_from(["=1+1", "+84 219", "-", "@x", "'=y", "00123", "1e5"])
    return text.map(str.strip).filter(
        lambda one: least <= len(one) <= longest and is_storable(one) and normal(one) == one
    )


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


DAYS = st.none() | st.dates(datetime(1950, 1, 1, tzinfo=UTC).date(), datetime(2020, 1, 1, tzinfo=UTC).date())
SITE = st.fixed_dictionaries(
    {
        "name": words(60, least=1),
        "kind": st.sampled_from(["commune", "town", "office", "exchange"]),
        "headcount": st.none() | st.integers(0, 100_000),
        "place": st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
        "coverage": st.dictionaries(st.sampled_from(["fibre", "coverage_4g"]), st.floats(0, 100)),
        "work_hours": st.just({}) | st.just({"1": ["07:30", "17:00"]}),
        "contact_phone": words(40),
        "valid_from": DAYS,
        "note": words(80),
        "fictional": st.booleans(),
    }
)
ASSET = st.fixed_dictionaries(
    {
        "tag": words(30, least=1),
        "name": words(60, least=1),
        "category": st.sampled_from(sorted(CATEGORIES)),
        "status": st.sampled_from(["planned", "in_stock", "in_use", "repair"]),
        "put_to_use": DAYS,
        "cost_vnd": st.integers(0, 10**12),
        "custodian": words(60),
        "room": words(30),
        "mac": st.just("") | st.just("00:1a:2b:3c:4d:5e"),
        "note": words(80),
    }
)


def site_of(number: int, values: dict[str, Any]) -> dict[str, Any]:
    place = values.pop("place")
    lat, lon = place or (None, None)
    parent = {"parent": f"s{number - 1}"} if number else {}
    # Named so that what is below comes before what it is below.
    return values | {"slug": f"s{number}", "lat": lat, "lon": lon} | parent


@pytest.mark.parametrize("kind", Format)
def test_what_was_exported_imports_back_unchanged(new_books: Callable[[], Books], kind: Format) -> None:
    here, there = new_books(), new_books()

    @EXAMPLES
    @given(st.lists(SITE, max_size=4), st.lists(ASSET, max_size=6, unique_by=lambda one: one["tag"]), st.data())
    def prove(sites: list[dict[str, Any]], assets: list[dict[str, Any]], data: st.DataObject) -> None:
        for books in (here, there):
            empty(books)
        add_site(here, "zz-last")
        for number, site in enumerate(sites):
            create(here, SYSTEM, NOUNS["sites"], site_of(number, dict(site)))
        for asset in assets:
            create(here, SYSTEM, NOUNS["assets"], asset | {"site": "zz-last"})
        language = data.draw(st.sampled_from(["vi", "en"]))
        for noun in ("sites", "assets"):
            file = give(here, noun, kind, language)
            if not contents(here, noun):
                with pytest.raises(BadFile):
                    bring_file(there, noun, file)
                continue
            again = bring_file(here, noun, file)
            assert (again.problems, again.changed, again.created) == ([], 0, 0)
            assert bring_file(there, noun, file).problems == []
            assert contents(there, noun) == contents(here, noun)

    prove()


def furnish(books: Books) -> None:
    """Write something of every noun, with what is odd about it."""
    build(books)
    add(books, "providers", slug="dien-may", name="Điện máy", is_carrier=False, is_supplier=True, hotline="+84 219")
    add(
        books, "products", slug="rb4011", manufacturer="=MikroTik", model="RB4011", category="router",
        sys_object_ids="1.3.6.1.4.1.14988.1", list_price_vnd=6_500_000, end_of_support="2030-12-31",
    )  # fmt: skip
    add(books, "credentials", name="noi-bo", kind="ssh", user="quang", password="bi-mat-lam")
    add_device(
        books, "gate-9", "own", address="10.0.0.8", ports={"ssh": 2222, "snmp": 161}, note="cửa vào",
        ssh_host_key="ssh-ed25519 SHA256:" + "A" * 43,
    )  # fmt: skip
    add_device(
        books, "r9", "own", address="2001:db8::1", ports={"snmp": 1161}, is_root=True, snmp_credential="snmp",
        ssh_credential="noi-bo", ssh_jump="gate-9", probes={"icmp": {"interval_s": 2}},
        optical_overrides={"sfp1": {"rx_warn_low": -24.5}},
    )  # fmt: skip
    add_asset(
        books, "TS/9", "own", product="rb4011", supplier="dien-may", attributes={"ports": 10, "firmware": "7.1"},
        serial="00123", warranty_until="2027-01-01",
    )  # fmt: skip
    add(
        books, "links", name="l9", a_device="core", b_device="r9", a_interface="sfp9", provider="vnpt", circuit="-K9",
        bandwidth_bps=100_000_000_000, sla_target=0.995, a_baseline_rx_dbm=-15.25, medium="radio", b_kind="ont",
    )  # fmt: skip
    add(books, "services", name="tcp9", kind="tcp", site="own", host="10.0.0.9", port=8443, host_device="r9")
    add(
        books,
        "accounts",
        username="hoa",
        role="commune_staff",
        site="own",
        email="hoa@example.vn",
        receives_alerts=True,
    )
    add(
        books, "holdings", device="r9", asset="TS/9", held_from="2019-01-01T07:30:15.123456+07:00",
        held_to="2020-01-01T00:00:00Z", reason="=thay máy",
    )  # fmt: skip


@pytest.mark.parametrize("kind", Format)
def test_every_noun_moves_to_other_books_whole(new_books: Callable[[], Books], kind: Format) -> None:
    here, there = new_books(), new_books()
    furnish(here)
    # Secrets are never in a file: they are typed in again.
    add(there, "credentials", name="snmp", kind="snmp_v2c", community="khac")
    add(there, "credentials", name="noi-bo", kind="ssh", user="quang", password="mat-khau-khac")
    for noun in ORDER:
        file = give(here, noun, kind)
        again = bring_file(here, noun, file)
        assert (again.problems, again.changed, again.created) == ([], 0, 0), noun
        assert bring_file(there, noun, file).problems == [], noun
        moved, stood = contents(there, noun), contents(here, noun)
        if noun == "holdings":
            assert sorted(map(str, moved.values())) == sorted(map(str, stood.values()))
        else:
            assert moved.keys() == stood.keys()
            for key, row in stood.items():
                assert moved[key] == row | {name: moved[key][name] for name in ("seen_at",) if name in row}, (noun, key)


@pytest.mark.parametrize("noun", ["credentials", "tokens"])
def test_secrets_never_stand_in_a_file(books: Books, noun: str) -> None:
    with pytest.raises(Conflict):
        give(books, noun)


def test_no_file_holds_a_secret_or_its_cipher(books: Books) -> None:
    furnish(books)
    everything = b"".join(give(books, noun) for noun in (*ORDER, "incidents"))
    for secret in (b"bi-mat-lam", b"chi-doc", b"argon2", b"sealed"):
        assert secret not in everything


def test_a_file_holds_what_its_reader_may_see_and_no_more(books: Books) -> None:
    build(books)
    staff = commune_staff(books, "own")
    assert b"foreign" not in give(books, "assets", actor=staff)
    assert b"own" in give(books, "assets", actor=staff)
    assert b"foreign" in give(books, "assets", actor=person(Role.AUDITOR))
    for noun in ("accounts", "collectors"):
        with pytest.raises(Forbidden):
            give(books, noun, actor=staff)
    nobody = Actor(name="token:t", role=None, scopes=frozenset())
    with pytest.raises(Forbidden):
        give(books, "sites", actor=nobody)


def test_what_is_retired_is_left_out(books: Books) -> None:
    add_site(books, "a")
    add_site(books, "b")
    retire(books, SYSTEM, NOUNS["sites"], "b", 1)
    assert [row.cells[0] for row in read_sheet(give(books, "sites")).rows[1:]] == ["a"]


def test_a_workbook_says_numbers_as_numbers_and_keeps_its_headings_in_sight(books: Books) -> None:
    add_site(books, "a")
    add_asset(books, "T1", "a", cost_vnd=6_500_000, put_to_use="2018-03-15")
    with zipfile.ZipFile(io.BytesIO(give(books, "assets", Format.XLSX))) as parts:
        sheet, styles = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
    assert "<v>6500000</v>" in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    for piece in ("dd/mm/yyyy", 'numFmtId="3"', "<b val"):
        assert piece in styles, piece


def test_a_csv_opens_right_in_a_spreadsheet_program(books: Books) -> None:
    add_site(books, "a", name="Xã Tân Lập")
    assert give(books, "sites").startswith(b"\xef\xbb\xbf" + "Tên ngắn,".encode())
    assert give(books, "sites", language="en").startswith(b"\xef\xbb\xbfShort name,")


def test_a_list_is_written_as_it_was_narrowed_and_ordered(books: Books) -> None:
    add_site(books, "a")
    for tag, cost in (("T1", 5), ("T2", 9), ("T3", 7)):
        add_asset(books, tag, "a", cost_vnd=cost, category="printer" if tag != "T3" else "router")
    query = Query(filters={"category": "printer"}, sort="-cost_vnd", limit=1)

    def tags(*asked: Any) -> list[object]:
        file = b"".join(export(books, SYSTEM, NOUNS["assets"], Format.CSV, "vi", *asked))
        return [row.cells[0] for row in read_sheet(file).rows[1:]]

    assert tags(query) == ["T2", "T1"]
    assert tags(query, {"T1", "T3"}) == ["T1"]
    assert tags(Query(), set()) == []
    with pytest.raises(Invalid):
        tags(Query(filters={"nosuch": "x"}))


def test_documents_are_written_but_never_come_from_a_file(books: Books) -> None:
    build(books)
    file = give(books, "documents", language="en")
    assert "Number,Act,Day" in file.decode()
    assert "Hand over" in file.decode()
    with pytest.raises(Conflict):
        bring_file(books, "documents", file)

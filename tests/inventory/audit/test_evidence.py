"""The network vouches by an equal serial or MAC at the right place and lately, and only after a person has said so."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.audit.campaigns import review
from inventory.audit.evidence import Evidence, confirm, evidence_for, lines_of
from inventory.audit.signing import sign
from inventory.audit.stocktake import Method, Stocktake
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.errors import Conflict, Invalid
from inventory.network.findings import Finding
from inventory.network.observations import Observation, ingest_observations
from inventory.places.sites import Site
from tests.support.counting import (
    begun,
    book_assets,
    book_sites,
    count,
    current,
    decide_all,
    differences,
    sent,
    state_of,
    tag_of,
)
from tests.support.people import person


@pytest.fixture(autouse=True)
def places(books: Books) -> None:
    book_sites(books)
    book_assets(books, range(1, 5))


def observe(books: Books, fact: str, value: str, *, site: str = "tan-lap", days: float = 1) -> None:
    at = now() - timedelta(days=days)
    one = Observation(
        source="snmp_system", instance="tan-lap-rt", site=site, fact=fact, value=value, first_seen=at, last_seen=at
    )
    with writing(books.engine) as session:
        ingest_observations(session, [one])


def evidence(books: Books, campaign: Stocktake) -> list[Evidence]:
    with reading(books.engine) as session:
        row = session.get(Stocktake, campaign.id)
        assert row is not None
        found = evidence_for(session, row, lines_of(session, SYSTEM, row))
        session.expunge_all()
        return found


def test_an_equal_serial_or_mac_at_the_site_lately_is_evidence(books: Books) -> None:
    observe(books, "serial", "sn000001x")
    observe(books, "mac", "02-00-00-00-00-02")
    campaign = begun(books)
    found = {(one.line.tag, one.fact) for one in evidence(books, campaign)}
    assert found == {(tag_of(1), "serial"), (tag_of(2), "mac")}


def test_a_name_an_address_a_placeholder_another_place_or_an_old_sight_is_none(books: Books) -> None:
    book_assets(books, [7], serial=None, mac="")
    book_assets(books, [8], serial="S8", mac="00:00:00:00:00:00")
    observe(books, "name", "SN000001X")
    observe(books, "address", "02:00:00:00:00:01")
    observe(books, "serial", "SN000002X", site="hung-an")
    observe(books, "serial", "SN000003X", days=31)
    observe(books, "serial", "SN000004", days=1)
    observe(books, "serial", "Default string")
    observe(books, "mac", "00:00:00:00:00:00")
    assert evidence(books, begun(books)) == []


def meet(books: Books, mac: str, *, site: str = "tan-lap", days: float = 1) -> None:
    at = now() - timedelta(days=days)
    with writing(books.engine) as session:
        place = session.exec(select(Site).where(Site.slug == site)).one()
        met = Finding(
            site_id=place.id or 0, mac=mac, source="snmp_fdb", switch="tan-lap-sw", port="gi3", first_seen=at,
            last_seen=at,
        )  # fmt: skip
        session.add(met)


def test_a_machine_that_was_met_at_a_port_of_the_site_is_evidence(books: Books) -> None:
    meet(books, "02:00:00:00:00:01")
    meet(books, "02:00:00:00:00:02", site="hung-an")
    meet(books, "02:00:00:00:00:03", days=31)
    (found,) = evidence(books, begun(books))
    assert (found.line.tag, found.fact, found.instance) == (tag_of(1), "mac", "tan-lap-sw gi3")


def test_a_port_of_another_site_that_leads_towards_a_machine_is_none(books: Books) -> None:
    observe(books, "port", "gi1")
    observe(books, "arp", "02:00:00:00:00:01")
    assert evidence(books, begun(books)) == []


def test_a_mac_that_two_things_have_vouches_for_neither(books: Books) -> None:
    book_assets(books, [7, 8], mac="02:00:00:00:00:77")
    observe(books, "mac", "02:00:00:00:00:77")
    assert evidence(books, begun(books)) == []


def test_evidence_counts_only_after_a_person_confirmed_it_and_once(books: Books) -> None:
    observe(books, "serial", "SN000001X")
    campaign = begun(books)
    assert ("missing", tag_of(1)) in differences(books, campaign)
    number = evidence(books, campaign)[0].line.number
    staff = person(Role.COMMUNE_STAFF)
    assert confirm(books, staff, campaign.id or 0, [number, number]) == 1
    assert confirm(books, staff, campaign.id or 0, [number]) == 0
    assert ("missing", tag_of(1)) not in differences(books, campaign)
    found = next(one for one in state_of(books, campaign).count.findings if one.line.number == number)
    assert found.methods == (Method.NETWORK,)
    assert found.entries[0].counted_by == staff.name
    assert "SN000001X" in found.entries[0].note


def test_what_was_counted_already_is_left_alone(books: Books) -> None:
    observe(books, "serial", "SN000001X")
    campaign = begun(books)
    count(books, campaign, sent(tag_of(1)))
    assert confirm(books, SYSTEM, campaign.id or 0, [evidence(books, campaign)[0].line.number]) == 0


def test_a_line_without_evidence_is_not_confirmed_and_nothing_is_written(books: Books) -> None:
    observe(books, "serial", "SN000001X")
    campaign = begun(books)
    number = evidence(books, campaign)[0].line.number
    with pytest.raises(Invalid):
        confirm(books, SYSTEM, campaign.id or 0, [number, 999])
    with pytest.raises(Invalid):
        confirm(books, SYSTEM, campaign.id or 0, range(6_000))
    assert ("missing", tag_of(1)) in differences(books, campaign)


def test_nothing_is_confirmed_after_the_signature(books: Books) -> None:
    observe(books, "serial", "SN000001X")
    campaign = begun(books)
    number = evidence(books, campaign)[0].line.number
    review(books, SYSTEM, campaign.id or 0, campaign.version)
    decide_all(books, campaign)
    sign(books, SYSTEM, campaign.id or 0, current(books, campaign).version)
    with pytest.raises(Conflict, match="are signed"):
        confirm(books, SYSTEM, campaign.id or 0, [number])

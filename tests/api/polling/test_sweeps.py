"""Sweeps in the roster: which subnets, with which credentials, and again when somebody asks."""

from typing import Any

import pytest

from api.polling.roster import Rosters
from collector.target import Roster, SnmpSeveral, Target
from collector.upstream.roster import read
from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.network.collectors import beat
from inventory.network.leases import renew
from inventory.nouns import NOUNS
from inventory.register import retire, update
from tests.support.network import District, collector
from tests.support.rows import add


@pytest.fixture
def district(books: Books) -> District:
    found = District(books)
    collector(books, "main")
    with writing(books.engine) as session:
        renew(session, beat(session, "main", version="1", url=None, workers=1, now=now()), now())
    return found


def roster(books: Books) -> Roster:
    found = read(Rosters(books).of("main", now()).body)
    assert found.problems == {}
    return found.roster


def sweeps(books: Books) -> dict[str, Target]:
    return {one.instance: one for one in roster(books).targets if one.probe == "sweep"}


def declare(books: Books, district: District, name: str = "lan", **values: Any) -> Any:
    return add(
        books, "subnets", **{"name": name, "site": district.centre.slug, "cidr": "10.20.0.0/24", "scan": True} | values
    )


def test_a_subnet_that_is_scanned_becomes_a_target_of_its_site(books: Books, district: District) -> None:
    declare(books, district, every_h=6)
    found = sweeps(books)["lan"]
    assert (found.site, found.interval_s, found.address) == (district.centre.slug, 6 * 3600, None)
    assert found.settings == {"cidr": "10.20.0.0/24"}


def test_a_subnet_that_is_not_scanned_or_retired_is_none(books: Books, district: District) -> None:
    declare(books, district, scan=False)
    gone = declare(books, district, "old", cidr="10.21.0.0/24")
    retire(books, SYSTEM, NOUNS["subnets"], "old", gone.version)
    assert sweeps(books) == {}


def test_the_credentials_of_the_subnet_and_of_its_sites_devices_are_tried(books: Books, district: District) -> None:
    add(books, "credentials", name="spare", kind="snmp_v2c", community="de-phong")
    declare(books, district, snmp_credential="spare")
    found = roster(books)
    tried = found.credentials[sweeps(books)["lan"].credential or ""]
    assert isinstance(tried, SnmpSeveral)
    assert tried.of[0].kind == "snmp_v2c"
    assert len(tried.of) == 2


def test_a_site_without_any_credential_is_pinged_alone(books: Books, district: District) -> None:
    declare(books, district, site=district.other.slug, cidr="10.30.0.0/24")
    assert sweeps(books)["lan"].credential is None


def test_asking_for_a_sweep_makes_another_target(books: Books, district: District) -> None:
    subnet = declare(books, district)
    update(books, SYSTEM, NOUNS["subnets"], "lan", subnet.version, {"scan_asked_at": "2026-05-04T01:02:03Z"})
    assert sweeps(books)["lan"].settings["asked"].startswith("2026-05-04T01:02:03")


def test_no_community_stands_in_a_target(books: Books, district: District) -> None:
    declare(books, district)
    assert "community" not in sweeps(books)["lan"].model_dump_json()

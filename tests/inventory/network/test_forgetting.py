"""What was seen long ago is forgotten, what people decided is kept, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network import forgetting
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.network.recognition import ignore, reopen
from inventory.places.sites import Site
from inventory.verification import verify
from tests.support.rows import add_site


@pytest.fixture
def site(books: Books) -> Books:
    add_site(books, "a")
    return books


def finding(books: Books, days: float, **values: Any) -> int:
    at = now() - timedelta(days=days)
    with writing(books.engine) as session:
        place = session.exec(select(Site.id)).one()
        made = Finding(site_id=place, first_seen=at, last_seen=at, **values)
        session.add(made)
        session.flush()
        return made.id or 0


def sighting(books: Books, days: float, source: str = "snmp_fdb", value: str = "gi1") -> None:
    at = now() - timedelta(days=days)
    with writing(books.engine) as session:
        session.add(
            Observation(
                source=source, instance="sw", site="a", fact="port", subject=f"{days}", value=value, first_seen=at,
                last_seen=at,
            )
        )  # fmt: skip


def left(books: Books) -> tuple[list[int], list[str]]:
    with reading(books.engine) as session:
        return (
            sorted(session.exec(select(Finding.id))),  # type: ignore[type-var]
            sorted(f"{one.source} {one.subject}" for one in session.exec(select(Observation))),
        )


def test_old_sightings_go_and_what_a_device_said_of_itself_stays(site: Books) -> None:
    for days, source in ((91, "snmp_fdb"), (89, "snmp_fdb"), (91, "sweep"), (400, "snmp_system")):
        sighting(site, days, source)
    assert forgetting.forget(site) == 2
    assert left(site)[1] == ["snmp_fdb 89", "snmp_system 400"]


def test_things_go_sooner_the_less_is_known_of_them(site: Books) -> None:
    kept = [
        finding(site, 29, mac="da:a1:19:00:00:01"),
        finding(site, 89, address="10.0.0.7"),
        finding(site, 399, mac="00:0c:42:01:02:03"),
    ]
    finding(site, 31, mac="da:a1:19:00:00:02")
    finding(site, 91, address="10.0.0.8")
    finding(site, 401, mac="00:0c:42:01:02:04")
    assert forgetting.forget(site) == 3
    assert left(site)[0] == kept


def test_what_people_decided_is_kept_and_the_history_stays_whole(site: Books) -> None:
    settled = finding(site, 900, mac="da:a1:19:00:00:01")
    ignore(site, SYSTEM, settled, "khách")
    taken_back = finding(site, 900, mac="da:a1:19:00:00:02")
    ignore(site, SYSTEM, taken_back, "khách")
    reopen(site, SYSTEM, taken_back)
    assert forgetting.forget(site) == 0
    assert left(site)[0] == [settled, taken_back]
    with reading(site.engine) as session:
        assert verify(session, site.keys) == []


def test_much_is_deleted_in_small_steps(site: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for days in range(100, 105):
        sighting(site, days)
    assert forgetting.forget(site) == 5
    monkeypatch.setattr(forgetting, "MOST_BATCHES", 1)
    for days in range(100, 105):
        sighting(site, days)
    assert [forgetting.forget(site) for _ in range(4)] == [2, 2, 1, 0]

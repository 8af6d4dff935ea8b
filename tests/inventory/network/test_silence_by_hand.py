"""Silence as the database tells it, beside the same worked out in plain Python, on both databases."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.assets.categories import CATEGORIES
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.network.findings import Finding
from inventory.network.observations import Observation
from inventory.network.silence import silent
from tests.support.rows import add_site

AGES = (None, 1, 13, 15, 20, 22, 44, 46, 80)
"""Days on both sides of every patience; `None` for never."""

THING = st.fixed_dictionaries(
    {
        "category": st.sampled_from(("camera", "desktop", "laptop", "token")),
        "status": st.sampled_from(("in_use", "in_use", "in_use", "in_stock")),
        "site": st.sampled_from((1, 1, 1, 2)),
        "has_mac": st.booleans(),
        "has_serial": st.booleans(),
        "booked": st.sampled_from((5, 18, 30, 100)),
        **dict.fromkeys(("by_mac", "by_name", "by_serial", "mac_told", "serial_told"), st.sampled_from((None, *AGES))),
    }
)


@pytest.fixture
def watched(books: Books) -> Books:
    """Give two sites, of which the first is watched."""
    for slug in ("a", "b"):
        add_site(books, slug)
    return books


@given(things=st.lists(THING, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_misses_whom_plain_python_misses(watched: Books, things: list[dict[str, object]]) -> None:
    moment = now()
    with writing(watched.engine) as session:
        for table in (Finding, Observation, Asset):
            session.execute(delete(table))
        session.add(Finding(site_id=1, mac="00:0c:42:00:00:01", first_seen=ago(moment, 90), last_seen=moment))
        for number, thing in enumerate(things):
            book(session, number, thing, moment)
    with reading(watched.engine) as session:
        told = {one.name: one.last_seen for one in silent(session, SYSTEM)}
    assert told == dict(filter(None, (missed(number, thing, moment) for number, thing in enumerate(things))))


def ago(moment: datetime, days: int) -> datetime:
    return moment - timedelta(days=days)


def marks(thing: dict[str, object]) -> dict[str, int]:
    """Return what saw a thing, and how many days ago: by its MAC or serial number only if it has one."""
    need = {"by_mac": "has_mac", "mac_told": "has_mac", "by_serial": "has_serial", "serial_told": "has_serial"}
    names = ("by_mac", "by_name", "by_serial", "mac_told", "serial_told")
    return {
        name: days for name in names if isinstance(days := thing[name], int) and (name not in need or thing[need[name]])
    }


def missed(number: int, thing: dict[str, object], moment: datetime) -> tuple[str, datetime | None] | None:
    """Return name and last time of one that is silent, by the words of the documentation."""
    days, seen = CATEGORIES[str(thing["category"])].quiet_days, marks(thing)
    if days is None or thing["status"] != "in_use" or thing["site"] != 1 or int(str(thing["booked"])) <= days:
        return None
    if not thing["has_mac"] and not seen:
        return None
    last = min(seen.values(), default=None)
    if last is not None and last <= days:
        return None
    return f"thing-{number}", None if last is None else ago(moment, last)


def book(session: object, number: int, thing: dict[str, object], moment: datetime) -> None:
    add, flush = session.add, session.flush  # type: ignore[attr-defined]
    mac = f"00:0c:42:01:00:{number:02x}" if thing["has_mac"] else ""
    serial = f"S-{number}" if thing["has_serial"] else None
    asset = Asset(
        tag=f"T{number}", name=f"thing-{number}", category=thing["category"], site_id=thing["site"], mac=mac,
        serial=serial, status=thing["status"], created_at=ago(moment, int(str(thing["booked"]))),
    )  # fmt: skip
    add(asset)
    flush()
    for name, days in marks(thing).items():
        at = ago(moment, days)
        if name.endswith("_told"):
            fact, value = ("mac", mac) if name == "mac_told" else ("serial", serial)
            add(Observation(source="agent", instance=f"pc{number}", site="a", fact=fact, value=value,
                            first_seen=at, last_seen=at))  # fmt: skip
            continue
        what = {"by_mac": {"mac": mac}, "by_serial": {"serial": serial}, "by_name": {"asset_id": asset.id}}[name]
        # At the site that is watched, so that none of these begins or ends the watch of the other.
        add(Finding(site_id=1, address=f"10.0.{number}.{len(name)}", first_seen=at, last_seen=at, **what))

"""How many booked things the network misses, on the program's own page of series."""

from datetime import timedelta

import pytest
from sqlmodel import select

from api.watch import silences
from inventory.access.accounts import Scope
from inventory.assets.assets import Asset
from inventory.columns import now
from inventory.db import writing
from inventory.network.findings import Finding
from inventory.places.sites import Site
from tests.support.api import Api, api
from tests.support.rows import add_asset, add_site

__all__ = ["api"]


def watch(api: Api) -> None:
    """Have a site watched for two months, with one asset that nothing has seen."""
    add_site(api.books, "a")
    add_asset(api.books, "T1", "a", mac="00:0c:42:01:02:03", status="in_use", put_to_use="2018-01-01")
    at = now()
    with writing(api.books.engine) as session:
        place = session.exec(select(Site.id)).one() or 0
        session.add(Finding(site_id=place, mac="00:0c:42:00:00:01", first_seen=at - timedelta(days=60), last_seen=at))
        session.exec(select(Asset)).one().created_at -= timedelta(days=60)


def test_the_count_stands_on_the_page_of_series(api: Api) -> None:
    watch(api)
    page = api.with_token(Scope.SCRAPE).get("/metrics").text
    assert 'quang_silent_devices{site="a"} 1.0' in page


def test_a_count_holds_for_a_while(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.house.silences.by_site() == {}
    watch(api)
    assert api.house.silences.by_site() == {}
    monkeypatch.setattr(silences, "EVERY_S", 0.0)
    fresh = silences.Silences(api.books)
    assert fresh.by_site() == {"a": 1}
    with writing(api.books.engine) as session:
        session.exec(select(Asset)).one().status = "in_stock"
    assert fresh.by_site() == {"a": 0}

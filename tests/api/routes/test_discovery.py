"""Where Prometheus finds the pages: one page for each site and job, whoever holds the site."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from collector.polling.shard import worker_of
from inventory.access.accounts import Scope
from inventory.books import Books
from inventory.columns import now
from inventory.db import writing
from inventory.network.collectors import Collector, SiteLease
from inventory.network.leases import LEASE
from tests.support.network import District, book
from tests.support.program import serving, token

ALIVE = {"version": "0.1.0", "url": "http://127.0.0.1:9765", "workers": 1}


@pytest.fixture
def client(books: Books, tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(books, tmp_path) as found:
        yield found.http


@pytest.fixture
def scrape(books: Books) -> dict[str, str]:
    return token(books, Scope.SCRAPE)


def lease(books: Books, client: httpx.Client, name: str = "main", **more: object) -> None:
    answer = client.post(
        f"/api/v1/collectors/{name}/lease", json=ALIVE | more, headers=token(books, Scope.COLLECTOR, name)
    )
    assert answer.status_code == 200


def test_a_site_has_one_page_in_each_job_and_the_graph_stands_in_reach(
    books: Books, client: httpx.Client, scrape: dict[str, str]
) -> None:
    District(books)
    lease(books, client)
    for job in ("reach", "network", "services"):
        groups = client.get(f"/api/v1/discovery/{job}", headers=scrape).json()
        sites = ["hung-an", "quang-minh", "trung-tam", "viet-vinh"] + (["_graph"] if job == "reach" else [])
        assert groups == [
            {
                "targets": ["127.0.0.1:9765"],
                "labels": {"__metrics_path__": f"/targets/{job}/{site}", "instance": f"main/{job}/{site}"},
            }
            for site in sites
        ]


def test_the_collectors_own_health_is_named_for_the_collector(
    books: Books, client: httpx.Client, scrape: dict[str, str]
) -> None:
    lease(books, client, workers=2)
    assert client.get("/api/v1/discovery/collector", headers=scrape).json() == [
        {"targets": ["127.0.0.1:9765"], "labels": {"__metrics_path__": "/metrics", "instance": "main"}},
        {"targets": ["127.0.0.1:9766"], "labels": {"__metrics_path__": "/metrics", "instance": "main/1"}},
    ]


def test_each_page_is_asked_of_the_worker_that_serves_it(
    books: Books, client: httpx.Client, scrape: dict[str, str]
) -> None:
    District(books)
    lease(books, client, workers=4, url="http://[::1]:9000")
    for group in client.get("/api/v1/discovery/network", headers=scrape).json():
        site = group["labels"]["__metrics_path__"].rpartition("/")[2]
        assert group["targets"] == [f"[::1]:{9000 + worker_of(site, 4)}"]


def test_pages_stay_while_the_api_could_not_renew(books: Books, client: httpx.Client, scrape: dict[str, str]) -> None:
    District(books)
    lease(books, client)
    with writing(books.engine) as session:
        for row in session.exec(select(SiteLease)):
            row.leased_until = now() - LEASE
    assert len(client.get("/api/v1/discovery/network", headers=scrape).json()) == 4


def test_a_retired_collector_and_one_without_an_address_have_no_pages(
    books: Books, client: httpx.Client, scrape: dict[str, str]
) -> None:
    District(books)
    lease(books, client)
    book(books, Collector(name="silent"))
    with writing(books.engine) as session:
        session.exec(select(Collector).where(Collector.name == "main")).one().retired_at = now()
    for job in ("reach", "network", "services", "collector"):
        assert client.get(f"/api/v1/discovery/{job}", headers=scrape).json() == []


def test_only_the_scope_scrape_may_ask_and_only_for_jobs_that_exist(
    books: Books, client: httpx.Client, scrape: dict[str, str]
) -> None:
    assert client.get("/api/v1/discovery/reach").status_code == 401
    assert client.get("/api/v1/discovery/reach", headers=token(books, Scope.COLLECTOR, "c")).status_code == 403
    assert client.get("/api/v1/discovery/windows", headers=scrape).status_code == 422

"""The lists of discovered devices with 100,000 findings, over HTTP on both databases, and a scrape of the series."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
from sqlalchemy import text

from api.house import SILENCES_EVERY_S, STRANGERS_EVERY_S
from inventory.access.accounts import Role, Scope
from inventory.books import Books, open_books, prepare
from inventory.db import reading
from inventory.network.recognition import unknown_by_site
from inventory.network.settling import settle
from inventory.network.silence import count_silent
from inventory.settings import Settings
from tests.bench.books import asked
from tests.bench.district_seen import THINGS, fill
from tests.bench.measure import Line, wall_ms
from tests.bench.processor import first
from tests.support.accounts import hire
from tests.support.api import Api, running_api, settings_for
from tests.support.postgres import Cluster, running_cluster

LISTS = ("unknown", "moved", "silent", "links", "decided")
STATEMENTS = 20
ROUNDS = 5
BARE = "SELECT * FROM finding ORDER BY id LIMIT 500"


def measure() -> Iterator[Line]:
    """Yield the lines of both databases."""
    folder = Path(tempfile.mkdtemp(prefix="quang-bench-"))
    try:
        with first(), running_cluster() as cluster:
            for booked in (True, False):
                for name in ("SQLite", "PostgreSQL"):
                    yield from _on(name, _settings(name, cluster, folder / f"{name}-{booked}"), booked=booked)
    finally:
        shutil.rmtree(folder)


def _settings(name: str, cluster: Cluster, folder: Path) -> Settings:
    folder.mkdir()
    url = f"sqlite:///{folder}/quang.db" if name == "SQLite" else cluster.url(cluster.create())
    return Settings(database_url=url, key_file=folder / "key")


def _on(name: str, settings: Settings, *, booked: bool) -> Iterator[Line]:
    books = open_books(settings)
    prepare(books)
    fill(books, booked=booked)
    settle(books)
    bare, _ = wall_ms(lambda: _bare(books), 30)
    of = f"{name}, {THINGS:,} findings" + ("" if booked else " of which the books explain none")
    if booked:
        yield _count(f"{of}: count of unknown things by site", lambda: _by_site(books), STRANGERS_EVERY_S)
        yield _count(f"{of}: count of whom the network misses", lambda: _silence(books), SILENCES_EVERY_S)
    books.engine.dispose()
    with running_api(settings_for(settings)) as api:
        # A server does so at its start, when nothing but modules is there; this process has filled the books, too.
        gc.collect()
        gc.freeze()
        lists = LISTS if booked else LISTS[:1]
        staff = api.signed_in(Role.IT_STAFF, Accept="text/html")
        for show in lists:
            yield _page(api, staff, f"{of}, over HTTP: the list “{show}”", f"/findings?show={show}", bare)
        clerk = api.signed_in(hire(api.books, Role.COMMUNE_STAFF, site_id=7), Accept="text/html")
        yield _page(api, clerk, f"{of}, over HTTP: a commune's own unknown things", "/findings", bare)
        scraper = api.with_token(Scope.SCRAPE)
        yield _page(api, scraper, f"{of}, over HTTP: a scrape of the API's series", "/metrics", bare)


def _page(api: Api, client: httpx.Client, work: str, path: str, bare: float) -> Line:
    def ask() -> None:
        assert client.get(path).status_code == 200

    return asked(api.books, work, ask, bare, rows=500, most=STATEMENTS)


def _count(work: str, act: Callable[[], object], every_s: float) -> Line:
    median, most = wall_ms(act, ROUNDS)
    return Line(f"{work}, once in {every_s:g} s", f"{median:.0f} ms, at most {most:.0f} ms")


def _by_site(books: Books) -> None:
    with reading(books.engine) as session:
        unknown_by_site(session)


def _silence(books: Books) -> None:
    with reading(books.engine) as session:
        count_silent(session)


def _bare(books: Books) -> int:
    with reading(books.engine) as session:
        return len(session.execute(text(BARE)).all())

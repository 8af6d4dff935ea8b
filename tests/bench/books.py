"""Lists, one object and search over 100,000 assets on both databases, beside the bare query of as many rows.

The same over HTTP: a real uvicorn on the loopback, which finds out who asks and renders the whole page.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import event, insert, text

from inventory import register
from inventory.access.accounts import Role
from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.books import Books, open_books, prepare
from inventory.db import reading, writing
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.settings import Settings
from inventory.spelling import fold, vietnamese_order
from tests.bench.measure import Line, wall_ms
from tests.support.api import running_api, settings_for
from tests.support.postgres import running_cluster

ROWS = 100_000
BOUND_MS = 150.0
PAGES = {
    "page of assets": "/assets",
    "page of one site's assets in use, by name": "/assets?within=site-7&status=in_use&sort=name",
    "page of a search for a serial number": "/assets?q=SN0077777",
    "page of a search that finds nothing": "/assets?q=khong+co",
    "50 assets as JSON": "/api/v1/assets?limit=50",
}
STATEMENTS = 3
ROUNDS = 40


def measure() -> Iterator[Line]:
    """Yield the lines of both databases."""
    folder = Path(tempfile.mkdtemp(prefix="quang-bench-"))
    try:
        yield from _on("SQLite", Settings(database_url=f"sqlite:///{folder}/quang.db", key_file=folder / "key"))
        with running_cluster() as cluster:
            (folder / "postgresql").mkdir()
            settings = Settings(database_url=cluster.url(cluster.create()), key_file=folder / "postgresql" / "key")
            yield from _on("PostgreSQL", settings)
    finally:
        shutil.rmtree(folder)


def _on(name: str, settings: Settings) -> Iterator[Line]:
    books = open_books(settings)
    prepare(books)
    _fill(books)
    bare, _ = wall_ms(lambda: _bare(books), 30)
    for work, query in {
        "first 50 by tag": Query(limit=50),
        "50 of one site in use, by name": Query(limit=50, sort="name", filters={"site": "site-7", "status": "in_use"}),
        "search for a serial number": Query(limit=50, search="SN0077777"),
        "search for a word of the name": Query(limit=50, search="May tinh 4242"),
    }.items():
        yield asked(
            books,
            f"{name}, {ROWS:,} assets: {work}",
            lambda q=query: register.list_(books, SYSTEM, NOUNS["assets"], q),
            bare,
        )
    yield asked(books, f"{name}: one asset", lambda: register.get(books, SYSTEM, NOUNS["assets"], "T0050000"), bare)
    books.engine.dispose()
    yield from _over_http(name, settings, bare)


def _over_http(name: str, settings: Settings, bare: float) -> Iterator[Line]:
    with running_api(settings_for(settings)) as api:
        client = api.signed_in(Role.IT_STAFF, Accept="text/html")
        for work, path in PAGES.items():

            def ask(path: str = path) -> None:
                assert client.get(path).status_code == 200

            yield asked(api.books, f"{name}, over HTTP: {work}", ask, bare)


def asked(  # noqa: PLR0917 - what is asked, beside what, and what was promised
    books: Books, work: str, act: Callable[[], object], bare: float, rows: int = 50, most: int = STATEMENTS
) -> Line:
    """Return the line of something that is asked again and again, with how many statements it takes.

    Args:
        books: Whose statements are counted.
        work: What is asked, in words.
        act: Asks once.
        bare: Milliseconds of a bare query of as many rows.
        rows: How many those are.
        most: How many statements were promised.
    """
    statements = 0
    found = act()
    if isinstance(found, register.Page) and not found.items:
        raise AssertionError(f"nothing found: {work}")

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal statements
        statements += not statement.startswith(("BEGIN", "SELECT set_config"))

    event.listen(books.engine, "before_cursor_execute", count)
    act()
    event.remove(books.engine, "before_cursor_execute", count)
    used = time.process_time()
    median, p95 = wall_ms(act, ROUNDS)
    used = (time.process_time() - used) * 1_000 / ROUNDS
    return Line(
        work,
        f"{median:.1f} ms, p95 {p95:.1f} ms ({used:.1f} ms of this process), {statements} statements",
        f"bare query of {rows} rows: {bare:.1f} ms",
        median / bare,
        f"p95 ≤ {BOUND_MS:g} ms, ≤ {most} statements",
        p95 <= BOUND_MS and statements <= most,
    )


def _bare(books: Books) -> int:
    with reading(books.engine) as session:
        return len(session.execute(text("SELECT * FROM asset ORDER BY tag LIMIT 50")).all())


def _fill(books: Books) -> None:
    for number in range(30):
        register.create(
            books,
            SYSTEM,
            NOUNS["sites"],
            {"slug": f"site-{number}", "name": f"Xã {number}", "kind": "commune", "fictional": True},
        )
    with reading(books.engine) as session:
        sites = [row[0] for row in session.execute(text("SELECT id FROM site ORDER BY id")).all()]
    statuses = ("in_use", "in_use", "in_use", "in_stock", "repair")
    rows = [
        {
            "tag": f"T{number:07}",
            "serial": f"SN{number:07}",
            "name": f"May tinh {number}",
            "category": ("desktop", "laptop", "printer")[number % 3],
            "site_id": sites[number % len(sites)],
            "status": statuses[number % len(statuses)],
            "cost_vnd": 12_000_000 + number,
            "search_text": fold(f"T{number:07} SN{number:07} May tinh {number}"),
            "order_text": vietnamese_order(f"May tinh {number}"),
        }
        for number in range(ROWS)
    ]
    with writing(books.engine) as session:
        for start in range(0, ROWS, 5_000):
            session.execute(insert(Asset), rows[start : start + 5_000])
    with books.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()

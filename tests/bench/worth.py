"""What 100,000 assets are worth on a day: one, a page of a list with its totals, the whole book; on both databases.

The book is that of a province after some years: put to use over sixteen years, three in a hundred disposed of by
document, three in two hundred with a history of their own (second-hand, broken, a part added), four in the store;
2025 closed.
"""

import gc
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert, text

from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.assets.closing import close_year
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.valuing import totals_on, value_of, values_on
from inventory.assets.wear_facts import WearFact
from inventory.books import Books, open_books, prepare
from inventory.db import reading, writing
from inventory.listing import Query
from inventory.nouns import NOUNS
from inventory.register import create
from inventory.settings import Settings
from inventory.spelling import fold, vietnamese_order
from tests.bench.measure import Line, wall_ms
from tests.support.postgres import running_cluster

ROWS = 100_000
SITES = 30
BOUND_MS = 150.0
STATEMENTS = 3
CLOSED = 2025
NOW, AHEAD, PAST = date(2026, 11, 20), date(2030, 6, 30), date(2020, 6, 30)
KINDS = ("desktop", "laptop", "printer", "router", "switch", "ups", "phone", "licence")
RULEBOOKS = read_rulebooks()


def measure() -> Iterator[Line]:
    """Yield the lines of both databases."""
    folder = Path(tempfile.mkdtemp(prefix="quang-bench-"))
    try:
        yield from _on("SQLite", Settings(database_url=f"sqlite:///{folder}/quang.db", key_file=folder / "key"))
        with running_cluster() as cluster:
            settings = Settings(database_url=cluster.url(cluster.create()), key_file=folder / "key2")
            yield from _on("PostgreSQL", settings)
    finally:
        shutil.rmtree(folder)


def _on(name: str, settings: Settings) -> Iterator[Line]:
    books = open_books(settings)
    prepare(books)
    _fill(books)
    close_year(books, SYSTEM, CLOSED, RULEBOOKS)
    with books.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    # As the server does when it starts.
    gc.collect()
    gc.freeze()
    bare, _ = wall_ms(lambda: _bare(books), 20)
    some = Query(limit=50, sort="name", filters={"site": "site-7", "category": ["desktop", "laptop"]}, total=True)
    everything = Query(limit=50, include_retired=True, total=True)
    for work, act in {
        "value of one asset": lambda: value_of(books, SYSTEM, "T0050000", NOW, RULEBOOKS),
        "50 of one site and two categories, their values and totals": lambda: _page(books, some, NOW),
        "first 50 of all, their values and totals": lambda: _page(books, everything, NOW),
        "totals of the book today": lambda: totals_on(books, SYSTEM, everything, NOW, RULEBOOKS),
        "totals of the book in four years": lambda: totals_on(books, SYSTEM, everything, AHEAD, RULEBOOKS),
        "totals of the book six years ago": lambda: totals_on(books, SYSTEM, everything, PAST, RULEBOOKS),
        "totals by site today": lambda: totals_on(books, SYSTEM, everything, NOW, RULEBOOKS, "site"),
    }.items():
        yield _line(books, f"{name}, {ROWS:,} assets: {work}", act, bare)
    books.engine.dispose()


def _page(books: Books, query: Query, day: date) -> object:
    page = values_on(books, SYSTEM, query, day, RULEBOOKS)
    if len(page.items) != query.limit or page.total is None:
        raise AssertionError("half a page")
    return page


def _line(books: Books, work: str, act: Callable[[], object], bare: float) -> Line:
    statements = 0

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # A transaction's beginning is no question.
        nonlocal statements
        statements += not statement.startswith("BEGIN")

    act()
    event.listen(books.engine, "before_cursor_execute", count)
    act()
    event.remove(books.engine, "before_cursor_execute", count)
    median, p95 = wall_ms(act, 40)
    return Line(
        work,
        f"{median:.1f} ms, p95 {p95:.1f} ms, {statements} statements",
        f"bare sum of all costs: {bare:.1f} ms",
        median / bare,
        f"p95 ≤ {BOUND_MS:g} ms, ≤ {STATEMENTS} statements",
        p95 <= BOUND_MS and statements <= STATEMENTS,
    )


def _bare(books: Books) -> int:
    with reading(books.engine) as session:
        return int(session.execute(text("SELECT sum(cost_vnd) FROM asset")).scalar_one())


def _fill(books: Books) -> None:
    for number in range(SITES):
        values = {"slug": f"site-{number}", "name": f"Xã {number}", "kind": "commune", "fictional": True}
        create(books, SYSTEM, NOUNS["sites"], values)
    with reading(books.engine) as session:
        sites = [row[0] for row in session.execute(text("SELECT id FROM site ORDER BY id")).all()]
    dice = random.Random(3)
    rows, facts = [], []
    for number in range(ROWS):
        row, fact = _asset(number, sites[number % SITES], dice)
        rows.append(row)
        facts += fact
    with writing(books.engine) as session:
        for start in range(0, ROWS, 5_000):
            session.execute(insert(Asset), rows[start : start + 5_000])
        session.execute(insert(WearFact), facts)


def _asset(number: int, site: int, dice: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    used, roll = date(2010, 1, 1) + timedelta(days=dice.randrange(365 * 16)), dice.random()
    tag, serial, name = f"T{number:07}", f"SN{number:07}", f"Máy {number}"
    row = {
        "tag": tag, "serial": serial, "name": name, "category": dice.choice(KINDS), "site_id": site, "note": "x" * 80,
        "status": "in_use", "put_to_use": used, "cost_vnd": dice.randrange(2_000_000, 40_000_000),
        "search_text": fold(f"{tag} {serial} {name}"), "order_text": vietnamese_order(name),
    }  # fmt: skip
    fact: dict[str, Any] = {"asset_id": number + 1, "day": used, "amount_vnd": 0, "years": None}
    if roll < 0.03:
        row["status"] = "disposed"
        return row, [fact | {"kind": "left", "day": min(NOW, used + timedelta(days=2_500))}]
    if roll < 0.035:
        return row, [fact | {"kind": "second_hand", "years": 2}]
    if roll < 0.04:
        return row, [fact | {"kind": "broken", "day": min(NOW, used + timedelta(days=700))}]
    if roll < 0.045:
        return row, [fact | {"kind": "cost", "day": used + timedelta(days=300), "amount_vnd": 1_000_000}]
    if roll < 0.085:
        row |= {"status": "in_stock", "put_to_use": None}
    return row, []

"""How long lists take with 100,000 assets: `python -m tests.bench.lists [sqlite|postgresql] [rows]`."""

import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert, text
from sqlmodel import select

from inventory.access.rights import SYSTEM
from inventory.assets.assets import Asset
from inventory.books import Books, open_books, prepare
from inventory.columns import now
from inventory.db import writing
from inventory.loading import load_units
from inventory.nouns import ASSETS
from inventory.places.sites import Site
from inventory.register import Query, create, get, list_
from inventory.settings import Settings
from inventory.spelling import fold, vietnamese_order
from tests.support.postgres import running_cluster

ROUNDS = 30
QUESTIONS = {
    "first page": Query(),
    "first page, total": Query(total=True),
    "by name, total": Query(sort="name", total=True),
    "by cost, descending, total": Query(sort="-cost_vnd", total=True),
    "by day put to use, total": Query(sort="put_to_use", total=True),
    "one site and category, total": Query(filters={"site": "tan-lap", "category": "router"}, total=True),
    "below the district by name, total": Query(filters={"within": "huyen-bac-quang"}, sort="name", total=True),
    "search: a serial, total": Query(search="sn0000", total=True),
    "search: two words, total": Query(search="máy in 217", total=True),
    "search: by name, total": Query(search="217", sort="name", total=True),
    "search: nothing found, total": Query(search="không có", total=True),
}


def fill(books: Books, rows: int) -> None:
    """Write that many assets at once, past the register, which would take a few milliseconds for each."""
    load_units(books, SYSTEM)
    dice = random.Random(1)
    with writing(books.engine) as session:
        sites = [site.id for site in session.exec(select(Site)).all()]
        session.connection().execute(insert(Asset), [_asset(number, dice, sites) for number in range(rows)])
    with books.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _asset(number: int, dice: random.Random, sites: list[int | None]) -> dict[str, object]:
    kind, word = dice.choice([("desktop", "Máy tính"), ("printer", "Máy in"), ("router", "Bộ định tuyến")])
    name, tag = f"{word} phòng {dice.randrange(300)}", f"BQ-{number:06d}"
    serial, mac = f"SN{dice.randrange(10**9):09d}{number}", ":".join(f"{dice.randrange(256):02x}" for _ in range(6))
    return {
        "tag": tag, "serial": serial, "name": name, "category": kind, "site_id": dice.choice(sites), "mac": mac,
        "room": "P1", "custodian": "Nguyễn Văn A", "status": "in_use", "cost_vnd": dice.randrange(30_000_000),
        "put_to_use": dice.choice([None, date(2012, 1, 1) + timedelta(days=dice.randrange(4_000))]), "funding": "",
        "attributes": {}, "note": "x" * 100, "fictional": True, "version": 1, "created_at": now(),
        "updated_at": now(), "search_text": fold(f"{tag} {serial} {name} {mac}"), "order_text": vietnamese_order(name),
    }  # fmt: skip


def measure(books: Books) -> Iterator[str]:
    """Give a line for each question: median and 95th percentile in milliseconds."""
    for label, query in QUESTIONS.items():
        yield _line(label, [_timed(lambda query=query: list_(books, SYSTEM, ASSETS, query)) for _ in range(ROUNDS)])
    yield _line("one asset", [_timed(lambda: get(books, SYSTEM, ASSETS, "BQ-000017")) for _ in range(ROUNDS)])
    values = {"name": "x", "category": "router", "site": "tan-lap"}
    made = [_timed(lambda n=n: create(books, SYSTEM, ASSETS, values | {"tag": f"N{n}"})) for n in range(ROUNDS)]
    yield _line("create", made)


def _timed(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return (time.perf_counter() - began) * 1_000


def _line(label: str, times: list[float]) -> str:
    ordered = sorted(times)
    return f"{label:36s} {ordered[len(ordered) // 2]:7.1f} {ordered[int(len(ordered) * 0.95)]:7.1f}"


def main(database: str = "sqlite", rows: str = "100000") -> None:
    """Fill a database of its own and print the figures."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/bench.db"
        if database == "postgresql":
            cluster = stack.enter_context(running_cluster())
            url = cluster.url(cluster.create())
        books = open_books(Settings(database_url=url, key_file=folder / "key"))
        prepare(books)
        fill(books, int(rows))
        for line in measure(books):
            print(line)  # noqa: T201 - a measurement's output
        books.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Importing 10,000 rows of each kind on both databases: history, rules and all, in one transaction."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from inventory.access.rights import SYSTEM
from inventory.books import Books, open_books, prepare
from inventory.cells import Row, Sheet
from inventory.importing import Manner, import_
from inventory.nouns import NOUNS
from inventory.settings import Settings
from tests.bench.measure import Line
from tests.support.postgres import running_cluster
from tests.support.rows import add_site

ROWS = 10_000
BOUND_S = 30.0
FILES: Mapping[str, tuple[str, str]] = {
    "providers": ("slug|name", "p{n}|Nhà cung cấp {n}"),
    "products": ("slug|manufacturer|model|category", "m{n}|Hãng|M{n}|router"),
    "assets": ("tag|serial|name|category|site|cost_vnd", "A{n}|SN{n}|Máy {n}|desktop|tan-lap|12000000"),
    "devices": ("name|site|category|address", "d{n}|tan-lap|router|10.9.{m}.1"),
    "services": ("name|kind|site|url", "s{n}|website|tan-lap|http://a{n}.example/"),
    "links": ("name|a_device|a_interface|b_device|b_interface", "l{n}|d{n}|e1|d{m}|p{n}"),
    "holdings": ("device|asset|held_from", "d{n}|A{n}|2020-01-01"),
    "sites": ("slug|name|kind|parent|code", "x{n}|Tổ {n}|office|tan-lap|C{n}"),
}
"""By noun: headings and a row, in the order in which they refer to each other."""


def measure() -> Iterator[Line]:
    """Yield a line for each noun on each database."""
    with tempfile.TemporaryDirectory(prefix="quang-bench-") as folder, running_cluster() as cluster:
        for name, url in (("SQLite", f"sqlite:///{folder}/quang.db"), ("PostgreSQL", cluster.url(cluster.create()))):
            books = open_books(Settings(database_url=url, key_file=Path(folder, f"key-{name}")))
            prepare(books)
            add_site(books, "tan-lap")
            for noun in FILES:
                yield _line(books, name, noun)
            books.engine.dispose()


def _line(books: Books, database: str, noun: str) -> Line:
    head, row = FILES[noun]
    texts = [head, *(row.format(n=n, m=(n + 1) % 250) for n in range(ROWS))]
    sheet = Sheet([Row(number, dict(enumerate(text.split("|")))) for number, text in enumerate(texts, start=1)])
    began, used = time.perf_counter(), time.process_time()
    report = import_(books, SYSTEM, NOUNS[noun], sheet, Manner())
    spent, cpu = time.perf_counter() - began, time.process_time() - used
    if report.created != ROWS or not report.written:
        raise AssertionError(f"{noun}: {report.problems[:3]}")
    return Line(
        f"{database}: import {ROWS:,} {noun}",
        f"{spent:.1f} s ({cpu:.1f} s of this process)",
        bound=f"≤ {BOUND_S:g} s",
        kept=spent <= BOUND_S,
    )

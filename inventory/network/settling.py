"""Setting aside the doubtful findings that the books explain, so that they are looked at no more."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import TextClause, select, text, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel

from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.history import alone
from inventory.network.doubts import explanations, is_settled, lock
from inventory.network.findings import DOUBTFUL, Finding

BATCH: Final = 500
"""Findings of one transaction: SQLite has one writer at a time, and collectors wait for their turn."""

MOST_BATCHES: Final = 400
"""Transactions of one call; what is left waits for the next one."""


def settle(books: Books) -> int:
    """Set aside what is doubtful and explained.

    Returns:
        How many findings were set aside.

    Raises:
        Unavailable: The database does not answer.
    """
    return sum(_settle(books, one) for one in explanations())


def revise(books: Books) -> int:
    """Have everything doubtful that was set aside and that nothing explains.

    What the program writes is doubted in the same transaction; this finds what somebody wrote past it.

    Returns:
        How many findings there were.

    Raises:
        Unavailable: The database does not answer.
    """
    unexplained = [~one for one in explanations()]
    some = _found(books, is_settled(), *unexplained)
    return sum(_mark(books, numbers, *unexplained, doubtful=True) for numbers in some)


def _settle(books: Books, explanation: ColumnElement[bool]) -> int:
    # Looked for without a lock, and looked at again under the locks of all who may change what explains them.
    some = _found(books, text(DOUBTFUL), explanation)
    return sum(_mark(books, numbers, explanation, doubtful=False) for numbers in some)


def _found(books: Books, *conditions: ColumnElement[bool] | TextClause) -> Iterator[list[int]]:
    last = 0
    for _ in range(MOST_BATCHES):
        here = column(Finding, "id")
        statement = select(here).where(*conditions, here > last).order_by(here).limit(BATCH)
        with reading(books.engine) as session:
            numbers = list(session.scalars(statement))
        if numbers:
            yield numbers
        if len(numbers) < BATCH:
            return
        last = numbers[-1]


def _mark(books: Books, numbers: list[int], *conditions: ColumnElement[bool], doubtful: bool) -> int:
    these = column(Finding, "id").in_(numbers)
    with writing(books.engine) as session:
        alone(session)
        lock(session.connection())
        table = SQLModel.metadata.tables["finding"]
        done = session.connection().execute(update(table).where(these, *conditions).values(doubtful=doubtful))
        return int(done.rowcount)

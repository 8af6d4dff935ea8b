"""Rows of the demonstration on their way into the books: as quickly as a file of them, all of a noun or none."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.cells import Row, Sheet
from inventory.columns import column
from inventory.db import reading
from inventory.importing import Manner, import_
from inventory.nouns import NOUNS

_EMPTY: Final = (None, "")


def bring(books: Books, noun: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows that the books do not have yet; those that they have stay as they are.

    Args:
        books: The books.
        noun: Path of the noun.
        rows: Values by field, with the key of each.

    Raises:
        ValueError: A row is wrong, which is a mistake of the demonstration.
    """
    table = NOUNS[noun].table
    with reading(books.engine) as session:
        there = set(session.execute(select(column(table, table.KEY))).scalars())
    missing = [row for row in rows if row.get(table.KEY) not in there]
    if not missing:
        return
    names = list(dict.fromkeys(name for row in missing for name in row))
    sheet = Sheet([Row(1, dict(enumerate(names)))])
    for number, row in enumerate(missing, 2):
        cells = {place: _cell(row[name]) for place, name in enumerate(names) if row.get(name, "") not in _EMPTY}
        sheet.rows.append(Row(number, cells))
    report = import_(books, SYSTEM, NOUNS[noun], sheet, Manner())
    if report.problems:
        raise ValueError(f"{noun}: {report.problems[0].as_dict('en')}")


def _cell(value: Any) -> Any:  # noqa: ANN401 - any value of a field
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value

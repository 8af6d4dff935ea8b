"""The two sheets of a site and year as pages and routes give them: read, bounded, laid out, as a workbook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from starlette.responses import Response

from api.house import House
from api.views.stocktaking import forms_of
from api.views.wear_papers import Head, Row, ledger_paper, ledger_rows, table_paper, table_rows
from inventory.access.rights import Actor, visible
from inventory.assets.closing import ClosedYear
from inventory.assets.wear_reports import closings_of, ledgers_of, wear_table_of
from inventory.audit.forms import WEAR_LEDGER, WEAR_TABLE, Form
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict
from inventory.places.sites import Site
from inventory.spreadsheet import write_paper
from inventory.text import Language, Text

SheetName = Literal["ledger", "table"]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_ROWS: Final = 20_000
"""Rows of a workbook; a district's whole book has more and is written by its sites."""

MOST_SITES: Final = 5_000

FIRST_YEAR, LAST_YEAR = 1990, 2100

_FORMS: Final = {"ledger": WEAR_LEDGER, "table": WEAR_TABLE}
_FILES: Final = {"ledger": "so-tai-san", "table": "bang-hao-mon"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, ready to be shown.

    Attributes:
        name: Which of the two.
        form: Code, title and headings of the year.
        head: What stands over it.
        rows: Its rows.
    """

    name: SheetName
    form: Form
    head: Head
    rows: Sequence[Row]


def sheet_of(house: House, person: Actor, name: SheetName, year: int, within: str) -> Sheet:
    """Return a sheet of a site with all below it, or of all that the reader sees.

    Args:
        house: The house.
        person: The reader.
        name: Which of the two.
        year: Past or future.
        within: Slug of the site; empty = all.

    Raises:
        Forbidden: The reader may not read assets.
        NotFound: There is no such site, or the reader may not know of it.
    """
    rows = _READERS[name](house, person, year, within)
    closed = next((one for one in closings_of(house.books, person) if one.year == year), None)
    today = house.books.today()
    unit = _unit(house, person, within)
    head = Head(*unit, year, state_of(house, year, closed), today)
    return Sheet(name, forms_of(house).on(_FORMS[name], today.replace(month=12, day=31, year=year)), head, rows)


def state_of(house: House, year: int, closed: ClosedYear | None) -> Text:
    """Return whether the figures of a year are closed, as of today, or a forecast."""
    if closed is not None:
        day = closed.closed_at.astimezone(house.books.zone).date()
        return _CLOSED.fill(day=f"{day:%d/%m/%Y}", who=closed.closed_by)
    return _FORECAST if year > house.books.today().year else _OPEN


def workbook(sheet: Sheet, within: str, language: Language) -> Response:
    """Return a sheet as a file to save.

    Raises:
        Conflict: It has more rows than a workbook takes.
    """
    bounded(len(sheet.rows))
    layout = ledger_paper if sheet.name == "ledger" else table_paper
    name = "-".join(word for word in (_FILES[sheet.name], within, str(sheet.head.year)) if word)
    return Response(
        write_paper(layout(sheet.rows, sheet.head, sheet.form, language)),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"},
    )


def bounded(rows: int) -> None:
    """Let so many rows pass.

    Raises:
        Conflict: There are more than a sheet takes.
    """
    if rows > MOST_ROWS:
        raise Conflict(
            Text(vi="Bảng có hơn {most} dòng.", en="The sheet has more than {most} rows.").fill(most=MOST_ROWS),
            Text(vi="Chọn từng đơn vị.", en="Choose one site after the other."),
        )


def site_names(house: House, person: Actor) -> dict[str, str]:
    """Return the names of all sites that a reader may know of, by slug; closed years name sites that are gone."""
    rows = select(column(Site, "slug"), column(Site, "name")).where(visible(person, Site)).limit(MOST_SITES)
    with reading(house.books.engine) as session:
        return {row[0]: row[1] for row in session.execute(rows)}


def _ledger(house: House, person: Actor, year: int, within: str) -> list[Row]:
    ledgers = ledgers_of(house.books, person, year, house.rulebooks, within=within)
    return ledger_rows(ledgers, site_names(house, person))


def _table(house: House, person: Actor, year: int, within: str) -> list[Row]:
    table = wear_table_of(house.books, person, year, house.rulebooks, within=within)
    return table_rows(table, site_names(house, person))


def _unit(house: House, person: Actor, within: str) -> tuple[str, str]:
    """Return name and code of the unit over a sheet; of the whole book, those of the one site with none above it."""
    chosen = column(Site, "slug") == within if within else column(Site, "parent_id").is_(None)
    with reading(house.books.engine) as session:
        rows = select(column(Site, "name"), column(Site, "code")).where(visible(person, Site), chosen).limit(2)
        found = session.execute(rows).all()
    return (found[0][0], found[0][1] or "") if len(found) == 1 else ("", "")


_READERS: Final[dict[SheetName, Callable[[House, Actor, int, str], list[Row]]]] = {"ledger": _ledger, "table": _table}
_CLOSED: Final = Text(vi="Số liệu đã khóa sổ ngày {day}, người khóa: {who}", en="As closed on {day} by {who}")
_OPEN: Final = Text(vi="Chưa khóa sổ: tính theo sổ hiện tại", en="Not closed yet: computed from the books as they are")
_FORECAST: Final = Text(vi="Dự tính theo sổ hiện tại", en="A forecast from the books as they are")

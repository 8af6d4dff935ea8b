"""`quang demo reorganise`: the 23 communes of the demonstration become the 8 of 1 July 2025, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from api.demo import network
from api.demo.fault import home
from api.settings import HOME_VARIABLE, load
from inventory import register
from inventory.access.rights import SYSTEM
from inventory.audit.reorganisation import Outcome, reorganise, undo
from inventory.books import Books, open_books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Conflict, NotFound, Unavailable
from inventory.nouns import SITES
from inventory.places.reorganisations import Reorganisation
from inventory.places.units import Unit, units
from inventory.text import Text

DAY: Final = date(2025, 7, 1)
DECREE: Final = "Nghị quyết sắp xếp đơn vị hành chính cấp xã năm 2025 (minh hoạ)"


def run(environ: Mapping[str, str], *, back: bool) -> list[str]:
    """Merge the units of the demonstration in its books, running or not, and return what happened as lines.

    Args:
        environ: Says where the demonstration lives.
        back: Whether to take the merger back instead.

    Raises:
        Unavailable: There is no demonstration.
        Conflict: It was done already, or what it moved has moved on since.
    """
    folder = home(environ)
    if not folder.is_dir():
        raise _nowhere()
    known = {name: value for name, value in environ.items() if not name.startswith("QUANG_COLLECTOR_")}
    books = open_books(load(known | {HOME_VARIABLE: str(folder)}).inventory)
    try:
        if not network.is_written(books):
            raise _nowhere()
        return told(take_back(books) if back else merge(books), back=back)
    finally:
        books.engine.dispose()


def merge(books: Books) -> Outcome:
    """Bring the new units into the books and move everything to them.

    Raises:
        Conflict: It was done already.
    """
    standing = _standing(books)
    if standing is not None:
        raise Conflict(_DONE.fill(number=standing.number), _BACK)
    for unit in units():
        if unit.valid_from == DAY:
            _have(books, unit)
    pairs = [{"old": unit.slug, "new": unit.successor} for unit in units() if unit.successor is not None]
    return reorganise(books, SYSTEM, {"day": DAY, "decree": DECREE, "pairs": pairs})


def take_back(books: Books) -> Outcome:
    """Move everything back, and take the new units out of use.

    Raises:
        Conflict: Nothing was merged, or something has moved on since; those things are named.
    """
    standing = _standing(books)
    if standing is None:
        raise Conflict(_NOT_DONE, _FORTH)
    outcome = undo(books, SYSTEM, standing.number, standing.version)
    for unit in units():
        if unit.valid_from == DAY:
            row = register.get(books, SYSTEM, SITES, unit.slug)
            register.retire(books, SYSTEM, SITES, unit.slug, row.version)
    return outcome


def told(outcome: Outcome, *, back: bool) -> list[str]:
    """Return what happened, as lines for a person."""
    olds, news = len(outcome.pairs), len({new for _, new in outcome.pairs})
    counts = outcome.counts
    lines = [
        f"✓ {outcome.number}: {news} → {olds}" if back else f"✓ {outcome.number}: {olds} → {news}",
        f"  thiết bị / devices: {counts['device']}, dịch vụ / services: {counts['service']}",
        f"  tài sản / assets: {counts['asset']}, chứng từ / documents: {counts['document']}",
    ]
    if not back:
        lines.append(f"  Xem / see: /reorganisations/{outcome.number}; hoàn lại / undo: quang demo reorganise --back")
    return lines


def _have(books: Books, unit: Unit) -> None:
    """Make sure that a new unit is in the books and in use."""
    try:
        row = register.get(books, SYSTEM, SITES, unit.slug)
    except NotFound:
        values = {
            "slug": unit.slug, "code": unit.code, "name": unit.name, "kind": unit.kind, "lat": unit.lat,
            "lon": unit.lon, "valid_from": DAY,
        }  # fmt: skip
        register.create(books, SYSTEM, SITES, values)
        return
    if row.retired_at is not None:
        register.restore(books, SYSTEM, SITES, unit.slug, row.version)


def _standing(books: Books) -> Reorganisation | None:
    mine = (column(Reorganisation, "decree") == DECREE) & column(Reorganisation, "reversed_on").is_(None)
    with reading(books.engine) as session:
        found: Reorganisation | None = session.execute(select(Reorganisation).where(mine)).scalar()
        session.expunge_all()
    return found


def _nowhere() -> Unavailable:
    return Unavailable(
        Text(vi="Chưa có huyện mô phỏng nào ở đây.", en="There is no simulated district here."),
        Text(vi="Chạy một lần: quang demo", en="Run this once: quang demo"),
    )


_DONE: Final = Text(vi="Đã sáp nhập rồi: {number}.", en="The units are merged already: {number}.")
_BACK: Final = Text(vi="Hoàn lại: quang demo reorganise --back", en="Undo it: quang demo reorganise --back")
_NOT_DONE: Final = Text(vi="Chưa sáp nhập, không có gì để hoàn lại.", en="Nothing was merged.")
_FORTH: Final = Text(vi="Sáp nhập: quang demo reorganise", en="Merge them: quang demo reorganise")

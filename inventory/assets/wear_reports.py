"""The papers of wear for who may see them: wear table (C55-HD), ledgers (S24-H), the years of one asset."""

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Select, select
from sqlmodel import Session

from inventory.access.rights import Act, Actor, check, tree_below, visible
from inventory.assets.assets import Asset
from inventory.assets.closing import ClosedYear, closed_years
from inventory.assets.depreciation import WearOfYear, wear_by_year
from inventory.assets.ledger import Entry, Ledger, WearTable, ledger, wear_table
from inventory.assets.rulebook import Rulebooks
from inventory.assets.stays import ever_at, read_stays
from inventory.assets.wear_book import Reading, read_book
from inventory.assets.wear_years import WearClosing, WearYear
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.places.sites import Site

_ID: Final = "id"


@dataclass(frozen=True, slots=True)
class YearOfAsset:
    """One December of one asset.

    Attributes:
        wear: The December.
        site: Slug of the site that computes it.
        closed: Whether the year is closed.
        rulebook: What governed it: of a closed year the version it was closed by, else the key in force.
    """

    wear: WearOfYear
    site: str
    closed: bool
    rulebook: str


def wear_table_of(books: Books, actor: Actor, year: int, rulebooks: Rulebooks, *, within: str = "") -> WearTable:
    """Return the wear table of a year, past or future; of a closed year as it was closed.

    In the year of a transfer the receiver computes the whole year (TT 141/2025, Điều 12.1).

    Args:
        books: The books.
        actor: The reader.
        year: The year.
        rulebooks: The rules of wear.
        within: Slug of a site, which is taken with all below it; empty = all that the actor sees.

    Raises:
        Forbidden: The actor may not read assets.
        NotFound: There is no such site, or the actor may not know of it.
    """
    check(actor, Act.READ, "assets")
    with reading(books.engine) as session:
        among = _among(session, actor, within)
        found = _read(session, books, rulebooks, year, among)
    return wear_table(found.entries, rulebooks.rules(), year, within, None if among is None else set(among.values()))


def ledgers_of(books: Books, actor: Actor, year: int, rulebooks: Rulebooks, *, within: str = "") -> tuple[Ledger, ...]:
    """Return the fixed-asset ledgers of a year, one for each site where something stood, by slug.

    Args and raises: as `wear_table_of`.
    """
    check(actor, Act.READ, "assets")
    rules = rulebooks.rules()
    with reading(books.engine) as session:
        among = _among(session, actor, within)
        found = _read(session, books, rulebooks, year, among).standings
        # Who gives lets a thing go with what it was worth before the year, which a row of the year does not say.
        gone = {one.asset_id for one in found if _goes(one.entry, year)}
        before = read_book(session, rules, books.zone, closed_through=year - 1, assets=gone).standings if gone else ()
    earlier = {one.asset_id: one.entry.thing for one in before}
    at: dict[str, list[Entry]] = {}
    for one in found:
        stays_at = one.entry.computed_at(year)
        for site in {stay.site for stay in one.entry.stays}:
            leaves = site != stays_at or one.entry.thing.left_on is not None
            thing = earlier.get(one.asset_id, one.entry.thing) if leaves else one.entry.thing
            at.setdefault(site, []).append(replace(one.entry, thing=thing))
    wanted = sorted(at if among is None else set(among.values()).intersection(at))
    made = (ledger(at[site], rules, year, site) for site in wanted)
    return tuple(one for one in made if one.rows)


def years_of(books: Books, actor: Actor, tag: str, rulebooks: Rulebooks, through: int) -> tuple[YearOfAsset, ...]:
    """Return the Decembers of an asset `through` a year: those that are closed as they were, then what the rules say.

    Before the first closed year the rules say it too; where the office began with a balance from its paper books, the
    years before that are not told.

    Raises:
        Forbidden: The actor may not read assets.
        NotFound: There is none, it is only planned, or the actor may not know of it.
    """
    check(actor, Act.READ, "assets")
    rules = rulebooks.rules()
    with reading(books.engine) as session:
        mine = select(column(Asset, _ID)).where(visible(actor, Asset), column(Asset, "tag") == tag)
        closed = _closed(session, mine)
        stays = read_stays(session, mine)
        latest = read_book(session, rules, books.zone, assets=mine, stays=stays).standings
        if not latest:
            raise NotFound(Asset.NOUN, tag[:120])
        first = min(closed, default=None)
        before = latest
        if first is not None:
            before = read_book(session, rules, books.zone, closed_through=first - 1, assets=mine, stays=stays).standings
    entry = latest[0].entry
    told = {one.year: one for one in wear_by_year(entry.thing, rules, through)}
    if first is not None and before:
        told |= {one.year: one for one in wear_by_year(before[0].entry.thing, rules, first - 1)}
    shown = [one for year, one in closed.items() if year <= through]
    shown += [
        YearOfAsset(wear, entry.computed_at(year), False, rulebooks.wear_in(year).key)
        for year, wear in told.items()
        if year not in closed
    ]
    return tuple(sorted(shown, key=lambda one: one.wear.year))


def closings_of(books: Books, actor: Actor) -> tuple[ClosedYear, ...]:
    """Return every closed year, ascending, with the totals of the whole book.

    Raises:
        Forbidden: The actor may not read assets.
    """
    check(actor, Act.READ, "assets")
    with reading(books.engine) as session:
        return closed_years(session)


def _goes(entry: Entry, year: int) -> bool:
    """Return whether a thing leaves a site, or the books, within a year."""
    left = entry.thing.left_on
    return any(stay.since.year == year for stay in entry.stays) or (left is not None and left.year == year)


def _among(session: Session, actor: Actor, within: str) -> dict[int, str] | None:
    """Return number and slug of the sites that are reported; `None` = all there are."""
    if not within and actor.site_ids is None:
        return None
    statement = select(column(Site, _ID), column(Site, "slug")).where(visible(actor, Site))
    if within:
        statement = statement.where(column(Site, _ID).in_(select(tree_below(within).c.id)))
    found = {row[0]: row[1] for row in session.execute(statement)}
    if within not in found.values() and within:
        raise NotFound(Site.NOUN, within[:64])
    return found


def _read(session: Session, books: Books, rulebooks: Rulebooks, year: int, among: dict[int, str] | None) -> Reading:
    """Read all that stands or ever stood at the sites, going on from the last year closed by then."""
    assets: Select[Any] | None = None if among is None else ever_at(list(among))
    stays = read_stays(session, assets)
    return read_book(session, rulebooks.rules(), books.zone, closed_through=year, assets=assets, stays=stays)


def _closed(session: Session, assets: Select[Any]) -> dict[int, YearOfAsset]:
    columns = [column(WearYear, name) for name in WearOfYear._fields]
    statement = (
        select(column(Site, "slug"), column(WearClosing, "rulebook"), *columns)
        .select_from(WearYear)
        .join(Site, column(Site, _ID) == column(WearYear, "site_id"))
        .join(WearClosing, column(WearClosing, _ID) == column(WearYear, "closing_id"))
        .where(column(WearYear, "asset_id").in_(assets))
    )
    rows = session.execute(statement)
    return {row.year: YearOfAsset(WearOfYear(*row[2:]), row[0], True, row[1]) for row in rows}

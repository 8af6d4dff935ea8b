"""What is looked at before and after units merge: which units there are, what speaks against it, what moved then."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import false, or_, select
from sqlmodel import Session

from inventory.access.rights import Act, Actor, check
from inventory.audit.reorganisation import MOVING
from inventory.audit.stocktake import OPEN, Stocktake, StocktakeSite
from inventory.books import Books
from inventory.columns import Booked, column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.places.reorganisations import Moved, Reorganisation, ReorganisationMove, moved, moves_of
from inventory.places.sites import Site
from inventory.text import Text
from inventory.watch.incidents import Incident, IncidentState

MOST_UNITS: Final = 500
_AT_ONCE: Final = 500
_TABLES: Final[dict[str, type[Booked]]] = {str(table.__tablename__): table for table, _ in MOVING}
_PLACE: Final = {str(table.__tablename__): name for table, name in MOVING}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may go into another one or take others over.

    Attributes:
        slug: Its key.
        name: Its name.
        valid_from: First day, if the books know it.
        valid_to: Last day, if it has one.
        successor: Slug of the unit that the books name as its successor; empty if none.
    """

    slug: str
    name: str
    valid_from: date | None
    valid_to: date | None
    successor: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes along with a merger without moving, and what somebody should look at first.

    Attributes:
        links: (name, title) of the links that end at devices of the old units.
        warnings: What is better done before.
    """

    links: tuple[tuple[str, str], ...]
    warnings: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class MergerRecord:
    """A reorganisation with everything that it moved.

    Attributes:
        row: The reorganisation.
        names: Name of each unit, by slug.
        things: What moved, but the old units themselves, in the order in which it moved.
    """

    row: Reorganisation
    names: dict[str, str]
    things: tuple[Moved, ...]


def candidates(books: Books, actor: Actor) -> list[Candidate]:
    """Return the units in use that no standing reorganisation has closed yet, by name.

    Raises:
        Forbidden: The actor does not administer reorganisations.
    """
    check(actor, Act.ADMINISTER, "reorganisations")
    with reading(books.engine) as session:
        standing = session.execute(select(Reorganisation).where(column(Reorganisation, "reversed_on").is_(None)))
        gone = {pair["old"] for row in standing.scalars() for pair in row.pairs}
        rows = session.execute(
            select(Site).where(column(Site, "retired_at").is_(None)).order_by(column(Site, "order_text"))
        ).scalars()
        sites = {site.id: site for site in rows}
        successors = {site.id: sites[site.successor_id].slug for site in sites.values() if site.successor_id in sites}
        return [
            Candidate(site.slug, site.name, site.valid_from, site.valid_to, successors.get(site.id, ""))
            for site in sites.values()
            if site.slug not in gone
        ][:MOST_UNITS]


def beside(books: Books, actor: Actor, old: Collection[str]) -> Beside:
    """Return what goes along with units that merge, and what is better done before.

    Raises:
        Forbidden: The actor does not administer reorganisations.
    """
    check(actor, Act.ADMINISTER, "reorganisations")
    with reading(books.engine) as session:
        sites = session.execute(select(Site).where(column(Site, "slug").in_(old))).scalars().all()
        numbers = [site.id or 0 for site in sites]
        devices = select(column(Device, "id")).where(column(Device, "site_id").in_(numbers))
        links = session.execute(
            select(column(Link, "name"), column(Link, "title"))
            .where(
                column(Link, "retired_at").is_(None),
                or_(false(), column(Link, "a_device_id").in_(devices), column(Link, "b_device_id").in_(devices)),
            )
            .order_by(column(Link, "name"))
        )
        warnings = [*_stocktakes(session, numbers), *_incidents(session, numbers)]
        return Beside(tuple((row[0], row[1]) for row in links), tuple(warnings))


def merger_record(books: Books, actor: Actor, number: str) -> MergerRecord:
    """Return a reorganisation with everything that it moved.

    Raises:
        Forbidden: The actor may not read reorganisations.
        NotFound: There is none of this number.
    """
    check(actor, Act.READ, "reorganisations")
    with reading(books.engine) as session:
        row = session.execute(select(Reorganisation).where(column(Reorganisation, "number") == number)).scalar()
        if row is None:
            raise NotFound(Reorganisation.NOUN, number[:40])
        moves = moves_of(session, row.id or 0)
        names = {one[0]: one[1] for one in session.execute(select(column(Site, "slug"), column(Site, "name")))}
        things = _things(session, moves, row)
        session.expunge_all()
    slugs = {slug for pair in row.pairs for slug in (pair["old"], pair["new"])}
    return MergerRecord(row, {slug: names.get(slug, slug) for slug in slugs}, tuple(things))


def _things(session: Session, moves: Sequence[ReorganisationMove], found: Reorganisation) -> list[Moved]:
    slugs = {one[0]: one[1] for one in session.execute(select(column(Site, "id"), column(Site, "slug")))}
    into = {pair["old"]: pair["new"] for pair in found.pairs}
    rows: dict[tuple[str, int], Booked] = {}
    for noun, table in _TABLES.items():
        wanted = [move.object_id for move in moves if move.noun == noun]
        for start in range(0, len(wanted), _AT_ONCE):
            some = column(table, "id").in_(wanted[start : start + _AT_ONCE])
            rows |= {(noun, one.id or 0): one for one in session.execute(select(table).where(some)).scalars()}
    things = []
    for move in moves:
        place, row = _PLACE[move.noun], rows.get((move.noun, move.object_id))
        if row is not None and place in move.after:
            old = slugs.get(move.before[place], "")
            things.append(moved(row, old, into.get(old, "")))
    return things


def _stocktakes(session: Session, numbers: list[int]) -> list[Text]:
    shared = select(column(StocktakeSite, "stocktake_id")).where(column(StocktakeSite, "site_id").in_(numbers))
    rows = session.execute(
        select(column(Stocktake, "title")).where(
            column(Stocktake, "state").in_(OPEN), column(Stocktake, "id").in_(shared)
        )
    ).scalars()
    return [_COUNTING.fill(title=title) for title in rows]


def _incidents(session: Session, numbers: list[int]) -> list[Text]:
    going_on = session.execute(
        select(column(Incident, "id")).where(
            column(Incident, "site_id").in_(numbers), column(Incident, "state") != IncidentState.RESOLVED.value
        )
    ).all()
    return [_WRONG.fill(count=len(going_on))] if going_on else []


_COUNTING: Final = Text(
    vi="Đợt kiểm kê “{title}” còn đang mở ở đơn vị cũ; nên ký biên bản trước khi sáp nhập.",
    en="The stocktake “{title}” is still open at an old unit; sign it off before units merge.",
)
_WRONG: Final = Text(
    vi="{count} sự cố chưa kết thúc ở đơn vị cũ; chúng vẫn đứng tên đơn vị cũ.",
    en="{count} incidents at old units are not over; they stay with the old units.",
)

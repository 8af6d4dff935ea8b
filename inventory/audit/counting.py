"""Counting: what phones deliver is written once, whatever comes twice, late or in another order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, model_validator
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.audit.campaigns import require_open, seen
from inventory.audit.stocktake import Condition, CountEntry, ExpectedLine, Stocktake
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.fields import Entry, Key, Line64, Line120, Line200, Moment, Note, refuse
from inventory.places.sites import Site
from inventory.text import Text

MOST_ENTRIES: Final = 500
"""Entries of one delivery."""

Uid = Annotated[str, Bounds(pattern=r"^[0-9a-f]{32}$")]


class CountCreate(Entry):
    """One look at one thing, as a phone sends it.

    `tag` is what stands on the label, `serial` and `name` describe a thing without one, `voids` takes back the entry of
    that uid. `site` is where it was found.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uid": "0123456789abcdef0123456789abcdef",
                    "method": "scan",
                    "tag": "BQ-000123",
                    "site": "tan-lap",
                    "room": "Phòng 2",
                    "counted_at": "2026-12-02T08:15:00+07:00",
                }
            ]
        }
    )

    uid: Uid
    method: Literal["scan", "hand"]
    tag: Line64 = ""
    serial: Line120 = ""
    name: Line200 = ""
    condition: Condition = Condition.OK
    site: Key
    room: Line120 = ""
    note: Annotated[Note, Bounds(max_length=500)] = ""
    voids: Uid | None = None
    counted_at: Moment

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.tag or self.serial or self.name or self.voids):
            refuse("required", "Cần mã tài sản, số máy hoặc tên.", "A tag, a serial number or a name is needed.")
        return self


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that cannot be taken, whatever is tried again."""

    uid: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a delivery.

    Attributes:
        accepted: Entries written.
        duplicates: Entries that were here already.
        refused: Entries that cannot be taken.
    """

    accepted: int
    duplicates: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a label belongs to, as far as the reader may know.

    Attributes:
        where: `line` if it is on the list, `books` if it is another booked asset, `nowhere`.
        number: Number of the line; 0 if it is on no line that the reader sees.
        tag: Its label.
        name: What it is; empty if unknown.
        site_name: The site that it belongs to; empty if unknown.
    """

    where: Literal["line", "books", "nowhere"]
    number: int
    tag: str
    name: str
    site_name: str


def deliver(books: Books, actor: Actor, number: int, sent: Sequence[CountCreate]) -> Delivery:
    """Write what a phone delivers; an entry that is here already changes nothing.

    Args:
        books: The books.
        actor: Who counted.
        number: The campaign.
        sent: At most `MOST_ENTRIES`, in any order.

    Raises:
        Forbidden: The actor may not count.
        NotFound: There is no such campaign, or the actor may not know of it.
        Conflict: It has not begun, or is signed: then nothing was written.
    """
    check(actor, Act.COUNT, "stocktakes")
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        require_open(row)
        places = _places(session, actor, row)
        refused = tuple(Refusal(one.uid, _NOT_HERE.fill(site=one.site)) for one in sent if one.site not in places)
        taken = {one.uid: one for one in sent if one.site in places}
        if not taken:
            return Delivery(0, 0, refused)
        tags = {one.tag for one in taken.values() if one.tag}
        lines, assets = _lines(session, row, tags), _assets(session, tags)
        new = 0
        for one in taken.values():
            values = _values(row, one, actor.name, places[one.site], lines.get(one.tag), assets.get(one.tag))
            new += _insert(session, values)
        return Delivery(new, len(sent) - len(refused) - new, refused)


def thing(books: Books, actor: Actor, number: int, tag: str) -> Thing:
    """Return what a label belongs to; of another site's asset no more than tag, name and owning site.

    Raises:
        Forbidden: The actor may not count.
        NotFound: There is no such campaign, or the actor may not know of it.
    """
    check(actor, Act.COUNT, "stocktakes")
    with reading(books.engine) as session:
        row = seen(session, actor, number)
        line = _lines(session, row, {tag}).get(tag)
        if line is not None:
            mine = actor.site_ids is None or line.site_id in actor.site_ids
            return Thing("line" if mine else "books", line.number if mine else 0, tag, line.name, line.site_name)
        found = _assets(session, {tag}).get(tag)
        if found is None:
            return Thing("nowhere", 0, tag, "", "")
        asset, site = found
        return Thing("books", 0, tag, asset.name, site.name)


def _places(session: Session, actor: Actor, row: Stocktake) -> dict[str, Site]:
    """Return the sites at which this actor counts, by slug."""
    statement = select(Site).where(visible(actor, Site), column(Site, "id").in_(row.site_ids))
    return {site.slug: site for site in session.execute(statement).scalars()}


def _lines(session: Session, row: Stocktake, tags: set[str]) -> dict[str, ExpectedLine]:
    mine = column(ExpectedLine, "stocktake_id") == row.id
    statement = select(ExpectedLine).where(mine, column(ExpectedLine, "tag").in_(tags))
    return {line.tag: line for line in session.execute(statement).scalars()}


def _assets(session: Session, tags: set[str]) -> dict[str, tuple[Asset, Site]]:
    statement = select(Asset, Site).join(Site, column(Site, "id") == column(Asset, "site_id"))
    found = session.execute(statement.where(column(Asset, "tag").in_(tags), column(Asset, "retired_at").is_(None)))
    return {asset.tag: (asset, site) for asset, site in found}


def _values(  # noqa: PLR0917 - one row of many sources
    row: Stocktake,
    one: CountCreate,
    who: str,
    place: Site,
    line: ExpectedLine | None,
    booked: tuple[Asset, Site] | None,
) -> dict[str, Any]:
    moment = now()
    entry = CountEntry(
        uid=one.uid,
        stocktake_id=row.id or 0,
        line_id=line.id if line is not None else None,
        method=one.method,
        condition=one.condition.value,
        tag=one.tag,
        serial=one.serial,
        name=one.name,
        site_id=place.id or 0,
        site_name=place.name,
        room=one.room,
        note=one.note,
        voids=one.voids or "",
        counted_by=who,
        # A phone whose clock runs ahead must not have the last word for ever.
        counted_at=min(one.counted_at, moment),
        received_at=moment,
    )
    if line is None and booked is not None:
        asset, owner = booked
        entry.asset_id = asset.id
        entry.known = {
            "tag": asset.tag, "name": asset.name, "site": owner.slug, "site_name": owner.name,
            "cost_vnd": asset.cost_vnd,
        }  # fmt: skip
    return entry.model_dump(exclude={"id"})


def _insert(session: Session, values: dict[str, Any]) -> int:
    table = SQLModel.metadata.tables["count_entry"]
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = make(table).values(values).on_conflict_do_nothing(index_elements=["uid"])
    return len(session.execute(statement.returning(table.c.uid)).all())


_NOT_HERE: Final = Text(
    vi="Đơn vị “{site}” không thuộc đợt kiểm kê này hoặc không thuộc phạm vi của bạn.",
    en="The site “{site}” is not part of this stocktake, or not yours.",
)

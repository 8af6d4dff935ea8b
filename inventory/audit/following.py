"""Following up signed minutes: a decision becomes an act of custody or a booking, each confirmed by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field as Bounds
from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check
from inventory.assets import assets
from inventory.assets.assets import Asset, AssetChange, AssetCreate, AssetRead
from inventory.assets.booking import Desk, change
from inventory.assets.custody import carry_out
from inventory.assets.documents import Document
from inventory.assets.lifecycle import HELD, ActKind, AssetStatus
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_acts import note_surplus
from inventory.audit.campaigns import seen
from inventory.audit.deciding import DECISIONS, reviewed
from inventory.audit.differences import Difference, DifferenceKind
from inventory.audit.stocktake import CountFollowUp, Stocktake, StocktakeState
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound
from inventory.fields import Day, Entry, Line, Line120, Line200, Money, Tag
from inventory.filling import Sitting, filled
from inventory.noun import Noun, Reference
from inventory.places.sites import Site
from inventory.text import Text
from inventory.wording import problems_in

ACTS: Final[Mapping[tuple[DifferenceKind, str], ActKind | None]] = {
    (DifferenceKind.MISSING, "write_off"): ActKind.RETIRE,
    (DifferenceKind.ELSEWHERE, "move_books"): ActKind.TRANSFER,
    (DifferenceKind.DAMAGED, "repair"): ActKind.REPAIR,
    (DifferenceKind.DAMAGED, "dispose"): ActKind.RETIRE,
    (DifferenceKind.UNEXPECTED, "transfer"): ActKind.TRANSFER,
    (DifferenceKind.SURPLUS, "book"): None,
}
"""By difference and decision the act of custody that carries it out; `None` = a booking. Others change no books."""

BOOKED: Final = Noun(
    path="assets",
    table=Asset,
    read=AssetRead,
    create=AssetCreate,
    change=AssetChange,
    references={"site": Reference("site_id", Site)},
    unique=("tag", "serial"),
    parties=assets.parties,
    examine=assets.examine,
)
"""Assets, as far as a surplus is booked; the same checks as everywhere."""


class FollowUpCreate(Entry):
    """What a person confirms of one difference.

    Attributes:
        subject: The difference, as its decision names it.
        day: Day of the document or of the booking.
        to_name: Who takes over what is transferred in use.
        tag: Number on the label of a surplus; as are `name`, `category`, `cost_vnd` and `put_to_use` of it.
    """

    subject: Annotated[str, Bounds(min_length=1, max_length=200)]
    day: Day
    to_name: Line120 = ""
    to_title: Line120 = ""
    tag: Tag | None = None
    name: Line200 = ""
    category: Line = ""
    cost_vnd: Money = 0
    put_to_use: Day | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One decision of signed minutes.

    Attributes:
        difference: What differs.
        decision: What was decided.
        act: The act that carries it out; `None` for a booking, or where nothing follows in the books.
        follows: Whether the books change by it.
        asset: The asset as it is now; `None` for a surplus.
        to_site: Where it was found.
        room: The room there.
        receiver: Whether somebody has to take it over.
        done: What was done; `None` if nothing was yet, or it was undone.
        document: Number of its document.
    """

    difference: Difference
    decision: Text
    kind: str
    act: ActKind | None
    follows: bool
    asset: Asset | None
    to_site: Site | None
    room: str
    receiver: bool
    done: CountFollowUp | None
    document: str


def follow_ups(books: Books, actor: Actor, number: int) -> tuple[Stocktake, list[FollowUp]]:
    """Return a signed campaign and its decisions, each with what carries it out.

    Raises:
        Forbidden: The actor may not read stocktakes.
        NotFound: There is none, or the actor may not know of it.
        Conflict: It is not signed.
    """
    check(actor, Act.READ, "stocktakes")
    with reading(books.engine) as session:
        row = _signed(session, actor, number)
        found = _follow_ups(session, actor, row)
        session.expunge_all()
    return row, found


def follow(
    books: Books, actor: Actor, number: int, values: Mapping[str, Any] | FollowUpCreate, rulebooks: Rulebooks
) -> CountFollowUp:
    """Carry out one decision, in one transaction with the note that it was done.

    Raises:
        Forbidden: The actor may not write stocktakes, documents or assets, or not at this site.
        NotFound: There is no such campaign, or the actor may not know of it.
        Invalid: Fields are wrong, or the asset is not in a state for the act; all of them are named.
        Conflict: It is not signed, nothing follows from the decision, or it was carried out before.
    """
    check(actor, Act.WRITE, "stocktakes")
    sent = _read(values)
    row, found = follow_ups(books, actor, number)
    one = next((one for one in found if one.difference.subject == sent.subject), None)
    if one is None:
        raise Invalid([FieldProblem("subject", "no_such", _GONE, sent.subject)])
    if not one.follows:
        raise Conflict(_NOTHING.fill(decision=one.decision), Text(vi="Không cần làm gì thêm.", en="Nothing is to do."))
    if one.done is not None:
        raise Conflict(_BEFORE.fill(document=one.document or "–"), _RELOAD)
    if one.act is None or one.asset is None:
        return _book(books, actor, row, one, sent)
    if one.act == ActKind.TRANSFER and one.to_site is not None and one.to_site.id == one.asset.site_id:
        return _move_room(books, actor, row, one, rulebooks)
    return _act(books, actor, row, one, sent, rulebooks)


def _follow_ups(session: Session, actor: Actor, row: Stocktake) -> list[FollowUp]:
    state = reviewed(session, actor, row)
    done = _done(session, row)
    shown = [one for one in state.count.differences if one.subject in state.decisions]
    numbers = {number for one in shown if (number := _asset_id(one)) is not None}
    things = {a.id: a for a in session.execute(select(Asset).where(column(Asset, "id").in_(numbers))).scalars()}
    places = {entry.site_id for one in shown for entry in one.entries[:1]}
    sites = {s.id: s for s in session.execute(select(Site).where(column(Site, "id").in_(places))).scalars()}
    return [
        _follow_up(one, state.decisions[one.subject].kind, things.get(_asset_id(one)), sites, done.get(one.subject))
        for one in shown
    ]


def _follow_up(
    one: Difference,
    kind: str,
    asset: Asset | None,
    sites: Mapping[int | None, Site],
    done: tuple[CountFollowUp, str] | None,
) -> FollowUp:
    first = one.entries[0] if one.entries else None
    act = ACTS.get((one.kind, kind))
    to_site = None if first is None else sites.get(first.site_id)
    moved = act == ActKind.TRANSFER and asset is not None and to_site is not None and to_site.id != asset.site_id
    return FollowUp(
        difference=one,
        decision=DECISIONS[one.kind][kind],
        kind=kind,
        act=act,
        follows=(one.kind, kind) in ACTS,
        asset=asset,
        to_site=to_site,
        room="" if first is None else first.room,
        receiver=moved and asset is not None and AssetStatus(asset.status) in HELD,
        done=None if done is None else done[0],
        document="" if done is None else done[1],
    )


def _done(session: Session, row: Stocktake) -> dict[str, tuple[CountFollowUp, str]]:
    """Return by subject what was done and not undone since, with the number of its document."""
    statement = (
        select(CountFollowUp, column(Document, "number"), column(Document, "reversed_by_id"))
        .outerjoin(Document, column(Document, "id") == column(CountFollowUp, "document_id"))
        .where(column(CountFollowUp, "stocktake_id") == row.id)
    )
    return {one.subject: (one, number or "") for one, number, undone in session.execute(statement) if undone is None}


def _asset_id(one: Difference) -> int | None:
    if one.finding is not None:
        return one.finding.line.asset_id
    return one.entries[0].asset_id if one.entries else None


def _signed(session: Session, actor: Actor, number: int) -> Stocktake:
    row = seen(session, actor, number)
    if row.state != StocktakeState.SIGNED:
        raise Conflict(
            Text(vi="Biên bản chưa ký.", en="The minutes are not signed yet."),
            Text(vi="Ký biên bản trước; quyết định chưa ký có thể còn thay đổi.", en="Sign them first."),
        )
    return row


def _act(  # noqa: PLR0917 - who, what of which minutes, by which rules
    books: Books, actor: Actor, row: Stocktake, one: FollowUp, sent: FollowUpCreate, rulebooks: Rulebooks
) -> CountFollowUp:
    assert one.asset is not None and one.act is not None  # noqa: S101, PT018 - looked at by `follow`
    made: list[CountFollowUp] = []

    def note(desk: Desk, document: Document, assets_: Sequence[Asset], undone: bool) -> None:
        del undone
        made.append(_note(desk.session, books, actor, row, one, assets_[0], document.id))

    values: dict[str, Any] = {"kind": one.act, "day": sent.day, "items": [{"asset": one.asset.tag}]}
    values["reason"] = _REASON.fill(title=row.title, decision=one.decision).vi
    values["papers"] = _PAPER.fill(title=row.title).vi[:200]
    if one.act == ActKind.TRANSFER:
        site = "" if one.to_site is None else one.to_site.slug
        values |= {"to_site": site, "room": one.room, "to_name": sent.to_name, "to_title": sent.to_title}
    if one.difference.kind == DifferenceKind.DAMAGED and one.act == ActKind.RETIRE:
        values["broken"] = True
    carry_out(books, actor, values, rulebooks, aside=note)
    return made[0]


def _move_room(books: Books, actor: Actor, row: Stocktake, one: FollowUp, rulebooks: Rulebooks) -> CountFollowUp:
    """Correct the room of a thing that stands in another one of its own site: no document of custody is due."""
    check(actor, Act.WRITE, "assets")
    assert one.asset is not None  # noqa: S101 - looked at by `follow`
    with writing(books.engine) as session:
        history.alone(session)
        asset = session.get(Asset, one.asset.id)
        if asset is None or asset.retired_at is not None:
            raise NotFound(Asset.NOUN, one.asset.tag)
        change(Desk(books, session, actor, rulebooks), asset, "recount", {"room": one.room}, {asset.site_id})
        return _note(session, books, actor, row, one, asset, None)


def _book(books: Books, actor: Actor, row: Stocktake, one: FollowUp, sent: FollowUpCreate) -> CountFollowUp:
    """Book a surplus where it was found; what it is worth and since when it is used a person says."""
    check(actor, Act.WRITE, "assets")
    first = one.difference.entries[0]
    _require_not_ahead(books, sent.day)
    values: dict[str, Any] = {
        "tag": sent.tag or first.tag,
        "serial": first.serial or None,
        "name": sent.name or first.name,
        "category": sent.category,
        "site": "" if one.to_site is None else one.to_site.slug,
        "room": first.room,
        "status": AssetStatus.IN_STOCK.value if sent.put_to_use is None else AssetStatus.IN_USE.value,
        "cost_vnd": sent.cost_vnd,
        "put_to_use": sent.put_to_use,
        "note": _REASON.fill(title=row.title, decision=one.decision).vi,
    }
    with writing(books.engine) as session:
        history.alone(session)
        asset = Asset(**filled(Sitting(books, session, actor, BOOKED), None, values))
        session.add(asset)
        session.flush()
        if actor.site_ids is not None and asset.site_id not in actor.site_ids:
            raise Forbidden
        sites = {asset.site_id}
        history.record(session, books.keys, actor=actor, act="create", obj=asset, before=None, sites=sites)
        note_surplus(session, books, actor, asset, sent.day, _PAPER.fill(title=row.title).vi)
        return _note(session, books, actor, row, one, asset, None)


def _note(  # noqa: PLR0917 - one row and all it depends on
    session: Session,
    books: Books,
    actor: Actor,
    row: Stocktake,
    one: FollowUp,
    asset: Asset,
    document_id: int | None,
) -> CountFollowUp:
    before = _done(session, row).get(one.difference.subject)
    if before is not None:
        raise Conflict(_BEFORE.fill(document=before[1] or "–"), _RELOAD)
    made = CountFollowUp(
        stocktake_id=row.id or 0,
        subject=one.difference.subject,
        kind=one.kind,
        asset_id=asset.id or 0,
        document_id=document_id,
        done_by=actor.name,
    )
    session.add(made)
    session.flush()
    sites = {asset.site_id, *one.difference.site_ids}
    history.record(session, books.keys, actor=actor, act="follow_up", obj=made, before=None, sites=sites)
    return made


def _require_not_ahead(books: Books, day: date) -> None:
    if day > books.today():
        raise Invalid([FieldProblem("day", "in_the_future", _FUTURE, day.isoformat())])


def _read(values: Mapping[str, Any] | FollowUpCreate) -> FollowUpCreate:
    try:
        return FollowUpCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


_GONE: Final = Text(vi="Biên bản không có quyết định này.", en="The minutes have no such decision.")
_NOTHING: Final = Text(vi="“{decision}” không làm thay đổi sổ.", en="“{decision}” changes nothing in the books.")
_BEFORE: Final = Text(vi="Quyết định này đã thực hiện ({document}).", en="This was carried out before ({document}).")
_RELOAD: Final = Text(vi="Tải lại trang.", en="Reload the page.")
_REASON: Final = Text(vi="Theo biên bản “{title}”: {decision}.", en="By the minutes “{title}”: {decision}.")
_PAPER: Final = Text(vi="Biên bản kiểm kê “{title}”", en="Minutes of the stocktake “{title}”")
_FUTURE: Final = Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future.")

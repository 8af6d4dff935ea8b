"""Reversing a wrong document by another one that refers to it: every asset is as it was before."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.assets.booking import Aside, Desk, book, nothing_beside, state_of
from inventory.assets.documents import Document, DocumentItem, ItemEntry, ReversalCreate, items_of
from inventory.assets.lifecycle import ActKind
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_acts import unnote_wear
from inventory.assets.wear_years import require_open
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.text import Text
from inventory.wording import problems_in

_DECIDING: Final = ("status", "custodian", "document_id")
_FREE: Final = ("room", "put_to_use")


def reverse(  # noqa: PLR0917 - who, which, from when, why, by which rules
    books: Books,
    actor: Actor,
    number: str,
    version: int,
    values: dict[str, Any] | ReversalCreate,
    rulebooks: Rulebooks,
    aside: Aside = nothing_beside,
) -> str:
    """Undo a document, and return the number of the one that undid it.

    Raises:
        Forbidden: The actor may not write documents, or not at a site where an asset comes to stand.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: The day or the reason is wrong.
        Conflict: It was reversed before, is a reversal itself, its year is closed, or an asset has moved on since.
    """
    check(actor, Act.WRITE, "documents")
    entry = _read(values)
    with writing(books.engine) as session:
        history.alone(session)
        desk = Desk(books, session, actor, rulebooks)
        wrong = _found(desk, number, version)
        _require_reversible(desk, wrong, entry)
        items = items_of(session, wrong.id or 0)
        assets = _assets(desk, items)
        targets = [_target(asset, item) for asset, item in zip(assets, items, strict=True)]
        undoing = _opposite(wrong, entry, assets)
        unnote_wear(desk, wrong, assets)
        book(desk, undoing, assets, targets, [_typed(item) for item in items])
        _mark(desk, wrong, undoing)
        aside(desk, wrong, assets, True)
        return undoing.number


def _read(values: dict[str, Any] | ReversalCreate) -> ReversalCreate:
    try:
        return ReversalCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _found(desk: Desk, number: str, version: int) -> Document:
    statement = select(Document).where(visible(desk.actor, Document), column(Document, "number") == number)
    found: Document | None = desk.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(Document.NOUN, number[:40])
    if found.version != version:
        raise Stale(found.version)
    return found


def _require_reversible(desk: Desk, wrong: Document, entry: ReversalCreate) -> None:
    if wrong.kind == ActKind.REVERSE or wrong.reversed_by_id is not None:
        raise Conflict(_ALREADY.fill(number=wrong.number), _AGAIN)
    problems = []
    if entry.day > desk.books.today():
        problems.append(FieldProblem("day", "in_the_future", _FUTURE, entry.day.isoformat()))
    if entry.day < wrong.day:
        problems.append(FieldProblem("day", "order", _BEFORE.fill(day=wrong.day.isoformat()), entry.day.isoformat()))
    if problems:
        raise Invalid(problems)
    require_open(desk.session, wrong.day)
    require_open(desk.session, entry.day)


def _assets(desk: Desk, items: Sequence[DocumentItem]) -> list[Asset]:
    """Return the assets by line, if every one is still as the document left it."""
    numbers = [item.asset_id for item in items]
    rows = desk.session.execute(select(Asset).where(column(Asset, "id").in_(numbers))).scalars()
    known = {asset.id: asset for asset in rows}
    moved = [item.tag for item in items if not _stands(known[item.asset_id], item)]
    if moved:
        raise Conflict(_MOVED_ON.fill(tags=", ".join(moved[:5])), _LATER_FIRST)
    return [known[number] for number in numbers]


def _stands(asset: Asset, item: DocumentItem) -> bool:
    now_, after, before = state_of(asset), item.after, item.before
    went = before["site_id"] != after["site_id"]
    return (
        asset.retired_at is None
        and all(now_[name] == after[name] for name in _DECIDING)
        # A reorganisation may have moved what stayed at its site; what went elsewhere has to be there still.
        and (not went or now_["site_id"] == after["site_id"])
    )


def _target(asset: Asset, item: DocumentItem) -> dict[str, Any]:
    """Return the state before; what was corrected since stays corrected."""
    state, before, after = state_of(asset), item.before, item.after
    target = {name: before[name] for name in _DECIDING}
    target["site_id"] = before["site_id"] if before["site_id"] != after["site_id"] else state["site_id"]
    return target | {name: before[name] if state[name] == after[name] else state[name] for name in _FREE}


def _typed(item: DocumentItem) -> ItemEntry:
    return ItemEntry(asset=item.tag, origin=item.origin, capacity=item.capacity, papers=item.papers)


def _opposite(wrong: Document, entry: ReversalCreate, assets: Sequence[Asset]) -> Document:
    went = wrong.site_id != wrong.to_site_id
    here = assets[0].site_id
    back = wrong.site_id if went else here
    return Document(
        number="",
        kind=ActKind.REVERSE.value,
        year=entry.day.year,
        sequence=1,
        day=entry.day,
        site_id=here,
        to_site_id=back,
        standing_site_id=back,
        from_name=wrong.to_name,
        from_title=wrong.to_title,
        to_name=wrong.from_name,
        to_title=wrong.from_title,
        reason=entry.reason,
        accessories=wrong.accessories,
        reverses_id=wrong.id,
        items=wrong.items,
        digest="",
    )


def _mark(desk: Desk, wrong: Document, undoing: Document) -> None:
    before = history.masked(wrong)
    wrong.reversed_by_id = undoing.id
    wrong.version += 1
    wrong.updated_at = now()
    sites = {wrong.site_id, wrong.to_site_id, undoing.site_id, undoing.to_site_id}
    history.record(
        desk.session, desk.books.keys, actor=desk.actor, act="reverse", obj=wrong, before=before, sites=sites
    )  # fmt: skip


_ALREADY: Final = Text(
    vi="{number} đã bị hủy, hoặc chính nó là chứng từ hủy.", en="{number} was reversed, or is a reversal itself."
)
_AGAIN: Final = Text(vi="Lập lại chứng từ mới nếu cần.", en="Make a new document if one is needed.")
_FUTURE: Final = Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future.")
_BEFORE: Final = Text(
    vi="Chứng từ cần hủy ghi ngày {day}; ghi ngày đó hoặc sau đó.",
    en="The document is of {day}; the day has to be then or later.",
)
_MOVED_ON: Final = Text(
    vi="Sau chứng từ này đã có việc khác với: {tags}.", en="Something else happened since with: {tags}."
)
_LATER_FIRST: Final = Text(
    vi="Hủy các chứng từ sau trước, hoặc lập chứng từ mới cho đúng hiện trạng.",
    en="Reverse the later documents first, or make a new one that puts things right.",
)

"""Acts of custody: taking into stock, assigning, handing over, returning, transferring, repair, retiring, disposing.

Each is one document and one transaction. What is returned from a document may be some of its assets: the document goes
on governing the others.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.assets.booking import Aside, Desk, book, last_days, nothing_beside
from inventory.assets.documents import Document, DocumentCreate, DocumentItem
from inventory.assets.lifecycle import HELD, MOVES, STATUS_LABELS, ActKind, AssetStatus, Move
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_acts import note_wear
from inventory.assets.wear_years import require_open
from inventory.books import Books
from inventory.columns import column
from inventory.db import writing
from inventory.errors import FieldProblem, Invalid
from inventory.places.sites import Site
from inventory.replays import Once
from inventory.text import Text
from inventory.wording import problems_in


def carry_out(  # noqa: PLR0917 - who, what, by which rules
    books: Books,
    actor: Actor,
    values: dict[str, Any] | DocumentCreate,
    rulebooks: Rulebooks,
    aside: Aside = nothing_beside,
    once: Once | None = None,
) -> str:
    """Do what a document says with its assets, and return its number.

    Args:
        books: The books.
        actor: Who acts.
        values: As sent, or as the model.
        rulebooks: By which the wear on the paper is computed.
        aside: What else follows, in the same transaction.
        once: What the request is known by if it is sent again.

    Raises:
        Forbidden: The actor may not write documents, or not at this site.
        Invalid: Fields are wrong, or an asset is not in a state for this act; all of them are named.
        Conflict: The year's wear is closed.
        inventory.replays.Replayed: The same request was carried out before.
    """
    check(actor, Act.WRITE, "documents")
    entry = _read(values)
    with writing(books.engine) as session:
        history.alone(session)
        if once is not None:
            once.begin(session)
        number = _carry_out(Desk(books, session, actor, rulebooks), entry, aside)
        if once is not None:
            once.end(session, number)
    return number


def _carry_out(desk: Desk, entry: DocumentCreate, aside: Aside) -> str:
    problems: list[FieldProblem] = []
    move = MOVES[entry.kind]
    assets = _assets(desk, entry, problems)
    site = _receiving_site(desk, entry, move, problems)
    problems += [*_day(desk, entry, assets), *_words(entry, move, assets)]
    if assets:
        problems += _states(entry, move, assets)
        problems += _one_party(entry, assets, site)
    if problems:
        raise Invalid(problems)
    require_open(desk.session, entry.day)
    here = assets[0].site_id
    giver, _, title = _common_holder(assets).partition(", ")
    there = here if site is None else site.id or 0
    document = Document(
        number="",
        kind=entry.kind.value,
        year=entry.day.year,
        sequence=1,
        day=entry.day,
        site_id=here,
        to_site_id=there,
        standing_site_id=there,
        from_name=entry.from_name or giver[:120],
        from_title=entry.from_title if entry.from_name else entry.from_title or title[:120],
        to_name=entry.to_name,
        to_title=entry.to_title,
        reason=entry.reason,
        papers=entry.papers,
        accessories=[one.model_dump(mode="json") for one in entry.accessories],
        broken=entry.broken,
        items=len(assets),
        digest="",
    )
    targets = [_target(desk, entry, move, asset, there) for asset in assets]
    book(desk, document, assets, targets, entry.items)
    note_wear(desk, document, assets)
    aside(desk, document, assets, False)
    return document.number


def _read(values: dict[str, Any] | DocumentCreate) -> DocumentCreate:
    try:
        return DocumentCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _assets(desk: Desk, entry: DocumentCreate, problems: list[FieldProblem]) -> list[Asset]:
    """Return the assets by line; those that are not there, not in use or named twice are problems."""
    tags = [item.asset for item in entry.items]
    statement = select(Asset).where(visible(desk.actor, Asset), column(Asset, "tag").in_(tags))
    known = {asset.tag: asset for asset in desk.session.execute(statement).scalars()}
    found = []
    for line, tag in enumerate(tags):
        asset = known.get(tag)
        field = f"items.{line}.asset"
        if asset is None:
            problems.append(FieldProblem(field, "no_such", _NO_SUCH.fill(tag=tag), tag))
        elif asset.retired_at is not None:
            problems.append(FieldProblem(field, "retired", _GONE.fill(tag=tag), tag))
        elif tag in tags[:line]:
            problems.append(FieldProblem(field, "twice", _TWICE.fill(tag=tag), tag))
        else:
            found.append(asset)
    return found


def _receiving_site(desk: Desk, entry: DocumentCreate, move: Move, problems: list[FieldProblem]) -> Site | None:
    if not move.elsewhere:
        if entry.to_site is not None:
            problems.append(FieldProblem("to_site", "unknown", _NO_TRANSFER.fill(act=move.label), entry.to_site))
        return None
    if entry.to_site is None:
        problems.append(FieldProblem("to_site", "required", _TO_SITE))
        return None
    statement = select(Site).where(visible(desk.actor, Site), column(Site, "slug") == entry.to_site)
    site: Site | None = desk.session.execute(statement).scalar_one_or_none()
    if site is None:
        problems.append(FieldProblem("to_site", "no_such", _NO_SITE.fill(key=entry.to_site), entry.to_site))
    elif site.retired_at is not None or (site.valid_to is not None and site.valid_to < entry.day):
        problems.append(FieldProblem("to_site", "retired", _SITE_ENDED.fill(name=site.name), entry.to_site))
    return site


def _day(desk: Desk, entry: DocumentCreate, assets: Sequence[Asset]) -> Iterable[FieldProblem]:
    day = entry.day
    if day > desk.books.today():
        yield FieldProblem("day", "in_the_future", _FUTURE, day.isoformat())
    last = max(last_days(desk.session, assets).values(), default=date.min)
    if day < last:
        yield FieldProblem("day", "order", _ORDER.fill(day=last.isoformat()), day.isoformat())


def _words(entry: DocumentCreate, move: Move, assets: Sequence[Asset]) -> Iterable[FieldProblem]:
    if entry.kind == ActKind.REVERSE:
        yield FieldProblem("kind", "not_a_choice", _NOT_TYPED, entry.kind.value)
    held = any(target in HELD for asset in assets for target in move.targets(AssetStatus(asset.status))[:1])
    if move.receiver and held and not entry.to_name:
        yield FieldProblem("to_name", "required", _RECEIVER)
    if entry.broken and entry.kind != ActKind.RETIRE:
        yield FieldProblem("broken", "unknown", _NOT_BROKEN.fill(act=MOVES[ActKind.RETIRE].label), "true")
    if move.reason and not entry.reason:
        yield FieldProblem("reason", "required", _REASON)


def _states(entry: DocumentCreate, move: Move, assets: Sequence[Asset]) -> Iterable[FieldProblem]:
    lines = {item.asset: line for line, item in enumerate(entry.items)}
    for asset in assets:
        status = AssetStatus(asset.status)
        if entry.kind != ActKind.REVERSE and not move.targets(status):
            text = _STATE.fill(tag=asset.tag, status=STATUS_LABELS[status], act=move.label)
            yield FieldProblem(f"items.{lines[asset.tag]}.asset", "state", text, asset.tag)


def _one_party(entry: DocumentCreate, assets: Sequence[Asset], site: Site | None) -> Iterable[FieldProblem]:
    if len({asset.site_id for asset in assets}) > 1:
        yield FieldProblem("items", "several_sites", _SEVERAL_SITES)
    elif site is not None and site.id == assets[0].site_id:
        yield FieldProblem("to_site", "same", _SAME_SITE, entry.to_site)
    if entry.kind in {ActKind.HAND_OVER, ActKind.RETURN}:
        holders = sorted({asset.custodian for asset in assets})
        if len(holders) > 1:
            names = ", ".join(f"“{name or '–'}”" for name in holders[:5])
            yield FieldProblem("items", "several_holders", _SEVERAL_HOLDERS.fill(names=names))


def _target(desk: Desk, entry: DocumentCreate, move: Move, asset: Asset, site_id: int) -> dict[str, Any]:
    """Return what the asset is afterwards: state, place, who answers for it, since when it is used."""
    status = AssetStatus(asset.status)
    after = move.targets(status)[0]
    if entry.kind == ActKind.REPAIRED:
        after = _before_repair(desk, asset)
    target: dict[str, Any] = {"status": after.value, "site_id": site_id, "custodian": asset.custodian}
    if after not in HELD:
        target["custodian"] = ""
    elif move.receiver:
        target["custodian"] = ", ".join(part for part in (entry.to_name, entry.to_title) if part)[:200]
    target["room"] = entry.room or ("" if move.elsewhere else asset.room)
    if after == AssetStatus.IN_USE and asset.put_to_use is None:
        target["put_to_use"] = entry.day
    return target


def _before_repair(desk: Desk, asset: Asset) -> AssetStatus:
    """Return the state from which the asset went to repair; without a document, by whether somebody holds it."""
    mine = (column(DocumentItem, "document_id") == asset.document_id) & (column(DocumentItem, "asset_id") == asset.id)
    before = desk.session.execute(select(column(DocumentItem, "before")).where(mine)).scalar()
    status = (before or {}).get("status")
    if status in {AssetStatus.IN_USE, AssetStatus.IN_STOCK}:
        return AssetStatus(status)
    return AssetStatus.IN_USE if asset.custodian else AssetStatus.IN_STOCK


def _common_holder(assets: Sequence[Asset]) -> str:
    holders = {asset.custodian for asset in assets}
    return holders.pop() if len(holders) == 1 else ""


_NO_SUCH: Final = Text(vi="Không có tài sản “{tag}”.", en="There is no asset “{tag}”.")
_GONE: Final = Text(vi="“{tag}” đã bị loại khỏi sổ.", en="“{tag}” is no longer in the books.")
_TWICE: Final = Text(vi="“{tag}” có hai lần trên chứng từ.", en="“{tag}” stands twice on the document.")
_NO_TRANSFER: Final = Text(
    vi="“{act}” không đưa tài sản sang đơn vị khác; dùng “Điều chuyển”.",
    en="“{act}” does not bring assets to another site; make a transfer.",
)
_TO_SITE: Final = Text(vi="Chọn đơn vị nhận.", en="Name the receiving site.")
_NO_SITE: Final = Text(vi="Không có đơn vị “{key}”.", en="There is no site “{key}”.")
_SITE_ENDED: Final = Text(
    vi="Ngày đó “{name}” không còn hoạt động; chọn đơn vị kế thừa.",
    en="“{name}” no longer existed that day; choose its successor.",
)
_SAME_SITE: Final = Text(
    vi="Tài sản đang ở chính đơn vị này; dùng “Bàn giao”.", en="The assets are at this site; make a hand-over."
)
_FUTURE: Final = Text(vi="Ngày này còn ở tương lai.", en="This day lies in the future.")
_ORDER: Final = Text(
    vi="Một tài sản đã có chứng từ ngày {day}; ghi ngày đó hoặc sau đó.",
    en="One of the assets has a document of {day}; the day has to be then or later.",
)
_NOT_TYPED: Final = Text(vi="Mở chứng từ cần hủy rồi chọn “Hủy”.", en="Open the wrong document and reverse it there.")
_RECEIVER: Final = Text(vi="Ghi tên người nhận.", en="Name who takes the assets over.")
_NOT_BROKEN: Final = Text(
    vi="Chỉ ghi “hỏng không sử dụng được” khi lập “{act}”.", en="“Broken beyond use” belongs to “{act}” only."
)
_REASON: Final = Text(vi="Ghi lý do.", en="Say why.")
_STATE: Final = Text(
    vi="“{tag}” {status}, không làm “{act}” được.", en="“{tag}” is {status}; “{act}” does not apply."
)  # fmt: skip
_SEVERAL_SITES: Final = Text(
    vi="Các tài sản thuộc nhiều đơn vị; lập mỗi đơn vị một chứng từ.",
    en="The assets stand at several sites; make one document for each.",
)
_SEVERAL_HOLDERS: Final = Text(
    vi="Các tài sản do nhiều người giữ ({names}); lập mỗi người một chứng từ.",
    en="Several people hold the assets ({names}); make one document for each.",
)

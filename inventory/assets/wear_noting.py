"""Noting what the wear of an asset depends on, and taking a wrong note back, while its year is open."""

from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset
from inventory.assets.rulebook import Rulebooks
from inventory.assets.wear_book import thing_of
from inventory.assets.wear_facts import FACT_LABELS, WearFact, WearFactCreate, WearFactKind, WearFactRead, of_kind
from inventory.assets.wear_years import WearYear, require_open
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.replays import Once
from inventory.text import Text
from inventory.wording import problems_in


def note_fact(
    books: Books,
    actor: Actor,
    values: dict[str, Any] | WearFactCreate,
    rulebooks: Rulebooks,
    once: Once | None = None,
) -> WearFactRead:
    """Write a fact about an asset; a part added or taken away changes the asset's cost in the same transaction.

    Args:
        books: The books.
        actor: Who notes it.
        values: As sent, or as the model.
        rulebooks: By which the wear is computed.
        once: What the request is known by if it is sent again.

    Raises:
        Forbidden: The actor may not write assets.
        NotFound: There is no such asset, or the actor may not know of it.
        Invalid: Fields are wrong; all of them are named.
        Conflict: Its year is closed, the asset has such a fact already, or it contradicts what is known.
        inventory.replays.Replayed: The same request was carried out before.
    """
    check(actor, Act.WRITE, "assets")
    fact = _read(values)
    problems = _problems(fact, books.today())
    if problems:
        raise Invalid(problems)
    with writing(books.engine) as session:
        history.alone(session)
        if once is not None:
            once.begin(session)
        asset = _asset(session, actor, fact.asset)
        _require_fitting_year(session, asset, fact)
        known = _facts(session, asset)
        if fact.kind != WearFactKind.COST and of_kind(known, fact.kind) is not None:
            raise Conflict(
                _TAKEN.fill(tag=asset.tag, kind=FACT_LABELS[fact.kind]),
                Text(vi="Rút ghi nhận cũ trước.", en="Take the old one back first."),
            )
        row = WearFact(asset_id=asset.id or 0, **fact.model_dump(exclude={"asset", "kind"}), kind=fact.kind.value)
        _change_cost(session, books, actor, asset, row.amount_vnd if fact.kind == WearFactKind.COST else 0)
        _require_fitting(asset, [*known, row], rulebooks, books)
        history.record(session, books.keys, actor=actor, act="create", obj=row, before=None, sites=[asset.site_id])
        if once is not None:
            once.end(session, row.key)
        return _shown(row, asset.tag)


def withdraw_fact(books: Books, actor: Actor, number: int, version: int, rulebooks: Rulebooks) -> WearFactRead:
    """Take a wrong fact back; its row and history stay. The cost it changed is as before.

    Raises:
        Forbidden: The actor may not write assets.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: Its year is closed, it was taken back before, or what is left contradicts itself.
    """
    check(actor, Act.WRITE, "assets")
    with writing(books.engine) as session:
        history.alone(session)
        row, asset = _found(session, actor, number)
        if row.version != version:
            raise Stale(row.version)
        if row.retired_at is not None:
            raise Conflict(_WITHDRAWN, Text(vi="Không cần làm gì thêm.", en="There is nothing to do."))
        _require_fitting_year(session, asset, row)
        before = history.masked(row)
        row.retired_at = row.updated_at = now()
        row.version += 1
        _change_cost(session, books, actor, asset, -row.amount_vnd if row.kind == WearFactKind.COST else 0)
        left = [fact for fact in _facts(session, asset) if fact.id != row.id]
        _require_fitting(asset, left, rulebooks, books)
        history.record(session, books.keys, actor=actor, act="retire", obj=row, before=before, sites=[asset.site_id])
        return _shown(row, asset.tag)


def fact_of(books: Books, actor: Actor, number: int) -> WearFactRead:
    """Return one fact, also one that was taken back.

    Raises:
        Forbidden: The actor may not read assets.
        NotFound: There is none, or the actor may not know of it.
    """
    check(actor, Act.READ, "assets")
    with reading(books.engine) as session:
        row, asset = _found(session, actor, number)
        return _shown(row, asset.tag)


def facts_of(books: Books, actor: Actor, tag: str) -> tuple[WearFactRead, ...]:
    """Return the facts of an asset that stand, by day.

    Raises:
        Forbidden: The actor may not read assets.
        NotFound: There is no such asset, or the actor may not know of it.
    """
    check(actor, Act.READ, "assets")
    with reading(books.engine) as session:
        asset = _asset(session, actor, tag)
        return tuple(_shown(fact, asset.tag) for fact in _facts(session, asset))


def _read(values: dict[str, Any] | WearFactCreate) -> WearFactCreate:
    try:
        return WearFactCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _problems(fact: WearFactCreate, today: date) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    if fact.day > today:
        found.append(FieldProblem("day", "future", _FUTURE, fact.day.isoformat()))
    kind, sums = fact.kind, {WearFactKind.COST, WearFactKind.OPENING}
    if (kind == WearFactKind.COST and fact.amount_vnd == 0) or (kind == WearFactKind.OPENING and fact.amount_vnd < 0):
        found.append(FieldProblem("amount_vnd", "out_of_range", _SUM, str(fact.amount_vnd)))
    if kind not in sums and fact.amount_vnd != 0:
        found.append(FieldProblem("amount_vnd", "unknown", _NO_PLACE.fill(kind=FACT_LABELS[kind])))
    if fact.worn_vnd is not None and (kind != WearFactKind.COST or fact.amount_vnd > 0):
        found.append(FieldProblem("worn_vnd", "unknown", _NO_PLACE.fill(kind=FACT_LABELS[kind])))
    if kind == WearFactKind.SECOND_HAND and not fact.years:
        found.append(FieldProblem("years", "required", _YEARS))
    if fact.years is not None and kind not in {WearFactKind.SECOND_HAND, WearFactKind.OPENING}:
        found.append(FieldProblem("years", "unknown", _NO_PLACE.fill(kind=FACT_LABELS[kind])))
    if kind == WearFactKind.OPENING and (fact.day.month, fact.day.day) != (12, 31):
        found.append(FieldProblem("day", "out_of_range", _YEAR_END, fact.day.isoformat()))
    return found


def _found(session: Session, actor: Actor, number: int) -> tuple[WearFact, Asset]:
    row = session.get(WearFact, number)
    asset = None if row is None else session.get(Asset, row.asset_id)
    if row is None or asset is None or (actor.site_ids is not None and asset.site_id not in actor.site_ids):
        raise NotFound(WearFact.NOUN, str(number)[:20])
    return row, asset


def _asset(session: Session, actor: Actor, tag: str) -> Asset:
    statement = select(Asset).where(visible(actor, Asset), column(Asset, "tag") == tag)
    asset: Asset | None = session.execute(statement).scalar_one_or_none()
    if asset is None:
        raise NotFound(Asset.NOUN, tag[:120])
    return asset


def _facts(session: Session, asset: Asset) -> list[WearFact]:
    mine = (column(WearFact, "asset_id") == asset.id) & column(WearFact, "retired_at").is_(None)
    statement = select(WearFact).where(mine).order_by(column(WearFact, "day"), column(WearFact, "id"))
    return list(session.execute(statement).scalars())


def _require_fitting_year(session: Session, asset: Asset, fact: WearFactCreate | WearFact) -> None:
    """Refuse what would change closed years; how it came in counts from the first closed year of the asset on."""
    if fact.kind not in {WearFactKind.SECOND_HAND, WearFactKind.OPENING}:
        require_open(session, fact.day)
        return
    closed = session.execute(
        select(column(WearYear, "year")).where(column(WearYear, "asset_id") == asset.id).limit(1)
    ).scalar()
    if closed is not None:
        raise Conflict(
            _CLOSED_WITH.fill(tag=asset.tag, year=closed, kind=FACT_LABELS[WearFactKind(fact.kind)]),
            Text(vi="Ghi chênh lệch bằng chứng từ của năm đang mở.", en="Book the difference in the open year."),
        )


def _change_cost(session: Session, books: Books, actor: Actor, asset: Asset, amount_vnd: int) -> None:
    if amount_vnd == 0:
        return
    before = history.masked(asset)
    asset.cost_vnd += amount_vnd
    if not 0 <= asset.cost_vnd <= _MOST_VND:
        raise _contradiction(asset.tag)
    asset.version += 1
    asset.updated_at = now()
    history.record(
        session, books.keys, actor=actor, act="change_cost", obj=asset, before=before, sites=[asset.site_id]
    )  # fmt: skip


def _require_fitting(asset: Asset, facts: list[WearFact], rulebooks: Rulebooks, books: Books) -> None:
    ordered = sorted(facts, key=lambda fact: fact.day)
    opening = of_kind(ordered, WearFactKind.OPENING)
    if opening is not None and (asset.put_to_use is None or asset.put_to_use > opening.day):
        raise _contradiction(asset.tag)
    try:
        thing_of(asset, ordered, None, rulebooks.rules(), books.zone)
    except ValueError:
        raise _contradiction(asset.tag) from None


def _contradiction(tag: str) -> Conflict:
    return Conflict(
        Text(
            vi="Điều này mâu thuẫn với những gì sổ đã ghi về “{tag}”: nguyên giá, ngày sử dụng hoặc chứng từ khác.",
            en="This contradicts what the books say of “{tag}”: its cost, its first use or another document.",
        ).fill(tag=tag),
        Text(vi="So lại với chứng từ gốc.", en="Compare it with the original document."),
    )


def _shown(fact: WearFact, tag: str) -> WearFactRead:
    values = fact.model_dump(exclude={"asset_id", "search_text", "order_text", "id", "kind"})
    return WearFactRead(asset=tag, id=fact.id or 0, key=fact.key, kind=WearFactKind(fact.kind), **values)


_MOST_VND: Final = 1_000_000_000_000
_FUTURE: Final = Text(vi="Ngày chứng từ không thể ở tương lai.", en="A document is not dated in the future.")
_SUM: Final = Text(
    vi="Cần một số tiền khác không; hao mòn lũy kế không âm.", en="A sum is needed; accumulated wear is not negative."
)
_NO_PLACE: Final = Text(vi="Không dùng cho loại “{kind}”.", en="This has no place in “{kind}”.")
_YEARS: Final = Text(vi="Cần số năm đã sử dụng.", en="The years of earlier use are needed.")
_YEAR_END: Final = Text(vi="Số dư đầu kỳ tính đến ngày 31/12.", en="An opening balance is as of a 31 December.")
_TAKEN: Final = Text(vi="“{tag}” đã có ghi nhận “{kind}”.", en="“{tag}” has a fact “{kind}” already.")
_WITHDRAWN: Final = Text(vi="Ghi nhận này đã được rút.", en="This fact was taken back before.")
_CLOSED_WITH: Final = Text(
    vi="“{tag}” đã khóa sổ hao mòn năm {year}, không ghi “{kind}” được nữa.",
    en="The wear of “{tag}” is closed for {year}; “{kind}” cannot be noted or taken back any more.",
)

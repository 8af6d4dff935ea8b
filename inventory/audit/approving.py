"""Approving a budget: its lines become planned assets, and it never changes again."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import SYSTEM, Act, Actor, check
from inventory.assets.assets import Asset
from inventory.assets.lifecycle import AssetStatus
from inventory.audit.budget import BudgetLine, BudgetPlan, PlanState
from inventory.audit.drafting import digest_of, lines_of, seen, sites_of
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, Stale
from inventory.history import Done
from inventory.text import Text

_NAMED: Final = 5
_BATCH: Final = 500
_REPLACED: Final = (AssetStatus.IN_USE.value, AssetStatus.REPAIR.value)


def approve(books: Books, actor: Actor, number: int, version: int) -> BudgetPlan:
    """Turn what is bought into planned assets, in one transaction; once it is approved, only return it.

    Raises:
        Forbidden: The actor may not write budgets.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: It was put aside, buys nothing, or the books have changed since: what it replaces is no longer in
            use, another approved budget replaces it too, or a line was edited behind the program's back.
    """
    check(actor, Act.WRITE, "budgets")
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        if row.state == PlanState.APPROVED:
            return row
        if row.version != version:
            raise Stale(row.version)
        bought = [line for line in lines_of(session, SYSTEM, row) if not line.left_out]
        _require_fit(session, row, bought)
        _plan_assets(session, books, actor, row, bought)
        before = history.masked(row)
        row.state = PlanState.APPROVED.value
        row.approved_at, row.approved_by = now(), actor.name
        row.version, row.updated_at = row.version + 1, now()
        sites = sites_of(session, row)
        history.record(session, books.keys, actor=actor, act="approve", obj=row, before=before, sites=sites)
        return row


def tag_of(row: BudgetPlan, line: BudgetLine) -> str:
    """Return the number by which a planned asset is known until it is bought."""
    return f"DT{row.year}-{row.id}-{line.number:04d}"


def require_as_drafted(session: Session, row: BudgetPlan) -> None:
    """Let an act on a scenario pass that nobody put aside or edited behind the program's back.

    Raises:
        Conflict: Somebody did.
    """
    if row.retired_at is not None:
        raise Conflict(_ASIDE, _AGAIN)
    if digest_of(session, row) != row.digest:
        raise Conflict(
            Text(vi="Các dòng của phương án đã bị sửa ngoài chương trình.", en="Its lines were edited from outside."),
            Text(vi="Chạy “quang check”, rồi lập phương án mới.", en="Run “quang check”, then draft a new one."),
        )


def _require_fit(session: Session, row: BudgetPlan, bought: Sequence[BudgetLine]) -> None:
    require_as_drafted(session, row)
    if not bought:
        raise Conflict(Text(vi="Phương án không mua gì.", en="The scenario buys nothing."), _AGAIN)
    free = _replaceable(session)
    gone = [line.tag for line in bought if line.asset_id is not None and line.asset_id not in free]
    if gone:
        named = ", ".join(gone[:_NAMED]) + (" …" if len(gone) > _NAMED else "")
        raise Conflict(_CHANGED.fill(count=len(gone), tags=named), _AGAIN)
    taken = select(column(Asset, "tag")).where(column(Asset, "tag").like(f"DT{row.year}-{row.id}-%"))
    found = session.execute(taken.limit(1)).scalar()
    if found is not None:
        text = Text(vi="Số tài sản “{tag}” đã có.", en="The tag “{tag}” is taken.").fill(tag=found)
        raise Conflict(text, Text(vi="Đổi số của tài sản đó trước.", en="Change the tag of that asset first."))


def _replaceable(session: Session) -> frozenset[int]:
    """Return the assets that are in use and that no approved budget replaces."""
    planned = (
        select(column(BudgetLine, "asset_id"))
        .join(BudgetPlan, column(BudgetPlan, "id") == column(BudgetLine, "plan_id"))
        .where(
            column(BudgetPlan, "state") == PlanState.APPROVED.value,
            column(BudgetLine, "left_out") == "",
            column(BudgetLine, "asset_id").is_not(None),
        )
    )
    statement = select(column(Asset, "id")).where(
        column(Asset, "retired_at").is_(None),
        column(Asset, "status").in_(_REPLACED),
        column(Asset, "id").not_in(planned),
    )
    return frozenset(session.execute(statement).scalars())


def _plan_assets(session: Session, books: Books, actor: Actor, row: BudgetPlan, bought: Sequence[BudgetLine]) -> None:
    for start in range(0, len(bought), _BATCH):
        some = bought[start : start + _BATCH]
        assets = [_asset(row, line) for line in some]
        acts = [Done("plan", asset, None, {asset.site_id}) for asset in assets]
        history.record_all(session, books.keys, actor=actor, acts=acts)
        for line, asset in zip(some, assets, strict=True):
            line.planned_id = asset.id
            session.add(line)
    session.flush()


def _asset(row: BudgetPlan, line: BudgetLine) -> Asset:
    note = _REPLACES.fill(title=row.title, tag=line.tag) if line.tag else _ADDS.fill(title=row.title)
    return Asset(
        tag=tag_of(row, line),
        name=line.name_vi,
        category=line.category,
        site_id=line.site_id,
        status=AssetStatus.PLANNED.value,
        cost_vnd=line.price_vnd,
        funding=line.funding,
        note=note.vi,
    )


_ASIDE: Final = Text(vi="Phương án đã bỏ.", en="The scenario was put aside.")
_AGAIN: Final = Text(vi="Lập phương án mới.", en="Draft a new scenario.")
_CHANGED: Final = Text(
    vi="Sổ đã thay đổi từ khi lập phương án; {count} tài sản không còn cần thay: {tags}.",
    en="The books have changed since it was drafted; assets that need no successor any more: {count} ({tags}).",
)
_REPLACES: Final = Text(vi="Theo dự toán “{title}”, thay {tag}.", en="By the budget “{title}”, instead of {tag}.")
_ADDS: Final = Text(vi="Theo dự toán “{title}”.", en="By the budget “{title}”.")

"""Settling single lines of a scenario: a must, a never, another price, each with its reason; then the choice anew."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import ConfigDict, ValidationError
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import SYSTEM, Act, Actor, check, visible
from inventory.audit.approving import require_as_drafted
from inventory.audit.budget import BudgetLine, BudgetPlan, PlanState
from inventory.audit.candidates import LeftOut
from inventory.audit.choosing import Offer
from inventory.audit.drafting import digest_of, lines_of, seen, sites_of
from inventory.audit.norms import PriceSource
from inventory.audit.sharing import picked
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.fields import Entry, Line200, Money
from inventory.text import Text
from inventory.wording import problems_in

MOST_SETTLED: Final = 500
"""Acts on lines that one scenario keeps; whoever needs more wants other rules."""


class Pin(StrEnum):
    """What a person settled of a line: BUY whatever the choice says, or NEVER."""

    BUY = "buy"
    NEVER = "never"


PIN_LABELS: Final[Mapping[Pin, Text]] = {
    Pin.BUY: Text(vi="bắt buộc mua", en="must have"),
    Pin.NEVER: Text(vi="không mua", en="not to be bought"),
}


class SettlementCreate(Entry):
    """What is settled of a line.

    Attributes:
        pin: `buy`, `never`, or empty to let the choice decide; left as it is if absent.
        price_vnd: What it costs; 0 for the price that the rules gave; left as it is if absent.
        reason: Why; it stands on the page, in the estimate and in the history.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"pin": "buy", "reason": "Máy phục vụ bộ phận một cửa, không thể gián đoạn."}]}
    )

    pin: Pin | None = None
    price_vnd: Money | None = None
    reason: Annotated[Line200, Bounds(min_length=3)]


def settle(  # noqa: PLR0917 - who, which, from when, how
    books: Books, actor: Actor, number: int, version: int, line: int, values: Mapping[str, Any] | SettlementCreate
) -> BudgetPlan:
    """Settle a line and choose anew among the others; needs and evidence of the draft stay as they are.

    Raises:
        Forbidden: The actor may not write budgets.
        NotFound: There is no such line, or the actor may not know of it.
        Stale: It was written since `version`.
        Invalid: Fields are wrong, or what must be bought has no price.
        Conflict: It is approved, put aside or edited behind the program's back, another budget buys it already, or what
            must be bought costs more than there is.
    """
    check(actor, Act.WRITE, "budgets")
    sent = _read(values)
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        one = _line(session, actor, row, line)
        if row.version != version:
            raise Stale(row.version)
        _require_draft(session, row)
        before = history.masked(row)
        lines = lines_of(session, SYSTEM, row)
        for line_ in lines:
            line_.drafted = line_.drafted or _as_drafted(line_)
        _apply(one, sent)
        session.flush()
        rechoose(row, lines)
        row.settled = [*row.settled, _noted(one, sent, actor)]
        session.flush()
        row.digest = digest_of(session, row)
        row.version, row.updated_at = row.version + 1, now()
        sites = sites_of(session, row)
        history.record(session, books.keys, actor=actor, act="settle", obj=row, before=before, sites=sites)
        return row


def rechoose(row: BudgetPlan, lines: Sequence[BudgetLine]) -> None:
    """Choose among the lines of a scenario, what is settled first, and say of each other one why it is left out.

    With fair shares, what must be bought is paid before the rest is shared out.

    Raises:
        Conflict: What must be bought costs more than the cap.
    """
    must = [line for line in lines if line.pin == Pin.BUY]
    left = row.cap_vnd - sum(line.price_vnd for line in must)
    if left < 0:
        raise Conflict(_TOO_MUCH.fill(over=f"{-left:,}".replace(",", ".")), _LESS)
    open_ = [line for line in lines if not line.pin and not barred_of(line)]
    people = {int(share["unit_id"]): int(share["headcount"]) for share in row.shares}
    fair = people if row.options.get("fair_share") else None
    offers = [Offer(line.price_vnd, line.need) for line in open_]
    choice, free_need = picked(offers, [line.unit_id for line in open_], fair, left)
    row.free_need, row.gap_need = free_need + sum(line.need for line in must), choice.gap
    chosen = {id(open_[at]) for at in choice.taken} | {id(line) for line in must}
    for line in lines:
        why = LeftOut.EXCLUDED if line.pin == Pin.NEVER else barred_of(line) or LeftOut.OVER_CAP
        line.left_out = "" if id(line) in chosen else why.value


def barred_of(line: BudgetLine) -> LeftOut | None:
    """Return why the rules keep a line from being bought; a price that somebody entered ends the lack of one."""
    barred = line.drafted.get("barred") or ""
    return None if not barred or (barred == LeftOut.NO_PRICE and line.price_vnd) else LeftOut(barred)


def _as_drafted(line: BudgetLine) -> dict[str, Any]:
    """Return what the rules said of a line on which nothing was settled yet, for drafts of before that was kept."""
    barred = "" if line.left_out == LeftOut.OVER_CAP else line.left_out
    return {"price_vnd": line.price_vnd, "price_source": line.price_source, "barred": barred}


def _read(values: Mapping[str, Any] | SettlementCreate) -> SettlementCreate:
    if isinstance(values, Mapping):
        values = {name: None if name == "pin" and value == "" else value for name, value in values.items()}
    try:
        return SettlementCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _line(session: Session, actor: Actor, row: BudgetPlan, number: int) -> BudgetLine:
    mine = (column(BudgetLine, "plan_id") == row.id) & (column(BudgetLine, "number") == number)
    statement = select(BudgetLine).where(mine, visible(actor, BudgetLine))
    found: BudgetLine | None = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(LINE, f"{row.id}/{number}")
    return found


def _require_draft(session: Session, row: BudgetPlan) -> None:
    if row.state == PlanState.APPROVED:
        raise Conflict(
            Text(vi="Dự toán đã duyệt, không sửa được nữa.", en="The budget is approved and changes no more."),
            Text(vi="Lập phương án mới.", en="Draft a new scenario."),
        )
    require_as_drafted(session, row)
    if len(row.settled) >= MOST_SETTLED:
        raise Conflict(_MANY.fill(most=MOST_SETTLED), Text(vi="Lập phương án mới.", en="Draft a new scenario."))


def _apply(line: BudgetLine, sent: SettlementCreate) -> None:
    if "price_vnd" in sent.model_fields_set and sent.price_vnd is not None:
        drafted = int(line.drafted.get("price_vnd", 0))
        own = sent.price_vnd not in {0, drafted}
        line.price_vnd = sent.price_vnd if own else drafted
        line.price_source = PriceSource.ENTERED.value if own else str(line.drafted.get("price_source", ""))
        line.price_reason = sent.reason if own else ""
    if "pin" in sent.model_fields_set:
        line.pin = sent.pin.value if sent.pin else ""
        line.pin_reason = sent.reason if sent.pin else ""
    if line.pin == Pin.BUY and barred_of(line) == LeftOut.PLANNED:
        raise Conflict(
            Text(vi="Một dự toán đã duyệt đã mua mục này.", en="An approved budget buys this already."),
            Text(vi="Không cần làm gì thêm.", en="There is nothing to do."),
        )
    if line.pin == Pin.BUY and not line.price_vnd:
        raise Invalid([FieldProblem("price_vnd", "required", _PRICE)])


def _noted(line: BudgetLine, sent: SettlementCreate, actor: Actor) -> dict[str, Any]:
    return {
        "line": line.number,
        "what": line.tag or line.name_vi,
        "site": line.site,
        "pin": line.pin,
        "price_vnd": line.price_vnd,
        "reason": sent.reason,
        "by": actor.name,
        "at": now().isoformat(),
    }


LINE: Final = Text(vi="dòng của phương án", en="line of the scenario")
_TOO_MUCH: Final = Text(
    vi="Các mục bắt buộc mua vượt trần kinh phí {over} đồng.",
    en="What must be bought costs {over} đồng more than the cap.",
)
_LESS: Final = Text(vi="Bỏ bớt mục bắt buộc, hoặc lập phương án với trần cao hơn.",
                    en="Let one of them go, or draft a scenario with a higher cap.")  # fmt: skip
_PRICE: Final = Text(vi="Mục bắt buộc mua cần có giá.", en="What must be bought needs a price.")
_MANY: Final = Text(vi="Mỗi phương án ghi nhiều nhất {most} lần sửa.", en="A scenario keeps {most} changes at most.")

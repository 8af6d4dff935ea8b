"""Drafting a budget: candidates from the books, the choice under the cap, and every line written down with its why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import insert, select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.categories import CATEGORIES, no_such_category
from inventory.assets.rulebook import Rulebooks
from inventory.audit.budget import MOST_LINES, BudgetCreate, BudgetLine, BudgetPlan, PlanState
from inventory.audit.budget_facts import Facts, facts_of
from inventory.audit.candidates import Candidate, LeftOut, Rules, candidates
from inventory.audit.choosing import Offer
from inventory.audit.sharing import picked, shares_of
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from inventory.places.sites import Site
from inventory.replays import Once
from inventory.spelling import vietnamese_order
from inventory.text import Text
from inventory.wording import problems_in

_BATCH: Final = 1_000
_SETTLED: Final = ("pin", "pin_reason", "price_reason", "drafted")
_DIGESTED: Final = tuple(name for name in BudgetLine.model_fields if name not in {"id", "planned_id", *_SETTLED})


def draft(
    books: Books, actor: Actor, values: Mapping[str, Any] | BudgetCreate, rulebooks: Rulebooks, once: Once | None = None
) -> BudgetPlan:
    """Write a scenario with all its lines, computed from the books as they are now.

    Args:
        books: The books.
        actor: Who drafts.
        values: As sent, or as the model.
        rulebooks: Lives of things, and the norms in force at the end of the year.
        once: What the request is known by if it is sent again.

    Raises:
        Forbidden: The actor may not write budgets.
        Invalid: Fields are wrong; all of them are named.
        Conflict: There are more candidates than one scenario takes.
        inventory.replays.Replayed: The same request was carried out before.
    """
    check(actor, Act.WRITE, "budgets")
    sent = _read(values)
    with writing(books.engine) as session:
        history.alone(session)
        if once is not None:
            once.begin(session)
        _require_known(session, actor, sent)
        facts = facts_of(session, books, sent.within)
        found = candidates(facts.pieces, facts.units, rules_of(sent, books.today(), rulebooks))
        if len(found) > MOST_LINES:
            raise Conflict(
                _LONG.fill(count=len(found), most=MOST_LINES),
                Text(vi="Chọn từng đơn vị hoặc từng loại.", en="Take one site or category at a time."),
            )
        row = _plan(sent, facts, rulebooks)
        lines = _lines(found, _chosen(found, facts, sent, row), facts.sites)
        session.add(row)
        session.flush()
        for start in range(0, len(lines), _BATCH):
            session.execute(insert(BudgetLine), [line | {"plan_id": row.id} for line in lines[start : start + _BATCH]])
        row.digest = digest_of(session, row)
        sites = {line["site_id"] for line in lines}
        history.record(session, books.keys, actor=actor, act="create", obj=row, before=None, sites=sites)
        if once is not None:
            once.end(session, row.key)
        return row


def discard(books: Books, actor: Actor, number: int, version: int) -> BudgetPlan:
    """Put a scenario aside; once it is put aside, only return it.

    Raises:
        Forbidden: The actor may not write budgets.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: It is approved.
    """
    check(actor, Act.WRITE, "budgets")
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        if row.retired_at is not None:
            return row
        if row.state == PlanState.APPROVED:
            raise Conflict(_APPROVED, Text(vi="Dự toán đã duyệt được giữ lại.", en="An approved budget is kept."))
        if row.version != version:
            raise Stale(row.version)
        before = history.masked(row)
        row.retired_at = row.updated_at = now()
        row.version += 1
        sites = sites_of(session, row)
        history.record(session, books.keys, actor=actor, act="retire", obj=row, before=before, sites=sites)
        return row


def rules_of(sent: BudgetCreate, today: date, rulebooks: Rulebooks) -> Rules:
    """Return the rules that a scenario asks for."""
    wear = rulebooks.wear_in(sent.year)
    return Rules(
        year=sent.year,
        today=today,
        lives={
            code: wear.lives[category.life].life(wear.threshold.cost_vnd).years for code, category in CATEGORIES.items()
        },
        norms=rulebooks.norms_on(date(sent.year, 12, 31)),
        reasons=frozenset(sent.reasons),
        categories=frozenset(sent.categories),
        leaders=sent.leaders,
        within_norm=sent.within_norm,
        funding=sent.funding,
    )


def seen(session: Session, actor: Actor, number: int) -> BudgetPlan:
    """Return a scenario that the actor may know of.

    Raises:
        NotFound: There is none.
    """
    statement = select(BudgetPlan).where(column(BudgetPlan, "id") == number, visible(actor, BudgetPlan))
    row: BudgetPlan | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound(BudgetPlan.NOUN, str(number))
    return row


def lines_of(session: Session, actor: Actor, row: BudgetPlan) -> list[BudgetLine]:
    """Return the lines that the actor may see, by number."""
    statement = select(BudgetLine).where(column(BudgetLine, "plan_id") == row.id, visible(actor, BudgetLine))
    return list(session.execute(statement.order_by(column(BudgetLine, "number"))).scalars())


def sites_of(session: Session, row: BudgetPlan) -> set[int]:
    """Return the sites that have a line."""
    statement = select(column(BudgetLine, "site_id")).where(column(BudgetLine, "plan_id") == row.id).distinct()
    return set(session.execute(statement).scalars())


def digest_of(session: Session, row: BudgetPlan) -> str:
    """Return the SHA-256 over the lines, whichever became planned assets since.

    Lines that were drafted before anything could be settled keep nothing of it; their digest stays as it was.
    """
    columns = [column(BudgetLine, name) for name in (*_DIGESTED, *_SETTLED)]
    statement = select(*columns).where(column(BudgetLine, "plan_id") == row.id).order_by(column(BudgetLine, "number"))
    found = sha256()
    for line in session.execute(statement):
        told = list(line) if any(line[len(_DIGESTED) :]) else list(line[: len(_DIGESTED)])
        found.update(history.canonical(told) + b"\n")
    return found.hexdigest()


def changed_budgets(session: Session) -> list[str]:
    """Return the numbers of budgets whose lines are not as they were drafted; nothing if all is well."""
    rows = session.execute(select(BudgetPlan).order_by(column(BudgetPlan, "id"))).scalars().all()
    return [row.key for row in rows if digest_of(session, row) != row.digest]


def _read(values: Mapping[str, Any] | BudgetCreate) -> BudgetCreate:
    try:
        return BudgetCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _require_known(session: Session, actor: Actor, sent: BudgetCreate) -> None:
    problems = [
        FieldProblem("categories", "no_such", no_such_category(code), code)
        for code in sent.categories
        if code not in CATEGORIES
    ]
    if sent.within is not None:
        found = select(column(Site, "id")).where(visible(actor, Site), column(Site, "slug") == sent.within)
        if session.execute(found).scalar() is None:
            problems.append(FieldProblem("within", "unknown_reference", _NO_SITE.fill(key=sent.within), sent.within))
    if problems:
        raise Invalid(problems)


def _plan(sent: BudgetCreate, facts: Facts, rulebooks: Rulebooks) -> BudgetPlan:
    norms = rulebooks.norms_on(date(sent.year, 12, 31))
    shares = shares_of(sent.cap_vnd, {unit.site_id: unit.headcount for unit in facts.units})
    return BudgetPlan(
        title=sent.title,
        year=sent.year,
        cap_vnd=sent.cap_vnd,
        options=sent.model_dump(mode="json", exclude={"title", "year", "cap_vnd"}),
        norms="" if norms is None else norms.version,
        shares=[
            {"unit_id": unit.site_id, "name": unit.name, "headcount": unit.headcount, "share_vnd": shares[unit.site_id]}
            for unit in sorted(facts.units, key=lambda unit: vietnamese_order(unit.name))
        ],
    )


def _chosen(found: Sequence[Candidate], facts: Facts, sent: BudgetCreate, row: BudgetPlan) -> set[int]:
    """Return the places of what is bought, and note what need the money would meet without fair shares."""
    open_ = [at for at, one in enumerate(found) if one.barred is None]
    offers = [Offer(_price(found[at]), found[at].need) for at in open_]
    people = {unit.site_id: unit.headcount for unit in facts.units} if sent.fair_share else None
    choice, row.free_need = picked(offers, [found[at].unit_id for at in open_], people, sent.cap_vnd)
    row.gap_need = choice.gap
    return {open_[at] for at in choice.taken}


def _lines(found: Sequence[Candidate], chosen: set[int], sites: Mapping[int, Site]) -> list[dict[str, Any]]:
    order = sorted(
        range(len(found)),
        key=lambda at: (vietnamese_order(sites[found[at].site_id].name), found[at].site_id, -found[at].need, at),
    )
    return [_line(number, found[at], sites[found[at].site_id], at in chosen) for number, at in enumerate(order, 1)]


def _line(number: int, one: Candidate, site: Site, chosen: bool) -> dict[str, Any]:
    return {
        "number": number,
        "site_id": one.site_id,
        "site": site.slug,
        "site_name": site.name,
        "unit_id": one.unit_id,
        "asset_id": one.piece.asset_id if one.piece else None,
        "tag": one.piece.tag if one.piece else "",
        "category": one.category,
        "name_vi": one.name.vi,
        "name_en": one.name.en,
        "norm": one.norm,
        "grounds": [
            {"reason": ground.reason.value, "points": ground.points, **asdict(ground.evidence)}
            for ground in one.grounds
        ],
        "need": one.need,
        "price_vnd": _price(one),
        "price_source": one.price.source.value if one.price else "",
        "funding": one.funding,
        "left_out": "" if chosen else (one.barred or LeftOut.OVER_CAP).value,
        "drafted": {
            "price_vnd": _price(one),
            "price_source": one.price.source.value if one.price else "",
            "barred": one.barred.value if one.barred else "",
        },
    }


def _price(one: Candidate) -> int:
    return 0 if one.price is None else one.price.vnd


_LONG: Final = Text(
    vi="Có {count} mục cần mua, một phương án nhận nhiều nhất {most}.",
    en="There are {count} candidates; one scenario takes {most} at most.",
)
_NO_SITE: Final = Text(vi="Không có đơn vị “{key}”.", en="There is no site “{key}”.")
_APPROVED: Final = Text(vi="Dự toán đã được duyệt.", en="The budget is approved.")

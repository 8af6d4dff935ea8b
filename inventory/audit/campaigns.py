"""Campaigns: planned, begun with a frozen list, brought to review. What is signed is never changed again."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, ValidationError
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlmodel import Session

from inventory import history
from inventory.access.rights import Act, Actor, check, visible
from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.categories import CATEGORIES, no_such_category
from inventory.assets.depreciation import booked_value_on
from inventory.assets.wear_book import read_book
from inventory.assets.wear_rules import Rules
from inventory.audit.stocktake import MOST_LINES, OPEN, ExpectedLine, Stocktake, StocktakeSite, StocktakeState
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import writing
from inventory.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Stale
from inventory.fields import Day, Entry, Key, Line, Line120, Line200, Name, Record
from inventory.places.sites import Site
from inventory.replays import Once
from inventory.spelling import vietnamese_order
from inventory.text import Text
from inventory.wording import problems_in

_BATCH: Final = 1_000


class Member(Entry):
    """One of the counting committee."""

    name: Annotated[Line120, Bounds(min_length=1)]
    title: Line120 = ""
    role: Literal["head", "member"] = "member"


class StocktakeCreate(Entry):
    """A campaign; `sites` are slugs, `categories` keys, none of which means all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Kiểm kê tháng 12 năm 2026",
                    "due": "2026-12-31",
                    "sites": ["tan-lap"],
                    "unit": "UBND xã Tân Lập",
                    "committee": [{"name": "Hoàng Thị Lan", "title": "Phó chủ tịch", "role": "head"}],
                }
            ]
        }
    )

    title: Name
    year: Annotated[int, Bounds(ge=1990, le=2150)] | None = None
    due: Day
    sites: Annotated[list[Key], Bounds(min_length=1, max_length=500)]
    categories: Annotated[list[Line], Bounds(max_length=60)] = Bounds(default_factory=list)
    committee: Annotated[list[Member], Bounds(max_length=20)] = Bounds(default_factory=list)
    unit: Line200 = ""
    department: Line200 = ""
    unit_code: Line = ""
    head_of_unit: Line120 = ""
    chief_accountant: Line120 = ""
    evidence_days: Annotated[int, Bounds(ge=1, le=365)] = 30


class StocktakeRead(Record):
    """A campaign as it stands in the books."""

    title: str
    year: int
    due: date
    sites: list[str]
    categories: list[str]
    committee: list[Member]
    unit: str
    department: str
    unit_code: str
    head_of_unit: str
    chief_accountant: str
    evidence_days: int
    state: StocktakeState
    conclusion: str
    signed_by: str
    content_hash: str
    chain_head: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """The assets that a campaign is about."""

    sites: Collection[int]
    categories: Collection[str]


def plan(books: Books, actor: Actor, values: dict[str, Any] | StocktakeCreate, once: Once | None = None) -> Stocktake:
    """Write a campaign that has not begun yet.

    Args:
        books: The books.
        actor: Who leads it.
        values: As sent, or as the model.
        once: What the request is known by if it is sent again.

    Raises:
        Forbidden: The actor may not lead stocktakes.
        Invalid: Fields are wrong; all of them are named. A site that the actor may not know of is unknown.
        inventory.replays.Replayed: The same request was carried out before.
    """
    check(actor, Act.WRITE, "stocktakes")
    sent = read_plan(values)
    with writing(books.engine) as session:
        history.alone(session)
        if once is not None:
            once.begin(session)
        numbers = sites_of_plan(session, actor, sent)
        row = Stocktake(
            **columns_of(sent),
            site_ids=numbers,
        )
        session.add(row)
        session.flush()
        session.add_all(StocktakeSite(stocktake_id=row.id or 0, site_id=number) for number in numbers)
        history.record(session, books.keys, actor=actor, act="create", obj=row, before=None, sites=numbers)
        if once is not None:
            once.end(session, row.key)
        return row


def read_plan(values: dict[str, Any] | StocktakeCreate) -> StocktakeCreate:
    """Return what was sent as the model. Raises `Invalid`, naming every wrong field."""
    try:
        return StocktakeCreate.model_validate(values)
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def columns_of(sent: StocktakeCreate) -> dict[str, Any]:
    """Return the columns of a campaign, all but its sites."""
    plain = sent.model_dump(exclude={"sites", "year", "committee"})
    people = [member.model_dump() for member in sent.committee]
    return plain | {"year": sent.year or sent.due.year, "committee": people}


def sites_of_plan(session: Session, actor: Actor, sent: StocktakeCreate) -> list[int]:
    """Return the numbers of the sites of a plan, ascending.

    Raises:
        Invalid: A site is none that the actor may know of, or a category is none.
    """
    found = session.execute(select(Site).where(visible(actor, Site), column(Site, "slug").in_(sent.sites))).scalars()
    sites = {site.slug: site.id or 0 for site in found}
    problems = [
        FieldProblem("sites", "unknown_reference", _NO_SITE.fill(key=key), key)
        for key in sent.sites
        if key not in sites
    ]
    problems += [
        FieldProblem("categories", "no_such", no_such_category(code), code)
        for code in sent.categories
        if code not in CATEGORIES
    ]
    if problems:
        raise Invalid(problems)
    return sorted(sites.values())


def begin(books: Books, actor: Actor, number: int, version: int, rules: Rules) -> Stocktake:
    """Freeze the expected list, with cost and residual as the books have them today, and let people count.

    Raises:
        Forbidden: The actor may not lead this campaign.
        NotFound: There is none, or the actor may not know of it.
        Stale: It was written since `version`.
        Conflict: It has begun, its list would be empty or too long, or another open campaign counts the same things.
    """
    with leading(books, actor, number, version) as (session, row):
        _require(row, StocktakeState.DRAFT)
        scope = _Scope(row.site_ids, row.categories)
        _require_alone(session, row, scope)
        lines = _expected(session, books, row, scope, rules)
        if not lines:
            raise Conflict(_EMPTY, Text(vi="Nhập tài sản của đơn vị vào sổ trước.", en="Book its assets first."))
        for start in range(0, len(lines), _BATCH):
            session.add_all(lines[start : start + _BATCH])
            session.flush()
        _step(session, books, actor, row, StocktakeState.COUNTING, "begin", started_at=now())
        return row


def review(books: Books, actor: Actor, number: int, version: int) -> Stocktake:
    """End the counting; entries of a phone that comes back late are still taken. Raises as `begin`."""
    with leading(books, actor, number, version) as (session, row):
        _require(row, StocktakeState.COUNTING)
        _step(session, books, actor, row, StocktakeState.REVIEWING, "review")
        return row


def reopen(books: Books, actor: Actor, number: int, version: int) -> Stocktake:
    """Go back from the decisions to the counting. Raises as `begin`."""
    with leading(books, actor, number, version) as (session, row):
        _require(row, StocktakeState.REVIEWING)
        _step(session, books, actor, row, StocktakeState.COUNTING, "reopen")
        return row


def seen(session: Session, actor: Actor, number: int) -> Stocktake:
    """Return a campaign that the actor may know of.

    Raises:
        NotFound: There is none.
    """
    statement = select(Stocktake).where(column(Stocktake, "id") == number, visible(actor, Stocktake))
    row: Stocktake | None = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound(Stocktake.NOUN, str(number))
    return row


def may_lead(actor: Actor, row: Stocktake) -> bool:
    """Return whether the actor sees every site of the campaign, and so may lead it if the role allows it."""
    return actor.site_ids is None or actor.site_ids.issuperset(row.site_ids)


@contextmanager
def leading(books: Books, actor: Actor, number: int, version: int) -> Iterator[tuple[Session, Stocktake]]:
    """Begin a transaction in which nobody else writes, for one who may lead the campaign. Raises as `begin`."""
    check(actor, Act.WRITE, "stocktakes")
    with writing(books.engine) as session:
        history.alone(session)
        row = seen(session, actor, number)
        if not may_lead(actor, row):
            raise Forbidden
        if row.version != version:
            raise Stale(row.version)
        yield session, row


def require_open(row: Stocktake) -> None:
    """Let an act on a campaign that is being counted or reviewed pass.

    Raises:
        Conflict: It has not begun, or is signed.
    """
    if row.state in OPEN:
        return
    if row.state == StocktakeState.SIGNED:
        raise Conflict(
            Text(
                vi="Biên bản của đợt “{title}” đã ký, không thay đổi được nữa.",
                en="The minutes of “{title}” are signed; nothing can be changed any more.",
            ).fill(title=row.title),
            Text(vi="Ghi thay đổi vào đợt kiểm kê sau.", en="Note what changed in the next stocktake."),
        )
    raise Conflict(
        Text(vi="Đợt “{title}” chưa bắt đầu.", en="“{title}” has not begun.").fill(title=row.title),
        Text(vi="Bấm “Bắt đầu kiểm kê” trước.", en="Begin it first."),
    )


def shown(session: Session, row: Stocktake) -> StocktakeRead:
    """Return a campaign as it is read."""
    slugs = session.execute(select(column(Site, "slug")).where(column(Site, "id").in_(row.site_ids))).scalars()
    values = row.model_dump(exclude={"site_ids", "search_text", "order_text"})
    return StocktakeRead.model_validate(values | {"key": row.key, "sites": sorted(slugs)})


def _require(row: Stocktake, state: StocktakeState) -> None:
    if row.state == state:
        return
    if row.state == StocktakeState.SIGNED:
        require_open(row)
    raise Conflict(
        Text(vi="Đợt “{title}” không ở bước này.", en="“{title}” is not at this step.").fill(title=row.title),
        Text(vi="Tải lại trang.", en="Reload the page."),
    )


def _require_alone(session: Session, row: Stocktake, scope: _Scope) -> None:
    """Refuse what another open campaign counts: nobody would know which list a label belongs to."""
    shared = select(column(StocktakeSite, "stocktake_id")).where(column(StocktakeSite, "site_id").in_(scope.sites))
    others = session.execute(
        select(Stocktake).where(
            column(Stocktake, "state").in_(OPEN), column(Stocktake, "id").in_(shared), column(Stocktake, "id") != row.id
        )
    ).scalars()
    for other in others:
        if not other.categories or not scope.categories or set(other.categories) & set(scope.categories):
            raise Conflict(
                _OVERLAP.fill(title=other.title),
                Text(vi="Ký biên bản đợt đó trước.", en="Sign that one off first."),
            )


def _expected(session: Session, books: Books, row: Stocktake, scope: _Scope, rules: Rules) -> list[ExpectedLine]:
    absent = (AssetStatus.PLANNED.value, AssetStatus.DISPOSED.value)
    statement = select(Asset, Site).join(Site, column(Site, "id") == column(Asset, "site_id"))
    statement = statement.where(
        column(Asset, "site_id").in_(scope.sites),
        column(Asset, "retired_at").is_(None),
        column(Asset, "status").not_in(absent),
    )
    if scope.categories:
        statement = statement.where(column(Asset, "category").in_(scope.categories))
    found: list[tuple[Asset, Site]] = [(asset, site) for asset, site in session.execute(statement)]
    found.sort(
        key=lambda pair: (vietnamese_order(pair[1].name), pair[1].id, vietnamese_order(pair[0].room), pair[0].tag)
    )
    if len(found) > MOST_LINES:
        raise Conflict(_LONG.fill(count=len(found), most=MOST_LINES), Text(vi="Chia theo đơn vị.", en="Split it."))
    residuals = _residuals(session, books, scope, rules)
    return [_line(row, n, asset, site, residuals.get(asset.id or 0)) for n, (asset, site) in enumerate(found, 1)]


def _residuals(session: Session, books: Books, scope: _Scope, rules: Rules) -> dict[int, int]:
    today = books.today()
    reading = read_book(session, rules, books.zone, sites=scope.sites)
    return {one.asset_id: booked_value_on(one.entry.thing, rules, today).residual_vnd for one in reading.standings}


def _line(row: Stocktake, number: int, asset: Asset, site: Site, residual_vnd: int | None) -> ExpectedLine:
    return ExpectedLine(
        stocktake_id=row.id or 0,
        number=number,
        asset_id=asset.id or 0,
        tag=asset.tag,
        serial=asset.serial or "",
        mac=asset.mac,
        name=asset.name,
        category=asset.category,
        site_id=asset.site_id,
        site=site.slug,
        site_name=site.name,
        room=asset.room,
        status=asset.status,
        cost_vnd=asset.cost_vnd,
        residual_vnd=residual_vnd,
    )


def _step(  # noqa: PLR0917 - who, what, to where
    session: Session,
    books: Books,
    actor: Actor,
    row: Stocktake,
    state: StocktakeState,
    act: str,
    started_at: datetime | None = None,
) -> None:
    before = history.masked(row)
    row.state = state.value
    row.started_at = started_at or row.started_at
    write(session, books, actor, row, act, before)


def write(  # noqa: PLR0917 - who, what, how, from what
    session: Session, books: Books, actor: Actor, row: Stocktake, act: str, before: dict[str, Any]
) -> None:
    """Write a changed campaign with its history."""
    row.version += 1
    row.updated_at = now()
    sites: Iterable[int] = row.site_ids
    history.record(session, books.keys, actor=actor, act=act, obj=row, before=before, sites=sites)


_NO_SITE: Final = Text(vi="Không có đơn vị “{key}”.", en="There is no site “{key}”.")
_EMPTY: Final = Text(
    vi="Trong phạm vi này sổ không có tài sản nào để kiểm kê.", en="The books have nothing to count in this scope."
)
_LONG: Final = Text(
    vi="Phạm vi có {count} tài sản, mỗi đợt nhiều nhất {most}.", en="The scope has {count} assets, {most} at most."
)
_OVERLAP: Final = Text(
    vi="Đợt “{title}” đang kiểm kê cùng đơn vị và loại tài sản này.",
    en="“{title}” is counting the same sites and categories now.",
)

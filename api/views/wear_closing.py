"""What the pages of closing show beside the figures: what is missing, and closed rows that were edited since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Select, case, cast, func, select
from sqlmodel import Session

from api.house import House
from inventory.access.rights import Act, Actor, check
from inventory.assets.assets import Asset
from inventory.assets.closing import ClosedYear
from inventory.assets.rehearsal import Rehearsal, SiteSum, rehearse_closing
from inventory.assets.wear_reports import closings_of
from inventory.assets.wear_years import WearYear, changed_closings, changed_rows
from inventory.columns import column
from inventory.db import reading
from inventory.errors import Forbidden
from inventory.places.sites import Site
from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps assets from being computed as they should.

    Attributes:
        label: What is missing.
        step: What to do about it.
    """

    label: Text
    step: Text


GAPS: Final = {
    "no_cost": Gap(
        Text(vi="chưa có nguyên giá", en="without a cost"),
        Text(vi="Nhập nguyên giá theo hóa đơn hoặc biên bản định giá.", en="Enter the cost by invoice or valuation."),
    ),
    "not_in_use": Gap(
        Text(vi="chưa có ngày đưa vào sử dụng", en="without a day of first use"),
        Text(
            vi="Nếu đang dùng, nhập ngày đưa vào sử dụng; nếu còn trong kho thì đúng là chưa tính hao mòn.",
            en="If it is in use, enter its first day; in the store it rightly does not wear.",
        ),
    ),
    "unknown_category": Gap(
        Text(vi="loại tài sản không có trong bảng", en="of a category that is not in the table"),
        Text(vi="Chọn lại loại; tạm tính như tài sản hữu hình khác.", en="Choose a category; it counts as “other”."),
    ),
    "unfit": Gap(
        Text(vi="chứng từ mâu thuẫn nhau", en="with documents that contradict each other"),
        Text(
            vi="Mở trang hao mòn của tài sản và rút ghi nhận sai.", en="Take the wrong fact back on its page of wear."
        ),
    ),
}


def next_year(closed: Sequence[ClosedYear], last: int) -> int:
    """Return the year that is closed next: the one after the last closed, else the last that ended."""
    return max((one.year for one in closed), default=last - 1) + 1


def year_shown(house: House, person: Actor, year: int) -> tuple[ClosedYear | None, Rehearsal]:
    """Return a closed year as it was closed, or what closing an open one would book and what is missing.

    Raises:
        Forbidden: The reader may not read assets, or sees some sites only: a year is closed for the whole book.
    """
    check(person, Act.READ, "assets")
    if person.site_ids is not None:
        raise Forbidden
    done = next((one for one in closings_of(house.books, person) if one.year == year), None)
    if done is None:
        return None, rehearse_closing(house.books, person, year, house.rulebooks)
    with reading(house.books.engine) as session:
        sites = tuple(SiteSum(*row) for row in session.execute(_by_site(year)))
    total = SiteSum("", "", done.assets, done.tools, done.cost_vnd, done.annual_vnd, done.accumulated_vnd)
    return done, Rehearsal(year, done.rulebook, sites, total, (), (), (), (), dict.fromkeys(GAPS, 0), (), None)


def edited_years(house: House, person: Actor) -> dict[int, list[str]]:
    """Return the closed years whose rows are not as they were closed, with tags of such assets.

    Raises:
        Forbidden: The reader may not read the history.
    """
    check(person, Act.ADMINISTER, "assets")
    with reading(house.books.engine) as session:
        return {year: _tags(session, changed_rows(session, year)) for year in changed_closings(session)}


def _by_site(year: int) -> Select[Any]:
    """Return the query of what a closed year booked at each site, in the order of `SiteSum`."""
    fixed = column(WearYear, "fixed")
    sums = (column(WearYear, name) for name in ("cost_vnd", "annual_vnd", "accumulated_vnd"))
    place = (column(Site, "slug"), column(Site, "name"))
    return (
        select(
            *place,
            func.sum(case((fixed, 1), else_=0)),
            func.sum(case((fixed, 0), else_=1)),
            *(cast(func.sum(case((fixed, one), else_=0)), BigInteger) for one in sums),
        )
        .join(Site, column(Site, "id") == column(WearYear, "site_id"))
        .where(column(WearYear, "year") == year)
        .group_by(*place)
        .order_by(column(Site, "slug"))
    )


def _tags(session: Session, numbers: Sequence[int]) -> list[str]:
    rows = select(column(Asset, "tag")).where(column(Asset, "id").in_(numbers)).order_by(column(Asset, "tag"))
    return list(session.execute(rows).scalars())

"""The December closing over HTTP: closed years, a rehearsal, closing, and whether closed rows were edited since."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict

from api.house import house_of
from api.http.auth import needs
from api.views.wear_closing import edited_years, year_shown
from api.views.wear_sheets import FIRST_YEAR, LAST_YEAR
from inventory.access.rights import Act, Actor
from inventory.assets.closing import ClosedYear, close_year
from inventory.assets.wear_reports import closings_of

ROUTER: Final = APIRouter(prefix="/api/v1/wear", tags=["wear"])

Reading = Annotated[Actor, Depends(needs(Act.READ, "assets"))]
Closing = Annotated[Actor, Depends(needs(Act.ADMINISTER, "assets"))]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="The year.")]


class ClosedRead(BaseModel):
    """A closed year; `rulebook` is the version that governed it. Whoever sees some sites only gets no sums."""

    year: int
    rulebook: str
    closed_at: datetime
    closed_by: str
    assets: int | None = None
    tools: int | None = None
    cost_vnd: int | None = None
    annual_vnd: int | None = None
    accumulated_vnd: int | None = None


class ClosedYears(BaseModel):
    """Closed years, ascending."""

    items: list[ClosedRead]


class SiteSums(BaseModel):
    """What would be booked at a site; `site` is empty for the sum of all."""

    site: str
    name: str
    assets: int
    tools: int
    cost_vnd: int
    annual_vnd: int
    accumulated_vnd: int


class DoubtRead(BaseModel):
    """A line of the governing rulebook that nobody has confirmed."""

    book: str
    place: str
    source_vi: str
    source_en: str


_SUMS: Final[dict[str, Any]] = {
    "assets": 2,
    "tools": 0,
    "cost_vnd": 44_000_000,
    "annual_vnd": 8_800_000,
    "accumulated_vnd": 11_600_000,
}
_REHEARSAL: Final[dict[str, Any]] = {
    "year": 2024,
    "rulebook": "tt-23-2023@21bd45f55e32",
    "closed": False,
    "sites": [{"site": "tan-lap", "name": "Xã Tân Lập"} | _SUMS],
    "total": {"site": "", "name": ""} | _SUMS,
    "counts": {"no_cost": 1, "not_in_use": 0, "unfit": 0, "unknown_category": 0},
    "no_cost": ["TS/2024/031"],
    "not_in_use": [],
    "unfit": [],
    "unknown_category": [],
    "doubts": [
        {
            "book": "tt-23-2023",
            "place": "lives.machine",
            "source_vi": "phụ lục 1, thiết bị mạng; chưa đối chiếu",
            "source_en": "annex 1, network; not compared yet",
        }
    ],
    "refusal_vi": "",
    "refusal_en": "",
}


class RehearsalRead(BaseModel):
    """What closing a year would book, and what is missing; nothing is written.

    Attributes:
        closed: Whether the year is closed; then these are the figures as they were closed.
        counts: How many assets stand in each of the lists below, which name the first of them.
        no_cost: Tags of assets without a cost.
        not_in_use: Tags of fixed assets without a day of first use.
        unfit: Tags of assets whose facts contradict each other.
        unknown_category: Tags of assets of a category that the program does not know.
        doubts: Lines of the rulebook that nobody has confirmed.
        refusal_vi: Why closing would be refused now; empty if it would not.
        refusal_en: The same in English.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_REHEARSAL]})

    year: int
    rulebook: str
    closed: bool
    sites: list[SiteSums]
    total: SiteSums
    counts: dict[str, int]
    no_cost: list[str]
    not_in_use: list[str]
    unfit: list[str]
    unknown_category: list[str]
    doubts: list[DoubtRead]
    refusal_vi: str
    refusal_en: str


class EditedYear(BaseModel):
    """A closed year whose rows are not as they were closed, with tags of such assets."""

    year: int
    assets: list[str]


class EditedYears(BaseModel):
    """Closed years that were edited behind the program's back; empty if all is well."""

    items: list[EditedYear]


@ROUTER.get("/closings", summary="Closed years")
def closings(request: Request, who: Reading) -> ClosedYears:
    """Return every closed year with its sums."""
    found = closings_of(house_of(request).books, who)
    return ClosedYears(items=[_closed(one, who) for one in found])


@ROUTER.get("/closings/{year}", summary="Rehearse a closing")
def rehearse(request: Request, who: Reading, year: Year) -> RehearsalRead:
    """Return what closing the year would book and what is missing; of a closed year, what was booked."""
    house = house_of(request)
    done, found = year_shown(house, who, year)
    return RehearsalRead(
        year=year,
        rulebook=found.rulebook,
        closed=done is not None,
        sites=[SiteSums.model_validate(one, from_attributes=True) for one in found.sites],
        total=SiteSums.model_validate(found.total, from_attributes=True),
        counts=dict(found.counts),
        no_cost=list(found.no_cost),
        not_in_use=list(found.not_in_use),
        unfit=list(found.unfit),
        unknown_category=list(found.unknown_category),
        doubts=[
            DoubtRead(book=one.book, place=one.place, source_vi=one.source.vi, source_en=one.source.en)
            for one in found.doubts
        ],
        refusal_vi=found.refusal.vi if found.refusal else "",
        refusal_en=found.refusal.en if found.refusal else "",
    )


@ROUTER.put("/closings/{year}", summary="Close a year")
def close(request: Request, who: Closing, year: Year) -> ClosedRead:
    """Compute, write and lock the wear of a year; told again it changes nothing and gives the same."""
    house = house_of(request)
    closed = close_year(house.books, who, year, house.rulebooks)
    return _closed(closed, who)


@ROUTER.get("/edited", summary="Closed rows that were edited")
def edited(request: Request, who: Closing) -> EditedYears:
    """Read every closed row again and name the years, and the assets, that are not as they were closed."""
    found = edited_years(house_of(request), who)
    return EditedYears(items=[EditedYear(year=year, assets=tags) for year, tags in found.items()])


def _closed(one: ClosedYear, who: Actor) -> ClosedRead:
    if who.site_ids is not None:
        return ClosedRead(year=one.year, rulebook=one.rulebook, closed_at=one.closed_at, closed_by=one.closed_by)
    return ClosedRead.model_validate(one, from_attributes=True)

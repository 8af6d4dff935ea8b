"""Budgets: scenarios of what to buy in a year under a cap, one of which is approved and bought."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, SQLModel, UniqueConstraint

from inventory.audit.candidates import LeftOut
from inventory.audit.needs import Reason
from inventory.audit.norms import PriceSource
from inventory.columns import Booked, Places, column, json_field, moment_field, whole_field
from inventory.fields import Entry, Key, Line, Line120, Money, Name, Record
from inventory.text import Text

MOST_LINES: Final = 20_000
"""Lines of one scenario; a larger book is budgeted by parts of the tree."""


class PlanState(StrEnum):
    """Where a scenario is: DRAFT is one of several, APPROVED never changes again."""

    DRAFT = "draft"
    APPROVED = "approved"


STATE_LABELS: Final[Mapping[PlanState, Text]] = {
    PlanState.DRAFT: Text(vi="phương án", en="scenario"),
    PlanState.APPROVED: Text(vi="đã duyệt", en="approved"),
}


class BudgetPlan(Booked, table=True):
    """One scenario; its lines are computed when it is drafted and never changed.

    Attributes:
        year: The year in which the money is spent.
        cap_vnd: Most that may be spent.
        options: By what it was drafted, as `BudgetCreate` without title, year and cap.
        norms: Version of the norms that it went by; empty if none were in force.
        shares: Fair share of each unit with people: `unit_id`, `name`, `headcount`, `share_vnd`.
        free_need: Need that the same money would meet without fair shares.
        gap_need: How much more need another choice could meet at most; 0 if none can, as with any usual prices.
        state: One of `PlanState`.
        settled: What people settled of single lines since, oldest first: `line`, `what`, `pin`, `price_vnd`, `reason`,
            `by`, `at`.
        digest: SHA-256 over the lines, so that a later edit of one is seen.
    """

    __tablename__ = "budget_plan"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="dự toán", en="budget")
    SEARCH: ClassVar[tuple[str, ...]] = ("title",)
    ORDER: ClassVar[str] = "title"

    title: str = Field(max_length=200)
    year: int = Field(index=True)
    cap_vnd: int = whole_field()
    options: dict[str, Any] = json_field(default_factory=dict)
    norms: str = Field(default="", max_length=100)
    shares: list[dict[str, Any]] = json_field(default_factory=list)
    free_need: int = 0
    gap_need: int = 0
    state: str = Field(default=PlanState.DRAFT.value, max_length=16, index=True)
    approved_at: datetime | None = moment_field(default=None)
    approved_by: str = Field(default="", max_length=120)
    settled: list[dict[str, Any]] = json_field(default_factory=list)
    digest: str = Field(default="", max_length=64)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether one of these sites has a line in it."""
        mine = select(column(BudgetLine, "plan_id")).where(column(BudgetLine, "site_id").in_(site_ids))
        return column(cls, "id").in_(mine)

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Return false for all: a budget never keeps what it names from being retired."""
        return column(cls, "id") < 0


class BudgetLine(SQLModel, table=True):
    """One candidate of a scenario, bought or left out.

    Attributes:
        number: From 1, in the order of the estimate.
        site_id: Where it is for; `site` and `site_name` as they were then.
        unit_id: The unit with people that it counts for.
        asset_id: What it replaces; `tag` is its number then.
        norm: Key of the norm that it fills.
        grounds: Reasons: `reason`, `points`, `vi`, `en`.
        need: Sum of the points.
        price_vnd: Estimate; 0 if nothing says.
        price_source: One of `PriceSource`; empty if nothing says.
        funding: Source of the money.
        left_out: One of `LeftOut`; empty if it is bought.
        pin: One of `inventory.audit.settling.Pin`; empty if the choice decides.
        pin_reason: Why a person pinned it.
        price_reason: Why a person changed the price.
        drafted: What the rules said before anybody settled something: `price_vnd`, `price_source`, `barred`.
        planned_id: The planned asset that it became.
    """

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("plan_id", "number", name="uq_budget_line_plan_number"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="budget_plan.id", index=True)
    number: int
    site_id: int = Field(foreign_key="site.id", index=True)
    site: str = Field(max_length=64)
    site_name: str = Field(max_length=200)
    unit_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    asset_id: int | None = Field(default=None, foreign_key="asset.id", index=True)
    tag: str = Field(default="", max_length=64)
    category: str = Field(max_length=32)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    norm: str = Field(default="", max_length=64)
    grounds: list[dict[str, Any]] = json_field(default_factory=list)
    need: int
    price_vnd: int = whole_field(default=0)
    price_source: str = Field(default="", max_length=16)
    funding: str = Field(default="", max_length=120)
    left_out: str = Field(default="", max_length=16)
    pin: str = Field(default="", max_length=8)
    pin_reason: str = Field(default="", max_length=200)
    price_reason: str = Field(default="", max_length=200)
    drafted: dict[str, Any] = json_field(default_factory=dict)
    planned_id: int | None = Field(default=None, foreign_key="asset.id", index=True)

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether it is for one of these sites."""
        return column(cls, "site_id").in_(site_ids)

    @property
    def name(self) -> Text:
        """Return what it is."""
        return Text(vi=self.name_vi, en=self.name_en)


Cap = Annotated[Money, Bounds(ge=1)]
Year = Annotated[int, Bounds(ge=2000, le=2150)]


class BudgetCreate(Entry):
    """A scenario.

    Attributes:
        cap_vnd: Most that may be spent, whole đồng.
        within: Slug of a site: only it and what is below it.
        categories: Only these; none means all.
        reasons: Only what these rules point at.
        fair_share: Whether each unit first gets what its share by headcount buys.
        leaders: Leaders of each unit, who may each have what the norms grant leaders besides.
        within_norm: Whether replacements above the norm are left out.
        funding: Source of the money where the replaced thing names none.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Phương án 1", "year": 2027, "cap_vnd": 500000000}]}
    )

    title: Name
    year: Year
    cap_vnd: Cap
    within: Key | None = None
    categories: Annotated[list[Line], Bounds(max_length=60)] = Bounds(default_factory=list)
    reasons: Annotated[list[Reason], Bounds(min_length=1, max_length=20)] = Bounds(default_factory=lambda: list(Reason))
    fair_share: bool = False
    leaders: Annotated[int, Bounds(ge=0, le=20)] = 0
    within_norm: bool = True
    funding: Line120 = ""


class BudgetRead(Record):
    """A scenario with the sums of the lines that the reader may see.

    Attributes:
        bought: Lines that are bought.
        spent_vnd: What they cost.
        need: What need they meet.
        left_out: Lines that are left out.
        gap_need: How much more need another choice could meet at most.
    """

    title: str
    year: int
    cap_vnd: int
    options: dict[str, Any]
    norms: str
    state: PlanState
    approved_at: datetime | None = None
    approved_by: str
    bought: int
    spent_vnd: int
    need: int
    left_out: int
    gap_need: int


class GroundRead(Entry):
    """One reason of a line with its evidence in both languages."""

    reason: Reason
    points: int
    vi: str
    en: str


class BudgetLineRead(Entry):
    """One line; `replaces` and `planned` are tags of assets."""

    number: int
    site: str
    category: str
    name_vi: str
    name_en: str
    replaces: str
    norm: str
    grounds: list[GroundRead]
    need: int
    price_vnd: int
    price_source: PriceSource | None
    funding: str
    left_out: LeftOut | None
    pin: str
    pin_reason: str
    price_reason: str
    planned: str | None

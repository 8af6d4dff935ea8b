"""Sites: administrative units with a place, as a tree, over time."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy import select, tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session, UniqueConstraint

from inventory.columns import Booked, Places, column, json_field
from inventory.draft import Draft
from inventory.fields import Day, Entry, Hours, Key, Line, Line120, Line300, Name, Note, Record, Slug, Whole, changes_of
from inventory.near import Key as Shared
from inventory.near import Near
from inventory.text import Text

CoverageName = Annotated[str, Bounds(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CoverageFigure = Annotated[float, Bounds(allow_inf_nan=False, ge=0, le=1_000_000)]


class SiteKind(StrEnum):
    """What kind of unit a site is."""

    PROVINCE = "province"
    DISTRICT = "district"
    TOWN = "town"
    COMMUNE = "commune"
    OFFICE = "office"
    EXCHANGE = "exchange"


class Site(Booked, table=True):
    """A unit with a place.

    `slug` is the label `site` of every series and never changes; official codes are reused by successor units, so a
    unit is known by (code, valid_from) and never by its code alone.

    Attributes:
        kind: One of `SiteKind`.
        parent_id: The unit above; the tree has no loops.
        valid_from: First day of the unit; `None` if before the books began.
        valid_to: Last day of the unit; `None` while it exists.
        successor_id: The unit that took over; chains have no loops.
        lat: Degrees north, -90 to 90.
        lon: Degrees east, -180 to 180.
        headcount: Officials who work here.
        coverage: Figures of the network coverage by name, in percent or counts (`fibre`, `coverage_4g`, ...).
        contact_name: Who is called when the site is dark; a name, never more personal data than name, title, phone.
        work_hours: Working hours by weekday, ISO `"1": ["07:30", "17:00"]`.
        power_hours: Hours in which power is expected, same shape; empty = always.
        fictional: Whether the row was invented for the demonstration.
    """

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("code", "valid_from", name="uq_site_code_valid_from"),)
    KEY: ClassVar[str] = "slug"
    NOUN: ClassVar[Text] = Text(vi="đơn vị", en="site")
    SEARCH: ClassVar[tuple[str, ...]] = ("code", "name", "contact_name", "contact_phone", "address")
    ORDER: ClassVar[str] = "name"

    slug: str = Field(unique=True, max_length=64)
    code: str | None = Field(default=None, max_length=16, index=True)
    name: str = Field(max_length=200, index=True)
    kind: str = Field(max_length=16)
    parent_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    lat: float | None = None
    lon: float | None = None
    headcount: int | None = None
    coverage: dict[str, float] = json_field(default_factory=dict)
    address: str = Field(default="", max_length=300)
    contact_name: str = Field(default="", max_length=120)
    contact_title: str = Field(default="", max_length=120)
    contact_phone: str = Field(default="", max_length=40)
    work_hours: dict[str, list[str]] = json_field(default_factory=dict)
    power_hours: dict[str, list[str]] = json_field(default_factory=dict)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the site is one of these."""
        return column(cls, "id").in_(site_ids)


class SiteCreate(Entry):
    """A unit with a place; `parent` and `successor` are slugs of other units."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "slug": "tan-lap",
                    "code": "01159",
                    "name": "Xã Tân Lập",
                    "kind": "commune",
                    "parent": "huyen-bac-quang",
                    "lat": 22.52138,
                    "lon": 104.82211,
                    "work_hours": {"1": ["07:30", "17:00"]},
                }
            ]
        }
    )

    slug: Slug
    code: Annotated[str, Bounds(pattern=r"^[0-9A-Za-z.-]{1,16}$")] | None = None
    name: Name
    kind: SiteKind
    parent: Key | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: Key | None = None
    lat: Annotated[float, Bounds(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Bounds(ge=-180, le=180, allow_inf_nan=False)] | None = None
    headcount: Annotated[Whole, Bounds(le=100_000)] | None = None
    coverage: Annotated[dict[CoverageName, CoverageFigure], Bounds(max_length=40)] = Bounds(default_factory=dict)
    address: Line300 = ""
    contact_name: Line120 = ""
    contact_title: Line120 = ""
    contact_phone: Line = ""
    work_hours: Hours = Bounds(default_factory=dict)
    power_hours: Hours = Bounds(default_factory=dict)
    note: Note = ""
    fictional: bool = False


class SiteRead(SiteCreate, Record):
    """A site as it stands in the books."""


SiteChange = changes_of(SiteCreate, "SiteChange")


def _codes(row: Any) -> list[Shared]:  # noqa: ANN401 - a site, or some columns of one
    return [(row.code, row.valid_from)] if row.code else []


def _with_codes(codes: Sequence[Shared]) -> ColumnElement[bool]:
    # A unique index lets any number of rows without a first day pass.
    dated = tuple_(column(Site, "code"), column(Site, "valid_from")).in_([one for one in codes if one[1] is not None])
    undated = [code for code, since in codes if since is None]
    return dated | (column(Site, "code").in_(undated) & column(Site, "valid_from").is_(None))


CODES: Final = Near(Site, _codes, _with_codes)
"""An official code belongs to one site from one day on, in use or retired."""


def examine(draft: Draft) -> None:
    """Find what is wrong with a site beyond its single fields: order of days, place, code, loops."""
    draft.in_order("valid_from", "valid_to")
    if (draft.values.get("lat") is None) != (draft.values.get("lon") is None):
        missing = "lat" if draft.values.get("lat") is None else "lon"
        if not draft.is_wrong(missing):
            draft.wrong(missing, "required", Text(vi="Cần cả vĩ độ và kinh độ.", en="Both latitude and longitude."))
    _code_is_free(draft)
    _no_loop(draft, "parent", "parent_id")
    _no_loop(draft, "successor", "successor_id")


def parties(_session: Session, row: Booked) -> set[int]:
    """Return the site itself."""
    return {row.id} if row.id is not None else set()


def _code_is_free(draft: Draft) -> None:
    code, since = draft.values.get("code"), draft.values.get("valid_from")
    if code is None or not draft.changed("code", "valid_from"):
        return
    other = next(iter(draft.sharing(CODES, (code, since))), None)
    if other is not None:
        draft.wrong("code", "taken", _CODE_TAKEN.fill(key=other.slug), value=code)


def _no_loop(draft: Draft, name: str, link: str) -> None:
    """Refuse a chain that comes back: each unit on the way up is visited once."""
    reached = draft.refers.get(name)
    if draft.row is None or reached is None or not draft.changed(name):
        return
    up = select(column(Site, "id").label("id"), column(Site, link).label("next")).where(
        column(Site, "id") == reached.id
    )
    chain = up.cte("chain", recursive=True)
    chain = chain.union(select(column(Site, "id"), column(Site, link)).join(chain, column(Site, "id") == chain.c.next))
    if draft.row.id in set(draft.session.execute(select(chain.c.id)).scalars()):
        text = _PARENT_LOOP if name == "parent" else _SUCCESSOR_LOOP
        draft.wrong(name, "loop", text, value=draft.values.get(name))


_CODE_TAKEN: Final = Text(
    vi="Mã này với cùng ngày bắt đầu đã có ở đơn vị “{key}”.",
    en="The site “{key}” has this code with the same first day.",
)
_PARENT_LOOP: Final = Text(
    vi="Đơn vị này không thể trực thuộc chính nó hoặc cấp dưới của nó.", en="A site cannot be below itself."
)
_SUCCESSOR_LOOP: Final = Text(
    vi="Đơn vị kế thừa không thể là chính nó hoặc lại được nó kế thừa.", en="A site cannot succeed itself."
)

"""Sites: administrative units with a place, as a tree, over time."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import ClassVar

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, UniqueConstraint

from inventory.columns import Booked, column, json_field
from inventory.text import Text


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
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether the site is one of these."""
        return column(cls, "id").in_(site_ids)

"""Providers: carriers of lines and suppliers of things."""

from datetime import date
from typing import ClassVar

from pydantic import ConfigDict
from sqlmodel import Field

from inventory.columns import Booked
from inventory.draft import Draft
from inventory.fields import Day, Entry, Line, Line120, Line200, Name, Note, Record, Slug, changes_of
from inventory.text import Text


class Provider(Booked, table=True):
    """A carrier or a supplier.

    Attributes:
        hotline: Number to call when a line is cut.
        channel: Other way to report a fault: an address, a Zalo group, a portal.
        support_hours: When somebody answers, in words.
        contract: Number of the contract that covers the lines.
        contract_until: Last day of that contract.
    """

    __tablename__ = "provider"
    KEY: ClassVar[str] = "slug"
    NOUN: ClassVar[Text] = Text(vi="nhà cung cấp", en="provider")
    SEARCH: ClassVar[tuple[str, ...]] = ("name", "hotline", "contract")
    ORDER: ClassVar[str] = "name"

    slug: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200, index=True)
    is_carrier: bool = True
    is_supplier: bool = False
    hotline: str = Field(default="", max_length=40)
    channel: str = Field(default="", max_length=200)
    support_hours: str = Field(default="", max_length=120)
    contract: str = Field(default="", max_length=120)
    contract_until: date | None = None
    note: str = Field(default="", max_length=2000)
    fictional: bool = False


class ProviderCreate(Entry):
    """A carrier or a supplier."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"slug": "vnpt-ha-giang", "name": "VNPT Hà Giang", "hotline": "18001260", "is_carrier": True}]
        }
    )

    slug: Slug
    name: Name
    is_carrier: bool = True
    is_supplier: bool = False
    hotline: Line = ""
    channel: Line200 = ""
    support_hours: Line120 = ""
    contract: Line120 = ""
    contract_until: Day | None = None
    note: Note = ""
    fictional: bool = False


class ProviderRead(ProviderCreate, Record):
    """A provider as it stands in the books."""


ProviderChange = changes_of(ProviderCreate, "ProviderChange")


def examine(draft: Draft) -> None:
    """Find what is wrong with a provider: it has to be one of the two."""
    if draft.values.get("is_carrier") is False and draft.values.get("is_supplier") is False:
        draft.wrong(
            "is_carrier",
            "neither",
            Text(
                vi="Phải là nhà mạng, nhà cung cấp hàng hóa, hoặc cả hai.",
                en="It has to be a carrier, a supplier, or both.",
            ),
        )

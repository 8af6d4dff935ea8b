"""Providers: carriers of lines and suppliers of things."""

from datetime import date
from typing import ClassVar

from sqlmodel import Field

from inventory.columns import Booked
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

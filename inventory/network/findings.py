"""Findings: what was seen on the network, one row a thing, and what people decided about it.

A finding is made of observations and never overwrites the books: whether it is known is asked of the books each time.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import Index, or_, text
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.columns import Booked, Places, column, moment_field
from inventory.fields import Record
from inventory.text import Text

_MADE_UP: Final = "26ae"
"""Second figure of a MAC that is administered locally and of no group."""

DOUBTFUL: Final = "finding.doubtful"
"""The things that may be unknown, in the words of the index that holds them alone."""

DECIDED: Final = "finding.state <> 'open'"
"""The things about which somebody has decided, likewise."""

_DOUBTFUL, _DECIDED = (text(words.replace("finding.", "")) for words in (DOUBTFUL, DECIDED))


class FindingState(StrEnum):
    """What people decided about a finding.

    OPEN: nothing yet. ASSET: it is a booked thing, named by `asset`. IGNORED: it may be there, for the reason given.
    """

    OPEN = "open"
    ASSET = "asset"
    IGNORED = "ignored"


class Finding(Booked, table=True):
    """A thing that was seen on the network, known by its MAC, or by its address where nobody saw its MAC.

    Attributes:
        site_id: Where it was seen last.
        mac: Lower case with colons; empty if only its address is known.
        address: The IP address that it had last; empty if only its MAC was seen.
        title: What it calls itself (sysName, LLDP); for people alone.
        vendor: Maker by its sysObjectID.
        model: Model by its sysObjectID, or as it says itself.
        serial: As it says itself.
        source: What saw it last: `sweep`, `snmp_arp`, `snmp_fdb`, `snmp_neighbours`.
        switch: Device at whose port it is plugged in; empty if unknown.
        port: Name (ifName) of that port.
        placed_at: When it was last seen at that port.
        before_switch: Where it was plugged in before it moved.
        before_site_id: At which site that was.
        moved_at: When it was first seen at another port or site; `None` if it never moved.
        wandered_at: When it was last seen at yet another port soon after a move: it goes to and fro, like a laptop
            between access points or a MAC in a loop; `None` if it never did.
        state: One of `FindingState`.
        asset_id: The booked thing that somebody said it is.
        reason: Why it is ignored.
        doubtful: Whether nobody has decided about it and the books may not explain it. All that is unknown is doubtful;
            what is doubtful is looked at more closely each time (`inventory.network.doubts`).
    """

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_mac", "mac", unique=True, sqlite_where=text("mac <> ''"), postgresql_where=text("mac <> ''")
        ),
        Index(
            "uq_finding_address", "site_id", "address", unique=True,
            sqlite_where=text("mac = ''"), postgresql_where=text("mac = ''"),
        ),
        # When a thing was seen last, and how long a site has been watched, without a look at the wide rows.
        Index("ix_finding_site_first", "site_id", "first_seen"),
        Index("ix_finding_site_last", "site_id", "last_seen"),
        *(
            Index(f"ix_finding_{name}_seen", of, "last_seen", sqlite_where=text(known), postgresql_where=text(known))
            for name, of, known in (
                ("mac", "mac", "mac <> ''"),
                ("serial", "serial", "serial <> ''"),
                ("asset", "asset_id", "asset_id IS NOT NULL"),
            )
        ),
        # All that is asked of what may be unknown, by the time at which it was seen; and what was decided last.
        Index(
            "ix_finding_doubtful", "last_seen", "site_id", "mac", "serial", "address", "source", "doubtful",
            sqlite_where=_DOUBTFUL, postgresql_where=_DOUBTFUL,
        ),
        Index("ix_finding_decided", "decided_at", sqlite_where=_DECIDED, postgresql_where=_DECIDED),
    )  # fmt: skip
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="thiết bị phát hiện", en="discovered device")
    SEARCH: ClassVar[tuple[str, ...]] = ("mac", "address", "title", "vendor", "model", "serial")
    UNBOOKED: ClassVar[frozenset[str]] = frozenset(
        {
            "site_id", "mac", "address", "title", "vendor", "model", "serial", "object_id", "source", "switch", "port",
            "placed_at", "before_switch", "before_port", "before_site_id", "moved_at", "wandered_at",
            "first_seen", "last_seen", "doubtful",
        }
    )  # fmt: skip
    CHAINED: ClassVar[bool] = False

    site_id: int = Field(foreign_key="site.id", index=True)
    mac: str = Field(default="", max_length=17)
    address: str = Field(default="", max_length=64, index=True)
    title: str = Field(default="", max_length=200)
    vendor: str = Field(default="", max_length=120)
    model: str = Field(default="", max_length=200)
    serial: str = Field(default="", max_length=120, index=True)
    object_id: str = Field(default="", max_length=120)
    source: str = Field(default="", max_length=32)
    switch: str = Field(default="", max_length=64)
    port: str = Field(default="", max_length=128)
    placed_at: datetime | None = moment_field(default=None)
    before_switch: str = Field(default="", max_length=64)
    before_port: str = Field(default="", max_length=128)
    before_site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    moved_at: datetime | None = moment_field(default=None, index=True)
    wandered_at: datetime | None = moment_field(default=None)
    first_seen: datetime = moment_field(index=True)
    last_seen: datetime = moment_field(index=True)
    state: str = Field(default=FindingState.OPEN.value, max_length=16, index=True)
    asset_id: int | None = Field(default=None, foreign_key="asset.id", index=True)
    reason: str = Field(default="", max_length=300)
    decided_by: str = Field(default="", max_length=120)
    decided_at: datetime | None = moment_field(default=None)
    doubtful: bool = True

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether it is at one of these sites."""
        return column(cls, "site_id").in_(site_ids)


class FindingRead(Record):
    """A discovered device as it was seen, and what was decided about it."""

    site: str | None = None
    mac: str = ""
    address: str = ""
    title: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    object_id: str = ""
    source: str = ""
    switch: str = ""
    port: str = ""
    placed_at: datetime | None = None
    before_switch: str = ""
    before_port: str = ""
    before_site: str | None = None
    moved_at: datetime | None = None
    wandered_at: datetime | None = None
    first_seen: datetime
    last_seen: datetime
    state: FindingState = FindingState.OPEN
    asset: str | None = None
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


def is_random(mac: str) -> bool:
    """Return whether a MAC was made up by the device, as telephones do on Wi-Fi (IEEE 802, section 8.4)."""
    return len(mac) > 1 and mac[1] in _MADE_UP


def is_made_up() -> ColumnElement[bool]:
    """Return the condition under which the MAC of a finding is one that `is_random`."""
    return or_(*(column(Finding, "mac").like(f"_{figure}%") for figure in _MADE_UP))


def parties(_session: Session, row: Booked) -> set[int]:
    """Return where it is and where it was."""
    if not isinstance(row, Finding):
        return set()
    return {one for one in (row.site_id, row.before_site_id) if one is not None}

"""Services: what people use over the network."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field

from inventory.columns import Booked, column, json_field
from inventory.text import Text


class ServiceKind(StrEnum):
    """What kind of service it is; decides the probe."""

    WEBSITE = "website"
    DOCUMENTS = "documents"
    MAIL = "mail"
    VIDEO_CONFERENCE = "video_conference"
    TCP = "tcp"


class Service(Booked, table=True):
    """A website, the document system, mail, a video-conference point.

    Attributes:
        name: Label `instance` of its series; never changes.
        site_id: The unit that it serves.
        host_device_id: The device that it stands on, if that is known; then it is silent while that is down.
        url: Address of a website; without user name or password.
        host: IP literal or host name for other kinds.
        port: TCP port for other kinds.
        expect: Text that the page must hold; empty = any.
        probes: Per-probe overrides, as for a device.
    """

    __tablename__ = "service"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="dịch vụ", en="service")
    SEARCH: ClassVar[tuple[str, ...]] = ("title", "url", "host", "owner")

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    kind: str = Field(max_length=24, index=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    host_device_id: int | None = Field(default=None, foreign_key="device.id", index=True)
    url: str = Field(default="", max_length=2000)
    host: str = Field(default="", max_length=253)
    port: int | None = None
    expect: str = Field(default="", max_length=200)
    credential_id: int | None = Field(default=None, foreign_key="credential.id")
    owner: str = Field(default="", max_length=200)
    probes: dict[str, dict[str, Any]] = json_field(default_factory=dict)
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Collection[int]) -> ColumnElement[bool]:
        """Return whether the service serves one of these sites."""
        return column(cls, "site_id").in_(site_ids)

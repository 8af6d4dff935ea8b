"""Services: what people use over the network."""

from enum import StrEnum
from typing import Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.columns import Booked, Places, column, json_field
from inventory.draft import Draft
from inventory.fields import Entry, Host, Key, Line200, Note, Port, Record, Slug, Url, changes_of
from inventory.network.devices import Probes, credential_fits, overrides_fit
from inventory.text import Text


class ServiceKind(StrEnum):
    """What kind of service it is; with the port it decides the probe."""

    WEBSITE = "website"
    DOCUMENTS = "documents"
    MAIL = "mail"
    VIDEO_CONFERENCE = "video_conference"
    NAME_SERVER = "name_server"
    TIME_SERVER = "time_server"
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
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the service serves one of these sites."""
        return column(cls, "site_id").in_(site_ids)


class ServiceCreate(Entry):
    """A service; `site` is a slug, `host_device` and `credential` are names."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "web-tan-lap",
                    "title": "Trang tin xã Tân Lập",
                    "kind": "website",
                    "site": "tan-lap",
                    "url": "https://tanlap.example.vn/",
                }
            ]
        }
    )

    name: Slug
    title: Line200 = ""
    kind: ServiceKind
    site: Key
    host_device: Key | None = None
    url: Url = ""
    host: Host = ""
    port: Port | None = None
    expect: Line200 = ""
    credential: Key | None = None
    owner: Line200 = ""
    probes: Probes = Bounds(default_factory=dict)
    note: Note = ""
    fictional: bool = False


class ServiceRead(ServiceCreate, Record):
    """A service as it stands in the books."""


ServiceChange = changes_of(ServiceCreate, "ServiceChange")


def examine(draft: Draft) -> None:
    """Find what is wrong with a service: each kind has its own address."""
    kind = draft.values.get("kind")
    if kind is not None and draft.changed("kind", "url", "host", "port", "expect"):
        web = kind == ServiceKind.WEBSITE
        for name in ("url",) if web else ("host", "port"):
            if not draft.values.get(name) and not draft.is_wrong(name):
                draft.wrong(name, "required", _NEEDED)
        for name in ("host", "port") if web else ("url", "expect"):
            if draft.values.get(name):
                draft.wrong(name, "not_for_kind", _NOT_FOR_KIND, value=draft.values[name])
    credential_fits(draft, "credential", frozenset({"http"}))
    overrides_fit(draft)


def parties(_session: Session, row: Booked) -> set[int]:
    """Return the site that the service serves."""
    return {row.site_id} if isinstance(row, Service) else set()


_NEEDED: Final = Text(vi="Loại dịch vụ này cần trường này.", en="This kind of service needs this field.")
_NOT_FOR_KIND: Final = Text(
    vi="Loại dịch vụ này không dùng trường này; hãy để trống.",
    en="This kind of service has no such field; leave it empty.",
)

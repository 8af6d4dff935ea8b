"""Devices: places on the network, each held by an asset for a time."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic import Field as Bounds
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, Session

from inventory.assets.categories import CATEGORIES, no_such_category
from inventory.columns import Booked, Places, column, json_field
from inventory.draft import Draft
from inventory.fields import Address, Dbm, Entry, Key, Line, Line200, Note, Port, Record, Slug, changes_of, refuse
from inventory.network.credentials import Credential
from inventory.text import Text
from inventory.wording import problems_in


class Device(Booked, table=True):
    """A place on the network with a stable name.

    Swapping the broken router changes the asset that holds the place, never the name and so never the series.

    Attributes:
        name: Label `instance` of every series; never changes.
        category: A key of `inventory.assets.categories.CATEGORIES`; decides the default probes.
        role: What it does here (`core`, `access`, `office`, ...), for people.
        platform: How to talk to it; empty if unknown.
        address: IPv4 or IPv6 literal; `None` for a place without one.
        ports: Port by protocol where it is not the usual one (`{"snmp": 1161}`).
        snmp_credential_id: Credential for SNMP; `None` = no SNMP probes.
        ssh_credential_id: Credential for SSH.
        ssh_host_key: What the device has to prove over SSH (`ssh-ed25519 SHA256:...`): booked when it is first seen,
            or typed; `None` = the next key seen is taken.
        ssh_jump_id: A device through which this one is reached over SSH, with the same login; `None` = directly. Its
            address, port and key are those of its own row.
        probes: Per-probe overrides: `{"icmp": {"interval_s": 1}, "snmp_optics": {"enabled": false}}`.
        optical_overrides: Operator's limits in dBm by ifName: `{"sfp1": {"rx_warn_low": -24.0}}`.
        is_root: Whether it is its scope's gateway, from which reachability is counted.
        is_anchor: Whether the scope watches it to know whether its own way out works.
    """

    __tablename__ = "device"
    KEY: ClassVar[str] = "name"
    NOUN: ClassVar[Text] = Text(vi="thiết bị mạng", en="device")
    SEARCH: ClassVar[tuple[str, ...]] = ("title", "address", "role")

    name: str = Field(unique=True, max_length=64)
    title: str = Field(default="", max_length=200)
    site_id: int = Field(foreign_key="site.id", index=True)
    category: str = Field(max_length=32, index=True)
    role: str = Field(default="", max_length=32)
    platform: str = Field(default="", max_length=32)
    address: str | None = Field(default=None, max_length=45, index=True)
    ports: dict[str, int] = json_field(default_factory=dict)
    snmp_credential_id: int | None = Field(default=None, foreign_key="credential.id")
    ssh_credential_id: int | None = Field(default=None, foreign_key="credential.id")
    ssh_host_key: str | None = Field(default=None, max_length=100)
    ssh_jump_id: int | None = Field(default=None, foreign_key="device.id", index=True)
    probes: dict[str, dict[str, Any]] = json_field(default_factory=dict)
    optical_overrides: dict[str, dict[str, float]] = json_field(default_factory=dict)
    is_root: bool = False
    is_anchor: bool = False
    note: str = Field(default="", max_length=2000)
    fictional: bool = False

    @classmethod
    def seen_from(cls, site_ids: Places) -> ColumnElement[bool]:
        """Return whether the device stands at one of these sites."""
        return column(cls, "site_id").in_(site_ids)


LONGEST_OVERRIDE: Final = 4_000

Protocol = Literal["snmp", "ssh", "http", "https"]
ProbeName = Annotated[str, Bounds(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Platform = Annotated[str, BeforeValidator(lambda value: value or ""), Bounds(pattern=r"^[a-z0-9_-]{0,32}$")]
HOST_KEY: Final = r"^[a-z0-9@.-]{3,40} SHA256:[A-Za-z0-9+/]{43}$"


def _host_key(value: str) -> str:
    if re.fullmatch(HOST_KEY, value) is None:
        refuse(
            "host_key",
            "Viết như thiết bị in ra: loại khóa, dấu cách, rồi SHA256: và 43 ký tự, ví dụ ssh-ed25519 SHA256:…",
            "Write it as the device prints it: kind of key, a blank, then SHA256: and 43 letters, like"
            " ssh-ed25519 SHA256:…",
        )
    return value


HostKey = Annotated[str, AfterValidator(_host_key), Bounds(max_length=100)]
"""Kind of the key and its fingerprint, as `ssh-keygen -l` and every device print it."""

Limit = Annotated[str, Bounds(pattern=r"^(rx|tx)_(warn|alarm)_(low|high)$")]
InterfaceName = Annotated[str, Bounds(min_length=1, max_length=128)]


class ProbeOverride(BaseModel):
    """What differs for one probe here; further keys are the probe's own parameters, checked when a roster is made.

    Attributes:
        enabled: Whether it is polled, whatever the category says.
        interval_s: Seconds between two polls.
        timeout_s: Seconds until a poll has failed.
    """

    model_config = ConfigDict(extra="allow")

    enabled: bool = True
    interval_s: Annotated[float, Bounds(ge=1, le=86_400)] | None = None
    timeout_s: Annotated[float, Bounds(gt=0, lt=3_600)] | None = None


Probes = Annotated[
    dict[ProbeName, dict[str, Any]],
    Bounds(max_length=40, description='By probe: `{"icmp": {"enabled": true, "interval_s": 1, "timeout_s": 0.8}}`.'),
]


class DeviceCreate(Entry):
    """A place on the network; `site` is a slug, credentials and the device on the way by SSH are named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "tan-lap-router",
                    "title": "Bộ định tuyến xã Tân Lập",
                    "site": "tan-lap",
                    "category": "router",
                    "platform": "routeros",
                    "address": "10.20.4.1",
                    "snmp_credential": "district",
                }
            ]
        }
    )

    name: Slug
    title: Line200 = ""
    site: Key
    category: Line
    role: Annotated[Line, Bounds(max_length=32)] = ""
    platform: Platform = ""
    address: Address | None = None
    ports: dict[Protocol, Port] = Bounds(default_factory=dict)
    snmp_credential: Key | None = None
    ssh_credential: Key | None = None
    ssh_host_key: HostKey | None = None
    ssh_jump: Key | None = None
    probes: Probes = Bounds(default_factory=dict)
    optical_overrides: Annotated[dict[InterfaceName, dict[Limit, Dbm]], Bounds(max_length=200)] = Bounds(
        default_factory=dict
    )
    is_root: bool = False
    is_anchor: bool = False
    note: Note = ""
    fictional: bool = False


class DeviceRead(DeviceCreate, Record):
    """A device as it stands in the books."""


DeviceChange = changes_of(DeviceCreate, "DeviceChange")


def examine(draft: Draft) -> None:
    """Find what is wrong with a device beyond its single fields."""
    category = draft.values.get("category")
    if category is not None and draft.changed("category") and category not in CATEGORIES:
        draft.wrong("category", "no_such", no_such_category(category), value=category)
    credential_fits(draft, "snmp_credential", frozenset({"snmp_v2c", "snmp_v3"}))
    credential_fits(draft, "ssh_credential", frozenset({"ssh"}))
    jump_fits(draft)
    overrides_fit(draft)


def parties(_session: Session, row: Booked) -> set[int]:
    """Return the site where the device stands."""
    return {row.site_id} if isinstance(row, Device) else set()


def credential_fits(draft: Draft, name: str, kinds: frozenset[str]) -> None:
    """Note a problem unless the credential that is referred to is of one of these kinds."""
    credential = draft.refers.get(name)
    if isinstance(credential, Credential) and draft.changed(name) and credential.kind not in kinds:
        text = Text(
            vi="Thông tin này thuộc loại {kind}, cần loại {kinds}.", en="It is of the kind {kind}, not {kinds}."
        )
        draft.wrong(name, "other_kind", text.fill(kind=credential.kind, kinds=" / ".join(sorted(kinds))))


def jump_fits(draft: Draft) -> None:
    """Note a problem unless the host on the way over SSH can be reached itself, directly, and has to prove its key."""
    jump, row = draft.refers.get("ssh_jump"), draft.row
    if isinstance(jump, Device) and draft.changed("ssh_jump"):
        wrong = next((one for one in _JUMPS if one[1](jump, row)), None)
        if wrong is not None:
            draft.wrong("ssh_jump", wrong[0], wrong[2].fill(key=jump.name), value=jump.name)
    if row is None or not (loses := _lost(draft)):
        return
    mine = (column(Device, "ssh_jump_id") == row.id) & Device.in_use()
    behind = draft.session.scalars(select(column(Device, "name")).where(mine).limit(1)).first()
    if behind is not None:
        draft.wrong(loses, "still_jump", _STILL_JUMP.fill(key=behind))


def _lost(draft: Draft) -> str | None:
    """Return the field by which a device that others are reached through would be no such host any more."""
    if draft.changed("ssh_jump") and draft.refers.get("ssh_jump") is not None:
        return "ssh_jump"
    return "address" if draft.changed("address") and draft.values.get("address") is None else None


def overrides_fit(draft: Draft) -> None:
    """Note every problem of the overrides: their values, their size, a deadline beyond the next poll."""
    if not draft.changed("probes"):
        return
    for probe, values in (draft.values.get("probes") or {}).items():
        path = f"probes.{probe}"
        try:
            override = ProbeOverride.model_validate(values)
        except ValidationError as error:
            draft.problems += [replace(one, field=f"{path}.{one.field}") for one in problems_in(error)]
            continue
        if len(json.dumps(values)) > LONGEST_OVERRIDE:
            text = Text(vi="Dài nhất {most} ký tự.", en="At most {most} characters are allowed.")
            draft.wrong(path, "too_long", text.fill(most=LONGEST_OVERRIDE))
        if override.interval_s and override.timeout_s and override.timeout_s > override.interval_s:
            text = Text(vi="Thời hạn phải ngắn hơn chu kỳ.", en="The deadline has to be shorter than the interval.")
            draft.wrong(f"{path}.timeout_s", "order", text, value=override.timeout_s)


_JUMPS: Final[Sequence[tuple[str, Callable[[Device, Booked | None], bool], Text]]] = (
    (
        "itself",
        lambda jump, row: row is not None and jump.id == row.id,
        Text(vi="Thiết bị không thể đi qua chính nó.", en="A device is not reached through itself."),
    ),
    (
        "chain",
        lambda jump, _row: jump.ssh_jump_id is not None,
        Text(
            vi="“{key}” lại phải đi qua một máy khác; chỉ đi qua được một máy trung gian.",
            en="“{key}” is itself reached through another; only one host may stand on the way.",
        ),
    ),
    (
        "no_address",
        lambda jump, _row: jump.address is None,
        Text(vi="“{key}” chưa có địa chỉ IP trong sổ.", en="“{key}” has no IP address in the books."),
    ),
    (
        "no_host_key",
        lambda jump, _row: jump.ssh_host_key is None,
        Text(
            vi="“{key}” chưa có khóa máy SSH trong sổ; ghi khóa đó trước, vì máy này sẽ nhận mật khẩu.",
            en="“{key}” has no SSH host key in the books; enter it first, for this host will be told the password.",
        ),
    ),
)
"""What keeps a device from being a jump host: code, whether it is so, in words."""

_STILL_JUMP: Final = Text(
    vi="Thiết bị “{key}” đang được đăng nhập qua máy này; sửa thiết bị đó trước.",
    en="“{key}” is reached through this device; change that one first.",
)

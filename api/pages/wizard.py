"""Adding a device in two steps: its address tells what it is, then one says where it stands."""

import re
from dataclasses import dataclass
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from pydantic import SecretStr, ValidationError
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.http.auth import actor
from api.pages.edits import choices_of
from api.polling.checking import Asked, Outcome, check_now, opened_by_name
from api.views.choices import KINDS_OF_SITE
from api.views.forms import Field, Form, posted
from api.views.noun_forms import DEVICES
from api.views.rendering import render
from collector.target import SnmpV2c, Target
from inventory.access.rights import Act, Actor, check
from inventory.errors import Conflict, FieldProblem, Invalid, QuangError
from inventory.keys import Keys
from inventory.nouns import NOUNS
from inventory.places.sites import SiteKind
from inventory.register import create
from inventory.spelling import fold
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)

ASK_FIELDS: Final = (
    Field(
        "address",
        Text(vi="Địa chỉ IP của thiết bị", en="IP address of the device"),
        required=True,
        plain=True,
        longest=64,
        hint=Text(vi="Viết bằng số, ví dụ 10.20.0.1.", en="In figures, like 10.20.0.1."),
    ),
    Field(
        "community",
        Text(vi="Chuỗi community SNMP", en="SNMP community"),
        "password",
        plain=True,
        longest=200,
        hint=Text(
            vi="Như mật khẩu đọc thông tin của thiết bị. Không biết thì để trống: chỉ ping cũng đã có ích.",
            en="Like a password for reading from the device. Leave it empty if you do not know it: ping alone helps.",
        ),
    ),
    Field("credential", Text(vi="Hoặc dùng thông tin SNMP đã có", en="Or an SNMP credential from the books"), "select"),
    Field(
        "port",
        Text(vi="Cổng SNMP", en="SNMP port"),
        "integer",
        longest=5,
        hint=Text(vi="Thường là 161.", en="Usually 161."),
    ),
)

SAVE_FIELDS: Final = (
    Field("site", Text(vi="Thiết bị đặt ở đơn vị", en="The device stands at"), "select"),
    Field(
        "new_site",
        Text(vi="Tên đơn vị mới", en="Name of the new site"),
        hint=Text(vi="Ví dụ: Xã Tân Lập.", en="Like: Xã Tân Lập."),
    ),
    Field(
        "kind",
        Text(vi="Loại đơn vị mới", en="Kind of the new site"),
        "select",
        options=[(kind.value, text) for kind, text in KINDS_OF_SITE.items()],
    ),
    Field("title", Text(vi="Tên gọi của thiết bị", en="Title of the device")),
    Field(
        "name",
        Text(vi="Tên ngắn", en="Short name"),
        required=True,
        plain=True,
        longest=64,
        hint=next(one.hint for one in DEVICES.fields if one.name == "name"),
    ),
    Field(
        "category",
        Text(vi="Loại thiết bị", en="Kind of device"),
        "select",
        required=True,
        options=next(one.options for one in DEVICES.fields if one.name == "category"),
    ),
    *(one for one in DEVICES.fields if one.name in {"platform", "ssh_credential", "is_root"}),
)

_PROBE_S: Final = 8.0
_LONGEST_SEALED: Final = 2_000
_KNOWN: Final = (
    ("routeros", "routeros"), ("cisco nx-os", "nxos"), ("cisco ios", "ios"), ("junos", "junos"), ("comware", "comware"),
    ("huawei", "vrp"), ("frr", "frr"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identified:
    """What was found at an address.

    Attributes:
        outcomes: Ping, then SNMP if it was asked.
        said: sysName, sysDescr, serial and so on, by kind.
        pings: Whether it answers at all.
        speaks: Whether it answered SNMP; `None` if it was not asked.
    """

    outcomes: list[Outcome]
    said: dict[str, str]
    pings: bool
    speaks: bool | None


@ROUTER.get("/wizard")
async def begin(request: Request, address: str = "", site: str = "") -> Response:
    """Ask for the address."""
    check(actor(request), Act.WRITE, "devices")
    form = Form(ASK_FIELDS, {"address": address[:64], "port": "161"})
    return await _ask_page(request, form, site[:64])


@ROUTER.post("/wizard")
async def identify(request: Request) -> Response:
    """Ask the device who it is, and show what it said beside the second step."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "devices")
    data = await posted(request)
    site, form = data.get("site", "")[:64], Form(ASK_FIELDS)
    form.take(data)
    try:
        asked = await run_sync(_asked, house, person, form)
    except Invalid as error:
        form.refuse(error.problems)
        return await _ask_page(request, form, site, status=422)
    found = _identified(await check_now(house, asked))
    if not found.pings and not found.speaks:
        return await _ask_page(request, form, site, found=found)
    if found.speaks is False and "anyway" not in data:
        return await _ask_page(request, form, site, found=found)
    proposal = _proposal(found, form.values["address"], site)
    hidden = {"address": form.values["address"], "port": form.values["port"]}
    if found.speaks:
        community = form.values["community"]
        hidden["credential"] = "" if community else form.values["credential"]
        # What was typed goes through the browser sealed, so that no page holds a community in clear.
        hidden["sealed"] = house.books.keys.seal(community) if community else ""
    return await _save_page(request, Form(SAVE_FIELDS, proposal), hidden, found)


@ROUTER.post("/wizard/save")
async def save(request: Request) -> Response:
    """Write site, credential and device, each only if it is not there yet, and open the device's page."""
    house, person = house_of(request), actor(request)
    check(person, Act.WRITE, "devices")
    data = await posted(request)
    form = Form(SAVE_FIELDS)
    form.take(data)
    hidden = {name: data.get(name, "")[:_LONGEST_SEALED] for name in ("address", "port", "credential", "sealed")}
    try:
        await run_sync(_write, house, person, form, hidden)
    except Invalid as error:
        form.refuse(error.problems)
    except (Conflict, QuangError) as error:
        form.error = error
    else:
        return RedirectResponse(f"/devices/{form.values['name']}?done=device", 303)
    return await _save_page(request, form, hidden, None, status=422)


def _asked(house: House, person: Actor, form: Form) -> Asked:
    values = form.typed()
    settings = {"port": values["port"]} if values["port"] is not None else {}
    community, credential = values["community"], values["credential"]
    problems = []
    if community and credential:
        problems.append(FieldProblem("credential", "two", _EITHER))
    port = 161 if values["port"] is None else values["port"]
    if not isinstance(port, int) or not 1 <= port <= 65_535:
        problems.append(FieldProblem("port", "out_of_range", _PORT))
    try:
        ping = Target(
            instance="new", site="new", probe="icmp", address=values["address"], interval_s=60, timeout_s=_PROBE_S
        )
    except ValidationError:
        raise Invalid([FieldProblem("address", "ip_address", _ADDRESS), *problems]) from None
    if problems:
        raise Invalid(problems)
    if not community and not credential:
        return Asked([ping], {})
    snmp = ping.model_copy(update={"probe": "snmp_system", "credential": "asked", "settings": settings})
    if community:
        return Asked([ping, snmp], {"asked": SnmpV2c(community=SecretStr(community))})
    return Asked([ping, snmp], {"asked": opened_by_name(house.books, person, credential)})


def _identified(outcomes: list[Outcome]) -> Identified:
    said: dict[str, str] = {}
    for outcome in outcomes:
        for sample in outcome.result.samples:
            if sample.metric.name == "quang_device_info":
                said |= dict(zip(sample.metric.labels, sample.labels, strict=True))
        said |= {seen.kind: seen.value for seen in outcome.result.observations if seen.subject in {"chassis", "system"}}
    snmp = [one.success for one in outcomes if one.result.target.probe == "snmp_system"]
    return Identified(outcomes, said, outcomes[0].success, snmp[0] if snmp else None)


def _proposal(found: Identified, address: str, site: str) -> dict[str, str]:
    name = slug_of(found.said.get("sysName", "") or f"device-{address.replace('.', '-').replace(':', '-')}")
    title = found.said.get("model", "") or found.said.get("sysName", "")
    platform = platform_of(found.said.get("sysDescr", ""))
    return {"name": name, "title": title, "category": "router", "site": site, "kind": SiteKind.COMMUNE.value,
            "platform": platform}  # fmt: skip


def slug_of(words: str) -> str:
    """Return a short name made of words: without diacritics, blanks as dashes, at most 64 characters."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", fold(words))
    return re.sub(r"^[^a-z0-9]+|[^a-z0-9]+$", "", plain[:64])


def platform_of(description: str) -> str:
    """Return how to talk to a device by what it says of itself; empty if that is not known."""
    return next((platform for word, platform in _KNOWN if word in description.casefold()), "")


def _write(house: House, person: Actor, form: Form, hidden: dict[str, str]) -> None:
    values = form.typed()
    site = values["site"] or _site(house, person, form)
    # Whatever was written stays, and is not written again when another field has to be corrected.
    form.values |= {"site": site, "new_site": ""}
    if hidden["sealed"]:
        hidden["credential"] = _credential(house.books.keys, house, person, form.values["name"], hidden["sealed"])
        hidden["sealed"] = ""
    port = int(hidden["port"]) if hidden["port"].isascii() and hidden["port"].isdigit() else 161
    device: dict[str, Any] = {
        "name": values["name"],
        "title": values["title"],
        "site": site,
        "category": values["category"],
        "address": hidden["address"] or None,
        "is_root": values["is_root"],
        "platform": values["platform"],
        "ssh_credential": values["ssh_credential"],
        "snmp_credential": hidden["credential"] or None,
        "ports": {"snmp": port} if port != 161 else {},
    }
    create(house.books, person, NOUNS["devices"], device)


def _site(house: House, person: Actor, form: Form) -> str:
    name = form.values["new_site"]
    if not name:
        raise Invalid([FieldProblem("site", "required", _WHERE)])
    kind = form.values["kind"] or SiteKind.COMMUNE.value
    try:
        made = create(house.books, person, NOUNS["sites"], {"slug": slug_of(name), "name": name, "kind": kind})
    except Invalid as error:
        raise Invalid([FieldProblem("new_site", one.code, one.message, one.value) for one in error.problems]) from None
    return str(made.key)


def _credential(keys: Keys, house: House, person: Actor, device: str, sealed: str) -> str:
    name = slug_of(f"snmp-{device}")
    values = {"name": name, "kind": "snmp_v2c", "community": keys.open(sealed)}
    try:
        create(house.books, person, NOUNS["credentials"], values)
    except Invalid as error:
        # The credential is named after the device: a name that is taken or wrong is the device's trouble.
        raise Invalid([FieldProblem("name", one.code, one.message, one.value) for one in error.problems]) from None
    return name


async def _ask_page(
    request: Request, form: Form, site: str, *, found: Identified | None = None, status: int = 200
) -> Response:
    choices = await run_sync(choices_of, house_of(request), actor(request), DEVICES)
    form.choices = {"credential": choices["snmp_credential"]}
    return render(request, "wizard/ask.html", status=status, form=form, found=found, site=site)


async def _save_page(
    request: Request, form: Form, hidden: dict[str, str], found: Identified | None, status: int = 200
) -> Response:
    choices = await run_sync(choices_of, house_of(request), actor(request), DEVICES)
    form.choices = {name: choices[name] for name in ("site", "ssh_credential")}
    return render(
        request,
        "wizard/save.html",
        status=status,
        form=form,
        hidden=hidden,
        found=found,
        any_site=bool(choices["site"]),
    )


_ADDRESS: Final = Text(
    vi="Cần địa chỉ IP viết bằng số, ví dụ 10.20.0.1, không dùng tên máy.",
    en="An IP address in figures is needed, like 10.20.0.1; not a name.",
)
_PORT: Final = Text(vi="Cổng là số từ 1 đến 65535.", en="A port is a number from 1 to 65535.")
_EITHER: Final = Text(
    vi="Nhập chuỗi community hoặc chọn thông tin có sẵn, không dùng cả hai.",
    en="Type a community or choose a credential, not both.",
)
_WHERE: Final = Text(vi="Chọn một đơn vị, hoặc ghi tên đơn vị mới.", en="Choose a site, or name a new one.")

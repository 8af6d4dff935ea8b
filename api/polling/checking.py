"""Checking now: one poll on demand by the collector that stands where the devices are, told in words."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anyio.to_thread import run_sync
from pydantic import TypeAdapter
from sqlalchemy import select

from api.house import House
from api.polling.credentials import opened
from api.polling.probes import Found, Place, add_device, add_service, ends_of
from api.views.i18n import Formats
from collector import probe
from collector.doors import OpenDoors
from collector.metrics import (
    AGENT_UPTIME,
    DNS_ANSWERS,
    HTTP_STATUS,
    ICMP_DURATION,
    ICMP_LOSS,
    IF_OPER_STATUS,
    NTP_OFFSET,
    OPTICAL_RX,
    OPTICAL_TX,
    SIP_STATUS,
    SSL_EXPIRY,
    SYS_INFO,
)
from collector.probes import PROBES
from collector.reasons import REASONS
from collector.target import Credential as Opened
from collector.target import Target
from inventory.access.rights import Act, Actor, check, visible
from inventory.books import Books
from inventory.columns import column, now
from inventory.db import reading
from inventory.errors import Conflict, NotFound
from inventory.network.credentials import Credential
from inventory.network.devices import Device
from inventory.network.leases import holders
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.sites import Site
from inventory.text import Text, same

MOST_TARGETS: Final = 12
"""Probes of one check: both ends of a link with all that they have."""

_LOGS_IN: Final = frozenset({"ssh_facts", "ssh_config"})
"""Probes that leave a refused login alone for a day, unless they are told to try again."""

SELDOM_S: Final = 3_600.0
"""What is asked so seldom (a configuration, a whole subnet) takes long: it is not part of a check."""

WAIT_S: Final = 20.0
"""Seconds that somebody waits for one probe at most: a request has to be answered in time."""

_OPENED: Final[TypeAdapter[Opened]] = TypeAdapter(Opened)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be polled, with the credentials in clear; it lives as long as the check."""

    targets: Sequence[Target]
    credentials: Mapping[str, Opened]
    problems: Sequence[Text] = ()

    def __repr__(self) -> str:
        return f"Asked({[target.key for target in self.targets]})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one probe.

    Attributes:
        instance: What was asked.
        title: The probe's name.
        success: Whether it answered.
        text: What it answered, or why not.
        first_step: What to check first; `None` after a success.
        seconds: How long it took.
        result: The whole result.
    """

    instance: str
    title: Text
    success: bool
    text: Text
    first_step: Text | None
    seconds: float
    result: probe.Result


async def check_now(house: House, asked: Asked) -> list[Outcome]:
    """Poll every target once, all at the same time, each within its own deadline.

    The collector that polls a target's site is sent; for a place that is in no books yet any that is there. Only where
    no collector listens does this machine ask itself.
    """
    targets = [_quick(target) for target in asked.targets[:MOST_TARGETS]]
    held = await run_sync(_holders, house.books, {target.site for target in targets})
    there = house.errands.listening()
    by_collector: dict[str | None, list[Target]] = {}
    for target in targets:
        holder = held.get(target.site)
        by_collector.setdefault(holder if holder in there else next(iter(there), None), []).append(target)
    parts = await asyncio.gather(*(_ask(house, name, part, asked) for name, part in by_collector.items()))
    results = {result.target.key: result for part in parts for result in part}
    return [outcome(results[target.key]) for target in targets]


def _quick(target: Target) -> Target:
    changed: dict[str, Any] = {"timeout_s": min(target.timeout_s, WAIT_S)}
    if target.probe in _LOGS_IN:
        # Somebody asks, perhaps because the login has just been corrected on the device.
        changed["settings"] = {**target.settings, "again": True}
    return target.model_copy(update=changed)


async def _ask(house: House, collector: str | None, targets: list[Target], asked: Asked) -> list[probe.Result]:
    if collector is None:
        return await _ask_from_here(targets, asked)
    began, at = time.monotonic(), now()
    # A collector learns the credentials of what it is to ask, and no other.
    needed = {name: one for name, one in asked.credentials.items() if name in {target.credential for target in targets}}
    found = await house.errands.run(collector, targets, needed)
    told = {result.target.key: result for result in found or ()}
    took_s = time.monotonic() - began
    return [
        told.get(target.key)
        or probe.Result(target, at, took_s, success=False, reason="collector_silent", detail=collector)
        for target in targets
    ]


async def _ask_from_here(targets: list[Target], asked: Asked) -> list[probe.Result]:
    async with OpenDoors() as doors:
        return await asyncio.gather(
            *(
                probe.run(PROBES[target.probe], target, asked.credentials.get(target.credential or ""), doors)
                for target in targets
            )
        )


def _holders(books: Books, sites: set[str]) -> dict[str, str]:
    with reading(books.engine) as session:
        return holders(session, sites, now())


def outcome(result: probe.Result) -> Outcome:
    """Return a result in words."""
    kind = PROBES[result.target.probe]
    if result.success:
        return Outcome(result.target.instance, kind.title, True, _told(result), None, result.duration_s, result)
    reason = REASONS.get(result.reason or "", REASONS["internal"])
    text = reason.text.fill(detail=result.detail)
    return Outcome(result.target.instance, kind.title, False, text, reason.first_step, result.duration_s, result)


def device_targets(books: Books, actor: Actor, names: Sequence[str], *, only: frozenset[str] = frozenset()) -> Asked:
    """Return what to ask of devices that the reader may see.

    Args:
        books: The books.
        actor: The reader.
        names: Of devices.
        only: Kinds of probes; empty for all but the copy of the configuration, which is nobody's check.

    Raises:
        NotFound: There is no such device, or the reader may not know of it.
    """
    found = Found()
    with reading(books.engine) as session:
        for name in names:
            device = session.scalars(_one(Device, name, actor)).one_or_none()
            if device is None:
                raise NotFound(Device.NOUN, name)
            site = session.get(Site, device.site_id)
            credential = session.get(Credential, device.snmp_credential_id or 0)
            login = session.get(Credential, device.ssh_credential_id or 0)
            at = (column(Link, "a_device_id") == device.id) | (column(Link, "b_device_id") == device.id)
            ends = ends_of(session.scalars(_select(Link).where(at, column(Link, "retired_at").is_(None))))
            named = credential.name if credential else None
            by_ssh = login.name if login else None
            jump = session.get(Device, device.ssh_jump_id or 0)
            place = Place(device, site.slug if site else "", ends.get(device.id or 0, ()), named, by_ssh, jump)
            add_device(found, place)
        rows = list(session.scalars(_select(Credential).where(column(Credential, "name").in_(_names(found)))))
        session.expunge_all()
    found.targets = [one for one in found.targets if (one.probe in only if only else one.interval_s < SELDOM_S)]
    return _asked(books, found, rows)


def service_targets(books: Books, actor: Actor, name: str) -> Asked:
    """Return what to ask of a service. Raises as `device_targets`."""
    found = Found()
    with reading(books.engine) as session:
        service = session.scalars(_one(Service, name, actor)).one_or_none()
        if service is None:
            raise NotFound(Service.NOUN, name)
        site = session.get(Site, service.site_id)
        credential = session.get(Credential, service.credential_id or 0)
        add_service(found, service, site.slug if site else "", credential.name if credential else None)
        rows = [credential] if credential else []
        session.expunge_all()
    return _asked(books, found, rows)


def ends_to_ask(books: Books, actor: Actor, name: str) -> list[str]:
    """Return the names of the devices at a link's ends. Raises as `device_targets`."""
    with reading(books.engine) as session:
        link = session.scalars(_one(Link, name, actor)).one_or_none()
        if link is None:
            raise NotFound(Link.NOUN, name)
        ends = column(Device, "id").in_((link.a_device_id, link.b_device_id))
        return [device.name for device in session.scalars(_select(Device).where(ends, visible(actor, Device)))]


def opened_by_name(books: Books, actor: Actor, name: str) -> Opened:
    """Return a credential in clear, for one check.

    Raises:
        Forbidden: The actor may not use credentials.
        NotFound: There is none of that name.
        Conflict: It cannot be used as it stands in the books.
    """
    check(actor, Act.READ, "credentials")
    with reading(books.engine) as session:
        row = session.scalars(_one(Credential, name, actor)).one_or_none()
        session.expunge_all()
    if row is None:
        raise NotFound(Credential.NOUN, name)
    clear, bad = opened(books.keys, [row])
    if name in bad:
        raise Conflict(bad[name], _MEND)
    return _OPENED.validate_python(clear[name])


def _asked(books: Books, found: Found, rows: Sequence[Credential]) -> Asked:
    clear, bad = opened(books.keys, rows)
    usable = {name: _OPENED.validate_python(parts) for name, parts in clear.items()}
    return Asked(found.targets, usable, [*(one.text for one in found.problems), *bad.values()])


def _names(found: Found) -> set[str]:
    return {target.credential for target in found.targets if target.credential}


def _select(table: Any) -> Any:  # noqa: ANN401 - a table class, and the query of its rows
    return select(table)


def _one(table: Any, name: str, actor: Actor) -> Any:  # noqa: ANN401 - as above
    return _select(table).where(
        column(table, "name") == name, column(table, "retired_at").is_(None), visible(actor, table)
    )


def _told(result: probe.Result) -> Text:
    parts = [text for sample in result.samples if (text := _sample(sample)) is not None]
    return Text(vi="; ".join(part.vi for part in parts), en="; ".join(part.en for part in parts)) if parts else _ANSWERS


def _sample(sample: probe.Sample) -> Text | None:
    said = _SAID.get(sample.metric.name)
    if said is None:
        return None
    return said(sample.value, dict(zip(sample.metric.labels, sample.labels, strict=False)))


def _days_to(unix_s: float) -> int:
    return int((unix_s - time.time()) // 86_400)


def _both(write: Callable[[Formats], str]) -> Text:
    return Text(vi=write(Formats("vi")), en=write(Formats("en")))


_MEND: Final = Text(vi="Sửa thông tin đăng nhập thiết bị trong sổ.", en="Correct the credential in the books.")
_ANSWERS: Final = Text(vi="Có trả lời.", en="It answers.")
_LOST: Final = Text(vi="mất {share} gói", en="{share} of the packets lost")
_TOOK: Final = Text(vi="trễ {ms} ms", en="{ms} ms delay")
_RUNS: Final = Text(vi="đã chạy {time}", en="running for {time}")
_PORT_UP: Final = Text(vi="cổng {port} thông", en="port {port} is up")
_PORT_DOWN: Final = Text(vi="cổng {port} không có tín hiệu", en="port {port} has no signal")
_RECEIVES: Final = Text(vi="{port} thu {power}", en="{port} receives {power}")
_SENDS: Final = Text(vi="{port} phát {power}", en="{port} sends {power}")
_CLOCKS: Final = Text(vi="đồng hồ lệch {seconds} giây", en="clocks differ by {seconds} s")
_RECORDS: Final = Text(vi="{count} bản ghi", en="{count} records")
_CERTIFICATE: Final = Text(vi="chứng thư còn hạn {days} ngày", en="certificate ends in {days} days")
_SAID: Final[Mapping[str, Callable[[float, Mapping[str, str]], Text | None]]] = {
    ICMP_LOSS.name: lambda value, _: _LOST.fill(share=_both(lambda fmt: fmt.percent(value, 0))),
    ICMP_DURATION.name: lambda value, _: _TOOK.fill(ms=_both(lambda fmt: fmt.number(value * 1000, 1))),
    AGENT_UPTIME.name: lambda value, _: _RUNS.fill(time=_both(lambda fmt: fmt.duration(value))),
    SYS_INFO.name: lambda _, labels: same(labels["sysName"]) if labels["sysName"] else None,
    IF_OPER_STATUS.name: lambda value, labels: (_PORT_UP if value == 1 else _PORT_DOWN).fill(port=labels["ifName"]),
    OPTICAL_RX.name: lambda value, labels: _RECEIVES.fill(
        port=labels["ifName"], power=_both(lambda fmt: fmt.dbm(value))
    ),
    OPTICAL_TX.name: lambda value, labels: _SENDS.fill(port=labels["ifName"], power=_both(lambda fmt: fmt.dbm(value))),
    HTTP_STATUS.name: lambda value, _: same(f"HTTP {value:.0f}"),
    SIP_STATUS.name: lambda value, _: same(f"SIP {value:.0f}"),
    NTP_OFFSET.name: lambda value, _: _CLOCKS.fill(seconds=_both(lambda fmt: fmt.number(abs(value), 3))),
    DNS_ANSWERS.name: lambda value, _: _RECORDS.fill(count=_both(lambda fmt: fmt.number(value, 0))),
    SSL_EXPIRY.name: lambda value, _: _CERTIFICATE.fill(days=_both(lambda fmt: fmt.number(_days_to(value), 0))),
}
"""What is said of which series; the rest stays unsaid."""

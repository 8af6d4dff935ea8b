"""Values of the charts, for the script that draws them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from alerts.promql import either
from alerts.rules.reach import DEVICE_DOWN, LINK_DOWN
from alerts.rules.services import SERVICE_PROBES
from api.house import House, house_of
from api.http.auth import actor
from api.views.charting import RANGES, Chart, Line, Mark, Range, drawn
from api.views.device_ports import possible_rate
from api.views.i18n import Formats, language_of
from api.views.overview import Overview, overview
from api.views.rendering import formats_of
from api.watch.prometheus import WrongQuery
from collector.metrics import (
    HTTP_DURATION,
    ICMP_DURATION,
    ICMP_JITTER,
    ICMP_LOSS,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    NTP_DELAY,
    OPTICAL_RX,
    OPTICAL_THRESHOLD,
    PROBE_DURATION,
    PROBE_SUCCESS,
    SERVICE_PHASE,
)
from inventory.access.rights import Act, check
from inventory.errors import NotFound, Unavailable
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.text import Text

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/charts/links/{name}.json")
async def of_link(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - the address says `range`
    """Give the charts of a link: state, traffic, optical power, loss and delay."""
    check(actor(request), Act.READ, "links")
    seen = await overview(house_of(request), actor(request))
    found = next((one for one in seen.links.values() if one.name == name), None)
    if found is None:
        raise NotFound(Link.NOUN, name)
    span = RANGES.get(range, RANGES["6h"])
    return await _answer(request, link_charts(found, seen, span), span)


@ROUTER.get("/charts/devices/{name}.json")
async def of_device(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - as above
    """Give the charts of a device: whether it answers, loss and delay."""
    check(actor(request), Act.READ, "devices")
    seen = await overview(house_of(request), actor(request))
    if not any(one.name == name for one in seen.devices.values()):
        raise NotFound(Device.NOUN, name)
    span = RANGES.get(range, RANGES["6h"])
    state = Chart("state", "state", [Line(_ANSWERS, _held(DEVICE_DOWN(span.step, instance=name)))], _NO_PING)
    return await _answer(request, [state, *_ping(name, span)], span)


@ROUTER.get("/charts/services/{name}.json")
async def of_service(request: Request, name: str, range: str = "6h") -> Response:  # noqa: A002 - as above
    """Give the charts of a service: whether it works, and how long an answer takes."""
    check(actor(request), Act.READ, "services")
    seen = await overview(house_of(request), actor(request))
    if not any(one.name == name for one in seen.services.values()):
        raise NotFound(Service.NOUN, name)
    span = RANGES.get(range, RANGES["6h"])
    probes = "=~" + "|".join(SERVICE_PROBES)
    works = f"1 - max by (instance) (min_over_time({PROBE_SUCCESS(span.step, instance=name, probe=probes)}))"
    took = either(
        f"sum by (instance) (avg_over_time({HTTP_DURATION(span.step, instance=name)}))",
        f"sum by (instance) (avg_over_time({SERVICE_PHASE(span.step, instance=name)}))",
        f"max by (instance) (avg_over_time({NTP_DELAY(span.step, instance=name)}))",
        f"max by (instance) (avg_over_time({PROBE_DURATION(span.step, instance=name, probe='tcp')}))",
    )
    charts = [
        Chart("state", "state", [Line(_WORKS, works)], _NO_SERVICE),
        Chart("delay", "seconds", [Line(_ANSWER_TIME, took)], _NO_SERVICE),
    ]
    return await _answer(request, charts, span)


def link_charts(found: Link, seen: Overview, span: Range) -> list[Chart]:
    """Return the charts of a link, with whatever its ends can tell."""
    a, b = seen.devices.get(found.a_device_id), seen.devices.get(found.b_device_id)
    charts = [Chart("state", "state", [Line(_LINE, _held(LINK_DOWN(span.step, link=found.name)))], _NO_STATE)]
    ends = [(a, found.a_interface, found.a_baseline_rx_dbm), (b, found.b_interface, found.b_baseline_rx_dbm)]
    asked = [(device.name, port, base) for device, port, base in ends if device is not None and port]
    charts.append(Chart("traffic", "bits", _traffic(asked, span), _NO_TRAFFIC, _bandwidth(found)))
    for (device, port, base), place in zip(asked, ("optics-a", "optics-b"), strict=False):
        charts.append(_optics(place, device, port, base, span))
    if b is not None:
        charts += _ping(b.name, span)
    return charts


def _held(selector: str) -> str:
    # The worst moment of each step: a cut of a few seconds still shows in a chart of a month.
    return f"max(max_over_time({selector}))"


def _traffic(ends: Sequence[tuple[str, str, float | None]], span: Range) -> list[Line]:
    """Return traffic both ways, as the first end that can be asked counts it."""
    lines = []
    for device, port, _ in ends[:1]:
        for text, metric in ((_TO_UNIT, IF_HC_OUT_OCTETS), (_FROM_UNIT, IF_HC_IN_OCTETS)):
            lines.append(Line(text, f"max({possible_rate(metric, span.window, instance=device, ifName=port)})"))
    return lines


def _bandwidth(found: Link) -> list[Mark]:
    return [Mark(_CONTRACT, "baseline", float(found.bandwidth_bps))] if found.bandwidth_bps else []


def _optics(place: str, device: str, port: str, baseline: float | None, span: Range) -> Chart:
    def limit(level: str) -> str:
        return f"max({OPTICAL_THRESHOLD(instance=device, ifName=port, direction='rx', level=level)})"

    marks = [Mark(_WARN_LOW, "limit", expr=limit("warn_low")), Mark(_ALARM_LOW, "alarm", expr=limit("alarm_low"))]
    if baseline is not None:
        marks.append(Mark(_BASELINE, "baseline", baseline))
    received = f"min(min_over_time({OPTICAL_RX(span.step, instance=device, ifName=port)}))"
    return Chart(place, "dbm", [Line(_RECEIVED.fill(device=device, port=port), received)], _NO_OPTICS, marks)


def _ping(device: str, span: Range) -> list[Chart]:
    return [
        Chart("loss", "ratio", [Line(_LOSS, f"max(avg_over_time({ICMP_LOSS(span.step, instance=device)}))")], _NO_PING),
        Chart(
            "delay",
            "seconds",
            [
                Line(_DELAY, f"max(avg_over_time({ICMP_DURATION(span.step, instance=device, phase='rtt')}))"),
                Line(_JITTER, f"max(avg_over_time({ICMP_JITTER(span.step, instance=device)}))"),
            ],
            _NO_PING,
        ),
    ]


async def _answer(request: Request, charts: Sequence[Chart], span: Range) -> Response:
    house, formats = house_of(request), formats_of(request)
    try:
        body: dict[str, Any] = {"charts": await run_sync(_draw, house, charts, span, formats), "problem": None}
    except (Unavailable, WrongQuery) as error:
        language = language_of(request)
        body = {"charts": [], "problem": f"{error.reason.to(language)} {error.first_step.to(language)}"}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _draw(house: House, charts: Sequence[Chart], span: Range, formats: Formats) -> list[dict[str, Any]]:
    end = datetime.now(UTC)
    return [drawn(house.prometheus, chart, span, end, formats) for chart in charts]


_LINE: Final = Text(vi="Đường truyền", en="Line")
_ANSWERS: Final = Text(vi="Thiết bị", en="Device")
_WORKS: Final = Text(vi="Dịch vụ", en="Service")
_ANSWER_TIME: Final = Text(vi="Thời gian trả lời", en="Time to answer")
_TO_UNIT: Final = Text(vi="Về đơn vị", en="To the site")
_FROM_UNIT: Final = Text(vi="Từ đơn vị", en="From the site")
_CONTRACT: Final = Text(vi="Theo hợp đồng", en="Contract")
_RECEIVED: Final = Text(vi="Thu tại {device}, cổng {port}", en="Received at {device}, port {port}")
_WARN_LOW: Final = Text(vi="Ngưỡng cảnh báo", en="Warning limit")
_ALARM_LOW: Final = Text(vi="Ngưỡng báo động", en="Alarm limit")
_BASELINE: Final = Text(vi="Mức nghiệm thu", en="Accepted level")
_LOSS: Final = Text(vi="Mất gói", en="Loss")
_DELAY: Final = Text(vi="Độ trễ", en="Delay")
_JITTER: Final = Text(vi="Biến động trễ", en="Jitter")
_NO_STATE: Final = Text(
    vi="Không đầu nào của đường truyền hỏi được trạng thái trong khoảng này.",
    en="Neither end of the link told its state in this time.",
)
_NO_TRAFFIC: Final = Text(
    vi="Chưa có số đo lưu lượng: cần SNMP ở ít nhất một đầu và tên cổng trong sổ.",
    en="No traffic was measured: at least one end has to answer SNMP, and the books have to name its port.",
)
_NO_OPTICS: Final = Text(
    vi="Đầu này không báo công suất quang: mô-đun không hỗ trợ đo, hoặc chưa có số đo.",
    en="This end reports no optical power: its module cannot measure it, or nothing has arrived yet.",
)
_NO_PING: Final = Text(vi="Chưa có số đo ping trong khoảng này.", en="No ping was measured in this time.")
_NO_SERVICE: Final = Text(vi="Dịch vụ chưa được đo trong khoảng này.", en="The service was not measured in this time.")

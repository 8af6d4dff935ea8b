"""What is wrong, told so that anybody can act: what to do first, whom to call, and what to read out on the phone."""

from dataclasses import dataclass

from alerts.rule import Rule
from alerts.rules import RULES
from api.i18n import Formats
from api.overview import Overview
from api.states import State
from inventory.columns import Booked
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.text import Text, same
from inventory.watch.incidents import Incident, IncidentState


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call.

    Attributes:
        who: Name and title, or the carrier's name.
        number: Telephone number; empty if the books have none.
        why: What to ask or to say.
        circuit: Channel number to read out; empty if there is none.
        hours: When somebody answers; empty if unknown.
        edit: Where the number can be entered if it is missing.
    """

    who: Text
    number: str
    why: Text
    circuit: str = ""
    hours: str = ""
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One incident as people read it.

    Attributes:
        incident: The row.
        rule: Its rule; `None` if this version has no such rule any more.
        title: A few words.
        name: Of what is wrong.
        state: For its mark.
        site: Where.
        href: Page of what is wrong; empty if it has none.
        steps: What to do, in order.
        calls: Whom to call, in order.
        report: The fault report to read out or to send; `None` where no carrier is concerned.
    """

    incident: Incident
    rule: Rule | None
    title: Text
    name: str
    state: State
    site: Site | None
    href: str
    steps: tuple[Text, ...]
    calls: tuple[Call, ...]
    report: Text | None

    @property
    def summary(self) -> Text:
        """Return what happened, in one sentence."""
        incident = self.incident
        return Text(vi=incident.summary_vi or self.title.vi, en=incident.summary_en or self.title.en)


PAGES = {"link": "/links/", "device": "/devices/", "site": "/sites/", "service": "/services/"}


def fault(incident: Incident, seen: Overview) -> Fault:
    """Return an incident with everything that helps to act on it."""
    rule = RULES.get(incident.rule)
    kind, _, key = incident.element.partition(":")
    row = seen.named(incident.element)
    site = seen.sites.get(incident.site_id or 0) or _site_of(row, seen)
    line = _line_of(row, site, seen)
    return Fault(
        incident=incident,
        rule=rule,
        title=rule.title if rule else same(incident.rule),
        name=name_of(row) or key,
        state=_state(incident),
        site=site,
        href=PAGES[kind] + key if kind in PAGES and row is not None else "",
        steps=rule.first_steps if rule else (),
        calls=_calls(row, site, line, seen),
        report=_report(incident, line, seen) if line is not None and kind in {"link", "site"} else None,
    )


def name_of(row: Booked | None) -> str:
    """Return what people call something; empty for nothing."""
    if row is None:
        return ""
    return str(getattr(row, "title", "") or getattr(row, "name", "") or row.key)


def contact_of(site: Site) -> Text:
    """Return name and title of a site's contact; the site's own name if the books have none."""
    words = ", ".join(part for part in (site.contact_name, site.contact_title) if part)
    return Text(vi=f"{words} – {site.name}", en=f"{words} – {site.name}") if words else same(site.name)


def _state(incident: Incident) -> State:
    if incident.state == IncidentState.RESOLVED:
        return State.OK
    if incident.state == IncidentState.UNKNOWN:
        return State.UNKNOWN
    return State.DOWN if incident.severity == "critical" else State.WARNING


def _site_of(row: Booked | None, seen: Overview) -> Site | None:
    if isinstance(row, Site):
        return row
    if isinstance(row, Device | Service):
        return seen.sites.get(row.site_id)
    if isinstance(row, Link):
        near, far = seen.ends_of(row)
        return far or near
    return None


def _line_of(row: Booked | None, site: Site | None, seen: Overview) -> Link | None:
    """Return the line that a carrier has to repair: the link itself, or the one whose far end the site is."""
    if isinstance(row, Link):
        return row
    if not isinstance(row, Site) or site is None:
        return None
    lines = seen.links_by_site.get(site.id or 0, [])
    return next((line for line in lines if seen.ends_of(line)[1] is site), lines[0] if lines else None)


def _calls(row: Booked | None, site: Site | None, line: Link | None, seen: Overview) -> tuple[Call, ...]:
    calls = []
    if site is not None and not isinstance(row, Service):
        calls.append(Call(contact_of(site), site.contact_phone, _ASK_POWER, edit=f"/sites/{site.slug}/edit"))
    if isinstance(row, Service) and row.owner:
        calls.append(Call(same(row.owner), "", _OWNER))
    provider = seen.providers.get(line.provider_id or 0) if line is not None else None
    if line is not None and provider is not None:
        calls.append(_carrier(provider, line))
    root = seen.root
    if line is None and root is not None and root is not site:
        calls.append(Call(contact_of(root), root.contact_phone, _IT, edit=f"/sites/{root.slug}/edit"))
    return tuple(calls)


def _carrier(provider: Provider, line: Link) -> Call:
    why = _READ_CIRCUIT.fill(circuit=line.circuit) if line.circuit else _NO_CIRCUIT
    edit = f"/providers/{provider.slug}/edit"
    return Call(same(provider.name), provider.hotline, why, line.circuit, provider.support_hours, edit)


def _report(incident: Incident, line: Link, seen: Overview) -> Text:
    provider = seen.providers.get(line.provider_id or 0)
    near, far = seen.ends_of(line)
    root = seen.root
    return Text(
        vi=_report_in(_VI, incident, line, provider, near, far, root, Formats("vi")),
        en=_report_in(_EN, incident, line, provider, near, far, root, Formats("en")),
    )


def _report_in(
    words: dict[str, str],
    incident: Incident,
    line: Link,
    provider: Provider | None,
    near: Site | None,
    far: Site | None,
    root: Site | None,
    formats: Formats,
) -> str:
    since = formats.moment(incident.opened_at)
    ends = " – ".join(site.name for site in (near, far) if site is not None)
    contact = ", ".join(part for part in (root.contact_name, root.contact_phone) if part) if root else ""
    lines = [
        words["to"].format(provider.name) if provider else words["report"],
        words["circuit"].format(line.circuit) if line.circuit else "",
        words["line"].format(ends or line.title or line.name),
        words["since"].format(since),
        words["from"].format(root.name) if root else "",
        words["contact"].format(contact) if contact else "",
    ]
    return "\n".join(one for one in lines if one)


_ASK_POWER = Text(vi="Hỏi: ở đó có điện không, đèn thiết bị có sáng không?", en="Ask: is there power, are the lamps lit?")
_READ_CIRCUIT = Text(vi="Gọi báo hỏng, đọc mã kênh {circuit}", en="Report the fault, read out circuit {circuit}")
_NO_CIRCUIT = Text(vi="Gọi báo hỏng; sổ chưa ghi mã kênh.", en="Report the fault; the books have no circuit id.")
_OWNER = Text(vi="Đơn vị quản lý dịch vụ.", en="The owner of the service.")
_IT = Text(vi="Cán bộ công nghệ thông tin.", en="The IT staff.")

_VI = {
    "to": "Kính gửi {}: báo hỏng đường truyền.",
    "report": "Báo hỏng đường truyền.",
    "circuit": "Mã kênh: {}",
    "line": "Tuyến: {}",
    "since": "Mất tín hiệu từ: {}",
    "from": "Đơn vị báo: {}",
    "contact": "Liên hệ: {}",
}
_EN = {
    "to": "To {}: a line is down.",
    "report": "A line is down.",
    "circuit": "Circuit: {}",
    "line": "Line: {}",
    "since": "No signal since: {}",
    "from": "Reported by: {}",
    "contact": "Contact: {}",
}

"""What is wrong, told so that anybody can act: what to do first, whom to call, and what to read out on the phone."""

from dataclasses import dataclass
from typing import Final

from alerts.rule import Rule
from alerts.rules import RULES
from api.views.i18n import Formats
from api.views.overview import Overview
from api.views.states import State
from inventory.columns import Booked
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.text import LANGUAGES, Text, same
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


PAGES: Final = {"link": "/links/", "device": "/devices/", "site": "/sites/", "service": "/services/"}


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
        calls=_calls(incident, row, site, line, seen),
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


def _calls(
    incident: Incident, row: Booked | None, site: Site | None, line: Link | None, seen: Overview
) -> tuple[Call, ...]:
    calls = []
    ask = _ASK_POWER if incident.severity == "critical" else _ASK_LOOK
    if site is not None and not isinstance(row, Service):
        calls.append(Call(contact_of(site), site.contact_phone, ask, edit=f"/sites/{site.slug}/edit"))
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
    """Return the fault report: to whom, which circuit, between which places, since when, and who reports it."""
    provider, root = seen.providers.get(line.provider_id or 0), seen.root
    ends = " – ".join(site.name for site in seen.ends_of(line) if site is not None)
    contact = ", ".join(part for part in (root.contact_name, root.contact_phone) if part) if root else ""
    since = {language: Formats(language).moment(incident.opened_at) for language in LANGUAGES}
    lines = [
        _TO.fill(provider=provider.name) if provider else _REPORT,
        _CIRCUIT.fill(circuit=line.circuit) if line.circuit else None,
        _LINE.fill(line=ends or line.title or line.name),
        _SINCE.fill(time=Text(vi=since["vi"], en=since["en"])),
        _FROM.fill(site=root.name) if root else None,
        _CONTACT.fill(contact=contact) if contact else None,
    ]
    told = [one for one in lines if one is not None]
    return Text(vi="\n".join(one.vi for one in told), en="\n".join(one.en for one in told))


_ASK_POWER: Final = Text(
    vi="Hỏi: ở đó có điện không, đèn thiết bị có sáng không?", en="Ask: is there power, are the lamps lit?"
)
_ASK_LOOK: Final = Text(
    vi="Nhờ xem dây cáp và đầu cắm tại chỗ có bị gập, lỏng không.",
    en="Ask them to see whether a lead is bent or a plug is loose.",
)
_READ_CIRCUIT: Final = Text(vi="Gọi báo hỏng, đọc mã kênh {circuit}", en="Report the fault, read out circuit {circuit}")
_NO_CIRCUIT: Final = Text(vi="Gọi báo hỏng; sổ chưa ghi mã kênh.", en="Report the fault; the books have no circuit id.")
_OWNER: Final = Text(vi="Đơn vị quản lý dịch vụ.", en="The owner of the service.")
_IT: Final = Text(vi="Cán bộ công nghệ thông tin.", en="The IT staff.")
_TO: Final = Text(vi="Kính gửi {provider}: báo hỏng đường truyền.", en="To {provider}: a line is down.")
_REPORT: Final = Text(vi="Báo hỏng đường truyền.", en="A line is down.")
_CIRCUIT: Final = Text(vi="Mã kênh: {circuit}", en="Circuit: {circuit}")
_LINE: Final = Text(vi="Tuyến: {line}", en="Line: {line}")
_SINCE: Final = Text(vi="Có sự cố từ: {time}", en="Since: {time}")
_FROM: Final = Text(vi="Đơn vị báo: {site}", en="Reported by: {site}")
_CONTACT: Final = Text(vi="Liên hệ: {contact}", en="Contact: {contact}")

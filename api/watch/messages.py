"""What people are told of an incident, by e-mail: what is wrong, since when, where, what to do first, whom to call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts.rules import RULES
from api.views.i18n import Formats
from api.watch.elements import Subject
from inventory.places.sites import Site
from inventory.text import Text, same
from inventory.watch.firing import News
from inventory.watch.incidents import Incident

MOST_SUBJECT: Final = 150
"""Characters of a subject; a telephone shows the first sixty."""

MOST_PLACES: Final = 10
"""Places that a message names; who is called by another one still learns that it is not alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of news.

    Attributes:
        news: What has happened to the incident.
        incident: As it is now.
        subject: What it is about.
        places: Names of the sites that are cut off behind it.
    """

    news: News
    incident: Incident
    subject: Subject
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready to be sent."""

    subject: str
    text: str
    html: str


def compose(piece: Piece, formats: Formats, base_url: str) -> Message:
    """Return the message that tells of an incident.

    Args:
        piece: What it tells.
        formats: Language and zone of the reader.
        base_url: Address of the pages, without a slash at the end.
    """
    language, news, incident, subject = formats.language, piece.news, piece.incident, piece.subject
    over = news is News.RESOLVED
    headline = f"{_tag(news, incident.rule).to(language)}: {subject.name.to(language)}"
    steps = () if over or incident.rule not in RULES else RULES[incident.rule].first_steps
    values: dict[str, object] = {
        "language": language,
        "colour": "#15803d" if over else "#b91c1c" if incident.severity == "critical" else "#b45309",
        "headline": headline,
        "summary": _summary(news, incident, subject).to(language),
        "facts": [(label.to(language), value) for label, value in _facts(piece, formats)],
        "steps": [subject.named(step).to(language) for step in steps],
        "calls": [] if over else [call.to(language) for call in calls_of(incident, subject)],
        "url": f"{base_url}/incidents/{incident.id}",
        "words": {name: text.to(language) for name, text in _WORDS.items()},
    }
    tag = f"[{_tag(news, incident.rule).to(language).upper()}]"
    return Message(
        subject=_one_line(f"{tag} {subject.name.to(language)}")[:MOST_SUBJECT],
        text=_templates().get_template("incident.txt").render(values),
        html=_templates().get_template("incident.html").render(values),
    )


def calls_of(incident: Incident, subject: Subject) -> list[Text]:
    """Return whom to call, in the order in which to call them; each one sentence with the number in it."""
    calls: list[Text] = []
    site = subject.site
    if site is not None and site.contact_phone and not subject.owner:
        calls.append(_AT_PLACE.fill(who=_contact(site), phone=site.contact_phone))
    provider = subject.provider
    if provider is not None and provider.hotline:
        circuit = _CIRCUIT.fill(circuit=subject.circuit) if subject.circuit else _NO_CIRCUIT
        calls.append(_CARRIER.fill(hotline=provider.hotline, provider=provider.name, circuit=circuit))
    if subject.owner:
        calls.append(_OWNER.fill(owner=subject.owner))
    if not calls and incident.rule in RULES:
        calls.append(RULES[incident.rule].whom_to_call)
    return calls


def _contact(site: Site) -> str:
    words = ", ".join(part for part in (site.contact_name, site.contact_title) if part)
    return f"{words} ({site.name})" if words else site.name


def _tag(news: News, rule: str) -> Text:
    what = TAGS.get(rule) or (RULES[rule].title if rule in RULES else same(rule))
    if news is News.RESOLVED:
        return _RESOLVED
    return _AGAIN.fill(what=_lowered(what)) if news is News.REOPENED else what


def _lowered(text: Text) -> Text:
    return Text(vi=text.vi[:1].lower() + text.vi[1:], en=text.en[:1].lower() + text.en[1:])


def _summary(news: News, incident: Incident, subject: Subject) -> Text:
    if news is News.RESOLVED:
        return _WELL.fill(name=subject.name)
    fallback = RULES[incident.rule].title if incident.rule in RULES else same(incident.rule)
    return Text(vi=incident.summary_vi or fallback.vi, en=incident.summary_en or fallback.en)


def _facts(piece: Piece, formats: Formats) -> Iterator[tuple[Text, str]]:
    news, incident, subject = piece.news, piece.incident, piece.subject
    language, began = formats.language, incident.last_fired_at
    yield _SINCE, f"{formats.clock(began)} {formats.day(formats.local(began).date())}"
    if news is News.RESOLVED and incident.resolved_at is not None:
        ended = incident.resolved_at
        yield _UNTIL, f"{formats.clock(ended)} {formats.day(formats.local(ended).date())}"
        yield _LASTED, formats.between(began, ended)
    if incident.times > 1:
        yield _TIMES, formats.number(incident.times)
    if subject.site is not None:
        yield _WHERE, subject.site.name
    if subject.other_site is not None and subject.other_site is not subject.site:
        yield _OTHER_END, subject.other_site.name
    if incident.hidden_count and news is not News.RESOLVED:
        yield _BEHIND, _DEVICES.fill(count=formats.number(incident.hidden_count)).to(language)
    if piece.places:
        named = ", ".join(piece.places[:MOST_PLACES])
        more = len(piece.places) - MOST_PLACES
        yield _PLACES, _AND_MORE.fill(named=named, more=formats.number(more)).to(language) if more > 0 else named
    value, bound = (str(incident.values.get(f"{name}_{language}", "")) for name in ("value", "bound"))
    if value and news is not News.RESOLVED:
        yield _MEASURED, _VALUE.fill(value=value, bound=bound).to(language) if bound else value
    if incident.ticket:
        yield _TICKET, incident.ticket
    if incident.reconstructed:
        yield _LATE, _LATE_WHY.to(language)


def _one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "mail"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


TAGS: Final[Mapping[str, Text]] = {
    "LinkDown": Text(vi="Đứt cáp", en="Line cut"),
    "SiteDark": Text(vi="Mất liên lạc", en="Site dark"),
    "DeviceDown": Text(vi="Thiết bị ngừng", en="Device down"),
    "ServiceDown": Text(vi="Dịch vụ hỏng", en="Service down"),
    "CollectorDown": Text(vi="Mất giám sát", en="Not watched"),
}
"""The shortest words for a rule, for the subject; its title where there are none."""

_RESOLVED: Final = Text(vi="Đã khắc phục", en="Resolved")
_AGAIN: Final = Text(vi="Tái diễn: {what}", en="Again: {what}")
_WELL: Final = Text(
    vi="{name} đã hoạt động trở lại; kết quả đo mới nhất là tốt.",
    en="{name} works again; the newest measurement is good.",
)
_SINCE: Final = Text(vi="Từ lúc", en="Since")
_UNTIL: Final = Text(vi="Hết lúc", en="Until")
_LASTED: Final = Text(vi="Kéo dài", en="Lasted")
_TIMES: Final = Text(vi="Số lần xảy ra", en="How many times")
_WHERE: Final = Text(vi="Nơi xảy ra", en="Where")
_OTHER_END: Final = Text(vi="Đầu kia", en="Other end")
_BEHIND: Final = Text(vi="Ảnh hưởng", en="Affects")
_DEVICES: Final = Text(
    vi="{count} thiết bị phía sau cũng mất liên lạc, không báo riêng",
    en="devices behind it that are cut off too, without a message of their own: {count}",
)
_PLACES: Final = Text(vi="Những nơi mất liên lạc", en="Places cut off")
_AND_MORE: Final = Text(vi="{named} và {more} nơi khác", en="{named} and {more} more")
_MEASURED: Final = Text(vi="Kết quả đo", en="Measured")
_VALUE: Final = Text(vi="{value} (bình thường: {bound})", en="{value} (should be: {bound})")
_TICKET: Final = Text(vi="Phiếu báo hỏng", en="Ticket")
_LATE: Final = Text(vi="Ghi chú", en="Note")
_LATE_WHY: Final = Text(
    vi="tin này đến muộn: hệ thống vừa khởi động lại và đối chiếu với số liệu đã đo",
    en="this comes late: the system had been away and compared with what was measured",
)
_AT_PLACE: Final = Text(
    vi="Gọi {phone}: {who}, hỏi có điện không.", en="Call {phone}: {who}; ask whether there is power."
)
_CARRIER: Final = Text(vi="Gọi {hotline} ({provider}), {circuit}.", en="Call {hotline} ({provider}), {circuit}.")
_CIRCUIT: Final = Text(vi="đọc mã kênh {circuit}", en="read out circuit {circuit}")
_NO_CIRCUIT: Final = Text(vi="nêu tên hai đầu đường truyền", en="name both ends of the line")
_OWNER: Final = Text(vi="Báo đơn vị quản lý: {owner}.", en="Tell its owner: {owner}.")
_WORDS: Final[Mapping[str, Text]] = {
    "steps": Text(vi="Việc cần làm trước", en="What to do first"),
    "calls": Text(vi="Gọi ai", en="Whom to call"),
    "more": Text(vi="Xem chi tiết", en="See details"),
    "foot": Text(
        vi="Thư tự động của hệ thống giám sát mạng; không cần trả lời thư này.",
        en="Sent by the network monitoring system; there is no need to reply.",
    ),
}

"""Elements: from the label of an alert to what people call it, where it stands, and whom to call."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from inventory.network.collectors import Collector
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.text import Text, same


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alert is about.

    Attributes:
        element: As the label says it.
        name: What people call it.
        title: The bare name of the thing, as it replaces its key in sentences.
        is_booked: Whether the books know it and use it still; true for what no book is kept of.
        site: Where it stands, of a link the farther end.
        other_site: A link's nearer end.
        provider: The carrier of the line in question, of a site that of the line towards it.
        circuit: The channel number to read out to the carrier.
        owner: Who answers for a service.
    """

    element: str
    name: Text
    title: str
    is_booked: bool = False
    site: Site | None = None
    other_site: Site | None = None
    provider: Provider | None = None
    circuit: str = ""
    owner: str = ""

    @property
    def site_ids(self) -> frozenset[int]:
        """Return the numbers of its sites."""
        return frozenset(site.id for site in (self.site, self.other_site) if site is not None and site.id is not None)

    def named(self, sentence: Text) -> Text:
        """Return a sentence with the keys of the element and of its sites replaced by what people call them."""
        words = {self.element.partition(":")[2]: self.title}
        for site in (self.site, self.other_site):
            if site is not None:
                words.setdefault(site.slug, site.name)
        return Text(vi=_named(sentence.vi, words), en=_named(sentence.en, words))


def read_subject(session: Session, element: str, site: str | None = None) -> Subject:
    """Return what an element is; one that the books do not know is called by its key.

    Args:
        session: A session.
        element: `kind:key`.
        site: Slug of the alert's site, for an element that is not in the books.
    """
    kind, _, key = element.partition(":")
    found = _KINDS[kind](session, element, key) if kind in _KINDS else None
    if found is not None:
        return found
    place = _site(session, site) if site else None
    return Subject(element, _called(kind, key), key, is_booked=kind not in _KINDS, site=place)


def _link(session: Session, element: str, key: str) -> Subject | None:
    link = session.exec(select(Link).where(Link.name == key)).first()
    if link is None:
        return None
    near, far = (session.get(Device, number) for number in (link.a_device_id, link.b_device_id))
    site = session.get(Site, far.site_id) if far else None
    other = session.get(Site, near.site_id) if near else None
    title = link.title or (f"{site.name} – {other.name}" if site and other and site.id != other.id else link.name)
    provider = session.get(Provider, link.provider_id) if link.provider_id else None
    return Subject(element, _called("link", title), title, link.retired_at is None, site, other, provider, link.circuit)


def _device(session: Session, element: str, key: str) -> Subject | None:
    device = session.exec(select(Device).where(Device.name == key)).first()
    if device is None:
        return None
    site, title = session.get(Site, device.site_id), device.title or device.name
    name = _AT.fill(name=_called("device", title), site=site.name) if site else _called("device", title)
    return Subject(element, name, title, device.retired_at is None, site)


def _place(session: Session, element: str, key: str) -> Subject | None:
    site = _site(session, key)
    if site is None:
        return None
    line = _line_to(session, site)
    provider = session.get(Provider, line.provider_id) if line and line.provider_id else None
    return Subject(
        element, _called("site", site.name), site.name, site.retired_at is None, site, None, provider,
        line.circuit if line else "",
    )  # fmt: skip


def _service(session: Session, element: str, key: str) -> Subject | None:
    service = session.exec(select(Service).where(Service.name == key)).first()
    if service is None:
        return None
    title = service.title or service.name
    site = session.get(Site, service.site_id)
    return Subject(element, _called("service", title), title, service.retired_at is None, site, owner=service.owner)


def _collector(session: Session, element: str, key: str) -> Subject | None:
    collector = session.exec(select(Collector).where(Collector.name == key)).first()
    if collector is None:
        return None
    return Subject(element, _called("collector", key), key, collector.retired_at is None)


def _line_to(session: Session, site: Site) -> Link | None:
    """Return the line whose farther end stands at a site."""
    statement = (
        select(Link)
        .join(Device, col(Device.id) == Link.b_device_id)
        .where(Device.site_id == site.id, col(Link.retired_at).is_(None))
        .order_by(col(Link.provider_id).is_(None), Link.name)
    )
    return session.exec(statement).first()


def _site(session: Session, slug: str) -> Site | None:
    return session.exec(select(Site).where(Site.slug == slug)).first()


def _called(kind: str, name: str) -> Text:
    if kind not in _CALLED:
        return same(name or "?")
    called = _CALLED[kind].fill(name=name)
    # A line that is called "Cáp quang …" in the books is not called "Đường truyền Cáp quang …" in a message.
    own = kind == "link" and name.casefold().startswith(_OWN_WORDS)
    return Text(vi=name, en=called.en) if own else called


def _named(sentence: str, words: Mapping[str, str]) -> str:
    keys = [key for key in words if key]
    if not keys:
        return sentence
    # Whole words only: the key `an` is no part of `an-tien`, nor of `an.vn`; longer keys first.
    pattern = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    return re.sub(rf"(?<![\w.-])(?:{pattern})(?![\w-])(?!\.\w)", lambda found: words[found[0]], sentence)


_KINDS: Final[Mapping[str, Callable[[Session, str, str], Subject | None]]] = {
    "link": _link,
    "device": _device,
    "site": _place,
    "service": _service,
    "collector": _collector,
}

_OWN_WORDS: Final = ("cáp ", "đường ", "tuyến ", "kênh ")

_AT: Final = Text(vi="{name} tại {site}", en="{name} at {site}")
_CALLED: Final[Mapping[str, Text]] = {
    "link": Text(vi="Đường truyền {name}", en="Link {name}"),
    "device": Text(vi="Thiết bị {name}", en="Device {name}"),
    "site": Text(vi="Điểm {name}", en="Site {name}"),
    "service": Text(vi="Dịch vụ {name}", en="Service {name}"),
    "collector": Text(vi="Bộ thu thập {name}", en="Collector {name}"),
}

"""What the page of one asset shows beside its row: its papers, the place it stands in, what was seen of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, or_, select

from api.house import House
from inventory.access.rights import Actor, visible
from inventory.assets.assets import Asset
from inventory.assets.depreciation import Value, booked_value_on
from inventory.assets.documents import Document, DocumentItem
from inventory.assets.wear_book import read_book
from inventory.columns import column
from inventory.db import reading
from inventory.errors import NotFound
from inventory.network.devices import Device
from inventory.network.holdings import Holding
from inventory.network.observations import Observation
from inventory.places.sites import Site

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that was read from the network about this asset.

    Attributes:
        fact: `serial` or `mac`.
        agrees: Whether it is what the books say.
    """

    instance: str
    site: str
    fact: str
    value: str
    agrees: bool
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class AssetPage:
    """Everything about one asset.

    Attributes:
        value: Cost and wear as the books show them today; `None` while it is planned, or if its facts contradict.
        papers: Documents with it, the newest first.
        governing: The one that says who answers for it.
        held: Periods in which it stood in a device's place, the newest first.
        seen: What the network said of it.
    """

    asset: Asset
    site: Site | None
    value: Value | None
    papers: list[Document]
    governing: Document | None
    held: list[tuple[Holding, Device]]
    seen: list[Seen]


def asset_page(house: House, person: Actor, tag: str) -> AssetPage:
    """Return what there is to show.

    Raises:
        NotFound: There is no such asset, or the reader may not know of it.
    """
    with reading(house.books.engine) as session:
        mine = select(Asset).where(visible(person, Asset), column(Asset, "tag") == tag)
        asset = session.execute(mine).scalar_one_or_none()
        if asset is None:
            raise NotFound(Asset.NOUN, tag[:64])
        papers = (
            select(Document)
            .join(DocumentItem, column(DocumentItem, "document_id") == column(Document, "id"))
            .where(column(DocumentItem, "asset_id") == asset.id, visible(person, Document))
            .order_by(column(Document, "id").desc())
            .limit(_MOST)
        )
        held = (
            select(Holding, Device)
            .join(Device, column(Device, "id") == column(Holding, "device_id"))
            .where(column(Holding, "asset_id") == asset.id, column(Holding, "retired_at").is_(None))
            .where(visible(person, Device))
            .order_by(column(Holding, "held_from").desc())
            .limit(_MOST)
        )
        periods = [(holding, device) for holding, device in session.execute(held)]
        places = [device.name for holding, device in periods if holding.held_to is None]
        rules = house.rulebooks.rules()
        standings = read_book(session, rules, house.books.zone, assets=[asset.id or 0]).standings
        documents = list(session.execute(papers).scalars())
        found = AssetPage(
            asset=asset,
            site=session.get(Site, asset.site_id),
            value=booked_value_on(standings[0].entry.thing, rules, house.books.today()) if standings else None,
            papers=documents,
            governing=next((one for one in documents if one.id == asset.document_id), None),
            held=periods,
            seen=[_seen(one, asset) for one in session.execute(_observed(person, asset, places)).scalars()],
        )
        session.expunge_all()
    return found


def _observed(person: Actor, asset: Asset, places: list[str]) -> Select[Any]:
    own = [value for value in (asset.serial, asset.mac) if value]
    here = column(Observation, "instance").in_(places) & column(Observation, "subject").in_(("", "chassis"))
    return (
        select(Observation)
        .where(column(Observation, "fact").in_(("serial", "mac")), visible(person, Observation))
        .where(or_(column(Observation, "value").in_(own), here))
        .order_by(column(Observation, "last_seen").desc())
        .limit(_MOST)
    )


def _seen(one: Observation, asset: Asset) -> Seen:
    booked = (asset.serial if one.fact == "serial" else asset.mac) or ""
    return Seen(one.instance, one.site, one.fact, one.value, booked.casefold() == one.value.casefold(), one.last_seen)

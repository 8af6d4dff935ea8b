"""What is told of the books in a backup: where they stand, and how many rows the main tables have."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, inspect, select
from sqlmodel import Session, SQLModel

from inventory.access.accounts import Account
from inventory.assets.assets import Asset
from inventory.assets.documents import Document
from inventory.audit.stocktake import Stocktake
from inventory.db import revision
from inventory.history import Change
from inventory.network.devices import Device
from inventory.network.links import Link
from inventory.network.services import Service
from inventory.places.sites import Site
from inventory.text import Text
from inventory.watch.incidents import Incident

COUNTED: Final[dict[str, Text]] = {
    str(Site.__tablename__): Text(vi="đơn vị", en="sites"),
    str(Device.__tablename__): Text(vi="thiết bị", en="devices"),
    str(Link.__tablename__): Text(vi="tuyến cáp", en="links"),
    str(Service.__tablename__): Text(vi="dịch vụ", en="services"),
    str(Asset.__tablename__): Text(vi="tài sản", en="assets"),
    str(Document.__tablename__): Text(vi="chứng từ", en="documents"),
    str(Stocktake.__tablename__): Text(vi="đợt kiểm kê", en="stocktakes"),
    str(Account.__tablename__): Text(vi="tài khoản", en="accounts"),
    str(Incident.__tablename__): Text(vi="sự cố", en="incidents"),
    str(Change.__tablename__): Text(vi="dòng lịch sử", en="changes"),
}
"""Main tables with what their rows are called."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What books hold.

    Attributes:
        revision: Step of the migrations at which they stand.
        rows: Rows of the main tables, by table.
    """

    revision: str
    rows: dict[str, int]


def facts(session: Session) -> Facts | None:
    """Return what the books hold, or `None` if the database holds none."""
    stands = revision(session)
    if stands is None:
        return None
    there = set(inspect(session.connection()).get_table_names())
    tables = SQLModel.metadata.tables
    counts = {
        name: int(session.execute(select(func.count()).select_from(tables[name])).scalar_one())
        for name in COUNTED
        if name in there
    }
    return Facts(stands, counts)


def told(rows: dict[str, int]) -> Text:
    """Return the numbers of rows as a line; empty tables and those that this version does not know are left out."""
    known = [(words, rows[name]) for name, words in COUNTED.items() if rows.get(name)]
    return Text(
        vi=", ".join(f"{count} {words.vi}" for words, count in known) or "–",
        en=", ".join(f"{count} {words.en}" for words, count in known) or "–",
    )

"""A commune's things in the books, a campaign over them, and entries as phones send them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import select

from inventory.access.rights import SYSTEM, Actor
from inventory.assets.assets import Asset, AssetStatus
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.campaigns import begin, plan
from inventory.audit.counting import CountCreate, Delivery, deliver
from inventory.audit.deciding import DECISIONS, DecisionCreate, Reviewed, decide, reviewed
from inventory.audit.stocktake import ExpectedLine, Stocktake
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading, writing
from inventory.places.sites import Site

T0 = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
RULES = read_rulebooks().rules()
COST_VND = 14_000_000
ROOMS = ("Phòng 1", "Phòng 2", "Phòng 3", "Một cửa")


def tag_of(number: int) -> str:
    """Return the label of the n-th asset."""
    return f"TL-{number:04d}"


def book_sites(books: Books) -> None:
    """Write a district with two communes."""
    with writing(books.engine) as session:
        district = Site(slug="huyen", name="Huyện Bắc Quang", kind="district")
        session.add(district)
        session.flush()
        session.add(Site(slug="tan-lap", name="Xã Tân Lập", kind="commune", parent_id=district.id))
        session.add(Site(slug="hung-an", name="Xã Hùng An", kind="commune", parent_id=district.id))


def book_assets(books: Books, numbers: Iterable[int], site: str = "tan-lap", **values: Any) -> None:
    """Write desktops, each with label, serial and MAC of its number."""
    with writing(books.engine) as session:
        place = session.exec(select(Site).where(Site.slug == site)).one()
        for n in numbers:
            fields: dict[str, Any] = {
                "tag": tag_of(n), "serial": f"SN{n:06d}X", "mac": f"02:00:00:00:{n // 256:02x}:{n % 256:02x}",
                "name": f"Máy tính để bàn {n}", "category": "desktop", "site_id": place.id, "room": ROOMS[n % 4],
                "status": AssetStatus.IN_USE.value, "put_to_use": date(2024, 3, 1), "cost_vnd": COST_VND,
            }  # fmt: skip
            session.add(Asset(**fields | values))


def begun(books: Books, actor: Actor = SYSTEM, sites: tuple[str, ...] = ("tan-lap",), **values: Any) -> Stocktake:
    """Plan a campaign and begin it."""
    planned = plan(
        books,
        actor,
        {
            "title": "Kiểm kê tháng 12", "due": "2026-12-31", "sites": list(sites), "unit": "UBND xã Tân Lập",
            "committee": [{"name": "Hoàng Thị Lan", "title": "Phó chủ tịch", "role": "head"}],
        } | values,
    )  # fmt: skip
    return begin(books, actor, planned.id or 0, planned.version, RULES)


def sent(tag: str = "", at: int = 0, **values: Any) -> CountCreate:
    """Return an entry as a phone sends it, `at` minutes after the beginning."""
    fields = {
        "uid": uuid4().hex, "method": "scan", "tag": tag, "site": "tan-lap",
        "counted_at": T0 - timedelta(days=60) + timedelta(minutes=at),
    }  # fmt: skip
    return CountCreate.model_validate(fields | values)


def count(books: Books, campaign: Stocktake, *entries: CountCreate, actor: Actor = SYSTEM) -> Delivery:
    """Deliver entries."""
    return deliver(books, actor, campaign.id or 0, entries)


def state_of(books: Books, campaign: Stocktake, actor: Actor = SYSTEM) -> Reviewed:
    """Return what is counted and decided."""
    with reading(books.engine) as session:
        row = session.get(Stocktake, campaign.id)
        assert row is not None
        found = reviewed(session, actor, row)
        session.expunge_all()
        return found


def differences(books: Books, campaign: Stocktake) -> set[tuple[str, str]]:
    """Return (kind, label or subject) of every difference."""
    return {
        (one.kind.value, one.finding.line.tag if one.finding else one.entries[0].tag or one.entries[0].name)
        for one in state_of(books, campaign).count.differences
    }


def decide_all(books: Books, campaign: Stocktake, actor: Actor = SYSTEM) -> None:
    """Decide on every difference, the first choice each."""
    chosen = [
        DecisionCreate(subject=one.subject, basis=one.basis, kind=next(iter(DECISIONS[one.kind])))
        for one in state_of(books, campaign).undecided
    ]
    decide(books, actor, campaign.id or 0, current(books, campaign).version, chosen)


def current(books: Books, campaign: Stocktake) -> Stocktake:
    """Return the campaign as it stands now."""
    with reading(books.engine) as session:
        row = session.get(Stocktake, campaign.id)
        assert row is not None
        session.expunge_all()
        return row


def lines(books: Books, campaign: Stocktake) -> list[ExpectedLine]:
    """Return the frozen list."""
    with reading(books.engine) as session:
        mine = select(ExpectedLine).where(column(ExpectedLine, "stocktake_id") == campaign.id)
        found = list(session.exec(mine.order_by(column(ExpectedLine, "number"))))
        session.expunge_all()
        return found

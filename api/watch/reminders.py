"""Reminders of counts: one message a reader and due date, through the outbox, so that none is sent twice or lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from anyio.to_thread import run_sync
from sqlalchemy import select
from sqlmodel import Session

from api.house import House
from api.settings import Settings
from api.views.i18n import Formats
from api.watch.mail import sender_of
from inventory.assets.assets import Asset
from inventory.audit.progress import COUNTS_IN, is_signed_for, next_due
from inventory.audit.stocktake import Stocktake, StocktakeState
from inventory.columns import column, now
from inventory.db import reading, writing
from inventory.text import Text
from inventory.watch.outbox import OutboxMessage, enqueue
from inventory.watch.recipients import Recipient, recipients

EVERY_S: Final = 3_600.0
BEFORE: Final = timedelta(days=7)
"""How long before its day a campaign that is not signed is told of."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is told, to whom it matters.

    Attributes:
        key: Stable name: told once, however often it is found.
        site_ids: Sites of the count.
        subject: One line.
        text: The whole.
        path: Page to open, from the address of the pages.
    """

    key: str
    site_ids: frozenset[int]
    subject: Text
    text: Text
    path: str


async def remind(house: House) -> None:
    """Put what is due into the outbox; nothing where no mail server is set."""
    if house.settings.mail.host:
        await run_sync(remind_on, house, house.books.today(), now())


def remind_on(house: House, today: date, moment: datetime) -> int:
    """Put what is due on a day into the outbox.

    Args:
        house: With books and settings.
        today: The day at the office.
        moment: Aware UTC.

    Returns:
        How many messages are new.
    """
    with reading(house.books.engine) as session:
        found = list(reminders(session, today))
    if not found:
        return 0
    with writing(house.books.engine) as session:
        return sum(enqueue(session, _messages(session, house.settings, one, moment)) for one in found)


def reminders(session: Session, today: date) -> Iterator[Reminder]:
    """Give what has to be told on a day: the count of May or December, and campaigns that are nearly due."""
    due = next_due(today)
    if today.month in COUNTS_IN and not is_signed_for(session, due) and _with_assets(session):
        what = _MAY if due.month == COUNTS_IN[0] else _DECEMBER
        yield Reminder(f"count-{due}", _with_assets(session), _DUE.fill(day=f"{due:%d/%m/%Y}"), what, "/stocktakes")
    late = select(Stocktake).where(
        column(Stocktake, "retired_at").is_(None),
        column(Stocktake, "state") != StocktakeState.SIGNED.value,
        column(Stocktake, "due") <= today + BEFORE,
        column(Stocktake, "due") >= today,
    )
    for row in session.execute(late.order_by(column(Stocktake, "id"))).scalars():
        words = {"title": row.title, "day": f"{row.due:%d/%m/%Y}"}
        key = f"count-campaign-{row.id}-{row.due}"
        yield Reminder(key, frozenset(row.site_ids), _NEARLY.fill(**words), _UNSIGNED, f"/stocktakes/{row.id}")


def _with_assets(session: Session) -> frozenset[int]:
    sites = select(column(Asset, "site_id")).where(column(Asset, "retired_at").is_(None)).distinct()
    return frozenset(session.execute(sites).scalars())


def _messages(session: Session, settings: Settings, one: Reminder, moment: datetime) -> list[OutboxMessage]:
    told = recipients(session, one.site_ids, settings.mail.always_to, settings.language)
    return [_message(settings, one, to, moment) for to in told]


def _message(settings: Settings, one: Reminder, to: Recipient, moment: datetime) -> OutboxMessage:
    reader = sha256(to.address.casefold().encode()).hexdigest()[:12]
    language = Formats(to.language, settings.timezone).language
    body = f"{one.text.to(language)}\n\n{settings.base_url}{one.path}\n"
    return OutboxMessage(
        message_id=f"<{one.key}.{reader}@{sender_of(settings.mail).rpartition('@')[2]}>",
        channel="email",
        recipient=to.address,
        language=to.language,
        subject=" ".join(one.subject.to(language).split())[:200],
        body_text=body,
        created_at=moment,
        next_attempt_at=moment,
    )


_DUE: Final = Text(vi="[KIỂM KÊ] Cần kiểm kê tài sản xong trước ngày {day}", en="[STOCKTAKE] The count is due by {day}")
_MAY: Final = Text(
    vi="Kiểm kê trong tháng 5 để có số liệu khi lập dự toán năm sau vào tháng 6. Lập đợt kiểm kê, rồi đi đếm bằng điện "
    "thoại: một cơ quan xã mất khoảng một giờ.",
    en="Counted in May, the figures are there when the budget for next year is drafted in June. Plan a stocktake and "
    "count with a phone: a commune's office takes about an hour.",
)
_DECEMBER: Final = Text(
    vi="Kiểm kê trong tháng 12 để khóa sổ đúng với thực tế. Lập đợt kiểm kê, rồi đi đếm bằng điện thoại: một cơ quan "
    "xã mất khoảng một giờ.",
    en="Counted in December, the books are closed with what is really there. Plan a stocktake and count with a phone: "
    "a commune's office takes about an hour.",
)
_NEARLY: Final = Text(
    vi="[KIỂM KÊ] “{title}” cần xong trước ngày {day}", en="[STOCKTAKE] “{title}” has to be done by {day}"
)
_UNSIGNED: Final = Text(
    vi="Đợt kiểm kê chưa ký biên bản. Mở trang để xem đơn vị nào chưa đếm xong và còn chênh lệch nào chưa xử lý.",
    en="Its minutes are not signed yet. Open the page to see which sites are not counted and what is not decided.",
)

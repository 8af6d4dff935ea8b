"""Stocktakes of the demonstration: one of last December, signed, and one that is being counted."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select

from inventory.access.rights import SYSTEM
from inventory.assets.rulebook_files import read_rulebooks
from inventory.audit.campaigns import begin, plan, review
from inventory.audit.counting import CountCreate, deliver
from inventory.audit.deciding import DecisionCreate, decide, reviewed
from inventory.audit.differences import DifferenceKind
from inventory.audit.progress import next_due
from inventory.audit.signing import sign
from inventory.audit.stocktake import ExpectedLine, Stocktake, StocktakeState
from inventory.books import Books
from inventory.columns import column
from inventory.db import reading

SIGNED_SITES: Final = ("tan-lap", "tan-quang", "viet-vinh")
OPEN_SITES: Final = ("hung-an", "vinh-hao", "vinh-tuy")
COUNTED: Final[Mapping[str, int]] = {"hung-an": 100, "vinh-hao": 40, "vinh-tuy": 0}
"""Share of the things of each site that is counted in the open one, in percent."""

_DECIDED: Final = {
    DifferenceKind.MISSING: "search",
    DifferenceKind.ELSEWHERE: "move_books",
    DifferenceKind.DAMAGED: "repair",
}
_COMMITTEE: Final = [
    {"name": "Nguyễn Minh Sơn (hư cấu)", "title": "Phó chủ tịch", "role": "head"},
    {"name": "Trần Thị Nga (hư cấu)", "title": "Kế toán", "role": "member"},
    {"name": "Lý Văn Páo (hư cấu)", "title": "Cán bộ công nghệ thông tin", "role": "member"},
]
_CONCLUSION: Final = "Tiếp tục tìm máy còn thiếu, sửa máy hỏng, ghi lại phòng sử dụng (dữ liệu minh hoạ)."


def is_written(books: Books) -> bool:
    """Return whether both were written: the first is signed, and there is another one."""
    states = [row.state for row in _campaigns(books)]
    return len(states) >= 2 and StocktakeState.SIGNED in states


def write(books: Books) -> None:
    """Bring both to where they ought to be; each step is left out that was taken before."""
    today = books.today()
    year = today.year - 1
    due = next_due(today)
    _signed(books, _planned(books, 0, f"Kiểm kê tháng 12 năm {year} (minh hoạ)", f"{year}-12-31", SIGNED_SITES))
    title = f"Kiểm kê tháng {due.month} năm {due.year} (minh hoạ)"
    _half_counted(books, _planned(books, 1, title, due.isoformat(), OPEN_SITES))


def _planned(books: Books, place: int, title: str, due: str, sites: Iterable[str]) -> Stocktake:
    there = _campaigns(books)
    if len(there) > place:
        return there[place]
    values: dict[str, Any] = {
        "title": title, "due": due, "sites": list(sites), "committee": _COMMITTEE, "unit": "Huyện Bắc Quang (minh hoạ)",
        "head_of_unit": "Nguyễn Minh Sơn (hư cấu)", "chief_accountant": "Trần Thị Nga (hư cấu)",
    }  # fmt: skip
    return plan(books, SYSTEM, values)


def _signed(books: Books, row: Stocktake) -> None:
    number = row.id or 0
    if row.state == StocktakeState.DRAFT:
        row = begin(books, SYSTEM, number, row.version, read_rulebooks().rules())
    if row.state == StocktakeState.COUNTING:
        at = datetime(row.year, 12, 10, 8, tzinfo=books.zone)
        # One is missing, one stands in another room, one is broken.
        lines = [line for line in _lines(books, number) if line.category != "ups" or line.site != "tan-lap"]
        _count(books, row, lines, at, moved="Hội trường", broken=True)
        row = review(books, SYSTEM, number, row.version)
    if row.state == StocktakeState.REVIEWING:
        with reading(books.engine) as session:
            undecided = reviewed(session, SYSTEM, row).undecided
        decisions = [
            DecisionCreate(subject=one.subject, basis=one.basis, kind=_DECIDED[one.kind], note="") for one in undecided
        ]
        decide(books, SYSTEM, number, row.version, decisions)
        row = next(one for one in _campaigns(books) if one.id == number)
        sign(books, SYSTEM, number, row.version, _CONCLUSION)


def _half_counted(books: Books, row: Stocktake) -> None:
    number = row.id or 0
    if row.state == StocktakeState.DRAFT:
        row = begin(books, SYSTEM, number, row.version, read_rulebooks().rules())
    if row.state != StocktakeState.COUNTING:
        return
    lines = _lines(books, number)
    done = []
    for slug, share in COUNTED.items():
        # Routers are left to the network, which vouches for them as soon as they were polled.
        mine = [line for line in lines if line.site == slug and line.category != "router"]
        done += mine[: len(mine) * share // 100]
    _count(books, row, done, datetime.now(books.zone) - timedelta(hours=3))


def _count(
    books: Books, row: Stocktake, lines: list[ExpectedLine], at: datetime, moved: str = "", *, broken: bool = False
) -> None:
    """Deliver what phones would: each thing once, whatever was delivered before."""
    entries = []
    for place, line in enumerate(lines):
        entries.append(
            CountCreate.model_validate(
                {
                    "uid": sha256(f"{row.id} {line.tag}".encode()).hexdigest()[:32],
                    "method": "hand" if place % 9 == 5 else "scan",
                    "tag": line.tag,
                    "site": line.site,
                    "room": moved if moved and place == 1 else line.room,
                    "condition": "damaged" if broken and place == 4 else "ok",
                    "counted_at": at + timedelta(seconds=40 * place),
                }
            )
        )
    deliver(books, SYSTEM, row.id or 0, entries)


def _lines(books: Books, number: int) -> list[ExpectedLine]:
    with reading(books.engine) as session:
        mine = column(ExpectedLine, "stocktake_id") == number
        rows = session.execute(select(ExpectedLine).where(mine).order_by(column(ExpectedLine, "number"))).scalars()
        found = list(rows)
        session.expunge_all()
    return found


def _campaigns(books: Books) -> list[Stocktake]:
    with reading(books.engine) as session:
        found = list(session.execute(select(Stocktake).order_by(column(Stocktake, "id"))).scalars())
        session.expunge_all()
    return found

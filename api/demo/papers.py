"""Papers of the demonstration: things given out, handed over, repaired, transferred, retired; and a closed year."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from api.demo.offices import holder, tag_of
from collector.lab.district import CENTRE, district
from inventory.access.rights import SYSTEM
from inventory.assets.closing import close_year
from inventory.assets.custody import carry_out
from inventory.assets.documents import Document
from inventory.assets.rulebook_files import read_rulebooks
from inventory.assets.wear_years import last_closed
from inventory.books import Books
from inventory.db import reading
from inventory.network.standing import follow

CLOSED: Final = 2024
"""The year that is closed: the one before the units merged, so that the merger can still be dated as it was."""

MADE_UP: Final = "(dữ liệu minh hoạ)"


def is_written(books: Books) -> bool:
    """Return whether all papers are there and a year is closed."""
    return _is_closed(books) and _count(books) >= len(acts(books.today()))


def write(books: Books) -> None:
    """Close the year, and carry out the acts that are not written yet."""
    rulebooks = read_rulebooks()
    if not _is_closed(books):
        close_year(books, SYSTEM, CLOSED, rulebooks)
    for values in acts(books.today())[_count(books) :]:
        carry_out(books, SYSTEM, values, rulebooks, follow)


def acts(today: date) -> list[dict[str, Any]]:
    """Return the acts in the order of their days: some of last year, some of this."""
    sites = {site.slug: site for site in district().sites}
    last = today.year - 1

    def lately(days: int) -> date:
        return max(date(today.year, 1, 1), today - timedelta(days=days))

    lap, quang, tuy, an = (sites[slug] for slug in ("tan-lap", "tan-quang", "vinh-tuy", "hung-an"))
    centre = sites[CENTRE]
    return [
        _act("assign", date(last, 2, 12), [tag_of(lap, "XT", 1)], _person("Nguyễn Minh Sơn", "Chủ tịch UBND xã")),
        _act("assign", date(last, 2, 12), [tag_of(quang, "XT", 1)], _person("Bàn Văn Thắng", "Chủ tịch UBND xã")),
        _act("assign", date(last, 3, 3), [tag_of(centre, "XT", 1)], _person("Trần Thu Hạnh", "Trưởng phòng Văn hoá")),
        _act(
            "hand_over", date(last, 8, 20), [tag_of(lap, "PC", 3)],
            _person("Vàng Thị Mai", "Tư pháp – hộ tịch") | {"reason": f"Bàn giao khi chuyển công tác {MADE_UP}"},
        ),
        _act("repair", date(last, 9, 8), [tag_of(tuy, "MI", 1)], {"reason": f"Kẹt giấy liên tục {MADE_UP}"}),
        _act("repaired", date(last, 9, 19), [tag_of(tuy, "MI", 1)], {}),
        _act("assign", lately(240), [tag_of(an, "XT", 1)], _person("Lý Quốc Dũng", "Phó chủ tịch UBND xã")),
        _act(
            "hand_over", lately(120), [tag_of(an, "PC", 1), tag_of(an, "MI", 1)],
            _person("Phàn Thị Yến", "Văn phòng – thống kê") | {"reason": f"Phân công lại công việc {MADE_UP}"},
            giver=holder(an, 0),
        ),
        _act(
            "transfer", lately(60), [tag_of(centre, "PC", 14)],
            _person("Ma Thanh Tùng", "Văn hoá – xã hội")
            | {"to_site": "dong-yen", "reason": f"Điều chuyển cho xã còn thiếu máy {MADE_UP}"},
        ),
        _act("retire", lately(30), [tag_of(quang, "UP", 1)], {"reason": f"Ắc quy hỏng, không thay được {MADE_UP}"}),
        _act("repair", lately(9), [tag_of(quang, "PC", 2)], {"reason": f"Không khởi động được {MADE_UP}"}),
    ]  # fmt: skip


def _act(kind: str, day: date, tags: Sequence[str], more: dict[str, Any], giver: str = "") -> dict[str, Any]:
    name, _, title = giver.partition(", ")
    said = {"from_name": name, "from_title": title} if giver else {}
    words = {"kind": kind, "day": day, "items": [{"asset": tag} for tag in tags], "reason": f"Theo kế hoạch {MADE_UP}"}
    return words | said | more


def _person(name: str, title: str) -> dict[str, Any]:
    return {"to_name": name, "to_title": title}


def _count(books: Books) -> int:
    with reading(books.engine) as session:
        return int(session.execute(select(func.count()).select_from(Document)).scalar_one())


def _is_closed(books: Books) -> bool:
    with reading(books.engine) as session:
        return last_closed(session) is not None

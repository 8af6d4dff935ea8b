"""The history of one object, for its page: who changed what and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import Request
from sqlalchemy import select

from api.house import House, house_of
from api.http.auth import actor
from inventory.access.rights import Act, Actor, may, visible
from inventory.assets.lifecycle import MOVES
from inventory.columns import column
from inventory.db import reading
from inventory.history import Change
from inventory.text import Text, same

_SHOWN: Final = 10
_UNSEEN: Final = frozenset({"version", "updated_at", "created_at", "id", "document_id", "standing_site_id"})

ACTS: Final = {kind.value: move.label for kind, move in MOVES.items()} | {
    "reorganise": Text(vi="Sáp nhập đơn vị", en="Units merged"),
    "undo_reorganise": Text(vi="Hoàn lại việc sáp nhập", en="Merger undone"),
    "change_cost": Text(vi="Đổi nguyên giá", en="Cost changed"),
    "create": Text(vi="Thêm mới", en="Created"),
    "update": Text(vi="Sửa", en="Changed"),
    "retire": Text(vi="Ngừng sử dụng", en="Taken out of use"),
    "restore": Text(vi="Đưa vào sử dụng lại", en="Back in use"),
    "acknowledge": Text(vi="Nhận xử lý", en="Acknowledged"),
    "begin": Text(vi="Chốt danh sách, bắt đầu kiểm kê", en="List frozen, counting begun"),
    "review": Text(vi="Kết thúc kiểm đếm", en="Counting ended"),
    "reopen": Text(vi="Kiểm đếm tiếp", en="Counting again"),
    "sign": Text(vi="Ký biên bản", en="Minutes signed"),
    "plan": Text(vi="Đưa vào kế hoạch mua", en="Planned"),
    "approve": Text(vi="Duyệt dự toán", en="Budget approved"),
    "purchase": Text(vi="Ghi sổ hàng đã mua", en="Purchase booked"),
    "trust_host_key": Text(vi="Ghi nhận khóa máy SSH", en="SSH host key taken"),
    "take_configuration": Text(vi="Lấy bản cấu hình đầy đủ", en="Full configuration taken"),
    "change_password": Text(vi="Đổi mật khẩu", en="Password changed"),
    "reset_password": Text(vi="Cấp lại mật khẩu", en="Password given anew"),
    "disable": Text(vi="Ngừng vì lâu không dùng", en="Disabled because unused"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as a page shows it: the fields that changed, with their values before and after."""

    at: datetime
    who: str
    act: Text
    fields: tuple[tuple[str, str, str], ...]


async def changes_of(request: Request, noun: str, number: int) -> list[Line]:
    """Return the last acts on an object, the newest first; nothing for those who may not read the history.

    Args:
        request: Who reads.
        noun: Name of the object's table.
        number: Its internal number.
    """
    return await run_sync(_read, house_of(request), actor(request), noun, number)


def _read(house: House, person: Actor, noun: str, number: int) -> list[Line]:
    if not may(person, Act.READ, "changes"):
        return []
    with reading(house.books.engine) as session:
        statement = (
            select(Change)
            .where(column(Change, "noun") == noun, column(Change, "object_id") == number, visible(person, Change))
            .order_by(column(Change, "id").desc())
            .limit(_SHOWN)
        )
        return [_line(change) for change in session.scalars(statement)]


def _line(change: Change) -> Line:
    act = ACTS.get(change.act) or same(change.act)
    before, after = change.before or {}, change.after or {}
    fields = tuple(
        (name, _shown(before.get(name)), _shown(after.get(name)))
        for name in after
        if change.before is not None and name not in _UNSEEN and before.get(name) != after.get(name)
    )
    return Line(change.at, change.actor, act, fields)


def _shown(value: Any) -> str:  # noqa: ANN401 - any value of a row
    text = "–" if value in (None, "", {}, []) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"

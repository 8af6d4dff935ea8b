"""The history of one object, for its page: who changed what and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request
from sqlalchemy import select

from api.house import House, house_of
from api.http.auth import actor
from api.views.change_words import HIDDEN, Names, names_of, said, word_of
from api.views.i18n import Formats
from api.views.rendering import formats_of
from inventory.access.rights import Act, Actor, may, visible
from inventory.assets.lifecycle import MOVES
from inventory.columns import column
from inventory.db import reading
from inventory.history import Change
from inventory.text import Text, same

_SHOWN: Final = 10
_SYSTEM: Final = Text(vi="hệ thống", en="the system")

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
    return await run_sync(_read, house_of(request), actor(request), noun, number, formats_of(request))


def _read(house: House, person: Actor, noun: str, number: int, formats: Formats) -> list[Line]:
    if not may(person, Act.READ, "changes"):
        return []
    with reading(house.books.engine) as session:
        statement = (
            select(Change)
            .where(column(Change, "noun") == noun, column(Change, "object_id") == number, visible(person, Change))
            .order_by(column(Change, "id").desc())
            .limit(_SHOWN)
        )
        changes = list(session.scalars(statement))
        rows = [row for change in changes for row in (change.before, change.after) if row]
        names = names_of(session, noun, rows)
        return [_line(change, names, formats) for change in changes]


def _line(change: Change, names: Names, formats: Formats) -> Line:
    act = ACTS.get(change.act) or same(change.act)
    before, after = change.before or {}, change.after or {}
    changed = [] if change.before is None else [name for name in after if before.get(name) != after.get(name)]
    fields = []
    for name in changed:
        if name not in HIDDEN:
            word = word_of(change.noun, name)
            then, now = (said(change.noun, name, row.get(name), names, formats) for row in (before, after))
            fields.append((word.to(formats.language) if word else name, then, now))
    who = _SYSTEM.to(formats.language) if change.actor == "system" else change.actor
    return Line(change.at, who, act, tuple(fields))

"""A change in people's words: what its fields are called, and how their values read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from api.views.i18n import Formats
from inventory.audit import budget, stocktake
from inventory.choice_words import CHOICES, SWITCH
from inventory.headings import HEADINGS
from inventory.text import Text

HIDDEN: Final = frozenset({
    "version", "updated_at", "created_at", "id", "document_id", "standing_site_id", "sequence", "search_text",
    "order_text", "content_hash", "chain_head", "digest", "password_hash", "failures", "free_need", "gap_need",
    "corrected_from", "public", "doubtful",
})  # fmt: skip
"""Columns of which no page speaks: counters, checksums, what another column says better."""

_PATHS: Final = {
    "site": "sites", "provider": "providers", "product": "products", "asset": "assets", "device": "devices",
    "holding": "holdings", "link": "links", "service": "services", "account": "accounts", "subnet": "subnets",
    "finding": "findings", "document": "documents", "reorganisation": "reorganisations",
}  # fmt: skip
"""Table to the path of its noun, where files have words for it."""

_TITLE: Final = Text(vi="Tên gọi", en="Title")
_STATE: Final = Text(vi="Trạng thái", en="State")
_COMMON: Final = {"retired_at": Text(vi="Ngừng sử dụng lúc", en="Out of use since"), "title": _TITLE, "state": _STATE}

_OWN: Final[Mapping[str, Mapping[str, Text]]] = {
    "account": {
        "must_change_password": Text(vi="Phải đổi mật khẩu", en="Has to change the password"),
        "locked_until": Text(vi="Khóa đến", en="Locked until"),
        "last_login_at": Text(vi="Đăng nhập gần nhất", en="Last signed in"),
    },
    "finding": {"wandered_at": Text(vi="Đi lại giữa các nơi, nhận ra lúc", en="Known to wander since")},
    "document": {
        "year": Text(vi="Năm", en="Year"),
        "accessories": Text(vi="Phụ kiện kèm theo", en="Accessories"),
        "broken": Text(vi="Hỏng, không dùng được", en="Broken beyond use"),
    },
    "reorganisation": {
        "year": Text(vi="Năm", en="Year"),
        "pairs": Text(vi="Đơn vị cũ và mới", en="Old and new units"),
        "counts": Text(vi="Số đã chuyển", en="What was moved"),
    },
    "budget_plan": {
        "year": Text(vi="Năm", en="Year"),
        "cap_vnd": Text(vi="Trần kinh phí", en="Cap"),
        "options": Text(vi="Cách lập", en="How it was made"),
        "norms": Text(vi="Định mức áp dụng", en="Norms"),
        "shares": Text(vi="Chia theo đơn vị", en="Shares"),
        "settled": Text(vi="Đã ấn định trước", en="Settled before"),
        "approved_at": Text(vi="Duyệt lúc", en="Approved"),
        "approved_by": Text(vi="Người duyệt", en="Approved by"),
    },
    "stocktake": {
        "year": Text(vi="Năm", en="Year"),
        "due": Text(vi="Hạn", en="Due"),
        "site_ids": Text(vi="Đơn vị", en="Sites"),
        "categories": Text(vi="Loại tài sản", en="Kinds of assets"),
        "committee": Text(vi="Ban kiểm kê", en="Committee"),
        "unit": Text(vi="Đơn vị (trên biên bản)", en="Unit (on the minutes)"),
        "department": Text(vi="Bộ phận", en="Department"),
        "unit_code": Text(vi="Mã đơn vị", en="Unit code"),
        "head_of_unit": Text(vi="Thủ trưởng đơn vị", en="Head of the unit"),
        "chief_accountant": Text(vi="Kế toán trưởng", en="Chief accountant"),
        "evidence_days": Text(vi="Số ngày xét bằng chứng từ mạng", en="Days of network evidence"),
        "started_at": Text(vi="Bắt đầu", en="Started"),
        "signed_at": Text(vi="Ký lúc", en="Signed"),
        "signed_by": Text(vi="Người ký", en="Signed by"),
        "conclusion": Text(vi="Kết luận", en="Conclusion"),
    },
    "credential": {
        "name": Text(vi="Tên ngắn", en="Short name"),
        "kind": Text(vi="Loại", en="Kind"),
        "sealed": Text(vi="Bí mật", en="The secret"),
        "reference": Text(vi="Nơi cất bí mật", en="Where the secret is kept"),
        "note": Text(vi="Ghi chú", en="Note"),
    },
}
"""What no file has a word for."""

_STATES: Final[Mapping[str, Mapping[str, Text]]] = {
    "stocktake": {state.value: text for state, text in stocktake.STATE_LABELS.items()},
    "budget_plan": {state.value: text for state, text in budget.STATE_LABELS.items()},
}

_NAMED_BY: Final = {
    "site": "name", "device": "name", "provider": "name", "product": "slug", "credential": "name",
    "document": "number", "asset": "tag",
}  # fmt: skip
"""Table to the column by which people know a row."""

Names = Mapping[tuple[str, int], str]
"""(table, number) to what people call it."""

NOTHING: Final = "–"
_LONGEST: Final = 80
_CHANGED: Final = Text(vi="đã đổi", en="changed")


def word_of(noun: str, field: str) -> Text | None:
    """Return what a column of a table is called, `None` if there is no word."""
    own = _OWN.get(noun, {})
    if field in own:
        return own[field]
    headings = HEADINGS.get(_PATHS.get(noun, ""), {})
    heading = headings.get(field) or headings.get(field.removesuffix("_id"))
    return heading.text if heading else _COMMON.get(field)


def names_of(session: Session, noun: str, rows: Iterable[Mapping[str, Any]]) -> Names:
    """Return the names of all that the values of some rows refer to, one question for each table."""
    wanted: dict[str, set[int]] = {}
    refers = references(noun)
    for row in rows:
        for field, table in refers.items():
            if isinstance(number := row.get(field), int):
                wanted.setdefault(table, set()).add(number)
    found: dict[tuple[str, int], str] = {}
    for table, numbers in wanted.items():
        columns = SQLModel.metadata.tables[table].columns
        statement = select(columns["id"], columns[_NAMED_BY[table]]).where(columns["id"].in_(numbers))
        found |= {(table, number): str(name) for number, name in session.execute(statement)}
    return found


def references(noun: str) -> Mapping[str, str]:
    """Return which columns of a table name a row of another: column to table."""
    table = SQLModel.metadata.tables.get(noun)
    columns = table.columns if table is not None else ()
    keys = [(column.name, key.column.table.name) for column in columns for key in column.foreign_keys]
    return {field: other for field, other in keys if other in _NAMED_BY}


def said(noun: str, field: str, value: Any, names: Names, formats: Formats) -> str:  # noqa: ANN401 - any value of a row
    """Return a value as it reads on a page, at most 80 characters."""
    if value in (None, "", {}, []):
        return NOTHING
    if noun == "credential" and field == "sealed":
        return _CHANGED.to(formats.language)
    if field in references(noun):
        return names.get((references(noun)[field], value), str(value))
    word = _choice(noun, field, value)
    text = word.to(formats.language) if word is not None else _plain(field, value, formats)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _choice(noun: str, field: str, value: Any) -> Text | None:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        return SWITCH[value]
    if not isinstance(value, str):
        return None
    if field == "state" and noun in _STATES:
        return _STATES[noun].get(value)
    return CHOICES.get((_PATHS.get(noun, ""), field), {}).get(value)


def _plain(field: str, value: Any, formats: Formats) -> str:  # noqa: ANN401 - as above
    if isinstance(value, int):
        if field.endswith("_vnd"):
            return formats.money(value)
        return str(value) if field.endswith(("year", "_id")) else formats.number(value)
    if isinstance(value, dict):
        # Ports and the like: a figure in there is a name rather than a quantity, so it is not grouped.
        return ", ".join(
            f"{name}: {_plain(name, inner, formats) if isinstance(inner, dict) else inner}"
            for name, inner in sorted(value.items())
        )
    if isinstance(value, str) and (moment := _moment(value, formats)):
        return moment
    return str(value)


def _moment(text: str, formats: Formats) -> str | None:
    """Return a day or a time that stands in the history as ISO 8601 in the reader's way; nothing for other text."""
    if not (len(text) >= 10 and text[:4].isdigit() and text[4] == "-" and text[7] == "-"):
        return None
    try:
        return (
            formats.day(date.fromisoformat(text)) if len(text) == 10 else formats.moment(datetime.fromisoformat(text))
        )
    except ValueError:
        return None

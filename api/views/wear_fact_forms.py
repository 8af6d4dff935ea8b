"""The form of a fact of wear: for each kind only the fields that it has."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.views.forms import Field, Form
from inventory.assets.wear_facts import WearFactKind
from inventory.text import Text

ADDED, TAKEN = "added", "taken"

_DAY: Final = Field("day", Text(vi="Ngày chứng từ", en="Day of the document"), "date", required=True, longest=10)
_DOCUMENT: Final = Field("document", Text(vi="Số chứng từ", en="Number of the document"), longest=120)
_NOTE: Final = Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000)
_END: Final = Field(
    "day",
    Text(vi="Số dư đến ngày", en="Balance as of"),
    "date",
    required=True,
    hint=Text(vi="Ngày 31/12 của năm cuối trên sổ giấy", en="The 31 December of the last year in the paper books"),
    longest=10,
)
_USED_BEFORE: Final = Field(
    "years",
    Text(vi="Số năm nơi khác đã dùng", en="Years that others used it"),
    "integer",
    required=True,
    hint=Text(vi="Thời gian còn lại = thời gian quy định − số năm này", en="Its life is the norm’s less these years"),
    longest=3,
)
_USED: Final = Field(
    "years",
    Text(vi="Số năm đã sử dụng đến ngày đó", en="Years used by then"),
    "integer",
    hint=Text(vi="Để trống: đếm từ năm đưa vào sử dụng", en="Empty: counted from its first use"),
    longest=3,
)
_WAY: Final = Field(
    "way",
    Text(vi="Tăng hay giảm", en="Added or taken away"),
    "select",
    required=True,
    options=(
        (ADDED, Text(vi="Lắp thêm bộ phận (tăng nguyên giá)", en="A part was added (the cost grows)")),
        (TAKEN, Text(vi="Tháo bớt bộ phận (giảm nguyên giá)", en="A part was taken away (the cost falls)")),
    ),
)
_AMOUNT: Final = Field(
    "amount_vnd", Text(vi="Giá trị bộ phận (đồng)", en="Value of the part (đồng)"), "integer", required=True, longest=20
)
_ACCUMULATED: Final = Field(
    "amount_vnd",
    Text(vi="Hao mòn lũy kế trên sổ giấy (đồng)", en="Accumulated wear in the paper books (đồng)"),
    "integer",
    required=True,
    longest=20,
)
_WORN: Final = Field(
    "worn_vnd",
    Text(vi="Hao mòn giảm theo bộ phận (đồng)", en="Wear that leaves with the part (đồng)"),
    "integer",
    hint=Text(vi="Chỉ khi tháo bớt; để trống: theo tỷ lệ nguyên giá", en="Only when taken away; empty: by its share"),
    longest=20,
)

FIELDS: Final[Mapping[WearFactKind, Sequence[Field]]] = {
    WearFactKind.SECOND_HAND: (_DAY, _USED_BEFORE, _DOCUMENT, _NOTE),
    WearFactKind.SURPLUS: (_DAY, _DOCUMENT, _NOTE),
    WearFactKind.BROKEN: (_DAY, _DOCUMENT, _NOTE),
    WearFactKind.LEFT: (_DAY, _DOCUMENT, _NOTE),
    WearFactKind.COST: (_DAY, _WAY, _AMOUNT, _WORN, _DOCUMENT, _NOTE),
    WearFactKind.OPENING: (_END, _ACCUMULATED, _USED, _DOCUMENT, _NOTE),
}

MEANINGS: Final[Mapping[WearFactKind, Text]] = {
    WearFactKind.SECOND_HAND: Text(
        vi="Nơi khác đã dùng trước khi về đơn vị: thời gian tính hao mòn ngắn lại.",
        en="Others used it before: the time over which it wears is shorter.",
    ),
    WearFactKind.SURPLUS: Text(
        vi="Kiểm kê phát hiện ngoài sổ: năm đó tính bù hao mòn các năm đã dùng.",
        en="An inventory found it off the books: that year catches up with the years in use.",
    ),
    WearFactKind.BROKEN: Text(
        vi="Hỏng không sửa được: không tính hao mòn từ năm đó.", en="Beyond repair: no wear from that year on."
    ),
    WearFactKind.LEFT: Text(
        vi="Đã thanh lý, mất hoặc giao đi mà không có chứng từ trong hệ thống.",
        en="Disposed of, lost or given away without a document in this system.",
    ),
    WearFactKind.COST: Text(
        vi="Lắp thêm hoặc tháo bớt bộ phận. Thay linh kiện để máy chạy tiếp thì không ghi.",
        en="A part added or taken away. Replacing one to keep it working is none.",
    ),
    WearFactKind.OPENING: Text(
        vi="Hao mòn lũy kế chép từ sổ giấy khi bắt đầu dùng hệ thống.",
        en="Accumulated wear carried over from the paper books.",
    ),
}


def entry_of(kind: WearFactKind, tag: str, form: Form) -> dict[str, Any]:
    """Return what the form says, as a fact of the books."""
    typed = form.typed()
    way = typed.pop("way", ADDED)
    values = {name: value for name, value in typed.items() if value is not None}
    if way == TAKEN and isinstance(values.get("amount_vnd"), int):
        values["amount_vnd"] = -values["amount_vnd"]
    return values | {"asset": tag, "kind": kind.value}

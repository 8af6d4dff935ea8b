"""The form of an asset: the fields of every asset, and those of its category, made from the category's own model."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from api.views.forms import Field, Form, Kind, shown
from inventory.assets.categories import CATEGORIES
from inventory.assets.lifecycle import STATUS_LABELS
from inventory.errors import FieldProblem
from inventory.text import Text, same

PREFIX: Final = "attributes."

STATUS: Final = Field(
    "status",
    Text(vi="Tình trạng", en="State"),
    "select",
    required=True,
    options=[(str(key), text) for key, text in STATUS_LABELS.items()],
    hint=Text(vi="Về sau chỉ đổi bằng chứng từ.", en="Later it changes by documents only."),
)

FIELDS: Final[Sequence[Field]] = (
    Field(
        "tag",
        Text(vi="Số hiệu tài sản", en="Tag"),
        required=True,
        longest=64,
        plain=True,
        hint=Text(vi="Số trên nhãn dán, ví dụ TS/2026/015.", en="The number on its label, like TS/2026/015."),
    ),
    Field("name", Text(vi="Tên tài sản", en="Name"), required=True),
    Field("site", Text(vi="Đơn vị", en="Site"), "select", required=True),
    Field("room", Text(vi="Phòng", en="Room"), longest=120),
    Field("custodian", Text(vi="Người giữ", en="Held by")),
    Field(
        "serial",
        Text(vi="Số sê-ri", en="Serial number"),
        longest=120,
        plain=True,
        hint=Text(vi="Đọc trên nhãn máy; để trống nếu không có.", en="As on the machine; empty if it has none."),
    ),
    Field("mac", Text(vi="Địa chỉ MAC", en="MAC address"), longest=17, plain=True),
    Field("product", Text(vi="Mẫu máy", en="Product"), "select"),
    Field("put_to_use", Text(vi="Ngày đưa vào sử dụng", en="Put to use"), "date", longest=10),
    Field(
        "cost_vnd", Text(vi="Nguyên giá (đồng)", en="Original cost (VND)"), "integer", longest=20, zero_if_empty=True
    ),
    Field("funding", Text(vi="Nguồn kinh phí", en="Paid from"), longest=120),
    Field("supplier", Text(vi="Nơi bán", en="Supplier"), "select"),
    Field("warranty_until", Text(vi="Bảo hành đến ngày", en="Warranty until"), "date", longest=10),
    Field("note", Text(vi="Ghi chú", en="Note"), "long", longest=2000),
)

LABELS: Final[Mapping[str, Text]] = {
    "ports": Text(vi="Số cổng", en="Ports"),
    "sfp_ports": Text(vi="Số cổng quang", en="Optical ports"),
    "firmware": Text(vi="Phần mềm", en="Firmware"),
    "managed": Text(vi="Quản trị được", en="Managed"),
    "poe": Text(vi="Cấp nguồn qua cáp mạng", en="Feeds devices over the cable"),
    "technology": Text(vi="Công nghệ", en="Technology"),
    "pon_serial": Text(vi="Số sê-ri với nhà mạng", en="Serial known to the carrier"),
    "processor": Text(vi="Bộ xử lý", en="Processor"),
    "memory_gb": Text(vi="Bộ nhớ (GB)", en="Memory (GB)"),
    "disk_gb": Text(vi="Ổ đĩa (GB)", en="Disk (GB)"),
    "disk_kind": Text(vi="Loại ổ đĩa", en="Kind of disk"),
    "operating_system": Text(vi="Hệ điều hành", en="Operating system"),
    "host_name": Text(vi="Tên máy", en="Host name"),
    "colour": Text(vi="In màu", en="Colour"),
    "scans": Text(vi="Có quét", en="Scans"),
    "cartridge": Text(vi="Loại mực", en="Cartridge"),
    "feeder": Text(vi="Có khay nạp giấy tự động", en="Has a sheet feeder"),
    "capacity_va": Text(vi="Công suất (VA)", en="Capacity (VA)"),
    "battery_changed": Text(vi="Ngày thay ắc quy", en="Battery changed"),
    "outlets": Text(vi="Số ổ cắm", en="Outlets"),
    "rated_a": Text(vi="Dòng định mức (A)", en="Rated current (A)"),
    "metered": Text(vi="Đo được dòng điện", en="Tells its load"),
    "switched": Text(vi="Tắt, bật ổ cắm từ xa", en="Switches outlets from afar"),
    "system": Text(vi="Hệ thống họp", en="Meeting system"),
    "outdoor": Text(vi="Lắp ngoài trời", en="Outdoors"),
    "resolution": Text(vi="Độ phân giải", en="Resolution"),
    "standard": Text(vi="Chuẩn Wi-Fi", en="Wi-Fi standard"),
    "ssid": Text(vi="Tên mạng Wi-Fi", en="Network name"),
    "extension": Text(vi="Số máy lẻ", en="Extension"),
    "holder": Text(vi="Người được cấp", en="Holder"),
    "issuer": Text(vi="Nơi cấp", en="Issuer"),
    "certificate_serial": Text(vi="Số chứng thư", en="Certificate serial"),
    "certificate_until": Text(vi="Chứng thư có giá trị đến ngày", en="Certificate until"),
    "software": Text(vi="Phần mềm", en="Software"),
    "seats": Text(vi="Số người dùng", en="Seats"),
    "valid_until": Text(vi="Có giá trị đến ngày", en="Valid until"),
    "description": Text(vi="Mô tả", en="Description"),
}
"""Names of what is booked of some categories only."""

YES_NO: Final = (("true", Text(vi="Có", en="Yes")), ("false", Text(vi="Không", en="No")))


class AssetForm(Form):
    """A form in which the fields of the category stand as `attributes.NAME`."""

    __slots__ = ()

    def problem_of(self, name: str) -> FieldProblem | None:
        """Return what is wrong with exactly this field."""
        return next((one for one in self.problems if one.field == name), None)

    def label_of(self, name: str) -> Text:
        """Return the label of a field."""
        return next((one.label for one in self.fields if one.name == name), same(name or "–"))

    def typed(self) -> dict[str, Any]:
        """Return the values as the model takes them; of those of the category, what is left empty is not booked."""
        typed = Form.typed(self)
        own = typed.get("attributes", {})
        return typed | {"attributes": {name: _attribute(value) for name, value in own.items() if value != ""}}

    def differing(self, stored: Mapping[str, Any]) -> list[tuple[Field, str, str]]:
        """Return (field, stored, typed) of each field whose typed value is not the stored one."""
        flat = flattened(stored)
        rows = [(one, shown(flat.get(one.name), one.kind), self.values.get(one.name, "")) for one in self.fields]
        return [row for row in rows if row[1] != row[2]]


def fields_of(category: str, *, new: bool) -> Sequence[Field]:
    """Return the fields for an asset of a category; a new one has its first state among them."""
    model = CATEGORIES[category].attributes if category in CATEGORIES else None
    own = [] if model is None else [_field(name, info) for name, info in model.model_fields.items()]
    return (*FIELDS[:4], *((STATUS,) if new else ()), *FIELDS[4:-1], *own, FIELDS[-1])


def values_of(stored: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, str]:
    """Return what stands in the fields for a stored asset."""
    flat = flattened(stored)
    return {one.name: _shown(flat.get(one.name), one) for one in fields}


def flattened(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the asset with the attributes of its category as `attributes.NAME`."""
    own = {f"{PREFIX}{name}": value for name, value in (stored.get("attributes") or {}).items()}
    return {name: value for name, value in stored.items() if name != "attributes"} | own


def told_of(category: str, attributes: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Return what is booked of the category, for the page: label and value, in the order of the model."""
    model = CATEGORIES[category].attributes if category in CATEGORIES else None
    names = [] if model is None else [name for name in model.model_fields if attributes.get(name) not in {None, ""}]
    return [(LABELS.get(name, same(name)), _words(attributes[name])) for name in names]


def _field(name: str, info: FieldInfo) -> Field:
    label = LABELS.get(name, same(name))
    kind, options = _kind(info)
    return Field(PREFIX + name, label, kind, options=options, longest=200)


def _kind(info: FieldInfo) -> tuple[Kind, Sequence[tuple[str, Text]]]:
    parts = _parts(info.annotation)
    if bool in parts:
        return "select", YES_NO
    if get_origin(info.annotation) is Literal:
        return "select", [(word, same(word)) for word in get_args(info.annotation) if word]
    names = {getattr(part, "__name__", "") for part in parts}
    if "int" in names:
        return "integer", ()
    return ("date", ()) if "date" in names else ("text", ())


def _parts(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any annotation
    """Return the plain types of an annotation, out of unions and bounds."""
    inner = get_args(annotation)
    if not inner or get_origin(annotation) is Literal:
        return (annotation,)
    return tuple(part for one in inner if one is not type(None) for part in _parts(one) if not isinstance(one, str))


def _attribute(value: Any) -> Any:  # noqa: ANN401 - what was typed
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _shown(value: Any, one: Field) -> str:  # noqa: ANN401 - any stored value
    if isinstance(value, bool) and one.kind == "select":
        return "true" if value else "false"
    return shown(value, one.kind)


def _words(value: Any) -> Text:  # noqa: ANN401 - any stored value
    if isinstance(value, bool):
        return YES_NO[0][1] if value else YES_NO[1][1]
    return same(str(value))

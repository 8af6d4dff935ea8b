"""Lines of an incident's timeline, in words."""

from typing import Final

from api.views.states import State
from inventory.text import Language, Text, same
from inventory.watch.incidents import Incident, IncidentEvent

KINDS: Final = {
    "opened": Text(vi="Bắt đầu", en="Began"),
    "fired_again": Text(vi="Tái diễn", en="Happened again"),
    "reopened": Text(vi="Lại xảy ra", en="Back again"),
    "resolved": Text(vi="Đã hết", en="Over"),
    "unknown": Text(vi="Chưa rõ tình trạng", en="State not known"),
    "acknowledged": Text(vi="Nhận xử lý", en="Taken care of"),
    "note": Text(vi="Ghi chú", en="Note"),
    "ticket": Text(vi="Phiếu báo hỏng", en="Ticket"),
    "message": Text(vi="Đã gửi tin", en="Message sent"),
}

ICONS: Final = {"acknowledged": "user", "note": "note", "ticket": "phone", "message": "right"}


def kind_of(event: IncidentEvent) -> Text:
    """Return what a line is about."""
    return KINDS.get(event.kind) or same(event.kind)


def said(event: IncidentEvent, language: Language) -> str:
    """Return what was said or done; empty where the kind says it all."""
    return event.text_vi if language == "vi" else event.text_en


def mark_of(event: IncidentEvent, incident: Incident) -> State | None:
    """Return the state that a line's mark shows; `None` for what people did."""
    if event.kind == "resolved":
        return State.OK
    if event.kind in {"opened", "fired_again", "reopened"}:
        return State.DOWN if incident.severity == "critical" else State.WARNING
    return State.UNKNOWN if event.kind == "unknown" else None

"""The history in people's words."""

from datetime import UTC, datetime

import pytest
from sqlmodel import SQLModel

from api.pages import PAGES  # noqa: F401 - every table is known once the pages are
from api.views.change_words import HIDDEN, NOTHING, references, said, word_of
from api.views.i18n import Formats

NOUNS = (
    "account", "asset", "budget_plan", "credential", "device", "document", "finding", "link", "provider",
    "reorganisation", "service", "site", "stocktake", "subnet",
)  # fmt: skip
"""What has a history on a page."""

VI, EN = Formats("vi"), Formats("en")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_field_of_a_history_has_a_word_in_both_languages(noun: str) -> None:
    fields = [column.name for column in SQLModel.metadata.tables[noun].columns if column.name not in HIDDEN]
    assert [field for field in fields if word_of(noun, field) is None] == []


@pytest.mark.parametrize(
    ("noun", "field", "value", "vi", "en"),
    [
        ("asset", "cost_vnd", 1_250_000, "1.250.000 ₫", "1,250,000 ₫"),
        ("asset", "status", "in_use", "Đang dùng", "In use"),
        ("device", "is_root", True, "có", "yes"),
        ("device", "is_root", False, "không", "no"),
        ("stocktake", "state", "signed", "đã ký biên bản", "minutes signed"),
        ("stocktake", "due", "2026-05-31", "31/05/2026", "31 May 2026"),
        ("budget_plan", "year", 2027, "2027", "2027"),
        ("credential", "sealed", "sha256:abc", "đã đổi", "changed"),
        ("device", "ports", {"ssh": 2222, "snmp": 1161}, "snmp: 1161, ssh: 2222", "snmp: 1161, ssh: 2222"),
        ("device", "probes", {"icmp": {"count": 3}}, "icmp: count: 3", "icmp: count: 3"),
        ("site", "site_id", None, NOTHING, NOTHING),
        ("site", "note", "2026-99-99", "2026-99-99", "2026-99-99"),
        ("site", "note", "x" * 100, "x" * 79 + "…", "x" * 79 + "…"),
    ],
)
def test_a_value_reads_as_the_reader_writes_it(noun: str, field: str, value: object, vi: str, en: str) -> None:
    assert said(noun, field, value, {}, VI).casefold() == vi.casefold()
    assert said(noun, field, value, {}, EN).casefold() == en.casefold()


def test_a_time_is_the_readers_own() -> None:
    at = datetime(2026, 11, 24, 11, 55, tzinfo=UTC)
    assert said("stocktake", "signed_at", at.isoformat(), {}, VI) == VI.moment(at)


def test_another_row_is_called_by_its_name() -> None:
    assert references("link")["a_device_id"] == "device"
    assert said("link", "a_device_id", 7, {("device", 7): "core"}, VI) == "core"
    assert said("link", "a_device_id", 8, {}, VI) == "8"

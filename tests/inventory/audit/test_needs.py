"""Reasons to buy something, each with its points and evidence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.audit import needs
from inventory.audit.needs import Failure, Reason
from inventory.audit.operating_systems import end_of_support

TODAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("year", "since", "used_before", "points"),
    [
        (2026, date(2020, 3, 1), 0, None),  # 2020 to 2025 are six of seven years
        (2027, date(2020, 3, 1), 0, 30),  # seven years by the beginning of 2027
        (2028, date(2020, 12, 31), 0, 35),  # the year of the first use counts whole
        (2026, date(2020, 3, 1), 1, 30),  # second-hand
        (2040, date(2015, 1, 1), 0, 50),  # no more than four further years count
    ],
)
def test_a_life_is_counted_in_whole_years_from_the_first(
    year: int, since: date, used_before: int, points: int | None
) -> None:
    ground = needs.beyond_life(year, since, used_before, 7)
    assert (ground.points if ground else None) == points


def test_the_evidence_names_day_age_and_life_in_both_languages() -> None:
    ground = needs.beyond_life(2027, date(2018, 3, 5), 0, 7)
    assert ground is not None
    assert ground.evidence.vi.startswith("Dùng từ 05/03/2018; đến hết năm 2026 đã 9 năm")
    assert ground.evidence.en == "In use since 5 Mar 2018: 9 years by the end of 2026, where the rulebook gives it 7."


def test_incidents_count_only_without_warranty() -> None:
    days = [date(2026, 1, 5), date(2025, 7, 1)]
    assert needs.troubled(TODAY, TODAY, days) is None
    assert needs.troubled(TODAY, None, []) is None
    ground = needs.troubled(TODAY, date(2026, 5, 19), days)
    assert ground is not None
    assert (ground.reason, ground.points) == (Reason.TROUBLED, 40)
    assert "19 May 2026" in ground.evidence.en
    assert "5 Jan 2026" in ground.evidence.en


@given(days=st.lists(st.dates(date(2024, 6, 1), TODAY), min_size=1, max_size=30))
def test_more_than_four_incidents_add_nothing(days: list[date]) -> None:
    ground = needs.troubled(TODAY, None, days)
    assert ground is not None
    assert ground.points == 20 + 10 * min(len(days), 4)


def test_support_has_to_end_before_the_year_begins() -> None:
    assert needs.unsupported(2027, "RB4011", None) is None
    assert needs.unsupported(2027, "RB4011", date(2027, 1, 1)) is None
    ground = needs.unsupported(2027, "RB4011", date(2026, 12, 31))
    assert ground is not None
    assert ground.evidence.en == "RB4011: the maker's support ended on 31 Dec 2026."


def test_a_stocktake_is_named_with_its_day() -> None:
    ground = needs.failed(Failure(True, "Kiểm kê 2026", date(2026, 6, 1)))
    assert ground is not None
    assert ground.evidence.vi == "Không thấy khi kiểm kê “Kiểm kê 2026”, biên bản ký ngày 01/06/2026."
    assert needs.failed(None) is None


@pytest.mark.parametrize(
    ("name", "until"),
    [
        ("Microsoft Windows 10 Pro 22H2", date(2025, 10, 14)),
        ("Windows 8.1", date(2023, 1, 10)),
        ("WINDOWS SERVER 2012 R2", date(2023, 10, 10)),
        ("windows 7 professional", date(2020, 1, 14)),
        ("Windows 11 Pro", None),
        ("Windows 10 IoT Enterprise LTSC 2021", None),
        ("Ubuntu 22.04", None),
        ("", None),
    ],
)
def test_the_end_of_an_operating_system_is_known_by_its_name(name: str, until: date | None) -> None:
    assert end_of_support(name) == until

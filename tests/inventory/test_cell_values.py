from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.cell_values import Kind, Misread, Reading, kind_of, structure_text
from inventory.cells import EPOCH_1900, Cell
from inventory.choice_words import CHOICES
from inventory.headings import HEADINGS
from inventory.mapping import importable
from inventory.nouns import NOUNS
from inventory.spelling import fold

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
READING = Reading(EPOCH_1900, ZONE)
DAY = date(2018, 3, 15)


def read(kind: Kind, cell: Cell) -> object:
    return READING.value(NOUNS["assets"], "status", kind, cell)


@pytest.mark.parametrize(
    "cell",
    ["15/03/2018", "15/3/2018", "15-03-2018", "15.03.2018", "2018-03-15", "2018-03-15 00:00:00", " 15/03/2018 ",
     43174, 43174.0, "43174", DAY, datetime(2018, 3, 15, 9, 0)],  # noqa: DTZ001 - a workbook knows no zone
)  # fmt: skip
def test_days_are_read_as_they_are_written_here(cell: Cell) -> None:
    assert read(Kind.DAY, cell) == DAY


@pytest.mark.parametrize(
    "cell",
    ["", "hôm qua", "15/03/18", "03/2018", "2018", "31/02/2018", "12/31/2018", "15/03/0018", 99_999_999, 1.5, True],
)
def test_what_is_no_day_is_told(cell: Cell) -> None:
    with pytest.raises(Misread):
        read(Kind.DAY, cell)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_day_is_the_same_in_every_spelling(day: date) -> None:
    assert {
        read(Kind.DAY, cell)
        for cell in (day.isoformat(), f"{day:%d/%m/%Y}", (day - EPOCH_1900).days, f"{day.day}-{day.month}-{day.year}")
    } == {day}


def test_workbooks_that_count_from_1904_are_understood() -> None:
    reading = Reading(date(1904, 1, 1), ZONE)
    assert reading.value(NOUNS["assets"], "put_to_use", Kind.DAY, 41712) == DAY


@pytest.mark.parametrize(
    "cell",
    ["15/03/2018 07:30", "2018-03-15T07:30:00+07:00", "2018-03-15T00:30:00Z", "2018-03-15 07:30",
     datetime(2018, 3, 15, 7, 30), 43174.3125],  # noqa: DTZ001 - a workbook knows no zone
)  # fmt: skip
def test_moments_without_a_zone_are_those_of_the_office(cell: Cell) -> None:
    assert read(Kind.MOMENT, cell) == datetime(2018, 3, 15, 7, 30, tzinfo=ZONE)
    assert READING.value(NOUNS["assets"], "x", Kind.MOMENT, "15/03/2018") == datetime(2018, 3, 15, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.250.000 đ", 1_250_000), ("1,250,000", 1_250_000), ("1 250 000 VNĐ", 1_250_000), ("1250000đồng", 1_250_000),
     ("1.250.000,00", 1_250_000), ("1,250,000.00 vnd", 1_250_000), (1_250_000.0, 1_250_000), ("₫1.250.000", 1_250_000),
     ("1.250", 1_250), ("12", 12), ("12.0", 12), ("-5", -5), ("0", 0), ("1\u00a0250\u00a0000", 1_250_000)],
)  # fmt: skip
def test_money_is_read_in_every_spelling(cell: Cell, value: int) -> None:
    assert read(Kind.WHOLE, cell) == value


@pytest.mark.parametrize("cell", ["1,5", "1.25", "1.25.000", "rẻ", "12 tr", "1e9", 1.5, True, DAY, "9" * 30])
def test_what_is_no_sum_is_told_rather_than_guessed(cell: Cell) -> None:
    with pytest.raises(Misread):
        read(Kind.WHOLE, cell)


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_a_sum_with_separators_is_the_sum(amount: int) -> None:
    for sign in ",. ":
        assert read(Kind.WHOLE, f"{amount:,}".replace(",", sign) + " đ") == amount


@pytest.mark.parametrize(
    ("cell", "value"),
    [("22,4192", 22.4192), ("22.4192", 22.4192), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("-22,5", -22.5),
     ("99,5%", 0.995), (3, 3.0), ("104,822", 104.822)],
)  # fmt: skip
def test_decimal_commas_and_points_are_both_read(cell: Cell, value: float) -> None:
    assert read(Kind.DECIMAL, cell) == pytest.approx(value)


@pytest.mark.parametrize("cell", ["nan", "inf", "1,2,3", "1.2.3", "N22", True])
def test_what_is_no_number_is_told(cell: Cell) -> None:
    with pytest.raises(Misread):
        read(Kind.DECIMAL, cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("có", True), ("Không", False), ("CO", True), ("yes", True), ("x", True), (1, True), (0, False), (False, False)],
)
def test_yes_and_no_are_read_in_both_languages(cell: Cell, value: bool) -> None:
    assert read(Kind.SWITCH, cell) is value


def test_a_number_that_a_spreadsheet_rounded_is_not_taken_for_a_text() -> None:
    assert read(Kind.TEXT, 12345.0) == "12345"
    with pytest.raises(Misread):
        read(Kind.TEXT, 1.2345678901234568e18)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("ssh: 2222, snmp: 1161", {"ssh": 2222, "snmp": 1161}),
        (" SSH=2222 ; snmp : 161 ", {"ssh": 2222, "snmp": 161}),
        ('{"ssh": 2222}', {"ssh": 2222}),
        ('{"rx": -24.5, "ok": true}', {"rx": -24.5, "ok": True}),
    ],
)
def test_a_structure_is_read_as_people_or_programs_write_it(cell: str, value: object) -> None:
    assert read(Kind.STRUCTURE, cell) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"ssh": 2222, "snmp": 1161}, "snmp: 1161, ssh: 2222"),
        ({"on": True}, '{"on": true}'),
        ({"A": 1}, '{"A": 1}'),
        ({"low": -1}, '{"low": -1}'),
        (["a"], '["a"]'),
    ],
)
def test_a_structure_is_written_as_people_write_it_where_it_reads_back(value: object, text: str) -> None:
    assert structure_text(value) == text


@given(st.dictionaries(st.text(max_size=5), st.integers(-10, 10**16), max_size=4))
def test_whole_numbers_by_name_read_back_as_they_were(value: dict[str, int]) -> None:
    assert read(Kind.STRUCTURE, structure_text(value)) == value


@pytest.mark.parametrize("cell", ["{", '{"a": NaN}', "[" * 5_000, "ssh 22", "ssh: 22 snmp: 161", "ssh: 22,"])
def test_what_is_no_structure_is_told(cell: str) -> None:
    with pytest.raises(Misread):
        read(Kind.STRUCTURE, cell)


@pytest.mark.parametrize("noun", [noun for noun in NOUNS.values() if importable(noun)], ids=lambda noun: noun.path)
def test_every_field_that_can_be_written_has_a_column_and_no_other(noun: object) -> None:
    path = noun.path  # type: ignore[attr-defined]
    model = NOUNS[path].create
    assert model is not None
    assert set(HEADINGS[path]) == set(model.model_fields)
    for language in ("vi", "en"):
        names = [fold(heading.text.to(language)) for heading in HEADINGS[path].values()]  # type: ignore[arg-type]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(("noun", "field"), CHOICES)
def test_every_choice_is_read_by_its_value_and_by_its_words(noun: str, field: str) -> None:
    assert kind_of(NOUNS[noun], field) is Kind.CHOICE
    for value, text in CHOICES[noun, field].items():
        for cell in (str(value), text.vi, text.en, text.vi.upper()):
            assert READING.value(NOUNS[noun], field, Kind.CHOICE, cell) == str(value)


def test_a_day_far_beyond_the_calendar_is_told() -> None:
    for cell in ("99999", 99_999, (date(2151, 1, 1) - EPOCH_1900) // timedelta(days=1)):
        with pytest.raises(Misread):
            read(Kind.DAY, cell)

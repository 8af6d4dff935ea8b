"""What people type into forms, and what is made of it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.views.forms import Field, Form, shown, within
from inventory.errors import FieldProblem
from inventory.text import Text, same

NAME = same("X")


def typed(kind: str, text: str, **more: bool) -> object:
    form = Form([Field("x", NAME, kind, **more)])  # type: ignore[arg-type]
    form.take({"x": text})
    return form.typed()["x"]


@given(st.integers(0, 10**15))
def test_whole_numbers_are_read_with_any_separator_of_thousands(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")):
        assert typed("integer", text) == number


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 4)))
def test_decimals_are_read_with_comma_or_point(number: float) -> None:
    text = f"{number:.4f}"
    assert typed("decimal", text) == typed("decimal", text.replace(".", ",")) == number


@given(st.text(max_size=50))
def test_whatever_is_typed_is_either_read_or_left_for_the_model_to_refuse(text: str) -> None:
    for kind in ("text", "long", "integer", "decimal", "mega", "date", "select", "check", "tel", "email", "url"):
        value = typed(kind, text)
        assert value is None or isinstance(value, str | int | float | bool)


def test_an_empty_number_is_unknown_unless_the_field_says_zero() -> None:
    assert typed("integer", " ") is None
    assert typed("integer", "", zero_if_empty=True) == 0
    assert typed("text", "  ") == ""
    assert typed("check", "") is False


def test_a_bandwidth_is_typed_in_megabit() -> None:
    assert typed("mega", "2,5") == 2_500_000
    assert shown(2_500_000, "mega") == "2.5"
    assert shown(0, "mega") == ""


def test_stored_values_come_back_as_they_are_typed() -> None:
    assert [shown(value) for value in (None, True, False, date(2018, 5, 3), 0)] == ["", "1", "", "2018-05-03", "0"]


def test_a_field_that_never_changes_is_not_sent_for_a_row_that_exists() -> None:
    fields = [Field("slug", NAME, fixed=True), Field("name", NAME)]
    assert set(Form(fields, {"slug": "a", "name": "b"}).typed()) == {"slug", "name"}
    assert set(Form(fields, {"slug": "a", "name": "b"}, version=3).typed()) == {"name"}


def test_a_problem_deep_inside_a_field_is_told_at_the_field() -> None:
    problem = FieldProblem("probes.icmp.interval_s", "order", Text(vi="Sai thứ tự.", en="Out of order."))
    form = Form([Field("probes", Text(vi="Phép đo", en="Probes"))], problems=[problem])
    assert form.problem_of("probes") is problem
    assert form.label_of("probes.icmp.interval_s").en == "Probes"
    assert form.label_of("elsewhere").en == "elsewhere"


PORTS = [Field("ports.ssh", same("SSH"), "integer"), Field("ports.snmp", same("SNMP"), "integer")]


def test_parts_of_a_field_are_put_together_and_those_without_a_field_stay() -> None:
    form = Form(PORTS, stored={"ports": {"ssh": 22, "snmp": 161, "http": 8080}})
    form.take({"ports.ssh": "2222", "ports.snmp": ""})
    assert form.typed() == {"ports": {"http": 8080, "ssh": 2222}}
    assert form.stored == {"ports": {"ssh": 22, "snmp": 161, "http": 8080}}
    new = Form(PORTS)
    new.take({"ports.ssh": "", "ports.snmp": "x"})
    assert new.typed() == {"ports": {"snmp": "x"}}


def test_what_is_wrong_with_a_part_is_told_at_its_own_field() -> None:
    problem = FieldProblem("ports.snmp", "out_of_range", Text(vi="Quá lớn.", en="Too large."))
    form = Form(PORTS, problems=[problem])
    assert form.problem_of("ports.ssh") is None
    assert form.problem_of("ports.snmp") is problem
    assert form.label_of("ports.snmp").en == "SNMP"


def test_parts_are_compared_one_by_one() -> None:
    form = Form(PORTS, {"ports.ssh": "22", "ports.snmp": "161"})
    assert [row[0].name for row in form.differing({"ports": {"ssh": 22}})] == ["ports.snmp"]
    assert [within(stored, "ports.ssh") for stored in ({}, {"ports": None}, {"ports": {"ssh": 1}})] == [None, None, 1]


def test_two_versions_are_compared_as_people_see_them() -> None:
    form = Form([Field("port", NAME, "integer"), Field("name", NAME)], {"port": "161", "name": "mine"})
    assert [(one.name, old, new) for one, old, new in form.differing({"port": 161, "name": "theirs"})] == [
        ("name", "theirs", "mine")
    ]

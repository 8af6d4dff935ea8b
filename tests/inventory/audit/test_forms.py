"""Forms: dated, complete, and an office's own table replaces the one that ships."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from inventory.audit.forms import COUNT_MINUTES, HEADINGS, LONGEST, BadForms, parse_forms, read_forms

WORDS = {"vi": "Chữ", "en": "Words"}


def row(since: str = "2027-01-01", code: str = "C99-X", **more: object) -> dict[str, object]:
    headings = dict.fromkeys(HEADINGS[COUNT_MINUTES], WORDS)
    return {
        "from": since,
        "code": code,
        "confirmed": True,
        "source": WORDS,
        "title": WORDS,
        "headings": headings,
    } | more


def table(*rows: dict[str, object], name: str = COUNT_MINUTES) -> bytes:
    return yaml.safe_dump({name: list(rows)}, allow_unicode=True).encode()


def test_the_form_that_ships_is_c53_with_every_heading() -> None:
    form = read_forms().on(COUNT_MINUTES, date(2026, 12, 1))
    assert form.code == "C53-HD"
    assert set(form.headings) == set(HEADINGS[COUNT_MINUTES])
    assert not form.confirmed


def test_the_day_decides(tmp_path: Path) -> None:
    own = tmp_path / "forms.yaml"
    own.write_bytes(table(row(), row("2020-01-01", "C53-CŨ")))
    forms = read_forms(own)
    codes = [forms.on(COUNT_MINUTES, date(year, 6, 1)).code for year in (2010, 2026, 2027)]
    assert codes == ["C53-CŨ", "C53-CŨ", "C99-X"]
    assert read_forms(tmp_path / "none.yaml").on(COUNT_MINUTES, date(2026, 1, 1)).code == "C53-HD"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"x" * (LONGEST + 1), ""),
        (b"a: [", ""),
        (b"just words", ""),
        (table(row(), name="other"), "other"),
        (table(), COUNT_MINUTES),
        (table(row(), row()), COUNT_MINUTES),
        (table(row(code="")), f"{COUNT_MINUTES}.0.code"),
        (table(row(headings={"unit": WORDS})), f"{COUNT_MINUTES}.0.headings.asset"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(content: bytes, field: str) -> None:
    with pytest.raises(BadForms) as caught:
        parse_forms(content)
    assert field in {one.field for one in caught.value.problems}

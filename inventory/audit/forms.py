"""Printed forms: code, title and headings by the day from which they are used; an office can correct the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from inventory.errors import FieldProblem, QuangError
from inventory.text import Text
from inventory.wording import problems_in

LONGEST: Final = 65_536
"""Bytes of a table of forms."""

COUNT_MINUTES: Final = "count_minutes"
HANDOVER: Final = "handover"
WEAR_LEDGER: Final = "wear_ledger"
WEAR_TABLE: Final = "wear_table"

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    COUNT_MINUTES: (
        "unit", "department", "unit_code", "committee", "number", "asset", "code", "place", "books", "count",
        "difference", "quantity", "cost", "residual", "note", "total", "head_of_unit", "head_of_unit_hint",
        "chief_accountant", "head_of_committee", "sign_here",
    ),
    HANDOVER: (
        "unit", "department", "unit_code", "number", "asset", "code", "origin", "used_since", "capacity", "value",
        "cost", "worn", "residual", "papers", "total", "accessories", "accessory", "measure", "quantity", "amount",
        "head_of_receiver", "accountant_of_receiver", "receiver", "giver", "sign_here",
    ),
    WEAR_LEDGER: (
        "unit", "unit_code", "year", "number", "came", "document", "document_number", "document_day", "asset", "origin",
        "used_since", "code", "cost", "wear", "rate", "annual", "accumulated", "left", "reason", "residual", "total",
        "book_keeper", "chief_accountant", "head_of_unit", "sign_here",
    ),
    WEAR_TABLE: (
        "unit", "unit_code", "year", "number", "asset", "code", "used_since", "cost", "rate", "opening", "written_off",
        "annual", "accumulated", "residual", "total", "tools", "made_by", "chief_accountant", "head_of_unit",
        "sign_here",
    ),
}  # fmt: skip
"""The headings that each form needs."""


class BadForms(QuangError):
    """A table of forms cannot be used; every wrong line is named."""

    code = "bad_forms"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            Text(
                vi="Không dùng được tệp mẫu biểu: " + "; ".join(f"{one.field}: {one.message.vi}" for one in problems),
                en="The table of forms cannot be used: " + "; ".join(f"{p.field}: {p.message.en}" for p in problems),
            ),
            Text(
                vi="Sửa các dòng được nêu, hoặc bỏ tệp đi để dùng bản kèm theo chương trình.",
                en="Correct the lines named, or take the file away to use the one that ships.",
            ),
        )


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)

    @property
    def text(self) -> Text:
        return Text(vi=self.vi, en=self.en)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date = Field(alias="from")
    code: str = Field(min_length=1, max_length=40)
    confirmed: bool
    source: _Words
    title: _Words
    headings: dict[str, _Words] = Field(max_length=60)


@dataclass(frozen=True, slots=True)
class Form:
    """One form as of a day.

    Attributes:
        code: As the circular has it (`C53-HD`).
        title: Over the form.
        headings: By their names, as `HEADINGS` lists them.
        source: Where it was read.
        confirmed: Whether an accountant has compared it with the circular.
    """

    code: str
    title: Text
    headings: Mapping[str, Text]
    source: Text
    confirmed: bool


class Forms:
    """The forms of an office.

    Args:
        rows: Rows of the table by form, each list by its first day.
    """

    def __init__(self, rows: Mapping[str, Sequence[_Row]]) -> None:
        self._rows = rows

    def on(self, name: str, day: date) -> Form:
        """Return a form as it is on a day; before its first day the first one.

        Raises:
            KeyError: There is no such form.
        """
        rows = self._rows[name]
        row = next((one for one in reversed(rows) if one.since <= day), rows[0])
        headings = {key: words.text for key, words in row.headings.items()}
        return Form(row.code, row.title.text, headings, row.source.text, row.confirmed)


def read_forms(own: Path | None = None) -> Forms:
    """Return the forms that ship, each replaced by the office's own of the same name.

    Args:
        own: The office's own table; need not exist.

    Raises:
        BadForms: It is not as it should be.
    """
    rows = parse_forms((resources.files("inventory.audit") / "forms.yaml").read_bytes())
    if own is not None and own.is_file():
        with own.open("rb") as file:
            rows |= parse_forms(file.read(LONGEST + 1))
    return Forms(rows)


def parse_forms(content: bytes) -> dict[str, list[_Row]]:
    """Return the rows of a table of forms, by form and first day.

    Raises:
        BadForms: It is too long, no YAML, or a line is wrong.
    """
    if len(content) > LONGEST:
        raise BadForms([FieldProblem("", "too_long", _LONG.fill(most=LONGEST))])
    try:
        values: Any = yaml.safe_load(content)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadForms([FieldProblem("", "yaml", Text(vi="Không phải YAML đúng.", en="No proper YAML."))]) from None
    try:
        rows = _TABLE.validate_python(values)
    except ValidationError as error:
        raise BadForms(problems_in(error)) from None
    problems = [problem for name, some in rows.items() for problem in _problems(name, some)]
    if problems:
        raise BadForms(problems)
    return {name: sorted(some, key=lambda one: one.since) for name, some in rows.items()}


def _problems(name: str, rows: Sequence[_Row]) -> list[FieldProblem]:
    if name not in HEADINGS:
        return [FieldProblem(name, "no_such", _NO_FORM.fill(known=", ".join(HEADINGS)))]
    if not rows:
        return [FieldProblem(name, "required", Text(vi="Cần ít nhất một dòng.", en="A row is needed."))]
    found = []
    for number, row in enumerate(rows):
        missing = set(HEADINGS[name]) - set(row.headings)
        found += [FieldProblem(f"{name}.{number}.headings.{one}", "required", _NEEDED) for one in sorted(missing)]
    if len({row.since for row in rows}) < len(rows):
        found.append(FieldProblem(name, "taken", Text(vi="Hai dòng cùng ngày.", en="Two rows of the same day.")))
    return found


_TABLE: Final = TypeAdapter(dict[str, list[_Row]])
_LONG: Final = Text(vi="Tệp dài hơn {most} byte.", en="The file is longer than {most} bytes.")
_NO_FORM: Final = Text(vi="Chỉ có các mẫu: {known}.", en="The forms are: {known}.")
_NEEDED: Final = Text(vi="Thiếu tiêu đề này.", en="This heading is missing.")

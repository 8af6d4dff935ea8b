"""What an import found and did, row by row."""

from dataclasses import dataclass, field
from typing import Any, Final

from inventory.mapping import Column
from inventory.text import Language, Text

MOST_PROBLEMS: Final = 20_000
"""Problems that a report holds; further ones are counted only."""

_LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something wrong with one row.

    Attributes:
        row: Its number in the file.
        column: Heading of the column as in the file; the field's own name where the file has no such column; empty if
            it is about the row as a whole.
        field: The field.
        code: Stable name of what is wrong.
        value: What stands in the cell, shortened.
        message: What is wrong.
        suggestion: What to write instead, if something can be guessed.
    """

    row: int
    column: Text | str
    field: str
    code: str
    value: str | None
    message: Text
    suggestion: Text | None = None

    def as_dict(self, language: Language) -> dict[str, Any]:
        """Return the problem as JSON holds it, in one language."""
        return {
            "row": self.row,
            "column": self.column if isinstance(self.column, str) else self.column.to(language),
            "field": self.field,
            "code": self.code,
            "value": self.value,
            "message": self.message.to(language),
            "suggestion": None if self.suggestion is None else self.suggestion.to(language),
        }


@dataclass(frozen=True, slots=True)
class RowAct:
    """What was done, or would be done, by one row.

    Attributes:
        row: Its number in the file.
        key: Key of the thing in the books.
        fields: What of it is changed; nothing for a thing that is new.
        is_new: Whether the books did not have it.
    """

    row: int
    key: str
    fields: tuple[str, ...]
    is_new: bool


@dataclass(slots=True)
class Report:
    """What an import found and did.

    Attributes:
        noun: Path of the noun.
        dry_run: Whether it was a rehearsal.
        columns: The columns of the file and what they fill.
        rows: Rows that hold data.
        created: Rows that were new.
        changed: Rows that differed from the books.
        unchanged: Rows that stood in the books just so.
        problems: All that is wrong, by row.
        left_out: Problems beyond `MOST_PROBLEMS`.
        acts: What each row does that changes the books, by row.
        written: Whether the books were changed: there is no problem, and it was no rehearsal.
    """

    noun: str
    dry_run: bool
    columns: tuple[Column, ...] = ()
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    left_out: int = 0
    acts: list[RowAct] = field(default_factory=list)
    written: bool = False

    def add(self, problem: RowProblem) -> None:
        """Note a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.left_out += 1

    def as_dict(self, language: Language) -> dict[str, Any]:
        """Return the report as JSON holds it, sentences in one language."""
        return {
            "noun": self.noun,
            "dry_run": self.dry_run,
            "written": self.written,
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "columns": [{"heading": one.heading, "field": one.field} for one in self.columns],
            "problems": [one.as_dict(language) for one in self.problems],
            "left_out": self.left_out,
        }


def shortened(value: object) -> str:
    """Return a value as a report shows it."""
    return str(value)[:_LONGEST_VALUE]

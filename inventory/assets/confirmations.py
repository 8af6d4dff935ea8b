"""Confirmations, as rows: who compared a line of a rulebook with the full text, and which words he compared."""

from datetime import date
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict
from pydantic import Field as Bounds
from sqlmodel import Field

from inventory.assets.rulebook import Sourced
from inventory.columns import Booked
from inventory.fields import Day, Entry, Line200, Note, Record
from inventory.history import canonical
from inventory.text import Text

PLACE_LONGEST: Final = 80
"""Characters of the place of a line in its book."""


class RulebookConfirmation(Booked, table=True):
    """One line, confirmed; it holds while the line says what it said then.

    Attributes:
        rulebook: Key of the book.
        place: Where the line stands in the book (`lives.computer`).
        digest: Of what the line said: `digest_of_line`.
        confirmed_by: Name and title of who compared it.
        day: When he did.
        note: With which copy, what was found.
    """

    __tablename__ = "rulebook_confirmation"
    KEY: ClassVar[str] = "id"
    NOUN: ClassVar[Text] = Text(vi="xác nhận quy định", en="confirmation of a rule")
    SEARCH: ClassVar[tuple[str, ...]] = ("rulebook", "place", "confirmed_by")
    ORDER: ClassVar[str] = "rulebook"

    rulebook: str = Field(max_length=64, index=True)
    place: str = Field(max_length=PLACE_LONGEST)
    digest: str = Field(max_length=64)
    confirmed_by: str = Field(max_length=200)
    day: date
    note: str = Field(default="", max_length=2000)


class ConfirmationCreate(Entry):
    """A confirmation; `digest` is that of the line as it was read: one that was changed meanwhile is not confirmed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rulebook": "tt-141-2025",
                    "place": "lives.computer",
                    "digest": "0" * 64,
                    "confirmed_by": "Nguyễn Thị Hoa, kế toán trưởng",
                    "day": "2026-11-20",
                }
            ]
        }
    )

    rulebook: Annotated[str, Bounds(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    place: Annotated[str, Bounds(pattern=r"^[a-z0-9_.-]{1,80}$")]
    digest: Annotated[str, Bounds(pattern=r"^[0-9a-f]{64}$")]
    confirmed_by: Annotated[Line200, Bounds(min_length=1)]
    day: Day
    note: Note = ""


class ConfirmationRead(Record):
    """A confirmation as it stands in the books."""

    rulebook: str
    place: str
    digest: str
    confirmed_by: str
    day: date
    note: str


def digest_of_line(line: Sourced) -> str:
    """Return the SHA-256 of all that a line says but whether it is confirmed; hexadecimal."""
    return sha256(canonical(figures_of(line) | {"source": line.source.model_dump()})).hexdigest()


def figures_of(line: Sourced) -> dict[str, Any]:
    """Return what a line says, without its source, as JSON holds it."""
    return line.model_dump(mode="json", exclude={"confirmed", "source"})

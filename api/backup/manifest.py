"""What stands in a backup: the list of its files with their sums, and what the books held."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.backup.faults import Unusable
from inventory.text import Text

NAME: Final = "manifest.json"
"""The first file of a backup."""

BOOKS: Final = {"sqlite": "quang.db", "postgresql": "quang.dump"}
"""Name of the copy of the books, by the kind of database."""

CONFIGS: Final = "configs"
RULEBOOKS: Final = "rulebooks"
SETTINGS: Final = "quang.toml"
FORMS: Final = "forms.yaml"
KEY: Final = "key"

LONGEST_NAME: Final = 100
"""Octets of a file's name, as the oldest header of a tar file has room for."""

MOST_FILES: Final = 50_000
MOST_OCTETS: Final = 256 * 1024**3
LONGEST: Final = 16 * 1024**2
"""Octets of the manifest itself."""

Kind = Literal["sqlite", "postgresql"]

_TOPS: Final = re.compile(
    r"(quang\.db|quang\.dump|quang\.toml|forms\.yaml|key"
    r"|rulebooks/[^/]+\.yaml"
    r"|configs/(HEAD|config|description|packed-refs|(info|objects|refs)/.+))"
)
_BARRED: Final = re.compile(r"[\x00-\x1f\x7f\\]|(^|/)\.{0,2}(/|$)")


def fits(name: str) -> bool:
    """Return whether a backup may hold a file of this name: a relative one, of the few that a home has."""
    return (
        len(name.encode(errors="replace")) <= LONGEST_NAME
        and not _BARRED.search(name)
        and _TOPS.fullmatch(name) is not None
    )


def _fitting(name: str) -> str:
    if not fits(name):
        raise ValueError("no name of a file of a backup")
    return name


class File(BaseModel):
    """One file of a backup.

    Attributes:
        name: Where it stands below the home folder.
        size: Octets.
        sha256: Of its content, hexadecimal.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    name: Annotated[str, AfterValidator(_fitting)]
    size: int = Field(ge=0, le=MOST_OCTETS)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What a backup says of itself.

    Attributes:
        format: Shape of the backup; this version knows one.
        quang: Version of the program that made it.
        at: When; aware.
        database: Kind of the database that the books come from.
        revision: Step of the migrations at which the books stand.
        key: Fingerprint of the key that the books are sealed and chained with.
        rows: Rows of the main tables, by table.
        files: Every file but the manifest.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    format: Literal[1] = 1
    quang: str = Field(max_length=40)
    at: AwareDatetime
    database: Kind
    revision: str = Field(pattern=r"^[0-9A-Za-z_]{1,32}$")
    key: str = Field(pattern=r"^[0-9a-f]{32}$")
    rows: dict[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], Annotated[int, Field(ge=0)]] = Field(max_length=50)
    files: tuple[File, ...] = Field(max_length=MOST_FILES)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = {one.name for one in self.files}
        if len(names) != len(self.files) or self.octets > MOST_OCTETS:
            raise ValueError("a file is named twice, or they are too large")
        if {*BOOKS.values()} & names != {self.books}:
            raise ValueError("not one copy of the books")
        return self

    @property
    def octets(self) -> int:
        """Return the octets of all files."""
        return sum(one.size for one in self.files)

    @property
    def books(self) -> str:
        """Return the name of the copy of the books."""
        return BOOKS[self.database]

    @property
    def with_key(self) -> bool:
        """Return whether the key is inside."""
        return any(one.name == KEY for one in self.files)


def parse(content: bytes) -> Manifest:
    """Return the manifest that a backup begins with.

    Raises:
        Unusable: It is none of ours, or of a newer shape.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        newer = any(one["loc"] == ("format",) for one in error.errors(include_url=False, include_input=False))
        raise Unusable(_NEWER if newer else _NONE) from None


def below(folder: Path) -> list[str]:
    """Return the names of the files below a folder, sorted, as a backup names them."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


_NONE: Final = Text(vi="phần mục lục sai hoặc thiếu.", en="its list of contents is wrong or missing.")
_NEWER: Final = Text(
    vi="nó do phiên bản quang mới hơn tạo ra; hãy cài phiên bản đó trước.",
    en="a newer version of quang made it; install that version first.",
)

"""Files of rows from and to the command line: for the administrator of the machine, as the system or as somebody."""

from collections.abc import Callable, Iterable
from pathlib import Path

from sqlmodel import select

from api.desk.people import books
from inventory.access.accounts import Account
from inventory.access.actors import actor_of_account
from inventory.access.rights import SYSTEM, Actor
from inventory.books import Books
from inventory.db import reading
from inventory.errors import FieldProblem, Invalid, NotFound, QuangError
from inventory.exporting import Format, export, exportable
from inventory.import_report import Report
from inventory.importing import Manner, Progress, import_
from inventory.mapping import importable
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.spreadsheet import read_stream
from inventory.text import LANGUAGES, Text


class NoFile(QuangError):
    """A file cannot be read or written."""

    code = "no_file"


def take_in(noun: str, path: Path, manner: Manner, username: str, progress: Progress) -> Report:
    """Import a file.

    Args:
        noun: Path of the noun.
        path: The file.
        manner: How.
        username: Who imports; the system itself if empty.
        progress: Is told how far it is.

    Raises:
        QuangError: The file, the noun or the account cannot be used.
    """
    chosen = _noun(noun, importable)
    try:
        with path.open("rb") as file:
            sheet = read_stream(file)
    except OSError as error:
        raise _no_file(path, error) from error
    opened = books()
    return import_(opened, _actor(opened, username), chosen, sheet, manner, progress=progress)


def give_out(noun: str, path: Path, kind: str, language: str, username: str) -> None:
    """Export what there is of a noun to a file; no file is left half written.

    Args:
        noun: Path of the noun.
        path: The file; what stands there is replaced.
        kind: `xlsx`, `csv`, or empty for what the name of the file ends with.
        language: Of the headings.
        username: As in `take_in`.

    Raises:
        QuangError: The file, the noun or the account cannot be used.
    """
    chosen = _noun(noun, exportable)
    wanted = kind or path.suffix.removeprefix(".").lower()
    if wanted not in set(Format):
        raise Invalid(
            [FieldProblem("format", "not_a_choice", Text(vi="Chỉ nhận: xlsx, csv.", en="xlsx or csv."), wanted)]
        )
    opened = books()
    spoken = next(one for one in LANGUAGES if one == language)
    pieces = export(opened, _actor(opened, username), chosen, Format(wanted), spoken)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(pieces)
        part.replace(path)
    except OSError as error:
        raise _no_file(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def mapping_of(said: Iterable[str]) -> dict[str, str]:
    """Return field by heading from words like `Tên máy=name`; an empty field leaves the column out.

    Raises:
        Invalid: A word has no `=`.
    """
    mapping = {}
    for word in said:
        heading, sign, field = word.rpartition("=")
        if not sign or not heading.strip():
            text = Text(vi="Cần dạng “Tên cột=trường”.", en="This has to be like “Heading=field”.")
            raise Invalid([FieldProblem("map", "form", text, word[:200])])
        mapping[heading.strip()] = field.strip()
    return mapping


def _noun(path: str, fits: Callable[[Noun], bool]) -> Noun:
    known = [one for one, noun in NOUNS.items() if fits(noun)]
    if path not in known:
        text = Text(vi="Chọn một trong: {known}.", en="Choose one of: {known}.").fill(known=", ".join(known))
        raise Invalid([FieldProblem("noun", "not_a_choice", text, path[:200])])
    return NOUNS[path]


def _actor(opened: Books, username: str) -> Actor:
    if not username:
        return SYSTEM
    with reading(opened.engine) as session:
        account = session.exec(select(Account).where(Account.username == username)).first()
        if account is None or account.retired_at is not None:
            raise NotFound(Account.NOUN, username)
        return actor_of_account(session, account)


def _no_file(path: Path, error: OSError) -> NoFile:
    return NoFile(
        Text(vi="Không đọc hay ghi được tệp {path}: {why}.", en="The file {path} cannot be used: {why}.").fill(
            path=path.name, why=error.strerror
        ),
        Text(vi="Kiểm tra đường dẫn và quyền truy cập.", en="Check the path and who may read or write it."),
    )

"""From what was sent to the columns of a row: fields checked, references found, every problem named at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Protocol, get_args

from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlmodel import Session

from inventory.access.rights import Actor, visible
from inventory.books import Books
from inventory.columns import Booked, column
from inventory.draft import Draft
from inventory.errors import FieldProblem, Invalid
from inventory.fields import UNREADABLE, UNREADABLE_CODE, Entry, sent
from inventory.near import Gathered
from inventory.noun import Noun, Reference
from inventory.spelling import is_storable
from inventory.text import Text
from inventory.wording import problems_in

Values = Mapping[str, Any] | BaseModel


class Lookups(Protocol):
    """Finds rows by what fields say, as the database would; for whoever writes many and has read them all at once."""

    @property
    def gathered(self) -> Gathered | None:
        """Return the rows near those that are written; `None` if the noun has none."""

    def referred(self, reference: Reference, key: str, *, anew: bool) -> Booked | None:
        """Return the row with that key; if it is chosen anew, only one that the actor may know of."""

    def holder(self, name: str, value: Any) -> Booked | None:  # noqa: ANN401 - any field's value
        """Return the row whose unique field has that value."""


_MOST_FIELDS: Final = 100
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Sitting:
    """One noun being read or written by somebody in one transaction.

    Attributes:
        lookups: Where rows are found by what fields say; the database if absent.
    """

    books: Books
    session: Session
    actor: Actor
    noun: Noun
    lookups: Lookups | None = None


def filled(sitting: Sitting, row: Booked | None, values: Values) -> dict[str, Any]:
    """Return the columns to write.

    Args:
        sitting: In a transaction in which nobody else writes the books.
        row: The row to change; `None` to create one.
        values: As sent; for a change only what shall differ.

    Raises:
        Invalid: Fields are wrong; all of them are named.
    """
    noun, session, books = sitting.noun, sitting.session, sitting.books
    model = noun.create if row is None else noun.change
    if model is None or noun.change is None:
        raise TypeError(f"{noun.path} are not written by the register")
    new, problems = _checked(model, noun.change, _raw(values), noun.secret)
    current = {} if row is None else _current(session, noun, row)
    draft = Draft(
        session=session,
        keys=books.keys,
        today=books.today(),
        row=row,
        values=current | new,
        sent=frozenset(new),
        problems=problems,
        gathered=None if sitting.lookups is None else sitting.lookups.gathered,
    )
    _refer(sitting, draft)
    for name in draft.sent - noun.references.keys():
        if name in noun.table.model_fields:
            draft.columns[name] = _storable(draft.values[name])
    _keep_fixed(noun, draft, current)
    _keep_readable(draft)
    with session.no_autoflush:
        _keep_unique(sitting, draft)
        noun.examine(draft)
    if draft.problems:
        raise Invalid(draft.problems)
    return draft.columns


def _raw(values: Values) -> dict[str, Any]:
    raw = sent(values) if isinstance(values, BaseModel) else dict(values)
    if len(raw) > _MOST_FIELDS:
        raise Invalid([FieldProblem("", "too_long", _TOO_MANY.fill(most=_MOST_FIELDS))])
    deep = [FieldProblem(str(name)[:64], "too_deep", _TOO_DEEP) for name, value in raw.items() if _is_deep(value)]
    if deep:
        raise Invalid(deep)
    return raw


def _is_deep(value: object) -> bool:
    """Return whether lists and objects stand in one another more than `_DEEPEST` times."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(outer, dict | list) for outer in level)


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _checked(
    model: type[Entry], partial: type[Entry], raw: dict[str, Any], secret: frozenset[str]
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Return the good fields (for a creation with the defaults of those not sent), and what is wrong with others."""
    for name, value in raw.items():
        # Forms and spreadsheets cannot send "nothing" otherwise.
        if value == "" and name in model.model_fields and type(None) in get_args(model.model_fields[name].annotation):
            raw = raw | {name: None}
    try:
        whole = model.model_validate(raw)
    except ValidationError as error:
        problems = problems_in(error, secret=secret)
        wrong = {problem.field.partition(".")[0] for problem in problems}
        # An unknown name may itself hold a dot, so what is kept is chosen by the names that are known.
        rest = {name: value for name, value in raw.items() if name in partial.model_fields and name not in wrong}
        return _defaults(model, partial, wrong) | sent(partial.model_validate(rest)), problems
    if model is partial:
        return sent(whole), []
    return {name: getattr(whole, name) for name in model.model_fields}, []


def _defaults(model: type[Entry], partial: type[Entry], wrong: set[str]) -> dict[str, Any]:
    """Return what a creation has where nothing was sent; a change has nothing there."""
    if model is partial:
        return {}
    fields = {name: info for name, info in model.model_fields.items() if name not in wrong and not info.is_required()}
    return {name: info.get_default(call_default_factory=True, validated_data={}) for name, info in fields.items()}


def _current(session: Session, noun: Noun, row: Booked) -> dict[str, Any]:
    """Return the row's fields as the change model names them."""
    values = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
    for name, reference in noun.references.items():
        number = values.get(reference.column)
        other = None if number is None else session.get(reference.table, number)
        values[name] = None if other is None else other.key
    if noun.show is not None:
        noun.show(values)
    return values


def _refer(sitting: Sitting, draft: Draft) -> None:
    for name, reference in sitting.noun.references.items():
        key = draft.values.get(name)
        if key is None:
            draft.refers[name] = None
            if name in draft.sent:
                draft.columns[reference.column] = None
            continue
        found = _find(sitting, draft, name, reference, str(key))
        draft.refers[name] = found
        if found is not None and name in draft.sent:
            draft.columns[reference.column] = found.id


def _find(sitting: Sitting, draft: Draft, name: str, reference: Reference, key: str) -> Booked | None:
    found: Booked | None
    if sitting.lookups is not None:
        found = sitting.lookups.referred(reference, key, anew=name in draft.sent)
    else:
        named = column(reference.table, reference.table.KEY) == key
        # What is referred to already stays, even where the actor could not choose it anew.
        allowed = visible(sitting.actor, reference.table) if name in draft.sent else named
        found = draft.session.execute(select(reference.table).where(named, allowed)).scalar_one_or_none()
    if name not in draft.sent:
        return found
    if found is None:
        draft.wrong(name, "no_such", _NO_SUCH.fill(noun=reference.table.NOUN, key=key), value=key)
        return None
    unchanged = draft.row is not None and getattr(draft.row, reference.column) == found.id
    if found.retired_at is not None and not unchanged:
        draft.wrong(name, "retired", _RETIRED.fill(noun=reference.table.NOUN, key=key), value=key)
    return found


def _keep_readable(draft: Draft) -> None:
    """Refuse what no database keeps where a field takes any JSON; other texts are checked by their own types."""
    for name, value in draft.columns.items():
        if isinstance(value, dict | list) and not all(is_storable(text, lines=True) for text in _texts(value)):
            draft.wrong(name, UNREADABLE_CODE, UNREADABLE)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _keep_fixed(noun: Noun, draft: Draft, current: Mapping[str, Any]) -> None:
    if draft.row is None:
        return
    for name in sorted(noun.fixed & draft.sent):
        if _storable(draft.values[name]) != current.get(name):
            draft.wrong(name, "fixed", _FIXED.fill(old=current.get(name)), value=draft.values[name])


def _keep_unique(sitting: Sitting, draft: Draft) -> None:
    noun, own = sitting.noun, 0 if draft.row is None else draft.row.id
    for name in noun.unique:
        value = draft.values.get(name)
        if value in {None, ""} or not draft.changed(name) or draft.is_wrong(name):
            continue
        if sitting.lookups is not None:
            other = sitting.lookups.holder(name, value)
        else:
            statement = select(noun.table).where(column(noun.table, name) == value, column(noun.table, "id") != own)
            other = draft.session.execute(statement).scalar_one_or_none()
        if other is not None and other is not draft.row:
            text = _TAKEN if other.retired_at is None else _TAKEN_BY_RETIRED
            draft.wrong(name, "taken", text.fill(noun=noun.table.NOUN, key=other.key), value=value)


def _storable(value: Any) -> Any:  # noqa: ANN401 - any field's value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, dict):
        return {key: _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


_TOO_DEEP: Final = Text(vi="Lồng nhau quá nhiều lớp.", en="Too many things stand inside one another.")
_TOO_MANY: Final = Text(vi="Nhiều nhất {most} trường.", en="At most {most} fields are allowed.")
_NO_SUCH: Final = Text(vi="Không có {noun} “{key}”.", en="There is no {noun} “{key}”.")
_RETIRED: Final = Text(vi="{noun} “{key}” đã ngừng dùng.", en="The {noun} “{key}” is retired.")
_FIXED: Final = Text(
    vi="Đã đặt là “{old}” thì không đổi được nữa; số liệu cũ gắn với tên này.",
    en="Once set (“{old}”) this never changes, because past figures belong to it.",
)
_TAKEN: Final = Text(vi="Đã có ở {noun} “{key}”.", en="The {noun} “{key}” has this already.")
_TAKEN_BY_RETIRED: Final = Text(
    vi="Đã có ở {noun} “{key}” (đã ngừng dùng).", en="The {noun} “{key}” (retired) has this already."
)

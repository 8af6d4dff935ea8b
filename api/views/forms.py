"""Forms: fields, what was typed, and what is wrong with it, told at each field in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from starlette.datastructures import FormData
from starlette.requests import Request

from inventory.errors import FieldProblem, QuangError
from inventory.text import Text

Kind = Literal[
    "text", "long", "integer", "decimal", "mega", "date", "select", "check", "password", "tel", "email", "url"
]
Options = Sequence[tuple[str, Text]]

_LONGEST_VALUE: Final = 10_000
_SHORT: Final = frozenset({"too_short", "string_too_short"})
_NEEDED: Final = Text(vi="Trường này bắt buộc.", en="This field is needed.")
_HTML_TYPES: Final = {"date": "date", "password": "password", "tel": "tel", "email": "email", "url": "url"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        name: Its name in the noun's model; `ports.ssh` for what stands under `ssh` in the model's `ports`.
        label: For people.
        kind: How it is shown and read.
        required: Whether it may be empty.
        hint: What to enter, with an example.
        longest: Characters.
        options: Choices of a `select` that never change; see `Form.choices` for those from the books.
        fixed: Whether it is never changed after creation.
        autocomplete: What the browser may fill in.
        plain: Whether phones should neither capitalise nor correct it.
        zero_if_empty: Whether an empty number means 0 instead of "not known".
        secret: Whether it is written and never shown again; empty, it stays as it is.
        when: Another field and those of its values with which this one matters; `None` for always.
    """

    name: str
    label: Text
    kind: Kind = "text"
    required: bool = False
    hint: Text | None = None
    longest: int = 200
    options: Options = ()
    fixed: bool = False
    autocomplete: str = "off"
    plain: bool = False
    zero_if_empty: bool = False
    secret: bool = False
    when: tuple[str, tuple[str, ...]] | None = None

    @property
    def html_type(self) -> str:
        """Return the type of the input; decimals stay text, because a comma has to be taken too."""
        return _HTML_TYPES.get(self.kind, "text")


@dataclass(slots=True)
class Form:
    """A form on its way between the page and the books.

    Attributes:
        fields: In the order of the page.
        values: What stands in the fields, as text.
        problems: What is wrong, by field.
        error: What is wrong with the whole.
        version: Version of the row that is changed; 0 for a new one.
        choices: Options of `select` fields that come from the books.
        stored: The row that is changed, of which some fields show only parts.
    """

    fields: Sequence[Field]
    values: dict[str, str] = field(default_factory=dict)
    problems: Sequence[FieldProblem] = ()
    error: QuangError | None = None
    version: int = 0
    choices: Mapping[str, Options] = field(default_factory=dict)
    stored: Mapping[str, Any] = field(default_factory=dict)

    def problem_of(self, name: str) -> FieldProblem | None:
        """Return what is wrong with a field, `None` if nothing is."""
        return next((one for one in self.problems if name in {one.field, one.field.split(".")[0]}), None)

    def label_of(self, name: str) -> Text:
        """Return the label of a field; the name itself where the form has no such field."""
        labels = {one.name: one.label for one in self.fields}
        return labels.get(name) or labels.get(name.split(".", maxsplit=1)[0]) or Text(vi=name or "–", en=name or "–")

    def options(self, name: str) -> Options:
        """Return the choices of a field."""
        found = next(one for one in self.fields if one.name == name)
        return self.choices.get(name) or found.options

    def refuse(self, problems: Sequence[FieldProblem]) -> None:
        """Keep what is wrong; of an empty field that is simply that it is needed."""
        self.problems = [
            FieldProblem(one.field, "required", _NEEDED)
            if one.code in _SHORT and not self.values.get(one.field)
            else one
            for one in problems
        ]

    def take(self, data: Mapping[str, str]) -> None:
        """Keep what was typed."""
        self.values = {one.name: data.get(one.name, "").strip()[:_LONGEST_VALUE] for one in self.fields}

    def typed(self) -> dict[str, Any]:
        """Return the values as the noun's model takes them; what cannot be read stays text for the model to refuse.

        Left out are, of a row that exists, the fields that never change; secrets that nobody typed; and what does not
        matter by the value of another field, whatever a browser without scripts has sent. Parts that no field shows
        stay as they are stored.
        """
        typed = {one.name: _read(one, self.values.get(one.name, "")) for one in self.fields if self._is_meant(one)}
        for name in [name for name in typed if "." in name]:
            value, (whole, _, part) = typed.pop(name), name.partition(".")
            parts = typed.setdefault(whole, dict(self.stored.get(whole) or {}))
            parts.pop(part, None)
            if value is not None:
                parts[part] = value
        return typed

    def _is_meant(self, one: Field) -> bool:
        if (one.fixed and self.version) or (one.secret and not self.values.get(one.name)):
            return False
        return one.when is None or self.values.get(one.when[0]) in one.when[1]

    def differing(self, stored: Mapping[str, Any]) -> list[tuple[Field, str, str]]:
        """Return (field, stored, typed) of each field whose typed value is not the stored one; of no secret."""
        open_ = [one for one in self.fields if not one.secret]
        rows = [(one, shown(within(stored, one.name), one.kind), self.values.get(one.name, "")) for one in open_]
        return [row for row in rows if row[1] != row[2]]


def within(stored: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any value of a model
    """Return what a row holds for the field of that name."""
    whole, _, part = name.partition(".")
    value = stored.get(whole)
    return (value or {}).get(part) if part else value


def shown(value: Any, kind: Kind = "text") -> str:  # noqa: ANN401 - any value of a model
    """Return a stored value as the text of its field."""
    if value is None or (kind == "mega" and value == 0):
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if kind == "mega":
        return f"{value / 1e6:g}"
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


async def posted(request: Request) -> dict[str, str]:
    """Return the text fields of a posted form; files and repeated names are dropped."""
    data: FormData = await request.form(max_files=0, max_fields=200)
    return {name: value for name, value in data.items() if isinstance(value, str)}


def _read(one: Field, text: str) -> Any:  # noqa: ANN401 - what the model takes
    if one.kind == "check":
        return text == "1"
    if text == "":
        if one.zero_if_empty:
            return 0
        return None if one.kind in {"integer", "decimal", "mega", "date", "select"} else ""
    reader = _READERS.get(one.kind)
    return reader(text) if reader else text


def _integer(text: str) -> int | str:
    # Money is typed as 1.200.000 or 1 200 000; a sign or letters are left for the model to refuse.
    digits = text.replace(".", "").replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else text


def _decimal(text: str) -> float | str:
    plain = text.replace(" ", "").replace("−", "-")
    try:
        return float(plain if plain.count(",") != 1 or "." in plain else plain.replace(",", "."))
    except ValueError:
        return text


def _mega(text: str) -> int | str:
    value = _decimal(text)
    return round(value * 1e6) if isinstance(value, float) and abs(value) < 1e9 else text


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {"integer": _integer, "decimal": _decimal, "mega": _mega}

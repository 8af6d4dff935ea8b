"""The page docs/settings.md: every setting with its variable, default and meaning, and an example file."""

from pathlib import PurePath
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from api.settings import FILE_NAME, HOME_VARIABLE, Settings, leaves, variable_of

_HEAD: Final = f"""# Settings

Written by `make docs` from `api/settings.py`; a test fails if the two differ.

All settings have a default: a fresh installation needs no file. A setting stands in `{FILE_NAME}` in the home folder
(`{HOME_VARIABLE}`, usually `~/.local/share/quang`) or in the environment; the environment wins. An unknown key in the
file, an unknown `QUANG_` variable or a wrong value stops the start and is named, in Vietnamese and English.
"""


def page() -> str:
    """Return the whole page in Markdown."""
    parts = [_HEAD]
    for table, title, about in _tables():
        parts.append(f"## {title}\n\n{about}\n")
        parts.extend(_entry(path, field) for path, field in leaves() if path[:-1] == table)
    parts.append(f"## Example of `{FILE_NAME}`\n\n```toml\n{example()}```\n")
    return "\n".join(parts)


def example() -> str:
    """Return a file with every setting at its default, each one a comment but for its table."""
    lines: list[str] = []
    for table, _, _ in _tables():
        if table:
            lines.append(f"\n[{'.'.join(table)}]")
        lines.extend(
            f"# {path[-1]} = {_toml(field.default)}"
            for path, field in leaves()
            if path[:-1] == table and path != ("home",)
        )
    return "\n".join(lines).lstrip("\n") + "\n"


def _tables() -> list[tuple[tuple[str, ...], str, str]]:
    found: list[tuple[tuple[str, ...], str, str]] = [((), "Everything", "At the top of the file.")]
    for name, field in Settings.model_fields.items():
        about = getattr(field.annotation, "model_fields", None)
        if about is not None:
            found.append(((name,), f"`[{name}]`", _one_line(field.annotation.__doc__ or "")))
    return found


def _entry(path: tuple[str, ...], field: FieldInfo) -> str:
    default = "" if field.default is PydanticUndefined else f", default `{_toml(field.default)}`"
    bounds = _bounds(field)
    return f"- **`{path[-1]}`** (`{variable_of(path)}`{default}{bounds}): {_one_line(field.description or '')}\n"


def _bounds(field: FieldInfo) -> str:
    words = []
    for constraint in field.metadata:
        for name, sign in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
            value = getattr(constraint, name, None)
            if value is not None:
                words.append(f"{sign} {value}")
    return f", {' and '.join(words)}" if words else ""


def _toml(value: Any) -> str:  # noqa: ANN401 - any setting's default
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str | PurePath):
        return f'"{value}"'
    return str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""JSON bodies, read strictly: what Python's parser lets pass but no database or reader should see is refused."""

import json
from typing import Any, Final, NoReturn

from starlette.requests import Request

from api.http.refusals import Malformed, WrongType
from inventory.errors import FieldProblem, Invalid
from inventory.text import Text

LARGEST_NUMBER: Final = 2**53 - 1
"""Largest whole number that every JSON parser keeps exactly (RFC 8259 §6)."""


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body as a JSON object.

    Raises:
        WrongType: The content type is not JSON.
        Malformed: The body is no JSON object in UTF-8, names a member twice, or has a number that JSON does not know.
        Invalid: A text has characters that cannot be stored, or a number is too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise WrongType("application/json")
    return parsed(await request.body())


def parsed(body: bytes) -> dict[str, Any]:
    """Return a JSON object from its bytes; raises as `json_object`."""
    try:
        tree = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_members)
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed(_NOT_JSON, _FIRST_STEP) from None
    if not isinstance(tree, dict):
        raise Malformed(_NOT_AN_OBJECT, _FIRST_STEP)
    found: list[FieldProblem] = []
    _look(tree, "", found)
    if found:
        raise Invalid(found)
    return tree


def _refuse_constant(word: str) -> NoReturn:
    raise Malformed(_NOT_A_NUMBER.fill(word=word), _FIRST_STEP)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Malformed(_TWICE, _FIRST_STEP)
    return members


def _look(value: Any, path: str, found: list[FieldProblem]) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for name, member in value.items():
            where = f"{path}.{name}" if path else name
            if not storable(name):
                found.append(FieldProblem(path, "bad_character", _BAD_CHARACTER))
            else:
                _look(member, where, found)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _look(member, f"{path}.{number}", found)
    elif isinstance(value, str) and not storable(value):
        found.append(FieldProblem(path, "bad_character", _BAD_CHARACTER))
    elif isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
        found.append(FieldProblem(path, "out_of_range", _TOO_LARGE))


def storable(text: str) -> bool:
    """Tell whether a database can hold a text: PostgreSQL stores no NUL, half of a surrogate pair has no UTF-8."""
    return "\x00" not in text and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


_FIRST_STEP: Final = Text(vi="Sửa nội dung JSON rồi gửi lại.", en="Correct the JSON and send it again.")
_NOT_JSON: Final = Text(vi="Nội dung không phải là JSON đúng (UTF-8).", en="The body is not correct JSON (UTF-8).")
_NOT_AN_OBJECT: Final = Text(vi="Nội dung phải là một đối tượng JSON {…}.", en="The body has to be a JSON object {…}.")
_NOT_A_NUMBER: Final = Text(vi="{word} không phải là số trong JSON.", en="{word} is no number in JSON.")
_TWICE: Final = Text(vi="Một trường được nêu hai lần.", en="A field is named twice.")
_BAD_CHARACTER: Final = Text(vi="Có ký tự không lưu được.", en="There is a character that cannot be stored.")
_TOO_LARGE: Final = Text(vi="Số quá lớn.", en="The number is too large.")

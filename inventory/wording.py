"""What pydantic finds wrong with a value, in words for people, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from inventory.errors import FieldProblem
from inventory.text import Text

_LONGEST_VALUE: Final = 200

_TEXTS: Final[Mapping[str, Text]] = {
    "missing": Text(vi="Trường này bắt buộc.", en="This field is needed."),
    "extra_forbidden": Text(vi="Không có trường này.", en="There is no such field."),
    "string_type": Text(vi="Cần một chuỗi ký tự.", en="A text is needed."),
    "string_sub_type": Text(vi="Cần một chuỗi ký tự.", en="A text is needed."),
    "string_unicode": Text(vi="Cần chuỗi ký tự Unicode đúng.", en="Proper Unicode text is needed."),
    "string_too_short": Text(vi="Cần ít nhất {min_length} ký tự.", en="At least {min_length} characters are needed."),
    "string_too_long": Text(vi="Dài nhất {max_length} ký tự.", en="At most {max_length} characters are allowed."),
    "string_pattern_mismatch": Text(
        vi="Không đúng dạng quy định: {pattern}.", en="This is not of the required form: {pattern}."
    ),
    "int_type": Text(vi="Cần một số nguyên.", en="A whole number is needed."),
    "int_parsing": Text(vi="Cần một số nguyên.", en="A whole number is needed."),
    "int_parsing_size": Text(vi="Số quá lớn.", en="The number is too large."),
    "int_from_float": Text(vi="Cần một số nguyên.", en="A whole number is needed."),
    "float_type": Text(vi="Cần một số.", en="A number is needed."),
    "float_parsing": Text(vi="Cần một số.", en="A number is needed."),
    "finite_number": Text(vi="Cần một số hữu hạn.", en="A finite number is needed."),
    "bool_type": Text(vi="Cần true hoặc false.", en="This has to be true or false."),
    "bool_parsing": Text(vi="Cần true hoặc false.", en="This has to be true or false."),
    "greater_than": Text(vi="Phải lớn hơn {gt}.", en="This has to be greater than {gt}."),
    "greater_than_equal": Text(vi="Nhỏ nhất là {ge}.", en="The least is {ge}."),
    "less_than": Text(vi="Phải nhỏ hơn {lt}.", en="This has to be less than {lt}."),
    "less_than_equal": Text(vi="Lớn nhất là {le}.", en="The most is {le}."),
    "literal_error": Text(vi="Chỉ nhận: {expected}.", en="This has to be one of: {expected}."),
    "enum": Text(vi="Chỉ nhận: {expected}.", en="This has to be one of: {expected}."),
    "date_type": Text(vi="Cần ngày dạng 2018-12-31.", en="A date like 2018-12-31 is needed."),
    "date_parsing": Text(vi="Cần ngày dạng 2018-12-31.", en="A date like 2018-12-31 is needed."),
    "date_from_datetime_parsing": Text(vi="Cần ngày dạng 2018-12-31.", en="A date like 2018-12-31 is needed."),
    "date_from_datetime_inexact": Text(vi="Cần ngày, không kèm giờ.", en="A date without a time is needed."),
    "datetime_type": Text(
        vi="Cần thời điểm dạng 2018-12-31T07:30:00+07:00.", en="A time like 2018-12-31T07:30:00+07:00 is needed."
    ),
    "datetime_parsing": Text(
        vi="Cần thời điểm dạng 2018-12-31T07:30:00+07:00.", en="A time like 2018-12-31T07:30:00+07:00 is needed."
    ),
    "datetime_from_date_parsing": Text(
        vi="Cần thời điểm dạng 2018-12-31T07:30:00+07:00.", en="A time like 2018-12-31T07:30:00+07:00 is needed."
    ),
    "timezone_aware": Text(vi="Thời điểm cần có múi giờ.", en="The time needs a zone."),
    "invalid_key": Text(vi="Tên trường phải là chuỗi ký tự.", en="The name of a field has to be a text."),
    "dict_type": Text(vi="Cần một đối tượng JSON.", en="A JSON object is needed."),
    "model_type": Text(vi="Cần một đối tượng JSON.", en="A JSON object is needed."),
    "model_attributes_type": Text(vi="Cần một đối tượng JSON.", en="A JSON object is needed."),
    "list_type": Text(vi="Cần một danh sách.", en="A list is needed."),
    "tuple_type": Text(vi="Cần một danh sách.", en="A list is needed."),
    "set_type": Text(vi="Cần một danh sách.", en="A list is needed."),
    "frozen_set_type": Text(vi="Cần một danh sách.", en="A list is needed."),
    "too_long": Text(vi="Nhiều nhất {max_length} mục.", en="At most {max_length} entries are allowed."),
    "too_short": Text(vi="Cần ít nhất {min_length} mục.", en="At least {min_length} entries are needed."),
}

_CODES: Final[Mapping[str, str]] = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_pattern_mismatch": "pattern",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
}

_OTHER: Final = Text(vi="Giá trị không hợp lệ: {message}.", en="The value is not valid: {message}.")


def text_of(error: Mapping[str, Any]) -> Text:
    """Return the sentence for one error as `ValidationError.errors()` lists it.

    A validator of ours may raise `ValueError(text)` with a `Text` as its first argument; then that text is taken.
    """
    context = error.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, Exception) and cause.args and isinstance(cause.args[0], Text):
        return cause.args[0]
    known = _TEXTS.get(error["type"])
    if known is None:
        return _OTHER.fill(message=str(error["msg"]).removeprefix("Value error, "))
    return known.fill(**{name: _plain(value) for name, value in context.items()})


def problems_in(error: ValidationError, *, secret: frozenset[str] = frozenset()) -> list[FieldProblem]:
    """Return every error of a validation as a problem of one field.

    Args:
        error: What pydantic raised.
        secret: Fields whose values are not repeated.
    """
    return problems_from(error.errors(include_url=False), secret=secret)


def problems_from(
    details: Iterable[Mapping[str, Any]], *, secret: frozenset[str] = frozenset(), skip: int = 0
) -> list[FieldProblem]:
    """Return listed errors as problems of fields.

    Args:
        details: As `ValidationError.errors()` lists them.
        secret: Fields whose values are not repeated.
        skip: Leading parts of each location that are no field (`body`).
    """
    found = []
    for one in details:
        path = [str(part) for part in one["loc"][skip:]]
        shown = one.get("input")
        quiet = one["type"] == "missing" or isinstance(shown, dict | list) or not secret.isdisjoint(path)
        value = None if quiet else str(shown)[:_LONGEST_VALUE]
        found.append(FieldProblem(".".join(path), _code_of(one), text_of(one), value))
    return found


def _code_of(error: Mapping[str, Any]) -> str:
    """Return the code: a validator of ours may give it as the second argument of its `ValueError`."""
    cause = (error.get("ctx") or {}).get("error")
    if isinstance(cause, Exception) and len(cause.args) > 1:
        return str(cause.args[1])
    return _CODES.get(error["type"], str(error["type"]))


def _plain(value: object) -> str:
    # Braces would be read as places to fill.
    return str(value).replace(" or ", ", ")

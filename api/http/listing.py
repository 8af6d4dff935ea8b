"""What a list is asked for, from the query of an address: every parameter is known or it is named as unknown."""

from typing import Final

from starlette.datastructures import QueryParams

from api.http.bodies import storable
from inventory.errors import FieldProblem, Invalid
from inventory.listing import MOST_ROWS, Query
from inventory.text import Text

SEARCH, SORT, CURSOR, LIMIT, RETIRED, TOTAL = "q", "sort", "cursor", "limit", "retired", "total"
_SINGLE: Final = frozenset({SEARCH, SORT, CURSOR, LIMIT, RETIRED, TOTAL, "lang"})
_MOST_PARAMETERS: Final = 200
_WORDS: Final = {"true": True, "1": True, "false": False, "0": False}


def query_of(parameters: QueryParams) -> Query:
    """Return the query; a filter given several times means any of its values.

    Raises:
        Invalid: A parameter stands twice, cannot be stored, or is no number or truth value where one is needed.
    """
    pairs = parameters.multi_items()
    found: list[FieldProblem] = []
    if len(pairs) > _MOST_PARAMETERS:
        raise Invalid([FieldProblem("", "too_long", _MANY.fill(most=_MOST_PARAMETERS))])
    filters: dict[str, list[str]] = {}
    single: dict[str, str] = {}
    for name, value in pairs:
        if not (storable(name) and storable(value)):
            found.append(FieldProblem(name if storable(name) else "", "bad_character", _BAD_CHARACTER))
        elif name not in _SINGLE:
            filters.setdefault(name, []).append(value)
        elif name in single:
            found.append(FieldProblem(name, "twice", _TWICE, value[:200]))
        else:
            single[name] = value
    limit = _number(single.get(LIMIT, "50"), found)
    retired, total = (_truth(name, single.get(name, "false"), found) for name in (RETIRED, TOTAL))
    if found:
        raise Invalid(found)
    return Query(
        filters=filters,
        search=single.get(SEARCH, ""),
        sort=single.get(SORT, ""),
        cursor=single.get(CURSOR, ""),
        limit=limit,
        include_retired=retired,
        total=total,
    )


def _number(value: str, found: list[FieldProblem]) -> int:
    if value.isascii() and value.isdecimal() and 1 <= len(value) <= 9 and 1 <= int(value) <= MOST_ROWS:
        return int(value)
    found.append(FieldProblem(LIMIT, "out_of_range", _LIMIT.fill(most=MOST_ROWS), value[:200]))
    return 1


def _truth(name: str, value: str, found: list[FieldProblem]) -> bool:
    if value not in _WORDS:
        found.append(FieldProblem(name, "not_a_choice", _TRUTH, value[:200]))
    return _WORDS.get(value, False)


_MANY: Final = Text(vi="Nhiều nhất {most} tham số.", en="At most {most} parameters are allowed.")
_BAD_CHARACTER: Final = Text(vi="Có ký tự không lưu được.", en="There is a character that cannot be stored.")
_TWICE: Final = Text(vi="Tham số này chỉ được nêu một lần.", en="This parameter may stand only once.")
_LIMIT: Final = Text(vi="Mỗi trang từ 1 đến {most} dòng.", en="A page has 1 to {most} rows.")
_TRUTH: Final = Text(vi="Cần true hoặc false.", en="This has to be true or false.")

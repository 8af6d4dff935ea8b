"""What the register refuses, in a form that is short to compare."""

from typing import Any

import pytest

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.errors import FieldProblem, Invalid
from inventory.nouns import NOUNS
from inventory.register import create, get, update


def problems_of_creating(books: Books, noun: str, **values: Any) -> list[FieldProblem]:
    """Return what is wrong with a creation; fail if nothing is."""
    with pytest.raises(Invalid) as caught:
        create(books, SYSTEM, NOUNS[noun], values)
    return list(caught.value.problems)


def refused(books: Books, noun: str, **values: Any) -> set[tuple[str, str]]:
    """Return (field, code) of everything that is wrong with a creation."""
    return {(problem.field, problem.code) for problem in problems_of_creating(books, noun, **values)}


def refused_change(books: Books, noun: str, key: str, **values: Any) -> set[tuple[str, str]]:
    """Return (field, code) of everything that is wrong with a change of the object as it stands."""
    version = get(books, SYSTEM, NOUNS[noun], key).version
    with pytest.raises(Invalid) as caught:
        update(books, SYSTEM, NOUNS[noun], key, version, values)
    assert get(books, SYSTEM, NOUNS[noun], key).version == version
    return {(problem.field, problem.code) for problem in caught.value.problems}


def change(books: Books, noun: str, key: str, **values: Any) -> Any:
    """Change the object as it stands."""
    return update(books, SYSTEM, NOUNS[noun], key, get(books, SYSTEM, NOUNS[noun], key).version, values)

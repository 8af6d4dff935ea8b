from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import BigInteger, Integer, String
from sqlmodel import SQLModel

from inventory.errors import FieldProblem
from inventory.fields import Entry, changes_of, sent
from inventory.noun import Noun
from inventory.nouns import NOUNS
from inventory.wording import problems_in

MODELS = [model for noun in NOUNS.values() for model in (noun.create, noun.change) if model is not None]

WRONG: list[Any] = [
    None, "", "x" * 30_000, "\x00", -1, 10**20, 1.5, float("nan"), True, [], [1, 2], {}, {"": ""}, {1: 2}, object(),
    b"\xff", "2999-99-99", "9" * 5_000,
]  # fmt: skip


def problems() -> Iterator[FieldProblem]:
    for model in MODELS:
        for name in model.model_fields:
            for value in WRONG:
                try:
                    model.model_validate({name: value})
                except ValidationError as error:
                    yield from problems_in(error)


def test_whatever_is_sent_the_problem_is_told_in_words_of_ours_in_both_languages() -> None:
    """No sentence of pydantic's own, which is in English only, and no place left unfilled."""
    seen = list(problems())
    assert len(seen) > 1_000
    for problem in seen:
        assert "không hợp lệ:" not in problem.message.vi, problem
        assert "{" not in problem.message.vi.replace("{0,", "").replace("{1,", ""), problem
        assert problem.message.vi != problem.message.en
        assert problem.value is None or len(problem.value) <= 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_text_has_a_bound(model: type[Entry]) -> None:
    """A field that takes text of any length would let one row fill the disk."""
    for name, info in model.model_fields.items():
        kinds = {info.annotation, *get_args(info.annotation)}
        if str not in kinds or any(hasattr(kind, "__members__") for kind in kinds):
            continue
        adapter: TypeAdapter[Any] = TypeAdapter(model)
        with pytest.raises(ValidationError) as caught:
            adapter.validate_python({name: "a" * 30_001})
        assert any(error["loc"] == (name,) for error in caught.value.errors()), name


@pytest.mark.parametrize(
    "noun", [noun for noun in NOUNS.values() if noun.create is not None], ids=lambda noun: noun.path
)
def test_nothing_is_taken_that_the_columns_cannot_hold(noun: Noun) -> None:
    """SQLite would take it all the same, PostgreSQL would fail. U+0958 becomes two characters when it is composed."""
    assert noun.change is not None
    columns = SQLModel.metadata.tables[str(noun.table.__tablename__)].c
    for name in noun.change.model_fields:
        column = columns.get(name)
        values: list[Any] = []
        if column is not None and isinstance(column.type, String) and column.type.length:
            values = ["a" * (column.type.length + 1), "\u0958" * column.type.length]
        elif column is not None and isinstance(column.type, BigInteger):
            values = [2**63]
        elif column is not None and isinstance(column.type, Integer):
            values = [2**31]
        for model, value in product((noun.create, noun.change), values):
            assert model is not None
            with pytest.raises(ValidationError) as caught:
                model.model_validate({name: value})
            assert (name,) in {error["loc"] for error in caught.value.errors()}


def test_a_change_needs_no_field_and_says_which_were_sent() -> None:
    class Thing(Entry):
        """A thing."""

        name: str
        count: int = 3

    change = changes_of(Thing, "ThingChange")
    assert sent(change.model_validate({})) == {}
    assert sent(change.model_validate({"count": 4})) == {"count": 4}
    assert "default" not in change.model_json_schema()["properties"]["name"]
    assert change.model_json_schema().get("required") is None
    with pytest.raises(ValidationError):
        change.model_validate({"name": None})


def test_every_read_model_shows_what_can_be_written_except_secrets() -> None:
    for noun in NOUNS.values():
        assert issubclass(noun.read, BaseModel)
        if noun.create is not None:
            hidden = noun.create.model_fields.keys() - noun.read.model_fields.keys()
            assert hidden == noun.secret

import yaml
from hypothesis import given
from hypothesis import strategies as st

from alerts.yaml import written

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
LINES = st.lists(WORDS, min_size=1, max_size=4).map("\n".join)
DOCUMENTS = st.dictionaries(
    WORDS,
    st.recursive(LINES | st.integers() | st.booleans(), lambda part: st.lists(part) | st.dictionaries(WORDS, part)),
)


@given(DOCUMENTS)
def test_whatever_is_written_reads_back_the_same(document: dict[str, object]) -> None:
    assert yaml.safe_load(written(document, head="head")) == document


def test_keys_keep_their_order_and_several_lines_stand_as_a_block() -> None:
    text = written({"b": 1, "a": "one\ntwo"}, head="By hand.")
    assert text == "# By hand.\nb: 1\na: |-\n  one\n  two\n"


def test_vietnamese_is_written_as_it_is_read() -> None:
    assert "Đường truyền" in written({"a": "Đường truyền"}, head="x")


def test_what_is_used_twice_is_written_twice() -> None:
    part = {"x": [1]}
    assert written({"a": part, "b": part}, head="x").count("x:") == 2

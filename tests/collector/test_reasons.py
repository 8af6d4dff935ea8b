import re
import string
from pathlib import Path

import pytest

from collector.reasons import REASONS, Reason

ROOT = Path(__file__).parents[2] / "collector"


def used() -> set[str]:
    """Return every code that a probe or a door names."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.rglob("*.py"))
    return set(re.findall(r'ProbeFailure\(\s*"([a-z0-9_]+)"', source))


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_each_reason_says_what_happened_and_what_to_do_first_in_both_languages(reason: Reason) -> None:
    for text in (reason.text, reason.first_step):
        assert text.vi != text.en
        for sentence in (text.vi, text.en):
            assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None} <= {"detail"}
    assert reason.text.fill(detail="x")
    assert re.search(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữự]", reason.text.vi)


def test_each_code_that_is_given_stands_in_the_table() -> None:
    assert used() - REASONS.keys() == set()
    assert len(used()) > 15


def test_the_table_is_keyed_by_code() -> None:
    assert all(code == reason.code and re.fullmatch(r"[a-z][a-z0-9_]*", code) for code, reason in REASONS.items())

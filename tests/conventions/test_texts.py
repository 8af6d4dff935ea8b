"""Every sentence that people read is there in both languages, and Vietnamese is written as Vietnamese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("alerts", "api", "collector", "dashboards", "inventory")
MARKS = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield (place, Vietnamese, English) of each `Text` that is written out in the code."""
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"):
                continue
            values = [keyword.value for keyword in node.keywords] or node.args
            texts = [
                value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)
            ]
            if len(texts) == 2:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", texts[0], texts[1]


def test_a_vietnamese_sentence_carries_its_diacritics() -> None:
    bare = [f"{place}: {vi}" for place, vi, _ in pairs() if len(vi.split()) >= 4 and not MARKS.search(vi)]
    assert bare == []


def test_both_languages_name_the_same_values() -> None:
    places = re.compile(r"\{(\w+)[^}]*\}")
    unlike = [
        f"{place}: {vi} | {en}" for place, vi, en in pairs() if set(places.findall(vi)) != set(places.findall(en))
    ]
    assert unlike == []


def test_english_is_not_left_in_the_place_of_vietnamese() -> None:
    words = re.compile(r"\{[^}]*\}|[^\w\s]")
    alike = [f"{place}: {vi}" for place, vi, en in pairs() if vi == en and len(words.sub(" ", vi).split()) >= 3]
    assert alike == []

"""The minutes as a sheet of paper, in the layout of the form of the day."""

from typing import Final

from inventory.audit.forms import Form
from inventory.audit.minutes import Amount, Minutes
from inventory.audit.stocktake import METHOD_LABELS, Stocktake
from inventory.paper import Line, Paper
from inventory.text import Language, sentence

WIDTHS: Final = (6, 30, 14, 26, 9, 15, 15, 9, 15, 15, 9, 15, 15, 34)
"""Columns: number, asset, code, place, three amounts of three figures, note; in characters."""

_LAST: Final = len(WIDTHS)
_GROUPS: Final = ((5, 7), (8, 10), (11, 13))
_SIGNATURES: Final = ((1, 4), (5, 9), (10, _LAST))


def minutes_paper(row: Stocktake, minutes: Minutes, form: Form, language: Language) -> Paper:
    """Return the minutes of a campaign, ready to print.

    Args:
        row: The campaign.
        minutes: What was counted.
        form: Code, title and headings of the day.
        language: Of headings and notes.
    """
    words = {name: text.to(language) for name, text in form.headings.items()}
    head = next((member["name"] for member in row.committee if member["role"] == "head"), "")
    committee = "; ".join(" – ".join(word for word in (one["name"], one["title"]) if word) for one in row.committee)
    counted = "; ".join(f"{METHOD_LABELS[how].to(language)}: {n}" for how, n in minutes.by_method.items() if n)
    lines = [
        Line("plain", [f"{words['unit']}: {row.unit}", *[None] * (_LAST - 2), form.code]),
        Line("plain", [f"{words['department']}: {row.department}"]),
        Line("plain", [f"{words['unit_code']}: {row.unit_code}"]),
        Line("title", [form.title.to(language)], [(1, _LAST, 1)]),
        Line("centre", [row.title], [(1, _LAST, 1)]),
        Line("plain", [f"{words['committee']}: {committee}"]),
        *_headings(words),
    ]
    for part in minutes.parts:
        lines.append(_total(part.name.to(language), part.books, part.count, part.difference))
        for one in part.rows:
            amounts = (*one.books, *one.count, *one.difference)
            lines.append(
                Line("body", [one.number, one.name, one.code, one.place, *amounts, sentence(one.note.to(language))])
            )
    lines.append(_total(words["total"], minutes.books, minutes.count, minutes.difference))
    lines.append(Line("plain", [counted]))
    if row.conclusion:
        lines.append(Line("plain", [f"{words['head_of_unit_hint']}: {row.conclusion}"]))
    lines += _signatures(words, (row.head_of_unit, row.chief_accountant, head))
    if row.content_hash:
        lines.append(Line("plain", [f"SHA-256 {row.content_hash} · {row.chain_head}"]))
    return Paper(form.code, WIDTHS, lines)


def _headings(words: dict[str, str]) -> list[Line]:
    groups = [cell for name in ("books", "count", "difference") for cell in (words[name], None, None)]
    names = [words[name] for name in ("number", "asset", "code", "place")]
    alone = [(place, place, 2) for place in (1, 2, 3, 4, _LAST)]
    upper = Line("heading", [*names, *groups, words["note"]], [*alone, *((first, last, 1) for first, last in _GROUPS)])
    figures = [words[name] for _ in _GROUPS for name in ("quantity", "cost", "residual")]
    return [upper, Line("heading", [None, None, None, None, *figures])]


def _total(word: str, *amounts: Amount) -> Line:
    return Line("total", [None, word, None, None, *(figure for amount in amounts for figure in amount), None])


def _signatures(words: dict[str, str], names: tuple[str, str, str]) -> list[Line]:
    titles = [words[name] for name in ("head_of_unit", "chief_accountant", "head_of_committee")]
    hints = [words["head_of_unit_hint"], "", ""]
    rows = (titles, hints, [words["sign_here"]] * 3, ["", "", ""], ["", "", ""], list(names))
    return [Line("plain", []), *(Line("centre", _spread(row), [(a, b, 1) for a, b in _SIGNATURES]) for row in rows)]


def _spread(texts: list[str]) -> list[str | None]:
    cells: list[str | None] = [None] * _LAST
    for (first, _), text in zip(_SIGNATURES, texts, strict=True):
        cells[first - 1] = text or None
    return cells

"""The estimate as a sheet of paper: what is bought, by site, with totals by site, source and category."""

from collections.abc import Iterable, Sequence
from typing import Final

from inventory.assets.categories import CATEGORIES
from inventory.audit.budget import STATE_LABELS, BudgetLine, BudgetPlan, PlanState
from inventory.audit.totals import NO_SOURCE, Group, totals_of
from inventory.paper import Line, Paper
from inventory.text import Language, Text, sentence

_WIDTHS: Final = (6, 34, 16, 22, 60, 22, 18)
_COLUMNS: Final = len(_WIDTHS)


def estimate_of(plan: BudgetPlan, lines: Sequence[BudgetLine], language: Language) -> Paper:
    """Return the estimate of a scenario; what is left out is not on it.

    Args:
        plan: The scenario.
        lines: Its lines, by number; all or those that a reader may see.
        language: Of the words on the paper.
    """
    bought = [line for line in lines if not line.left_out]
    totals = totals_of(lines)
    drawn = [
        Line("title", (_TITLE.fill(year=plan.year).to(language),), ((1, _COLUMNS, 1),)),
        Line("centre", (_HEAD.fill(title=plan.title, state=_state(plan)).to(language),), ((1, _COLUMNS, 1),)),
        Line("plain", (_CAP.to(language), None, None, None, None, None, plan.cap_vnd)),
        Line("plain", ()),
        Line("heading", [text.to(language) for text in _HEADINGS]),
    ]
    number = 0
    for group in totals.sites:
        own = [line for line in bought if line.site_name == group.name.vi]
        drawn.append(_total(sentence(group.name.to(language)), group.sum.vnd))
        for line in own:
            number += 1
            drawn.append(_body(number, line, language))
    drawn.append(_total(_TOTAL.to(language), totals.whole.vnd))
    for heading, groups in ((_SITES, totals.sites), (_SOURCES, totals.sources), (_CATEGORIES, totals.categories)):
        drawn += _summary(heading, groups, totals.whole.lines, totals.whole.vnd, language)
    return Paper(_SHEET.fill(year=plan.year).to(language), _WIDTHS, tuple(drawn))


def _body(number: int, line: BudgetLine, language: Language) -> Line:
    known = CATEGORIES.get(line.category)
    category = line.category if known is None else sentence(known.label.to(language))
    settled = [_SETTLED[name].fill(reason=told).to(language) for name, told in settled_of(line)]
    why = "\n".join([*(ground[language] for ground in line.grounds), *settled])
    source = sentence(line.funding or NO_SOURCE.to(language))
    return Line("body", (number, line.name.to(language), line.tag or "–", category, why, source, line.price_vnd))


def settled_of(line: BudgetLine) -> list[tuple[str, str]]:
    """Return what a person settled of a line that is bought, with the reason: `pin`, `price`."""
    return [(name, told) for name, told in (("pin", line.pin_reason), ("price", line.price_reason)) if told]


def _summary(heading: Text, groups: Iterable[Group], lines: int, vnd: int, language: Language) -> list[Line]:
    head = (None, heading.to(language), _PIECES.to(language), None, None, None, _MONEY.to(language))
    rows = [
        Line("body", (None, sentence(group.name.to(language)), group.sum.lines, None, None, None, group.sum.vnd))
        for group in groups
    ]
    total = Line("total", (None, _TOTAL.to(language), lines, None, None, None, vnd))
    # Not a heading of the paper: those come again on each page.
    return [Line("plain", ()), Line("total", head), *rows, total]


def _total(name: str, vnd: int) -> Line:
    return Line("total", (None, name, None, None, None, None, vnd))


def _state(plan: BudgetPlan) -> Text:
    return STATE_LABELS[PlanState(plan.state)]


_SETTLED: Final = {
    "pin": Text(vi="Bắt buộc mua: {reason}", en="Must have: {reason}"),
    "price": Text(vi="Giá nhập tay: {reason}", en="Price entered by hand: {reason}"),
}
_SHEET: Final = Text(vi="Dự toán {year}", en="Estimate {year}")
_TITLE: Final = Text(
    vi="DỰ TOÁN MUA SẮM, THAY THẾ TÀI SẢN NĂM {year}", en="ESTIMATE OF PURCHASES AND REPLACEMENTS, {year}"
)
_HEAD: Final = Text(vi="{title} ({state})", en="{title} ({state})")
_CAP: Final = Text(vi="Trần kinh phí (đồng)", en="Cap (đồng)")
_TOTAL: Final = Text(vi="Tổng cộng", en="Total")
_SITES: Final = Text(vi="Theo đơn vị", en="By site")
_SOURCES: Final = Text(vi="Theo nguồn kinh phí", en="By source of the money")
_CATEGORIES: Final = Text(vi="Theo loại tài sản", en="By category")
_PIECES: Final = Text(vi="Số lượng", en="Pieces")
_MONEY: Final = Text(vi="Thành tiền (đồng)", en="Amount (đồng)")
_HEADINGS: Final = (
    Text(vi="STT", en="No."),
    Text(vi="Tài sản", en="Asset"),
    Text(vi="Thay cho", en="Instead of"),
    Text(vi="Loại", en="Category"),
    Text(vi="Lý do và căn cứ", en="Reasons and evidence"),
    Text(vi="Nguồn kinh phí", en="Source"),
    Text(vi="Dự toán (đồng)", en="Estimate (đồng)"),
)

"""How a value came about, in words: which rulebook and line, and the computation of a year with its figures."""

from dataclasses import dataclass
from typing import Final

from api.views.i18n import Formats
from inventory.assets.categories import LifeClass
from inventory.assets.depreciation import WearOfYear
from inventory.assets.rulebook import Rulebooks
from inventory.text import LANGUAGES, Text, same

CLASS_LABELS: Final = {
    LifeClass.COMPUTER: Text(vi="máy tính, máy in, máy quét", en="computers, printers, scanners"),
    LifeClass.MACHINE: Text(vi="máy móc, thiết bị khác", en="other machines"),
    LifeClass.TANGIBLE: Text(vi="tài sản hữu hình khác", en="other tangible assets"),
    LifeClass.INTANGIBLE: Text(vi="tài sản vô hình (phần mềm)", en="intangible assets (software)"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The line of a rulebook that governs a year.

    Attributes:
        book: Key of the rulebook.
        title: Its title.
        place: Where the line stands in it.
        line: The line in words: class, life, rate.
        source: Where it was read.
    """

    book: str
    title: Text
    place: str
    line: Text
    source: Text


def rule_of(rulebooks: Rulebooks, kind: LifeClass, year: int) -> Rule:
    """Return the line that governs a life class in a year."""
    book = rulebooks.wear_in(year)
    line = book.lives[kind]
    life = line.life(book.threshold.cost_vnd)
    rate = share(life.numerator, life.denominator)
    words = _LINE.fill(kind=CLASS_LABELS[kind], years=life.years, rate=rate)
    if line.variation_percent:
        words = _MOVED.fill(line=words, moved=f"{line.variation_percent:+d}".replace("-", "−"))
    return Rule(book.key, book.title.text, f"lives.{kind.value}", words, line.source.text)


def how(kind: LifeClass, wear: WearOfYear, before: WearOfYear | None, rulebooks: Rulebooks) -> Text:
    """Return how the wear of a year was computed.

    Args:
        kind: The life class of the thing.
        wear: The December of the year.
        before: The December before; `None` if it is not known.
        rulebooks: The rulebooks.
    """
    book = rulebooks.wear_in(wear.year)
    life = book.lives[kind].life(book.threshold.cost_vnd)
    if not wear.fixed:
        return _NO_COST if not wear.cost_vnd else _TOOL.fill(threshold=money(life.threshold_vnd))
    if wear.annual_vnd:
        return _computed(wear, before, share(life.numerator, life.denominator))
    if not wear.life_years:
        return _UNUSED
    return _STOPPED if wear.residual_vnd else _WORN_OUT


def money(vnd: int) -> Text:
    """Return whole đồng as each language writes them."""
    # A sum in a sentence is not torn from its sign at the end of a line.
    return Text(vi=_whole(Formats("vi").money(vnd)), en=_whole(Formats("en").money(vnd)))


def share(numerator: int, denominator: int) -> Text:
    """Return a share in percent with up to two decimals, as each language writes it."""
    percent = round(numerator * 100 / denominator, 2)
    places = 0 if percent == int(percent) else 2
    vi, en = (_whole(f"{Formats(language).number(percent, places)} %") for language in LANGUAGES)
    return Text(vi=vi, en=en)


def _whole(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _computed(wear: WearOfYear, before: WearOfYear | None, rate: Text) -> Text:
    annual, left = money(wear.annual_vnd), money(wear.accumulated_vnd - wear.annual_vnd)
    if wear.residual_vnd == 0 and wear.annual_vnd != wear.yearly_vnd:
        return _LAST.fill(cost=money(wear.cost_vnd), left=left, annual=annual)
    if wear.spread:
        return _spread(wear, before)
    if wear.annual_vnd > wear.yearly_vnd:
        years = wear.annual_vnd // wear.yearly_vnd
        return _CAUGHT_UP.fill(yearly=money(wear.yearly_vnd), years=years, annual=annual)
    return _RATE.fill(cost=money(wear.cost_vnd), rate=rate, annual=annual)


def _spread(wear: WearOfYear, before: WearOfYear | None) -> Text:
    if before is not None and before.life_years != wear.life_years and wear.life_years > before.used_years:
        return _SPREAD.fill(
            cost=money(wear.cost_vnd), left=money(wear.accumulated_vnd - wear.annual_vnd), life=wear.life_years,
            used=before.used_years, annual=money(wear.annual_vnd),
        )  # fmt: skip
    return _GOING_ON.fill(annual=money(wear.annual_vnd))


_LINE: Final = Text(vi="{kind}: {years} năm, {rate} mỗi năm", en="{kind}: {years} years, {rate} a year")
_MOVED: Final = Text(vi="{line} (tỉnh điều chỉnh {moved} %)", en="{line} (moved by the province, {moved} %)")
_TOOL: Final = Text(
    vi="Nguyên giá dưới {threshold}: công cụ, dụng cụ, không tính hao mòn.",
    en="It cost less than {threshold}: a tool, without wear.",
)
_NO_COST: Final = Text(vi="Trên sổ chưa có nguyên giá.", en="The books have no cost of it.")
_UNUSED: Final = Text(
    vi="Chưa đưa vào sử dụng nên chưa tính hao mòn.", en="It was not put to use yet, so it does not wear."
)
_STOPPED: Final = Text(
    vi="Hỏng không sử dụng được, hoặc đã giảm khỏi sổ: không tính hao mòn.",
    en="Broken beyond use, or gone from the books: it does not wear.",
)
_WORN_OUT: Final = Text(vi="Đã tính đủ hao mòn.", en="It is worn out: all of its cost was written off.")
_LAST: Final = Text(
    vi="Năm cuối lấy hết phần còn lại: {cost} − {left} = {annual}",
    en="The last year takes what is left: {cost} − {left} = {annual}",
)
_SPREAD: Final = Text(
    vi="Phần còn lại chia cho số năm còn lại: ({cost} − {left}) ÷ ({life} − {used}) = {annual}",
    en="What is left, over the years that are left: ({cost} − {left}) ÷ ({life} − {used}) = {annual}",
)
_GOING_ON: Final = Text(
    vi="Phần còn lại chia đều cho các năm còn lại: {annual} mỗi năm",
    en="What is left, spread over the years that are left: {annual} a year",
)
_CAUGHT_UP: Final = Text(
    vi="Tài sản thừa tính bù các năm đã sử dụng: {yearly} × {years} năm = {annual}",
    en="A surplus catches up with the years in use: {yearly} × {years} years = {annual}",
)
_RATE: Final = same("{cost} × {rate} = {annual}")

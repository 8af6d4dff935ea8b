"""The books of the demonstration: the network, the offices' things, papers, counts, wear and budgets, each once.

Units are real; everything else is invented, and marked as fictional where a row can say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.demo import budgets, counts, network, offices, papers
from inventory.books import Books


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the books that is written once.

    Attributes:
        is_written: Whether it is there wholly.
        write: Writes what of it is missing, so that an interrupted start is completed by the next one.
    """

    is_written: Callable[[Books], bool]
    write: Callable[[Books], None]


PARTS: Final = (
    Part(network.is_written, network.write),
    Part(offices.is_written, offices.write),
    Part(papers.is_written, papers.write),
    Part(counts.is_written, counts.write),
    Part(budgets.is_written, budgets.write),
)
"""In the order of writing: a closed year takes no papers any more, a budget rests on what was counted."""


def write(books: Books) -> None:
    """Write what is missing. Nothing is written twice, and what people changed since stays as they left it."""
    for part in PARTS:
        if not part.is_written(books):
            part.write(books)

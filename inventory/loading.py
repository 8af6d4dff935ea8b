"""Loading what ships with the program into the books."""

from dataclasses import asdict

from inventory.access.rights import Actor
from inventory.books import Books
from inventory.errors import NotFound
from inventory.nouns import SITES
from inventory.places.units import units
from inventory.register import create, get


def load_units(books: Books, actor: Actor) -> int:
    """Write the district's units that are not in the books yet; those that are stay as they are.

    Args:
        books: The books.
        actor: Who loads them; may write sites.

    Returns:
        How many were written.

    Raises:
        inventory.errors.Forbidden: The actor may not write sites.
    """
    written = 0
    for unit in units():
        try:
            get(books, actor, SITES, unit.slug)
        except NotFound:
            create(books, actor, SITES, asdict(unit))
            written += 1
    return written

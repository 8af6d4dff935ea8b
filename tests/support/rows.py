"""Rows that many tests need before what they are about."""

from typing import Any

from inventory.access.rights import SYSTEM
from inventory.books import Books
from inventory.fields import Record
from inventory.nouns import NOUNS
from inventory.register import create


def add(books: Books, noun: str, **values: Any) -> Record:
    """Write a row as the system itself."""
    return create(books, SYSTEM, NOUNS[noun], values)


def add_site(books: Books, slug: str, **values: Any) -> Record:
    """Write a commune."""
    return add(books, "sites", **{"slug": slug, "name": slug.title(), "kind": "commune"} | values)


def add_device(books: Books, name: str, site: str, **values: Any) -> Record:
    """Write a router."""
    return add(books, "devices", **{"name": name, "site": site, "category": "router", "address": "10.0.0.1"} | values)


def add_asset(books: Books, tag: str, site: str, **values: Any) -> Record:
    """Write a router as an asset."""
    return add(books, "assets", **{"tag": tag, "name": f"Router {tag}", "site": site, "category": "router"} | values)

"""Idempotency keys: a creation sent twice, because an answer was lost, creates once."""

import hashlib
from typing import Final

from starlette.requests import Request

from api.http.auth import actor
from inventory.errors import FieldProblem, Invalid
from inventory.replays import LONGEST_KEY, Once
from inventory.text import Text

HEADER: Final = "Idempotency-Key"


async def once_of(request: Request) -> Once | None:
    """Return what a creation is known by, `None` if the client sent no key.

    Raises:
        Invalid: The key is empty, too long, or has characters beyond visible ASCII.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise Invalid([FieldProblem(HEADER, "pattern", _BAD_KEY.fill(most=LONGEST_KEY), key[:LONGEST_KEY])])
    digest = hashlib.sha256(await request.body()).hexdigest()
    return Once(actor=actor(request).name, key=key, route=request.scope["path"][:200], request_hash=digest)


_BAD_KEY: Final = Text(
    vi="Khóa gồm 1 đến {most} ký tự ASCII, không có dấu cách.",
    en="The key has 1 to {most} ASCII characters, no blanks.",
)

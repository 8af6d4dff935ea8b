"""Entity tags: the version of an object in HTTP (RFC 9110 §8.8.3, §13.1)."""

import re
from typing import Final

from starlette.requests import Request

from api.http.refusals import Malformed, VersionNeeded
from inventory.text import Text

_TAG: Final = re.compile(r'"([1-9][0-9]{0,17})"')


def etag_of(version: int) -> str:
    """Return the entity tag of a version of an object."""
    return f'"{version}"'


def version_wanted(request: Request) -> int:
    """Return the version that a change is made to, from `If-Match`.

    Raises:
        VersionNeeded: The header is missing, or `*`, by which two people could overwrite each other.
        Malformed: It is not one entity tag of ours.
    """
    given = request.headers.get("if-match", "").strip()
    if given in {"", "*"}:
        raise VersionNeeded
    found = _TAG.fullmatch(given)
    if found is None:
        raise Malformed(_NOT_A_TAG, _FIRST_STEP)
    return int(found.group(1))


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client already has what a tag names, from `If-None-Match` (weak comparison)."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in given.split(",")}


_NOT_A_TAG: Final = Text(
    vi="If-Match không phải là một ETag của hệ thống.", en="If-Match is not an ETag of this system."
)
_FIRST_STEP: Final = Text(
    vi='Gửi đúng ETag nhận được khi đọc, ví dụ If-Match: "3".',
    en='Send the ETag as it came with the object, for example If-Match: "3".',
)

"""URLs as they are sent: domain names and paths in any script, converted to ASCII."""

from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

_PLAIN: Final = "".join(map(chr, range(0x21, 0x7F)))


def ascii_address(value: str) -> str:
    """Return a web address in ASCII: the domain by IDNA (RFC 3490), the rest in percent signs (RFC 3986).

    Raises:
        ValueError: It is no address.
    """
    if value.isascii():
        return value
    parts = urlsplit(value)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    place = f"[{host}]" if ":" in host else host
    netloc = place if parts.port is None else f"{place}:{parts.port}"
    if parts.username is not None or parts.password is not None:
        netloc = f"{quote(parts.netloc.rpartition('@')[0])}@{netloc}"  # for whoever refuses it to see
    return urlunsplit(
        (parts.scheme, netloc, quote(parts.path, safe=_PLAIN), quote(parts.query, safe=_PLAIN), parts.fragment and "-")
    )


def location(value: bytes) -> str:
    """Return where a redirect leads: servers write blanks and letters with diacritics as they are, browsers follow."""
    try:
        return value.decode("utf-8").replace(" ", "%20")
    except UnicodeDecodeError:
        return quote(value, safe=_PLAIN)

"""Configurations of devices: made comparable, and what they state about their last change."""

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from collector.platforms.platform import Platform

LONGEST: Final = 2_000_000
"""Characters of a configuration that is archived; a province's core router has a tenth of that."""


MOST_PACKED: Final = 700_000
"""Characters of a packed one, so that it fits a request to the API."""

SALTED: Final = "*"
"""What stands for a secret that a device seals anew each time, where two configurations are compared."""

_HEAD: Final = 200
"""Characters of a line that tell what kind of line it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a configuration says of its last change; empty where it does not say.

    Attributes:
        who: Name of the account, as the device writes it.
        when: Time, as the device writes it.
    """

    who: str = ""
    when: str = ""


def tidy(text: str) -> str:
    """Return a text as it is archived: Unix line ends, no trailing white space, no blank lines at its ends."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def is_whole(platform: Platform, text: str) -> bool:
    """Return whether a tidy text is a complete configuration, not an error or the first half of one."""
    return platform.whole.search(text) is not None and not platform.refused.match(text)


def lines_of(platform: Platform, text: str) -> list[str]:
    """Return the significant lines: without those that change by themselves, and with wrapped lines joined."""
    whole = platform.wrapped.sub("", text) if platform.wrapped else text
    if platform.salted is not None:
        whole = platform.salted.sub(SALTED, whole)
    lines = [line.rstrip() for line in whole.splitlines()]
    kept = [line for line in lines if not any(pattern.match(line[:_HEAD]) for pattern in platform.volatile)]
    while kept and not kept[0]:
        kept.pop(0)
    return kept


def told(platform: Platform, text: str) -> Told:
    """Return who changed a configuration and when, if it says so."""
    for line in text.splitlines():
        for pattern in platform.changed:
            if found := pattern.match(line[:_HEAD]):
                parts = found.groupdict()
                return Told((parts.get("who") or "")[:64], (parts.get("when") or "")[:64])
    return Told()


def packed(text: str) -> str:
    """Return a text as it goes over the wire: compressed, in base64."""
    return b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(packed_text: str) -> str:
    """Return a text that came over the wire.

    Raises:
        ValueError: It is no packed text, or holds more than `LONGEST` characters.
    """
    stream = zlib.decompressobj()
    try:
        # A text of two million characters has at most four octets each; what unpacks to more is an attack.
        octets = stream.decompress(b64decode(packed_text, validate=True), 4 * LONGEST)
    except zlib.error:
        raise ValueError("not packed") from None
    text = octets.decode()
    if not stream.eof or len(text) > LONGEST:
        raise ValueError("too long")
    return text


def storable(text: str) -> str:
    """Return a text without what no database takes: a device may print anything."""
    return text.replace("\0", "\ufffd")

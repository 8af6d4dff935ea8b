"""How heads of mails are written: subjects in whole encoded words (RFC 2047).

Python's own folding leaves a word of ASCII as it is between encoded ones; since 3.13 it then gives the space after it
twice, so that readers see "Việt Vinh  – trung tâm".
"""

from email.header import Header
from email.policy import EmailPolicy
from typing import Any, Final

_LONGEST: Final = 75
"""Octets of a line by the library's own count, which leaves out the space after the colon; the standard has 76."""


class _Policy(EmailPolicy):
    """The standard policy of mails, but for subjects that are not ASCII."""

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - the library's type of any head
        """Return a head as lines of text."""
        return self._subject(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401 - the library's type of any head
        """Return a head as lines of bytes."""
        return self._subject(name, value).encode("ascii") or super().fold_binary(name, value)

    def _subject(self, name: str, value: object) -> str:
        said = str(value)
        if name.lower() != "subject" or said.isascii():
            return ""
        words = Header(said, "utf-8", _LONGEST, name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"


POLICY: Final = _Policy(linesep="\r\n")
"""For messages that are sent (RFC 5321: lines end with CR and LF)."""

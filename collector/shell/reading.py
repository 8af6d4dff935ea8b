"""Output of a device while a command is waited for: turns the pager, notices a demand for a new password."""

import re
from typing import Final

from collector.probe import ProbeFailure

_REMEMBERED: Final = 4_000
"""Characters of a greeting that are looked at."""

_DEMANDS: Final = re.compile(
    r"(?:(?:new|current|old|existing)\b[^\n]{0,40}password|password[^\n]{0,40}\bnew)[^\n]{0,40}[:>]\s*\Z", re.IGNORECASE
)
"""A question that only a new password answers, at the end of what came."""

_MENTIONS: Final = re.compile(
    r"(?:change|reset|choose|enter)\b[^\n]{0,60}\bpassword|password\b[^\n]{0,60}\b(?:expired|changed|change now)",
    re.IGNORECASE,
)

PAGE: Final = re.compile(
    r"(?:\A|[\n\r])[ \t]*(?:-+ ?\(?more\b[^\n]{0,80}|[^\n]{0,40}press any key[^\n]{0,60})\Z", re.IGNORECASE
)
"""What a device shows at the end of a page: `--More--`, `-- MORE --, next page: Space`, `Press any key`."""

_BEGINS_PAGE: Final = re.compile(r"(?:\A|[\n\r])[ \t]*(?:-[-()\w :,]{0,80}|press [\w ()]{0,60})\Z", re.IGNORECASE)
"""The first half of one, whose other half has not come yet."""

_WIPED: Final = re.compile(r"\A(?:[\r\n][ \t]{3,}[\r\n]|[\b]+[ \t]*[\b]*|[\r\n])")
"""How a device wipes the pager's line away: by blanks over it, by steps back, or by leaving it there."""

_BLANK: Final = re.compile(r"[\s\b]*")


class Reading:
    """What one session has shown.

    Attributes:
        greeted: Whether the device's greeting is being read: the login was taken, no prompt was found yet.
    """

    def __init__(self) -> None:
        self.greeted = False
        self._greeting = ""
        self._held = ""
        self._turned = False
        self._line_begins = True

    def take(self, text: str) -> tuple[str, bool]:
        """Return what a reader may see of a text, and whether the next page is to be asked for.

        Raises:
            ProbeFailure: `ssh_password_change`: the device wants a new password before anything else.
        """
        if self.greeted:
            self._greeting = (self._greeting + text)[-_REMEMBERED:]
            if _DEMANDS.search(self._greeting):
                raise ProbeFailure("ssh_password_change")
            return text, False
        text, self._held = self._held + text, ""
        if self._turned:
            if _BLANK.fullmatch(text):
                self._held = text
                return "", False
            text, self._turned = _WIPED.sub("", text), False
        page, part = self._at_line(PAGE.search(text)), self._at_line(_BEGINS_PAGE.search(text))
        if page is not None:
            self._turned = True
            text = text[: page.start()] + ("\n" if page[0][0] in "\r\n" else "")
        elif part is not None:
            text, self._held = text[: part.start()], text[part.start() :]
        if text:
            self._line_begins = text[-1] in "\r\n"
        return text, page is not None

    def _at_line(self, found: re.Match[str] | None) -> re.Match[str] | None:
        """Return what was found, unless it stands in the middle of a line whose beginning has been passed on."""
        return found if found and (found[0][0] in "\r\n" or self._line_begins) else None

    @property
    def mentions_change(self) -> bool:
        """Return whether the greeting speaks of a password that has to be changed."""
        return _MENTIONS.search(self._greeting) is not None

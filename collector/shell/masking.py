"""Masks the secrets in a configuration, so that people can read the rest.

Masking too much is a nuisance, masking too little a leak: everything after a word that names a secret is masked up to
the end of the line. The same secret gets the same mark, so a changed secret shows as changed without being shown.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from collector.platforms.platform import Platform, Secret

Mark = Callable[[str], str]
"""Turns a secret into what stands in its place. It has to be keyed: a plain digest of a short secret can be guessed."""

_WORDS: Final = (
    r"pass(?:word|wd|phrase|code)?|pass-phrase|secret|communit(?:y|ies)|psk|pre-?shared-key|shared-key|shared-secret"
    r"|(?:encryption|authentication|auth|privacy|priv|private|session|master|message-digest|md5|wep|wpa2?|ike|ospf)-key"
    r"|key-?(?:string|value)|key-octet-string|key|cak|token|pin|cipher|irreversible-cipher|hash|md5|api-key|credentials?"
)

_COMPOUNDS: Final = (
    r"(?!\S*(?:public|trusted)-key)[\w-]*[-_](?:pass(?:word|wd|phrase|code)?|pwd|secret|psk|keys?|token)"
    r"(?:-(?:value|string|hash|map|name))?\d{0,2}|(?:snmp|trap)-community|community-(?:map|name|string)"
)
"""Words of several parts: makers write `server-key`, `area-password`, `ddns-key` and ever more like these. What is
public, and the mere number of a trusted key, may be read."""

EVERYWHERE: Final[tuple[Secret, ...]] = tuple(
    Secret(re.compile(pattern, re.IGNORECASE))
    for pattern in (
        # A word that names a secret, and the rest of its line; brackets and semicolons at the end may stay.
        rf"(?<![\w-])(?:{_WORDS}|{_COMPOUNDS})(?![\w-])[ \t]+(?P<secret>(?![{{;]\s*$)\S.*?)(?=\s*[{{;]?\s*$)",
        # What protects a protocol of routing, where the secret stands behind the kind of protection.
        r"\bauthentication (?:text|string|clear|encrypted) (?P<secret>\S.*)",
        r"\bnhrp authentication (?P<secret>\S.*)",
        r"mode hmac-[\w-]+ (?P<secret>\S.*)",
        r"\bspi \d+ (?P<secret>\S.*)",
        # name=value, the value perhaps in quotes.
        (
            r"(?<![\w-])[\w-]*(?:password|passphrase|secret|key|psk|community|token)[\w-]*="
            r"(?P<secret>\"(?:[^\"\\]|\\.)*\"|\S+)"
        ),
        # "name": "value", as programs talk to each other, and the head of a question to a web server.
        r"(?:password|passphrase|secret|token|api[-_]?key)[\\\"']*\s*:\s*(?P<secret>\S.*)",
        r"\b(?:bearer|authorization:(?: basic)?) +(?P<secret>\S.*)",
        # A hash as crypt(3) and many devices write it: $6$..., $9$..., $1a$..., $h$6$...
        r"(?P<secret>\$(?:\d{1,2}[a-z]?|[a-z]{1,6}\d?)\$\S{3,})",
        # A password in an address, with or without its scheme; a robot's key in that of a messenger.
        r"://[^\s/:@]*:(?P<secret>[^\s/@]+)@",
        r"(?<!\S)[\w.-]+:(?P<secret>[^\s/@]+)@",
        r"/bot\d+:(?P<secret>[\w-]+)",
    )
)

_KEY_BEGINS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
_KEY_ENDS: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY-----")


LONGEST_LINE: Final = 1_000
"""Characters of a line that are searched; a longer one is hidden altogether."""


def masked(platform: Platform, lines: Iterable[str], mark: Mark) -> list[str]:
    """Return lines of a configuration with every secret replaced by its mark; as many as came in."""
    shown, section, within = [], "", False
    for line in lines:
        if within:
            within = not _KEY_ENDS.search(line)
            shown.append(mark(line) if within else line)
            continue
        if platform.section is not None and platform.section.match(line):
            section = line
        shown.append(_masked(platform, line, section, mark))
        within = bool(_KEY_BEGINS.search(line)) and not _KEY_ENDS.search(line)
    return shown


def _masked(platform: Platform, line: str, section: str, mark: Mark) -> str:
    if len(line) > LONGEST_LINE:
        return mark(line)
    spans = sorted(
        found.span("secret")
        for pattern, under in (*platform.secrets, *EVERYWHERE)
        if under is None or under.match(section)
        for found in pattern.finditer(line)
    )
    parts, done = [], 0
    for first, last in _joined(spans):
        parts += [line[done:first], mark(line[first:last])]
        done = last
    return "".join((*parts, line[done:]))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans with those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined

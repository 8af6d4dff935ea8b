"""How a login gets the privileges to read a configuration: `enable`, `super`, and the secrets that these ask for.

A secret is sent once. A device that asks again has rejected it and is not sent it a second time: some devices and most
authentication servers lock an account after a few wrong attempts.
"""

import re
from dataclasses import dataclass
from typing import Final, Protocol

from collector.probe import ProbeFailure


class Screen(Protocol):
    """What a session shows and takes, as netmiko has it."""

    RETURN: str
    base_prompt: str

    def write_channel(self, out_data: str) -> None:
        """Send a text."""

    def read_until_pattern(self, pattern: str, *, read_timeout: float, re_flags: int) -> str:
        """Return what came up to a pattern and with it."""


@dataclass(frozen=True, slots=True)
class Raising:
    """How a platform gives a login more rights.

    Attributes:
        commands: Typed one after the other.
        low: How the prompt of a login ends that has not got them yet; `None` where the prompt does not tell.
    """

    commands: tuple[str, ...] = ("enable",)
    low: str | None = ">"

    def is_low(self, prompt: str) -> bool:
        """Return whether a prompt says that the rights are lacking."""
        return self.low is not None and prompt.rstrip().endswith(self.low)


@dataclass(frozen=True, slots=True)
class Proof:
    """What may be told to a device that asks.

    Attributes:
        user: Name of the login.
        secret: For more rights; `None` if none is stored.
    """

    user: str
    secret: str | None = None

    def __repr__(self) -> str:
        return f"Proof({self.user!r})"


_ASKS_NAME: Final = re.compile(r"(?:user ?name|login(?: name)?)\s*:\s*\Z", re.IGNORECASE)
_ASKS_SECRET: Final = re.compile(r"(?:password|secret)[^\n:]{0,40}:\s*\Z", re.IGNORECASE)
_REFUSED: Final = re.compile(
    r"^\W*(?:\[\w+\] *)?(?:bad|error|access|invalid|unrecognized|unknown|incomplete|no password|fail|wrong|denied|"
    r"unable|permission|authentication fail|not authori|incorrect)",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_QUESTIONS: Final = 4
"""Questions of a device to one command; it may ask for a name, and once for the secret."""


def raised(screen: Screen, raising: Raising, proof: Proof, timeout_s: float) -> None:
    """Type the commands that give a login more rights.

    Raises:
        ProbeFailure: `ssh_enable` (the secret is not taken), `ssh_enable_missing` (one is asked for, none is stored),
            `ssh_enable_refused` (the device refuses without asking) or `credential` (no such secret can be typed).
    """
    if proof.secret is not None and not proof.secret.isprintable():
        # Whatever came after a line end in it would be typed as a command.
        raise ProbeFailure("credential", "enable_secret")
    for command in raising.commands:
        _type(screen, command, raising, proof, timeout_s)


def _type(screen: Screen, command: str, raising: Raising, proof: Proof, timeout_s: float) -> None:
    asks = f"(?:{_ASKS_NAME.pattern}|{_ASKS_SECRET.pattern}|{_prompt(screen)})"
    told = False
    sent = command
    for _ in range(_MOST_QUESTIONS):
        screen.write_channel(sent + screen.RETURN)
        text = screen.read_until_pattern(asks, read_timeout=timeout_s, re_flags=re.IGNORECASE)
        if _ASKS_NAME.search(text) and not told:
            sent = proof.user
        elif _ASKS_SECRET.search(text):
            if proof.secret is None:
                raise ProbeFailure("ssh_enable_missing", command)
            if told:
                raise ProbeFailure("ssh_enable", command)
            sent, told = proof.secret, True
        else:
            _judge(text, command, raising, told)
            return
    raise ProbeFailure("ssh_enable", command)


def _judge(text: str, command: str, raising: Raising, told: bool) -> None:
    """Raise unless the prompt that came after a command means that it was taken."""
    low = command == raising.commands[-1] and raising.is_low(text)
    refused = _REFUSED.search(text) is not None
    if told and (low or refused):
        raise ProbeFailure("ssh_enable", command)
    if low or (refused and raising.low is None):
        raise ProbeFailure("ssh_enable_refused", command)


def _prompt(screen: Screen) -> str:
    return rf"{re.escape(screen.base_prompt)}[^\s>#\]$]{{0,40}}[>#\]$]\s*\Z"

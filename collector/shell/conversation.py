"""What is typed in a session, with elevated privileges where platform and login need them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from collector.probe import ProbeFailure
from collector.shell.raising import Proof, Screen, raised
from collector.shell.session import Typed
from collector.target import SshLogin


class Console(Screen, Protocol):
    """An open session with a prompt, as netmiko has it."""

    def find_prompt(self) -> str:
        """Return the prompt as it is now."""

    def send_command(self, command_string: str, *, read_timeout: float, strip_prompt: bool) -> str:
        """Type a command and return what came up to the next prompt."""


class Conversation:
    """One session from its first prompt on.

    Attributes:
        secret_refused: Whether the device did not take the secret for more rights.
    """

    def __init__(self, console: Console, typed: Typed, login: SshLogin, left_s: Callable[[], float]) -> None:
        """Prepare; nothing is typed yet.

        Args:
            console: The session.
            typed: What is typed, and how the answers are read.
            login: Whose session it is.
            left_s: Tells how many seconds are left.
        """
        self._console, self._typed, self._login, self._left_s = console, typed, login, left_s
        self._raised = False
        self.secret_refused = False

    def texts(self) -> tuple[str | None, ...]:
        """Return the answer to each command, `None` where every way to say it was refused.

        Raises:
            ProbeFailure: One that begins with `ssh_enable`.
        """
        if self._typed.fully and self._typed.raising is not None and self._login.enable_secret is not None:
            self._raise()
        return tuple(self._answer(ways) for ways in self._typed.commands)

    def _answer(self, ways: Sequence[str]) -> str | None:
        text = self._said(ways)
        if text is None and self._may_raise(ways):
            self._raise()
            text = self._said(ways)
        return text

    def _said(self, ways: Sequence[str]) -> str | None:
        for command in ways:
            text = self._console.send_command(command, read_timeout=self._left_s(), strip_prompt=True)
            if not self._typed.refused(text):
                return text
        return None

    def _may_raise(self, ways: Sequence[str]) -> bool:
        raising = self._typed.raising
        if raising is None or self._raised:
            return False
        # Where a device answers anybody at all, that is enough: facts are no reason to send a secret.
        if not self._typed.fully and ways is not self._typed.commands[0]:
            return False
        return self._login.enable_secret is not None or raising.is_low(self._console.find_prompt())

    def _raise(self) -> None:
        secret = self._login.enable_secret
        if self._typed.raising is None:
            return
        self._raised = True
        proof = Proof(self._login.user, None if secret is None else secret.get_secret_value())
        try:
            raised(self._console, self._typed.raising, proof, self._left_s())
        except ProbeFailure as failure:
            self.secret_refused = failure.code == "ssh_enable"
            raise

"""What a session on a device's command line is asked, and what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from collector.shell.raising import Raising


@dataclass(frozen=True, slots=True)
class Jump:
    """A host through which the device is reached, with the same login.

    Attributes:
        address: Where it is; an IP address.
        host_key: What it has to prove: `ssh-ed25519 SHA256:...`.
    """

    address: str
    port: int
    host_key: str


@dataclass(frozen=True, slots=True)
class Way:
    """How a device is reached.

    Attributes:
        instance: Its stable name, under which its key is remembered.
        host_key: What it has to prove; `None` if the books know no key yet.
        jump: A host on the way; `None` for none.
    """

    instance: str
    address: str
    port: int
    host_key: str | None = None
    jump: Jump | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What to type, and how to read the answers.

    Attributes:
        driver: netmiko's name of the platform.
        commands: Each a list of ways to say the same; the first that is not refused counts.
        refused: Tells whether an answer says that the command is not understood.
        raising: How a login gets more rights; `None` where there is no such thing.
        fully: Whether the answers have to be those of a login with all rights, as a configuration has to be: one
            without them is shown half of it by some devices.
        declined: Finds a question at the login that is answered with N; `None` where none is asked.
        insisting: Whether a login that was refused before is tried again, as when a person asks.
    """

    driver: str
    commands: Sequence[Sequence[str]]
    refused: Callable[[str], bool]
    raising: Raising | None = None
    fully: bool = False
    declined: str | None = None
    insisting: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back.

    Attributes:
        host_key: What the device has proved.
        texts: One for each command; `None` where every way to say it was refused.
    """

    host_key: str
    texts: tuple[str | None, ...] = field(repr=False)

"""Whether a mailbox server greets, speaks IMAP and presents a valid certificate."""

from typing import Annotated, Final

from pydantic import Field

from collector import metrics
from collector.probe import Answer, Doors, Probe, ProbeFailure
from collector.target import Credential, Target
from collector.wire.connection import Phases, connected, tls_context
from collector.wire.dialog import LINES_MAX, Dialog, TalkSettings, shown
from inventory.text import same


class ImapSettings(TalkSettings):
    """Where the mailbox server is and how it is protected."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 143
    """TCP port: 143, or 993 with TLS from the start."""


async def run(target: Target, settings: ImapSettings, credential: Credential | None, doors: Doors) -> Answer:  # noqa: ARG001
    """Greet the server, ask what it can do, begin TLS if asked for, and take leave (RFC 9051). Nobody logs in.

    Raises:
        ProbeFailure: No connection, no IMAP, a refusal, or no TLS where it is wanted.
    """
    host = settings.host_of(target)
    phases = Phases()
    tls = tls_context(settings.verify) if settings.security == "tls" else None
    async with connected(host, settings.port, phases, address=target.address, tls=tls) as connection:
        dialog = Dialog(connection)
        with phases.timed("greeting"):
            await _greeted(dialog)
        with phases.timed("talk"):
            abilities = await _abilities(dialog, "q1")
        if settings.security == "starttls":
            if "STARTTLS" not in abilities:
                raise ProbeFailure("starttls_missing", host)
            await _command(dialog, "q2", "STARTTLS")
            await dialog.secure(host, tls_context(settings.verify), phases)
            with phases.timed("talk"):
                await _abilities(dialog, "q3")
        await dialog.say("q4 LOGOUT")
    return Answer((*phases.samples("imap"), *dialog.connection.expiry()))


async def _greeted(dialog: Dialog) -> None:
    words = (line := await dialog.line()).upper().split()
    if words[:1] != ["*"] or len(words) < 2:
        raise ProbeFailure("talk_garbled", shown(line))
    if words[1] not in {"OK", "PREAUTH"}:
        raise ProbeFailure("mail_refused", shown(line))


async def _abilities(dialog: Dialog, tag: str) -> set[str]:
    """Return what the server can do.

    Raises:
        ProbeFailure: It does not speak IMAP 4.
    """
    words = {word for line in await _command(dialog, tag, "CAPABILITY") for word in line.upper().split()}
    if not words & {"IMAP4REV1", "IMAP4REV2", "IMAP4"}:
        raise ProbeFailure("talk_garbled", "CAPABILITY")
    return words


async def _command(dialog: Dialog, tag: str, command: str) -> list[str]:
    """Give a command and return the lines before its end.

    Raises:
        ProbeFailure: The server refuses, or never ends.
    """
    await dialog.say(f"{tag} {command}")
    lines: list[str] = []
    while len(lines) < LINES_MAX:
        line = await dialog.line()
        if not line.startswith(f"{tag} "):
            lines.append(line)
        elif line.upper().startswith(f"{tag.upper()} OK"):
            return lines
        else:
            raise ProbeFailure("mail_refused", shown(line))
    raise ProbeFailure("talk_garbled", f"> {LINES_MAX}")


PROBE: Final = Probe(
    kind="imap",
    title=same("IMAP"),
    job="services",
    run=run,
    settings=ImapSettings,
    interval_s=60.0,
    timeout_s=15.0,
    metrics=(metrics.SERVICE_PHASE, metrics.SSL_EXPIRY),
)

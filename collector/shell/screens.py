"""The door to ntc-templates: the output of commands, as rows."""

from typing import Final

from ntc_templates.parse import parse_output

LONGEST: Final = 200_000
"""Characters that are parsed; a switch with 500 ports and a module in each prints less."""


def rows(system: str, command: str, printed: str) -> list[dict[str, str]]:
    """Return the rows that a command printed, by the library's names of columns in lower case.

    A value of several parts is joined with commas. What is not understood gives no rows: a device of another version
    prints something else, and that is no fault of the device.

    Args:
        system: The library's name of the platform (`cisco_ios`).
        command: As it was typed.
        printed: What came back; beyond `LONGEST` characters it is left out.
    """
    if not printed.strip():
        return []
    try:
        found = parse_output(platform=system, command=command, data=printed[:LONGEST])
    except Exception:  # noqa: BLE001 - the library raises bare exceptions for anything that it does not expect
        return []
    return [{str(key).lower(): _plain(value) for key, value in row.items()} for row in found]


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

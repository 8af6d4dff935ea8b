"""What is seen of a running demonstration from outside: its incidents, its messages, its targets, its memory."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from api.demo.fault import control_file
from api.desk.programs import issue
from api.settings import HOME_VARIABLE, load
from api.stack import home as stack_home
from api.stack import http as stack_http
from collector.lab import control
from inventory.access.accounts import Scope
from inventory.access.passwords import FIRST_USERNAME
from inventory.books import open_books

_QUIET: Final = frozenset({"Watchdog", "UnknownDevice"})
"""Alerts that are always there: one simulated router knows a device that stands in no book."""


class Watch:
    """Looks at the demonstration in one folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._mail = home / "mail"
        self._token = ""

    def sign_in(self) -> None:
        """Get a token that may read the incidents, for an hour.

        Raises:
            Unavailable: The database does not answer.
        """
        opened = open_books(load({HOME_VARIABLE: str(self._home)}).inventory)
        self._token = issue(opened, "demo-check", [Scope.READ], timedelta(hours=1), account=FIRST_USERNAME)
        opened.engine.dispose()

    async def fault(self, question: dict[str, Any]) -> None:
        """Make or end a fault.

        Raises:
            NoLab: The simulation does not answer.
        """
        await asyncio.to_thread(control.ask, control_file(self._home), question)

    async def polled(self, elements: int) -> tuple[int, str]:
        """Return how many targets there are once all were polled with success, else 0; and what is missing.

        Args:
            elements: Devices and links of which the rules must know that they are well.
        """
        counts = [
            await self._value(expression)
            for expression in (
                "sum(quang_collector_targets)",
                "count(probe_success == 1)",
                "count(quang:element_down == 0)",
            )
        ]
        targets, good, known = counts
        alerts = await self._alerts()
        why = f"targets {targets}, good {good}, elements {known} of {elements}, alerts {alerts}"
        return (targets if 0 < targets == good and known == elements and not alerts else 0), why

    async def incident_is(self, rule: str, element: str, state: str) -> bool:
        """Return whether the newest incident of a rule and element is in a state."""
        found = [one for one in await self._incidents() if (one["rule"], one["element"]) == (rule, element)]
        return bool(found) and max(found, key=lambda one: int(one["id"]))["state"] == state

    async def incidents(self) -> list[str]:
        """Return rule and element of every incident there ever was."""
        return sorted({f"{one['rule']} {one['element']}" for one in await self._incidents()})

    async def has_mail(self, count: int) -> bool:
        """Return whether at least so many messages have come."""
        return len(await asyncio.to_thread(self._files)) >= count

    async def subjects(self) -> list[str]:
        """Return the subjects of all messages in the order in which they came."""
        return await asyncio.to_thread(
            lambda: [
                str(message_from_bytes(file.read_bytes(), policy=policy.default)["subject"]) for file in self._files()
            ]
        )

    def memory(self, supervisor: int) -> Iterator[tuple[str, int]]:
        """Yield name and own memory (proportional set size, in octets) of each process of the stack, then the sum."""
        total = 0
        for pid in (supervisor, *children(supervisor)):
            size = _pss(pid)
            total += size
            yield name_of(pid), size
        yield "tổng / total", total

    def _files(self) -> list[Path]:
        return sorted(self._mail.glob("*.eml"))

    async def _incidents(self) -> list[dict[str, Any]]:
        api = str(stack_home.socket_file(self._home, "api"))
        try:
            status, body = await stack_http.get(api, "/api/v1/incidents?limit=200", self._token)
        except stack_http.NoAnswer:
            return []
        items = json.loads(body).get("items", []) if status == 200 else []
        return [item for item in items if isinstance(item, dict)]

    async def _value(self, expression: str) -> int:
        data = await self._prometheus("/api/v1/query?" + urlencode({"query": expression}))
        result = data.get("result") or []
        return int(float(result[0]["value"][1])) if result else 0

    async def _alerts(self) -> list[str]:
        alerts = (await self._prometheus("/api/v1/alerts")).get("alerts") or []
        return sorted({one["labels"]["alertname"] for one in alerts} - _QUIET)

    async def _prometheus(self, path: str) -> dict[str, Any]:
        try:
            text = await asyncio.to_thread((self._home / "run" / "ports.json").read_text, encoding="ascii")
            port = json.loads(text)["prometheus"]
            status, body = await stack_http.get(f"127.0.0.1:{port}", path)
        except (stack_http.NoAnswer, OSError, ValueError, KeyError):
            return {}
        data = json.loads(body).get("data") if status == 200 else None
        return data if isinstance(data, dict) else {}


def children(pid: int) -> list[int]:
    """Return every process below one, parents first."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += [int(child), *children(int(child))]
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def name_of(pid: int) -> str:
    """Return what a process of the stack is: the command of `quang` that it runs, or its program."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return "?"
    if "-m" in words:
        module = words[words.index("-m") + 1 :][:2]
        return module[1] if module[0] == "api" else module[0].rpartition(".")[2]
    return Path(words[0]).name

"""Copies of the discovery answers on disk, so that Prometheus knows its targets even if it starts without the API."""

import asyncio
import json
from pathlib import Path
from typing import Final

from api.stack import http as stack_http
from api.stack.plan import Targets

EVERY_S: Final = 5.0


async def keep(targets: Targets) -> None:
    """Refresh the copies until cancelled; whatever fails leaves the last good copy in place."""
    while True:
        for job in targets.jobs:
            await refresh(targets, job)
        await asyncio.sleep(EVERY_S)


async def refresh(targets: Targets, job: str) -> bool:
    """Bring one copy up to date; return whether the API answered."""
    try:
        token = await asyncio.to_thread(_read, Path(targets.token_file))
        status, body = await stack_http.get(targets.address, f"/api/v1/discovery/{job}", token)
        groups = json.loads(body) if status == 200 else None
    except (stack_http.NoAnswer, OSError, ValueError):
        return False
    if not isinstance(groups, list):
        return False
    await asyncio.to_thread(_write, Path(targets.folder) / f"{job}.json", groups)
    return True


def _read(path: Path) -> str:
    with path.open(encoding="ascii") as file:
        return file.read(4_096).split("\n", 1)[0].strip()


def _write(path: Path, groups: list[object]) -> None:
    """Replace the file in one step, and only if something changed: Prometheus watches it."""
    text = json.dumps(groups, ensure_ascii=False, indent=1, sort_keys=True)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)

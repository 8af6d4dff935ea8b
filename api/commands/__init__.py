"""The commands of `quang`, one file each."""

from collections.abc import Callable
from typing import Any, Final

import typer

from api.commands import api, check, collect, demo, export, import_, key, render, token, up, user

COMMANDS: Final[dict[str, Callable[..., Any]]] = {
    "up": up.up,
    "api": api.api,
    "collect": collect.collect,
    "render": render.render,
    "check": check.check,
    "import": import_.import_,
    "export": export.export,
}
"""Commands without commands of their own."""

GROUPS: Final[dict[str, typer.Typer]] = {
    "demo": demo.app,
    "key": key.app,
    "user": user.app,
    "token": token.app,
}
"""Commands with commands of their own."""

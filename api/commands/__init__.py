"""The commands of `quang`, one file each."""

from collections.abc import Callable
from typing import Any, Final

import typer

from api.commands import (
    api,
    backup,
    check,
    collect,
    config,
    demo,
    export,
    import_,
    key,
    render,
    restore,
    token,
    up,
    user,
)

COMMANDS: Final[dict[str, tuple[Callable[..., Any], str]]] = {
    "up": (up.up, "Chạy mọi thứ trên một máy / Run all on one machine."),
    "api": (api.api, "Chạy riêng API và trang web / Run API and pages alone."),
    "collect": (collect.collect, "Chạy một bộ thu thập / Run a collector."),
    "render": (render.render, "Ghi cấu hình ra thư mục / Write the generated files."),
    "check": (check.check, "Kiểm tra sổ sách, cấu hình / Check books, configuration."),
    "backup": (backup.backup, "Sao lưu vào một tệp / Back all of it up into one file."),
    "restore": (restore.restore, "Khôi phục từ tệp sao lưu / Restore from a backup."),
    "import": (import_.import_, "Nhập danh sách từ tệp / Import a list from a file."),
    "export": (export.export, "Xuất danh sách ra tệp / Export a list to a file."),
}
"""Commands without commands of their own, each with its line in the list: short enough to stand there whole."""

GROUPS: Final[dict[str, typer.Typer]] = {
    "config": config.app,
    "demo": demo.app,
    "key": key.app,
    "user": user.app,
    "token": token.app,
}
"""Commands with commands of their own."""

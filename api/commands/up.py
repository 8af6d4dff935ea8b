"""`quang up`."""

import typer


def up() -> None:
    """Khởi động mọi thứ cho một máy: trang web, bộ thu thập, Prometheus, Alertmanager / Start all for one machine.

    Trạng thái nằm trong QUANG_HOME (mặc định ~/.local/share/quang). Dừng bằng Ctrl-C.
    State lives under QUANG_HOME (by default ~/.local/share/quang). Ctrl-C stops it.
    """
    import os

    from api import settings
    from api.stack import up as stack

    known = {name: value for name, value in os.environ.items() if not name.startswith("QUANG_COLLECTOR_")}
    stack.up(settings.load(known), stack.Extra(), typer.echo)

"""`quang render`."""

from pathlib import Path
from typing import Annotated

import typer


def render(
    to: Annotated[Path, typer.Option(help="Thư mục ghi kết quả / Folder to write to.")],
) -> None:
    """Ghi ra thư mục cấu hình Prometheus, Alertmanager và các bảng Grafana / Write the generated files.

    Dùng để xem, kiểm tra bằng promtool và amtool, hoặc chạy Prometheus trên máy khác.
    To read, to check with promtool and amtool, or to run Prometheus elsewhere.
    """
    from urllib.parse import urlsplit

    from api import settings
    from api.stack import config as stack_config
    from api.stack import grafana as stack_grafana

    now = settings.load()
    addresses = stack_config.Addresses(
        api=f"http://{now.web.host}:{now.web.port}",
        prometheus=urlsplit(now.prometheus.url).netloc,
        alertmanager=urlsplit(now.alertmanager.url).netloc,
    )
    folder, tokens, targets = to.absolute(), now.home / "tokens", now.home / "targets"
    for path in stack_config.render(folder, addresses, tokens, targets, mail=None, thresholds=now.thresholds):
        typer.echo(str(path))
    stack_grafana.write_boards(folder / "grafana", now.prometheus.url, now.thresholds)
    typer.echo(str(folder / "grafana"))

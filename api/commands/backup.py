"""`quang backup`."""

from pathlib import Path
from typing import Annotated

import typer


def backup(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Thư mục; nếu thiếu thì QUANG_HOME/backups / Folder; QUANG_HOME/backups if absent."),
    ] = None,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Kèm cả tệp khóa niêm phong / With the key that seals secrets.")
    ] = False,
    most: Annotated[
        int | None, typer.Option("--keep", min=1, max=10_000, help="Chỉ giữ N bản mới nhất / Keep the newest N only.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Chỉ kiểm tra tệp này / Only check this file.", metavar="FILE")
    ] = None,
) -> None:
    """Sao lưu mọi thứ vào một tệp trong lúc hệ thống vẫn chạy / Back all of it up into one file while it runs.

    In ra tên tệp. Không kèm: số đo của Prometheus, nhật ký, mã của các bộ phận (được tạo lại).
    Prints the file. Not inside: Prometheus' samples, logs, the parts' tokens (made anew).
    """
    from api import settings

    if check is not None:
        _check(check)
        return
    from api.backup.folder import FOLDER
    from api.backup.making import make
    from api.backup.tables import told

    now = settings.load()
    made = make(now, (folder or now.home / FOLDER).absolute(), with_key=with_key, most=most or 0)
    rows, key = told(made.manifest.rows), now.inventory.key_file
    typer.echo(str(made.path))
    typer.echo(f"{rows.vi}\n{rows.en}", err=True)
    if with_key:
        typer.echo(
            "Tệp này có cả khóa: ai có tệp là mở được mọi mật khẩu đã niêm phong. Hãy cất như cất mật khẩu.\n"
            "The key is inside: whoever has this file opens every sealed password. Keep it as you keep passwords.",
            err=True,
        )
    else:
        typer.echo(
            f"Khóa niêm phong KHÔNG có trong tệp: cất một bản của {key} ở nơi khác, tách khỏi tệp này (giấy, USB).\n"
            f"The sealing key is NOT inside: keep a copy of {key} elsewhere, apart from this file (paper, a stick).",
            err=True,
        )
    for path in made.removed:
        typer.echo(f"– {path.name}: bản cũ đã xóa / old one removed", err=True)


def _check(path: Path) -> None:
    from api import settings
    from api.backup.checking import check

    lines, findings = check(settings.load(), path)
    for line in lines:
        typer.echo(f"{line.vi}\n  {line.en}")
    for finding in findings:
        typer.echo(f"✗ {finding.vi}\n  {finding.en}", err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo("✓ Bản sao lưu dùng được. / The backup can be used.")

"""`quang restore`."""

from pathlib import Path
from typing import Annotated

import typer


def restore(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu / The backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Dời sổ sách cũ sang bên, không xóa / Move the old aside, delete nothing.")
    ] = False,
) -> None:
    """Khôi phục từ tệp sao lưu, rồi kiểm tra / Restore from a backup, then check it.

    Dừng quang up trước. Kết thúc với mã 1 nếu có điều gì không khớp.
    Stop quang up first. Ends with status 1 if anything does not fit.
    """
    import os

    from api import settings
    from api.backup.checking import describe
    from api.backup.restoring import restore as put_back

    done = put_back(settings.default_home(os.environ), file, replace=replace)
    for line in [*describe(done.manifest), *done.notes]:
        typer.echo(f"{line.vi}\n  {line.en}")
    for old, new in done.aside:
        typer.echo(f"{old} → {new}")
    for finding in done.findings:
        typer.echo(f"✗ {finding.vi}\n  {finding.en}", err=True)
    if done.findings:
        raise typer.Exit(1)
    typer.echo("✓ Đã khôi phục, mọi thứ đều khớp; chạy quang up. / Restored, all of it fits; run quang up.")

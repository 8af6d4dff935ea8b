"""`quang config`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Bản lưu cấu hình thiết bị / Copies of devices' configurations.", no_args_is_help=True, rich_markup_mode=None
)

Device = Annotated[str, typer.Argument(help="Tên ngắn của thiết bị / Short name of the device.")]
Version = Annotated[
    str, typer.Option("--version", help="Bản nào; nếu thiếu thì bản mới nhất / Which copy; the newest if absent.")
]


@app.command("list", short_help="Liệt kê các bản lưu / List the copies.")
def list_(device: Device) -> None:
    """Liệt kê các bản lưu của một thiết bị, mới nhất trước / List the copies of a device, the newest first."""
    from api.desk import configurations

    for line in configurations.listed(device):
        typer.echo(line)


@app.command("show", short_help="In cấu hình, che bí mật / Print one, secrets hidden.")
def show(device: Device, version: Version = "") -> None:
    """In một bản cấu hình, mọi bí mật được che / Print a configuration with every secret hidden."""
    from api.desk import configurations

    for line in configurations.shown(device, version):
        typer.echo(line)


@app.command("diff", short_help="So sánh hai bản, che bí mật / Compare two, secrets hidden.")
def diff(
    device: Device,
    version: Version = "",
    older: Annotated[
        str, typer.Option("--older", help="So với bản nào; nếu thiếu thì bản liền trước / With which; the one before.")
    ] = "",
) -> None:
    """In những dòng khác nhau giữa hai bản, mọi bí mật được che / Print what differs, every secret hidden."""
    from api.desk import configurations

    for line in configurations.differing(device, version, older):
        typer.echo(line)


@app.command("export", short_help="Ghi bản đầy đủ để khôi phục / Write all of it, to restore.")
def export(
    device: Device,
    file: Annotated[
        Path | None, typer.Argument(help="Tệp sẽ ghi; nếu thiếu thì TÊN.cfg / File to write; NAME.cfg if absent.")
    ] = None,
    version: Version = "",
) -> None:
    """Ghi bản cấu hình đầy đủ, có bí mật, ra tệp chỉ mình bạn đọc được / Write all of it, with its secrets.

    Việc lấy ra được ghi vào lịch sử nếu cơ sở dữ liệu còn chạy.
    Taking it is written into the history as long as the database works.
    """
    from api.desk import configurations

    path = file or Path(f"{device}.cfg")
    if not configurations.exported(device, version, path):
        typer.echo(
            "Cơ sở dữ liệu không trả lời nên việc này chưa được ghi vào lịch sử.\n"
            "The database does not answer, so this is not in the history.",
            err=True,
        )
    typer.echo(str(path))

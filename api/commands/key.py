"""`quang key`."""

import typer

app = typer.Typer(
    help="Khóa niêm phong mật khẩu thiết bị và lịch sử. / The key that seals secrets and history.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    pass


@app.command("show-path")
def show_path() -> None:
    """In đường dẫn tệp khóa; hãy giữ một bản sao ở nơi khác. / Print the key file's path; keep a copy elsewhere."""
    from api import settings

    typer.echo(str(settings.load().inventory.key_file))

"""`quang key`."""

import typer

app = typer.Typer(
    help="Khóa niêm phong bí mật / The key that seals secrets.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    pass


@app.command("show-path", short_help="In đường dẫn tệp khóa / Print the key file's path.")
def show_path() -> None:
    """In đường dẫn tệp khóa; hãy giữ một bản sao ở nơi khác / Print the key file's path; keep a copy elsewhere."""
    from api import settings

    typer.echo(str(settings.load().inventory.key_file))

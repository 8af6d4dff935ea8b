"""`quang api`."""

from typing import Annotated

import typer


def api(
    fd: Annotated[
        list[int] | None,
        typer.Option(help="Socket đang mở do chương trình khác trao / Open socket handed in by another program."),
    ] = None,
) -> None:
    """Chạy riêng API và trang web / Run the API and the pages alone."""
    from api import settings
    from api.stack import serve

    raise typer.Exit(serve.serve(settings.load(), tuple(fd or ())))

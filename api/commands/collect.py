"""`quang collect`."""

from pathlib import Path
from typing import Annotated

import typer


def collect(
    settings: Annotated[
        Path | None,
        typer.Option(
            help="Tệp cài đặt TOML; còn lại lấy từ QUANG_COLLECTOR_* / TOML file; the rest from QUANG_COLLECTOR_*."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Số tiến trình cùng thu thập / Processes that share the work.")
    ] = None,
) -> None:
    """Chạy một bộ thu thập, cạnh API hoặc ở xã xa / Run a collector, beside the API or in a far commune."""
    import logging

    from collector.collect import main
    from collector.settings import BadSettings, load

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        given = load(settings, workers=workers)
    except BadSettings as error:
        for problem in error.problems:
            typer.echo(f"{problem.vi} / {problem.en}", err=True)
        raise typer.Exit(1) from error
    raise typer.Exit(main(given))

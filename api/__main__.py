"""`quang`: the command line. Heavy parts are imported inside the commands, so that help comes at once."""

import sys
from typing import Annotated

import typer

from api.commands import COMMANDS, GROUPS
from inventory.errors import QuangError

app = typer.Typer(
    name="quang",
    help="Theo dõi cáp quang, thiết bị mạng, dịch vụ và sổ tài sản của huyện, xã. / "
    "Watches the fibre links, routers and services of a district and keeps its hardware books.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"quang {version('quang')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="In phiên bản / Print the version.")
    ] = False,
) -> None:
    pass


for _name, (_command, _line) in COMMANDS.items():
    app.command(_name, short_help=_line)(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command line; a failure that a person can mend is told in both languages, without a traceback."""
    try:
        app(prog_name="quang")
    except QuangError as error:
        for line in (error.reason.vi, error.first_step.vi, "", error.reason.en, error.first_step.en, *_fields(error)):
            typer.echo(line, err=True)
        sys.exit(1)


def _fields(error: QuangError) -> list[str]:
    """Return the wrong fields of an `Invalid`, a line each."""
    return [f"  {one.field}: {one.message.vi} / {one.message.en}" for one in getattr(error, "problems", ())]


if __name__ == "__main__":
    main()

"""`quang token`."""

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(
    help="Mã truy cập của các chương trình / Access tokens of programs.", no_args_is_help=True, rich_markup_mode=None
)


class ScopeName(StrEnum):
    """The scopes of `inventory.access.accounts.Scope`, written here so that help needs no database library."""

    READ = "read"
    WRITE = "write"
    COLLECTOR = "collector"
    AGENT = "agent"
    SCRAPE = "scrape"
    ALERTMANAGER = "alertmanager"


@app.command("issue", short_help="Cấp một mã, in ra một lần / Issue a token, print it once.")
def issue(
    name: Annotated[str, typer.Argument(help="Tên mã / Name of the token.")],
    scope: Annotated[list[ScopeName], typer.Option(help="Được làm gì; có thể lặp lại / What it may do; may repeat.")],
    days: Annotated[int, typer.Option(min=1, max=800, help="Số ngày có hiệu lực / Days until it expires.")] = 365,
    collector: Annotated[str, typer.Option(help="Bộ thu thập được nói thay / The collector that it speaks for.")] = "",
    account: Annotated[str, typer.Option(help="Tài khoản có quyền tương ứng / The account whose rights it has.")] = "",
) -> None:
    """Cấp một mã và in ra một lần / Issue a token and print it once."""
    from datetime import timedelta

    from api.desk import people, programs

    scopes = [one.value for one in scope]
    life = timedelta(days=days)
    typer.echo(programs.issue(people.books(), name, scopes, life, collector=collector or None, account=account or None))
    typer.echo("Mã chỉ hiện một lần này. / The token is shown this once only.", err=True)


@app.command("list", short_help="Liệt kê các mã / List the tokens.")
def list_() -> None:
    """Liệt kê các mã, không kèm bí mật / List the tokens, without their secrets."""
    from api.desk import programs

    for row in programs.rows():
        typer.echo("\t".join(row))


@app.command("revoke", short_help="Thu hồi một mã ngay / Revoke a token at once.")
def revoke(name: Annotated[str, typer.Argument(help="Tên mã / Name of the token.")]) -> None:
    """Thu hồi một mã ngay lập tức / Revoke a token at once."""
    from api.desk import programs

    programs.revoke(name)
    typer.echo(f"{name}: đã thu hồi / revoked")


@app.command("renew", short_help="Thay mã sắp hết hạn của quang up / Renew those of quang up.")
def renew() -> None:
    """Thay các mã của `quang up` sắp hết hạn (chạy tự động mỗi ngày) / Renew what `quang up` uses (runs daily)."""
    from api.desk import programs

    for name in programs.renew():
        typer.echo(f"{name}: đã thay mã / renewed")

"""`quang user`."""

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(help="Tài khoản của người dùng / Accounts of people.", no_args_is_help=True, rich_markup_mode=None)


class RoleName(StrEnum):
    """The roles of `inventory.access.accounts.Role`, written here so that help needs no database library."""

    ADMINISTRATOR = "administrator"
    IT_STAFF = "it_staff"
    AUDITOR = "auditor"
    COMMUNE_STAFF = "commune_staff"


@app.command("add", short_help="Tạo tài khoản / Make an account.")
def add(
    username: Annotated[str, typer.Argument(help="Tên đăng nhập / User name.")],
    role: Annotated[RoleName, typer.Option(help="Vai trò / Role.")],
    name: Annotated[str, typer.Option(help="Họ tên / Full name.")] = "",
    email: Annotated[str, typer.Option(help="Thư điện tử / E-mail.")] = "",
    site: Annotated[str, typer.Option(help="Đơn vị của cán bộ xã / Site of commune staff.")] = "",
    alerts: Annotated[bool, typer.Option(help="Nhận cảnh báo qua thư / Receives alerts by e-mail.")] = False,
) -> None:
    """Tạo tài khoản và in mật khẩu đầu tiên một lần / Make an account and print its first password once."""
    from api.desk import people

    password = people.add(username, role.value, name=name, email=email, site=site, receives_alerts=alerts)
    typer.echo(f"{username}: {password}")
    typer.echo("Mật khẩu chỉ hiện một lần này. / The password is shown this once only.", err=True)


@app.command("password", short_help="Đặt mật khẩu mới, mở khóa / New password, unlock.")
def password(username: Annotated[str, typer.Argument(help="Tên đăng nhập / User name.")]) -> None:
    """Đặt mật khẩu mới, mở khóa tài khoản và in mật khẩu một lần / Set a new password, unlock, print it once."""
    from api.desk import people

    typer.echo(f"{username}: {people.new_password(username)}")
    typer.echo("Mật khẩu chỉ hiện một lần này. / The password is shown this once only.", err=True)


@app.command("list", short_help="Liệt kê tài khoản / List the accounts.")
def list_() -> None:
    """Liệt kê tài khoản / List the accounts."""
    from api.desk import people

    for row in people.rows():
        typer.echo("\t".join(row))

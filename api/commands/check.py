"""`quang check`."""

import typer


def check() -> None:
    """Kiểm tra sổ sách và cấu hình / Check books and configuration.

    Kết thúc với mã 1 nếu có điều gì không khớp.
    Ends with status 1 if anything does not fit.
    """
    from api import settings
    from api.stack import check as stack_check

    findings = stack_check.findings(settings.load())
    for finding in findings:
        typer.echo(f"✗ {finding.vi}\n  {finding.en}", err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo("✓ Sổ sách và cấu hình đều khớp. / Books and configuration are right.")

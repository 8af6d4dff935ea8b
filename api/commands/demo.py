"""`quang demo`."""

from typing import Annotated

import typer

app = typer.Typer(
    help="Huyện mô phỏng để xem thử / A simulated district to try.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Where = Annotated[str, typer.Argument(help="Mã đơn vị hoặc đường truyền / Slug of a site, or a link.")]


@app.callback()
def demo(
    context: typer.Context,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Tự chạy thử: đứt cáp, báo tin, khôi phục, rồi dừng / Prove it: cut, tell, restore, stop."
        ),
    ] = False,
    pause: Annotated[
        float, typer.Option(min=15, max=3600, help="Với --check: giây giữa hai lần đứt / Seconds between the two cuts.")
    ] = 60.0,
    limit: Annotated[
        float, typer.Option(min=1, max=120, help="Với --check: quá bao nhiêu giây là trễ / What counts as late, in s.")
    ] = 10.0,
) -> None:
    """Chạy huyện mô phỏng: 24 đơn vị, 26 tuyến cáp quang, 24 trang web / Run the simulated district.

    Trạng thái nằm trong QUANG_HOME (mặc định ~/.local/share/quang-demo). Dừng bằng Ctrl-C.
    State lives under QUANG_HOME (by default ~/.local/share/quang-demo). Ctrl-C stops it.
    """
    import os

    if context.invoked_subcommand is not None:
        return
    if check:
        from api.demo import check as demo_check

        raise typer.Exit(demo_check.main(typer.echo, pause, limit))
    from api.demo import start as demonstration

    demonstration.start(os.environ, typer.echo)


@app.command("cut", short_help="Cắt cáp tới một đơn vị / Cut the fibre to a site.")
def cut(where: Where) -> None:
    """Cắt đường cáp quang tới một đơn vị / Cut the fibre to a site."""
    _ask({"act": "cut", "where": where})


@app.command("dim", short_help="Làm suy hao cáp tới một đơn vị / Dim the fibre to a site.")
def dim(
    where: Where,
    db: Annotated[float, typer.Option(help="Suy hao thêm, dB / Light lost, in dB.")] = 16.0,
) -> None:
    """Làm suy hao đường cáp quang tới một đơn vị / Take light from the fibre to a site."""
    _ask({"act": "dim", "where": where, "db": db})


@app.command("power-off", short_help="Ngắt điện một đơn vị / Take the power from a site.")
def power_off(where: Where) -> None:
    """Ngắt điện một đơn vị / Take the power from a site."""
    _ask({"act": "power-off", "where": where})


@app.command("restore", short_help="Khôi phục một nơi hoặc tất cả / End the faults of one or all.")
def restore(where: Annotated[str, typer.Argument(help="Bỏ trống = tất cả / Empty = everything.")] = "") -> None:
    """Khôi phục một đơn vị, một đường truyền, hoặc tất cả / End the faults of a site, a link, or all."""
    _ask({"act": "restore", "where": where})


@app.command("reorganise", short_help="Sáp nhập 23 xã thành 8 / Merge the 23 communes into 8.")
def reorganise(
    back: Annotated[bool, typer.Option("--back", help="Hoàn lại / Take it back.")] = False,
) -> None:
    """Sáp nhập 23 xã, thị trấn thành 8 xã như ngày 1/7/2025 / Merge the 23 communes into the 8 of 1 July 2025.

    Thiết bị, dịch vụ, tài sản, chứng từ và tài khoản chuyển theo / All moves along.
    """
    import os

    from api.demo import reorganise as demo_reorganise

    for line in demo_reorganise.run(os.environ, back=back):
        typer.echo(line)


def _ask(question: dict[str, object]) -> None:
    import os

    from api.demo import fault as demo_fault

    for line in demo_fault.told(demo_fault.ask(os.environ, question)):
        typer.echo(line)

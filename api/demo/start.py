"""`quang demo`: the whole stack on the simulated district."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.demo import books as demo_books
from api.demo.fault import control_file, home
from api.settings import HOME_VARIABLE, Settings, load
from api.stack import ports
from api.stack import programs as stack_programs
from api.stack import up as stack
from api.stack.plan import Program
from api.stack.programs import PYTHON
from api.stack.up import Extra, Say
from inventory.access.passwords import FIRST_USERNAME

MAIL_PORT: Final = 9425


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Return the settings of the demonstration.

    Raises:
        SettingsWrong: As `api.settings.load`.
    """
    known = {name: value for name, value in environ.items() if not name.startswith("QUANG_COLLECTOR_")}
    return load(known | {HOME_VARIABLE: str(home(environ))})


def extra(settings: Settings) -> Extra:
    """Return what the demonstration adds to a stack: its books, the simulation and a mail server.

    Raises:
        Missing: A program for network namespaces is not installed.
        PortTaken: No port is free for the mail server.
    """
    for name, package in (("ip", "iproute2"), ("unshare", "util-linux"), ("nsenter", "util-linux")):
        stack_programs.find([name], package)
    mail = ports.listen("127.0.0.1", MAIL_PORT, firm=False)
    port, fd = mail.getsockname()[1], mail.detach()
    folder = settings.home / "mail"
    lab = Program(
        name="lab", command=(*PYTHON, "collector.lab", "--control", str(control_file(settings.home))), inside=True
    )
    sink = Program(name="mail", command=(*PYTHON, "api.demo.mail", "--fd", str(fd), "--folder", str(folder)), fds=(fd,))
    env = {
        "QUANG_MAIL_HOST": "127.0.0.1",
        "QUANG_MAIL_PORT": str(port),
        "QUANG_MAIL_SECURITY": "none",
        "QUANG_MAIL_SENDER": "quang@bac-quang.example",
    }
    return Extra(
        books=demo_books.write,
        programs=(lab, sink),
        env=env,
        inside=True,
        announce=_what_to_try(folder),
    )


def start(environ: Mapping[str, str], say: Say) -> None:
    """Prepare the demonstration and become its supervisor; see `stack.up`."""
    settings = settings_of(environ)
    say(f"Dữ liệu minh hoạ nằm ở / The demonstration lives in: {settings.home}")
    stack.up(settings, extra(settings), say)


def _what_to_try(mail: Path) -> tuple[str, ...]:
    program = _called(Path(sys.argv[0]))
    return (
        "",
        "  Thử ở một cửa sổ khác / Try in another window:",
        f"    {program} demo cut vinh-tuy         đứt cáp / cut the fibre",
        f"    {program} demo dim viet-quang       suy hao quang / lose light",
        f"    {program} demo power-off tan-lap    mất điện / take the power",
        f"    {program} demo restore              khôi phục tất cả / end every fault",
        f"    {program} demo reorganise           sáp nhập 23 xã thành 8 / merge 23 communes into 8",
        f"  Thư báo nằm ở / Messages are kept in: {mail}",
        "  Quên mật khẩu / Password forgotten:",
        f"    QUANG_HOME={mail.parent} {program} user password {FIRST_USERNAME}",
        "",
    )


def _called(program: Path) -> str:
    """Return how this program is called again: by name where it is on the path, else by its place seen from here."""
    if shutil.which("quang") or program.name != "quang":
        return "quang"
    here = Path.cwd()
    return str(program.relative_to(here) if program.is_absolute() and program.is_relative_to(here) else program)

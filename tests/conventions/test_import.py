"""Nothing happens at import: no file is written, no socket opened, no program started, no secret read."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WATCH = """
import sys
import importlib, pkgutil
package = sys.argv[1]
def hook(event, arguments):
    if event in {"socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.fork"}:
        raise SystemExit(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit(f"{event} {arguments}")
sys.dont_write_bytecode = True
top = importlib.import_module(package)
sys.addaudithook(hook)
for found in pkgutil.walk_packages(top.__path__, package + "."):
    if not found.name.endswith(("__main__", ".migrations.env")) and ".versions" not in found.name:
        importlib.import_module(found.name)
"""


@pytest.mark.parametrize("package", ["inventory", "collector", "alerts", "dashboards", "api"])
def test_importing_a_package_does_nothing(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WATCH, package],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")

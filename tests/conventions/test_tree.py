"""The shape of the tree: who may import what, how long a file is, what never stands in the repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("alerts", "api", "collector", "dashboards", "inventory")

DOORS = {
    "gufo.snmp": {"collector/snmp.py"},
    "ctypes": {"collector/echo/kernel.py", "collector/memory.py"},
    "netmiko": {"collector/ssh.py"},
    "paramiko": {"collector/shell/transport.py"},
    "ntc_templates": {"collector/shell/screens.py"},
    "dulwich": {"api/configurations/repository.py"},
    "pyasn1": {"collector/traps/decoder.py"},
    "pysnmp": {"collector/traps/decoder.py"},
    "grafanalib": {"dashboards/panels.py"},
    "aiosmtpd": {"api/demo/mail.py"},
    "smtplib": {"api/watch/mail.py"},
    "argon2": {"inventory/access/hashing.py"},
    "babel": {"api/views/i18n.py"},
    "openpyxl": {"inventory/spreadsheet.py"},
    "segno": {"api/views/labels.py"},
    "cryptography": {
        "inventory/keys.py",
        "api/configurations/archive.py",
        "collector/upstream/sealing.py",
        "collector/wire/connection.py",
    },
    "dns": {"collector/probes/dns.py"},
    "h11": {"collector/web/http1.py"},
    "h2": {"collector/web/http2.py"},
    "httptools": {"collector/series/server.py"},
    "httpx": {"collector/upstream/client.py", "api/watch/prometheus.py"},
    "prometheus_client": {"api/routes/metrics.py"},
    "uvicorn": {"api/http/server.py"},
    "uvloop": {"collector/collect.py"},
}
"""Outside library to the only files that may import it."""


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("library", sorted(DOORS))
def test_an_outside_library_is_imported_by_its_door_only(library: str) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(name == library or name.startswith(library + ".") for name in imported(path))
    }
    assert users <= DOORS[library]


def test_no_file_is_longer_than_one_look_takes_in() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): length
        for path in tracked()
        # A step of the database is written by Alembic, one column a line.
        if path.suffix == ".py"
        and path.parent.name != "versions"
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_folder_of_tests_has_no_package_files() -> None:
    assert [path for path in tracked() if path.name == "__init__.py" and "tests" in path.parts] == []


def test_the_top_level_holds_only_what_the_plan_names() -> None:
    folders = {parts[0] for path in tracked() if len(parts := path.relative_to(ROOT).parts) > 1}
    assert folders <= {*PACKAGES, "tests", "docs", "deploy", "requirements", ".ci"}


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    hosts = ("pythonhosted" + ".org", "registry" + ".npmjs.org", "pypi" + ".org", "deb" + ".debian.org")
    bad = re.compile("|".join(map(re.escape, (*hosts, f"{ROOT}/", f"{Path.home()}/"))))
    found = []
    for path in tracked():
        if path.suffix in {".png", ".woff2", ".ico", ".xlsx"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if bad.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []

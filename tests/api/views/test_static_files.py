"""Static files: hashed addresses that are kept for a year, gzip where it is taken, and nothing outside the folder."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.settings import Settings
from api.views import static_files as assets
from tests.support.api import serving
from tests.support.parts import need

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    app = FastAPI()
    app.mount(assets.PREFIX, assets.Static())
    with (
        serving(app, Settings(home=tmp_path_factory.mktemp("home"))) as url,
        httpx.Client(base_url=url, timeout=60) as running,
    ):
        yield running


def test_an_address_carries_the_hash_of_its_content_and_is_kept_for_a_year(client: httpx.Client) -> None:
    for name in ("tabler.css", "htmx.js", "quang.css", "js/quang.js", "map/communes_2025.geojson"):
        answer = client.get(assets.url(name))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/quang.css").headers["Cache-Control"] == "public, max-age=3600"


def test_gzip_is_sent_only_to_those_who_take_it(client: httpx.Client) -> None:
    plain = client.get(assets.url("quang.css"), headers={"Accept-Encoding": "identity"})
    packed = client.get(assets.url("quang.css"), headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) == len(gzip.compress(plain.content, 9))


@pytest.mark.parametrize(
    "path", ["/static/../assets.py", "/static/%2e%2e/assets.py", "/static/", "/static/vendor", "/static/x"]
)
def test_nothing_else_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_file_has_no_address() -> None:
    with pytest.raises(FileNotFoundError):
        assets.url("no-such.css")


def test_the_first_page_on_a_phone_loads_less_than_150_kilobytes(client: httpx.Client) -> None:
    names = ("tabler.css", "quang.css", "htmx.js", "js/quang.js", "icons.svg", "favicon.svg")
    sizes = [
        int(client.get(assets.url(name), headers={"Accept-Encoding": "gzip"}).headers["Content-Length"])
        for name in names
    ]
    assert sum(sizes) < 150_000


def test_building_again_gives_the_same_and_removes_what_is_old(tmp_path: Path) -> None:
    need("node")
    place = tmp_path / "api" / "static"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "api" / "static" / "build.mjs", place)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (place / "vendor").mkdir()
    (place / "vendor" / "tabler.0000.css").write_text("old", encoding="utf-8")
    seen = []
    for _ in range(2):
        subprocess.run(["node", str(place / "build.mjs")], check=True, capture_output=True, timeout=240)
        seen.append({path.name: path.read_bytes() for path in (place / "vendor").iterdir()})
    assert seen[0] == seen[1]
    assert "tabler.0000.css" not in seen[0]
    manifest = json.loads(seen[0]["manifest.json"])
    assert set(seen[0]) == {"manifest.json", *manifest.values(), *(f"{name}.gz" for name in manifest.values())}
    assert all(gzip.decompress(seen[0][f"{name}.gz"]) == seen[0][name] for name in manifest.values())


def test_the_lock_names_no_download_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = lock["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted

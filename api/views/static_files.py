"""Static files. Their addresses carry a hash of their content, so that a browser on a phone fetches each only once."""

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parents[1] / "static"
PREFIX: Final = "/static"

_A_YEAR: Final = "public, max-age=31536000, immutable"
_AN_HOUR: Final = "public, max-age=3600"
_TEXTS: Final = {".css", ".js", ".json", ".geojson", ".svg", ".wasm"}


def url(name: str) -> str:
    """Return the address of a static file, with its hash.

    Args:
        name: A plain name of `vendor/manifest.json` (`tabler.css`), or a path below `static/` (`js/quang.js`).

    Raises:
        FileNotFoundError: There is no such file, or `npm run build` was not run.
    """
    vendored = _manifest(_stamp(FOLDER / "vendor" / "manifest.json")).get(name)
    if vendored:
        return f"{PREFIX}/vendor/{vendored}"
    path = FOLDER / name
    return f"{PREFIX}/{name}?v={_content(path, _stamp(path))[0]}"


class Static(StaticFiles):
    """Serves `api/static`: long cache for hashed addresses, gzip where the browser takes it."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or its gzipped form with the headers of the plain one."""
        response = await super().get_response(path, scope)
        hashed = path.startswith("vendor/") or b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = _A_YEAR if hashed else _AN_HOUR
        response.headers["X-Content-Type-Options"] = "nosniff"
        full = FOLDER / path
        if response.status_code == 200 and full.suffix in _TEXTS:
            response.headers["Vary"] = "Accept-Encoding"
            if _takes_gzip(scope):
                return Response(_content(full, _stamp(full))[1], headers=_of_gzip(response))
        return response


def _takes_gzip(scope: Scope) -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
    return b"gzip" in accepted


def _of_gzip(plain: Response) -> dict[str, str]:
    kept = {name: value for name, value in plain.headers.items() if name != "content-length"}
    return kept | {"content-encoding": "gzip"}


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


@lru_cache(maxsize=4)
def _manifest(_stamp_ns: int) -> dict[str, str]:
    names: dict[str, str] = json.loads((FOLDER / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    return names


@lru_cache(maxsize=64)
def _content(path: Path, _stamp_ns: int) -> tuple[str, bytes]:
    """Return the hash of a file and its gzipped content; the build leaves one beside each vendored file."""
    data = path.read_bytes()
    beside = path.with_name(path.name + ".gz")
    packed = beside.read_bytes() if beside.is_file() else gzip.compress(data, 9)
    return hashlib.sha256(data).hexdigest()[:12], packed

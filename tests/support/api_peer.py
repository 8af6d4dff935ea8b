"""A small real HTTP server that speaks the collector's side of the API: leases, roster with ETag, reports once each."""

import hashlib
import json
import socket
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SITE_UNTIL_S = 30.0


class ApiPeer:
    """Serves until it is closed; everything it was told stands in its attributes.

    Attributes:
        tokens: The tokens it accepts.
        roster: What it hands out.
        sites: The sites it grants.
        lease_s: How long it grants them.
        status: If set, the status with which every call is answered.
        reports: What was reported, in order, each `uid` once.
        bodies: Every call: (method, path, body).
        refuse_uids: Reports that it answers `refuse_status` to, 422 at first.
        errands: What it wants to know, in order; `None` for an API that has no errands.
        delivered: Errand to what was found.
    """

    def __init__(self, token: str = "first-token", unix: Path | None = None, port: int = 0) -> None:
        self.tokens = {token}
        self.roster: dict[str, Any] = {"scope": "main", "collector": "edge"}
        self.sites: list[str] = []
        self.lease_s = SITE_UNTIL_S
        self.renew_after_s = 1.0
        self.status: int | None = None
        self.reports: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        self.bodies: list[tuple[str, str, Any]] = []
        self.refuse_uids: set[str] = set()
        self.refuse_status = 422
        self.errands: list[dict[str, Any]] | None = None
        self.delivered: dict[str, Any] = {}
        self.raw_roster: bytes | None = None
        self._server = _UnixServer(str(unix), self) if unix else _TcpServer(("127.0.0.1", port), self)
        self.url = f"unix:{unix}" if unix else f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return its TCP port."""
        return int(self.url.rpartition(":")[2])

    def close(self) -> None:
        """Stop serving, at once and on every connection."""
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._server.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def count(self, path: str) -> int:
        """Return how often a path that ends so was called."""
        return sum(called.endswith(path) for _, called, _ in self.bodies)

    def answer(self, method: str, path: str, body: Any, etag: str | None) -> tuple[int, bytes, str | None]:
        """Return status, body and ETag."""
        self.bodies.append((method, path, body))
        if self.status:
            return self.status, b'{"title": "not now"}', None
        if path.endswith("/lease"):
            until = (datetime.now(UTC) + timedelta(seconds=self.lease_s)).isoformat()
            leases = [{"site": site, "until": until} for site in self.sites]
            return 200, json.dumps({"leases": leases, "renew_after_s": self.renew_after_s}).encode(), None
        if path.endswith("/roster"):
            raw = self.raw_roster if self.raw_roster is not None else json.dumps(self.roster).encode()
            tag = '"' + hashlib.sha256(raw).hexdigest()[:16] + '"'
            return (304, b"", tag) if etag == tag else (200, raw, tag)
        if path.endswith("/errand"):
            return self._give_errand()
        if "/errands/" in path:
            self.delivered[path.rpartition("/")[2]] = body["results"]
            return 204, b"", None
        return self._take_reports(body["reports"])

    def _give_errand(self) -> tuple[int, bytes, str | None]:
        if self.errands is None:
            return 404, b'{"title": "no such page"}', None
        deadline = time.monotonic() + 0.2
        while not self.errands and time.monotonic() < deadline:
            time.sleep(0.01)
        return (200, json.dumps(self.errands.pop(0)).encode(), None) if self.errands else (204, b"", None)

    def _take_reports(self, reports: list[dict[str, Any]]) -> tuple[int, bytes, str | None]:
        if len(reports) > 500:
            return 413, b"{}", None
        if any(report["uid"] in self.refuse_uids for report in reports):
            return self.refuse_status, b'{"title": "not understood"}', None
        fresh = [report for report in reports if report["uid"] not in self.seen]
        self.seen.update(report["uid"] for report in fresh)
        self.reports.extend(fresh)
        return 200, json.dumps({"accepted": len(fresh), "duplicates": len(reports) - len(fresh)}).encode(), None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False
    server: "_TcpServer"

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def address_string(self) -> str:
        return "peer"

    def log_message(self, *_: Any) -> None:
        return

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        peer = self.server.peer
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in peer.tokens:
            status, answer, tag = 401, b'{"title": "who are you"}', None
        else:
            status, answer, tag = peer.answer(self.command, self.path, body, self.headers.get("If-None-Match"))
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = _answer  # noqa: N815 - the library looks for these names
    do_POST = _answer  # noqa: N815


class _TcpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: Any, peer: ApiPeer) -> None:
        self.peer = peer
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def handle_error(self, *_: Any) -> None:
        return


class _UnixServer(_TcpServer):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "peer", 0

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, _ = self.socket.accept()
        return connection, ("peer", 0)

"""The collector's page server in front of a source with fixed pages."""

import asyncio
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection

from collector.metrics import COLLECTOR_SITES, UPSTREAM
from collector.polling.on_demand import Busy, Polled
from collector.probe import Sample
from collector.series.exposition import Blocks, own_series
from collector.series.server import listener, serve


class Source:
    """Two pages: a short one and a long one."""

    within_s = -1.0

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        if (job, site) == ("reach", "empty"):
            return ()
        if (job, site) != ("reach", "vinh-tuy"):
            return None
        return [
            own_series([Sample(UPSTREAM, (f"m{n}", f"v{k}", "e" * 40), 1.0) for k in range(20)]) for n in range(300)
        ]

    async def probe_page(self, instance: str, kind: str, within_s: float) -> Polled | None:
        if kind == "busy":
            raise Busy
        await asyncio.sleep(0.01)
        self.within_s = within_s
        page = Polled([own_series([Sample(COLLECTOR_SITES, (), 7.0)])], "snmp_no_answer" if kind == "dead" else None)
        return page if instance == "r1" and kind in {"icmp", "dead"} else None

    def own_page(self) -> Iterable[Blocks]:
        return [own_series([Sample(COLLECTOR_SITES, (), 3.0)])]


def ask(
    *requests: tuple[str, str], source: Source | None = None, headers: Mapping[str, str] | None = None
) -> list[tuple[int, dict[str, str], bytes]]:
    """Return the answers to some requests over one connection."""

    def talk(port: int) -> list[tuple[int, dict[str, str], bytes]]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        answers = []
        for method, path in requests:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            answers.append((response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()))
        connection.close()
        return answers

    async def go() -> list[tuple[int, dict[str, str], bytes]]:
        sock = listener("127.0.0.1", 0)
        serving = asyncio.create_task(serve(source or Source(), sock))
        try:
            return await asyncio.to_thread(talk, sock.getsockname()[1])
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    return asyncio.run(go())

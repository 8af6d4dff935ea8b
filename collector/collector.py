"""One collector process: leases and roster in, polls, pages and reports out."""

import asyncio
import logging
import socket
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from collector.polling.exporters import find
from collector.polling.on_demand import OnDemand, Polled
from collector.polling.poller import Ask, Job, Poller
from collector.probe import JobName, Probe, Result
from collector.relay import Relay
from collector.series import health
from collector.series.exposition import Blocks, own_series
from collector.series.results import Results
from collector.series.server import serve
from collector.series.surroundings import graph_series
from collector.settings import BadSettings, Settings
from collector.target import Graph, Roster
from collector.traps.gate import HINTED, senders_of
from collector.upstream import cache
from collector.upstream.client import Client, Refused, Unreachable
from collector.upstream.delivery import Delivery
from collector.upstream.reports import Reporter
from collector.upstream.roster import BadRoster, Holding, jobs, read
from collector.upstream.spool import Spool

if TYPE_CHECKING:
    from collector.traps.listener import Traps

log = logging.getLogger(__name__)

GRAPH_PAGE: Final = "_graph"
"""Stands where a site's name stands in an address; no site can be called so."""

RETRY_S: Final = 2.0
"""Seconds until the leases are asked for again after the API did not answer."""

TICK_S: Final = 1.0
"""Seconds between two looks at what the passing of time alone has changed."""

CONFIRMED_S: Final = 3_600.0
"""Seconds after which the file on disk is written anew, only because the API has confirmed it again."""

_JOBS: Final = frozenset(get_args(JobName))


class Collector:
    """Everything that one process does; see `run`."""

    def __init__(self, settings: Settings, worker: int, probes: Mapping[str, Probe], ask: Ask) -> None:
        """Open the spool and read the roster on disk; nothing is sent or polled yet.

        Args:
            settings: What it was told.
            worker: Which worker this is, from 0.
            probes: The table of probes.
            ask: Runs one poll.

        Raises:
            BadSettings: There is no token.
            OSError: The state folder cannot be written.
        """
        self._settings, self._worker, self._probes = settings, worker, probes
        self._tokens: Sequence[str] = settings.tokens()
        self._client = Client(settings.api, settings.name, self._current_tokens)
        self._spool = _spool(settings, worker)
        self.holding = Holding(settings.scope, worker, settings.workers)
        self.results = Results()
        self.poller = Poller(ask, self._on_result, settings.window, settings.site_window, self._withdraw)
        self._on_demand = OnDemand(probes, ask)
        self.delivery = Delivery(self._spool, self._client)
        self.refused_targets = 0
        self.traps: Traps | None = None
        self._relay: Relay | None = None
        self._reporter = Reporter()
        self._applied: tuple[Roster | None, frozenset[str]] = (None, frozenset())
        self._senders: tuple[Roster | None, frozenset[str]] = (None, frozenset())
        self._problems: Mapping[str, str] = {}
        self._graph: Graph | None = None
        self._drawn: Roster | None = None
        self._graph_page: Mapping[str, bytes] = {}
        self._ask_roster = asyncio.Event()
        self._file = _numbered(settings.state / "roster", worker)
        self._saved: cache.Cached | None = None
        self._complaint = ""
        self._unsaved = ""

    async def run(self, sock: socket.socket, url: str | None, stop: asyncio.Event) -> None:
        """Work until `stop` is set.

        Args:
            sock: Listens for Prometheus.
            url: Where Prometheus reaches worker 0.
            stop: Ends everything in order: pages, polls, then what is in memory goes to the disk.
        """
        await self._restore()
        await self._take_traps()
        async with self._client, asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(work)
                for work in (
                    serve(self, sock),
                    self._lease_loop(url),
                    self._roster_loop(),
                    self._tick_loop(),
                    self.poller.run(),
                    self.delivery.run(),
                    *([self._on_demand.serve(self._client)] if self._worker == 0 else []),
                )
            ]
            await stop.wait()
            for listener in (self.traps, self._relay):
                if listener is not None:
                    listener.close()
            for task in tasks:
                task.cancel()

    async def _take_traps(self) -> None:
        address = self._settings.trap_address
        if address is None:
            return
        if self._settings.workers > 1:
            self._relay = Relay(self._settings.state, self._worker, self._settings.workers, self._poll_now)
            await self._relay.listen()
        if self._worker:
            return
        # Only here: the library that decodes traps takes memory that most collectors need not give.
        from collector.traps.listener import Traps, listen  # noqa: PLC0415

        self.traps = Traps(self._settings.name, self._poll_or_forward)
        self._know_senders()
        await listen(*address, self.traps)

    def _poll_now(self, instance: str) -> int:
        return self.poller.poll_now(instance, HINTED)

    def _poll_or_forward(self, instance: str) -> None:
        if not self._poll_now(instance) and self._relay is not None:
            self._relay.forward(instance)

    def _know_senders(self) -> None:
        roster, sites = self.holding.roster, self.holding.all_sites()
        if self.traps is None or roster is None or (roster is self._senders[0] and sites == self._senders[1]):
            return
        self._senders = (roster, sites)
        self.traps.know(senders_of(roster, sites))

    def target_page(self, job: str, site: str) -> Iterable[Blocks] | None:
        """Return the blocks of `/targets/{job}/{site}`, or `None` if this process does not hold the site."""
        if job == "reach" and site == GRAPH_PAGE:
            return [self._graph_page] if self._graph_page else None
        if job not in _JOBS or not self.holding.holds(site):
            return None
        return self.results.page((job, site)) or ()

    async def probe_page(self, instance: str, kind: str, within_s: float) -> Polled | None:
        """Poll a target now, within so many seconds, and return its page; `None` if this process has no such target.

        Raises:
            Busy: Too many such polls are under way.
        """
        job = find(self.poller.jobs().values(), instance, kind)
        return None if job is None else await self._on_demand.page(job, within_s)

    def own_page(self) -> Iterable[Blocks]:
        """Return the blocks of `/metrics`."""
        return [own_series(health.samples(self, asyncio.get_running_loop().time()))]

    def _on_result(self, result: Result, probe: Probe) -> None:
        self.results.record(result)
        self.delivery.add(self._reporter.reports(result, probe.job))

    def _withdraw(self, job: Job) -> None:
        """Show nothing of a target until it has been asked again."""
        self.results.keep(job.target, job.probe.job)

    def _current_tokens(self) -> Sequence[str]:
        with suppress(BadSettings):  # a file that is being replaced: the tokens known so far still count
            self._tokens = self._settings.tokens()
        return self._tokens

    async def _lease_loop(self, url: str | None) -> None:
        version = health.own_version()
        while True:
            pause = RETRY_S
            sites, standing = self.holding.all_sites(), self.holding.standing
            try:
                held = await self._client.renew(version, url, self._settings.workers)
                self.holding.leased(held)
                pause = held.renew_after_s
            except Unreachable as error:
                self.holding.away(str(error))
            except Refused as error:
                self.holding.refused(str(error))
            if standing == "starting" or self.holding.all_sites() - sites:
                self._ask_roster.set()
            self._apply()
            await asyncio.sleep(pause)

    async def _roster_loop(self) -> None:
        await self._ask_roster.wait()  # the API books a new collector when it first asks for leases
        while True:
            self._ask_roster.clear()
            try:
                document = await self._client.roster(self.holding.etag)
                if document is None:
                    self.holding.confirm()
                else:
                    reading = await asyncio.to_thread(read, document.body, self.holding.roster)
                    self.holding.take(document, reading)
                self._complaint = ""
            except (Unreachable, Refused, BadRoster) as error:
                self._complain(f"{type(error).__name__}: {error}")
            self._apply()
            await self._save()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ask_roster.wait(), self._settings.roster_s)

    def _complain(self, words: str) -> None:
        if words != self._complaint:
            log.warning("no new roster: %s", words)
        self._complaint = words

    async def _tick_loop(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if self.holding.forget_secrets_if_old():
                await self._save()
            self._apply()
            self._know_senders()
            await self._draw_graph()

    def _apply(self) -> None:
        """Bring polls and pages in line with what is held now; what has not changed is not touched."""
        roster, sites = self.holding.roster, self.holding.sites()
        if roster is None or (roster is self._applied[0] and sites == self._applied[1]):
            return
        self._applied = (roster, sites)
        found, problems = jobs(roster, sites, self._probes, self.poller.jobs())
        self._name_problems({**self.holding.problems, **problems})
        new, gone = self.poller.set_jobs(found)
        for job in gone:
            self.results.drop(job.target.key)
            self._reporter.forget(job.target.key)
        for job in new:
            self.results.keep(job.target, job.probe.job)
        self._reporter.learn(roster.graph)
        if new or gone:
            log.info("%d targets of %d sites: %d new, %d gone", len(found), len(sites), len(new), len(gone))

    def _name_problems(self, problems: Mapping[str, str]) -> None:
        self.refused_targets = len(problems)
        for name, why in list(problems.items())[:1_000]:
            if self._problems.get(name) != why:
                log.error("target %s is not understood: %s", name, why)
        self._problems = problems

    async def _draw_graph(self) -> None:
        roster = self.holding.roster
        if roster is None or roster is self._drawn:
            return
        self._drawn, graph = roster, roster.graph
        if graph == self._graph:
            return
        self._graph_page = await asyncio.to_thread(lambda: own_series(graph_series(graph)))
        self._graph = graph

    async def _restore(self) -> None:
        cached = await asyncio.to_thread(cache.load, self._file, self._tokens)
        if cached is None:
            return
        try:
            self.holding.restore(cached)
        except BadRoster as error:
            log.warning("the roster on disk is of another version: %s", error)
            return
        self._saved = cached
        if self.holding.forget_secrets_if_old():
            await self._save()
        await self._draw_graph()

    async def _save(self) -> None:
        now, then = self.holding.snapshot(), self._saved
        if now is None:
            return
        if (
            then
            and (now.body, now.etag, now.sites) == (then.body, then.etag, then.sites)
            and now.confirmed_at - then.confirmed_at < timedelta(seconds=CONFIRMED_S)
        ):
            return
        try:
            await asyncio.to_thread(cache.save, self._file, now, self._client.token or self._tokens[0])
            self._saved, self._unsaved = now, ""
        except OSError as error:
            if str(error) != self._unsaved:
                log.warning("the roster cannot be written to disk (said once): %s", error)
            self._unsaved = str(error)


def _spool(settings: Settings, worker: int) -> Spool:
    path = _numbered(settings.state / "spool.db", worker)
    spool = Spool(path, settings.spool_rows, settings.spool_bytes)
    if worker == 0:
        for left in sorted(settings.state.glob("spool-*.db")):
            number = left.stem.removeprefix("spool-")
            if number.isdigit() and int(number) >= settings.workers:
                spool.adopt(left)
    return spool


def _numbered(path: Path, worker: int) -> Path:
    return path.with_stem(f"{path.stem}-{worker}") if worker else path

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from collector.polling.shard import worker_of
from collector.polling.standstill import passed_s
from collector.upstream.cache import Cached
from collector.upstream.client import Document, Held
from collector.upstream.roster import BadRoster, Holding, jobs, read
from tests.support.tcp_probe import PROBES

CREDENTIALS = {"core-ro": {"kind": "snmp_v2c", "community": "plantedsecret"}}


def target(instance: str = "r1", site: str = "vinh-tuy", probe: str = "tcp", **more: Any) -> dict[str, Any]:
    row = {"instance": instance, "site": site, "probe": probe, "address": "127.0.0.1", "interval_s": 1, "timeout_s": 1}
    return {**row, "settings": {"port": 1}, **more}


def document(*targets: Any, **more: Any) -> bytes:
    return json.dumps({"scope": "main", "collector": "edge", "targets": targets, **more}).encode()


def held(*sites: str, for_s: float = 30) -> Held:
    return Held({site: passed_s() + for_s for site in sites}, 10)


def holding(*targets: Any, **more: Any) -> Holding:
    made = Holding(None, 0, 1)
    made.take(Document(document(*targets, **more), '"1"'))
    return made


def test_a_good_roster_is_read_whole() -> None:
    reading = read(document(target(), credentials=CREDENTIALS))
    assert [each.instance for each in reading.roster.targets] == ["r1"]
    assert reading.problems == {}
    assert "plantedsecret" not in repr(reading)


def test_a_wrong_target_is_named_and_does_not_stop_the_others() -> None:
    rows = [
        target(),
        target("r2", interval_s=0),
        target("r3", address="not-an-address"),
        "nonsense",
        target("r4", odd=1),
    ]
    reading = read(document(*rows))
    assert [each.instance for each in reading.roster.targets] == ["r1"]
    assert set(reading.problems) == {"r2/tcp", "r3/tcp", "targets.3", "r4/tcp"}
    assert "interval_s" in reading.problems["r2/tcp"]
    assert "odd" in reading.problems["r4/tcp"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"scope": "main"}',
        b'{"scope": "main", "collector": "edge", "targets": {}}',
        document(leases="x"),
        document(surprise=1),
        b"[" * 100_000,
        b'{"targets": [], "graph": ' + b'{"a":' * 100_000,
    ],
)
def test_what_is_no_roster_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(BadRoster):
        read(body)


@pytest.mark.parametrize("rows", [b'{"instance":"a"},' * 4_000_000 + b"{}", b"1," * 7_000_000 + b"1"])
def test_what_would_fill_the_memory_is_refused_before_it_is_read(rows: bytes) -> None:
    with pytest.raises(BadRoster, match="parts"):
        read(b'{"scope": "main", "collector": "edge", "targets": [' + rows + b"]}")


def test_a_refused_roster_leaves_the_one_before_in_force() -> None:
    made = holding(target())
    before = made.roster
    with pytest.raises(BadRoster):
        made.take(Document(b"{}", '"2"'))
    assert made.roster is before
    assert made.etag == '"1"'


def test_a_roster_of_another_scope_is_refused() -> None:
    with pytest.raises(BadRoster, match="scope main"):
        Holding("far", 0, 1).take(Document(document(), None))


def test_only_leased_sites_become_jobs() -> None:
    roster = read(document(target(), target("r2", "hung-an"))).roster
    found, problems = jobs(roster, frozenset({"hung-an"}), PROBES, {})
    assert list(found) == [("r2", "tcp")]
    assert problems == {}


def test_an_unknown_probe_bad_settings_and_a_double_are_reported_for_that_target_alone() -> None:
    rows = [target(), target("r2", probe="telepathy"), target("r3", settings={"prot": 1}), target(interval_s=5)]
    found, problems = jobs(read(document(*rows)).roster, frozenset({"vinh-tuy"}), PROBES, {})
    assert set(found) == {("r1", "tcp"), ("r3", "tcp")}
    assert found["r1", "tcp"].target.interval_s == 1
    assert set(problems) == {"r2/telepathy", "r3/tcp", "r1/tcp"}
    assert "port" in problems["r3/tcp"]


def test_what_a_new_roster_leaves_alone_stays_the_same_job() -> None:
    graph = {"nodes": [{"name": "r1", "site": "vinh-tuy"}]}
    rows = [target(f"r{number}", credential="core-ro") for number in range(9)] + [target("bad", settings={"a": 1})]
    before = read(document(*rows, credentials=CREDENTIALS, graph=graph)).roster
    polled, _ = jobs(before, frozenset({"vinh-tuy"}), PROBES, {})
    rows[7] |= {"timeout_s": 0.5}
    after = read(document(*rows, credentials=CREDENTIALS, graph=graph), before).roster
    found, problems = jobs(after, frozenset({"vinh-tuy"}), PROBES, polled)
    assert [key for key, job in found.items() if job is not polled[key]] == [("r7", "tcp")]
    assert found["r7", "tcp"].target.timeout_s == 0.5
    assert set(problems) == {"bad/tcp"}
    assert after.graph is before.graph


def test_a_new_password_makes_new_jobs_of_the_same_targets() -> None:
    before = read(document(target(credential="core-ro"), credentials=CREDENTIALS)).roster
    polled, _ = jobs(before, frozenset({"vinh-tuy"}), PROBES, {})
    changed = {"core-ro": {"kind": "snmp_v2c", "community": "another"}}
    after = read(document(target(credential="core-ro"), credentials=changed), before).roster
    job = jobs(after, frozenset({"vinh-tuy"}), PROBES, polled)[0]["r1", "tcp"]
    assert job.target is polled["r1", "tcp"].target
    assert not job.same_as(polled["r1", "tcp"])


def test_a_job_has_its_credential_and_another_content_makes_another_job() -> None:
    def job(community: str) -> Any:
        credentials = {"core-ro": {"kind": "snmp_v2c", "community": community}}
        roster = read(document(target(credential="core-ro"), credentials=credentials)).roster
        return jobs(roster, frozenset({"vinh-tuy"}), PROBES, {})[0]["r1", "tcp"]

    assert job("a").same_as(job("a"))
    assert not job("a").same_as(job("b"))


def test_nothing_is_held_before_the_api_or_the_disk_has_said_so() -> None:
    made = holding(target())
    assert made.sites() == frozenset()
    made.leased(held("vinh-tuy"))
    assert made.sites() == {"vinh-tuy"}


def test_what_is_held_site_by_site_is_what_is_held_together() -> None:
    for worker in range(2):
        made = Holding(None, worker, 2)
        assert not made.holds("s1")
        made.leased(Held({f"s{n}": passed_s() + (30 if n % 3 else -1) for n in range(30)}, 10))
        assert {f"s{n}" for n in range(31) if made.holds(f"s{n}")} == made.sites()
        made.away("no route")
        assert {f"s{n}" for n in range(31) if made.holds(f"s{n}")} == made.sites()


def test_a_lease_ends_by_itself_when_the_api_was_there_last() -> None:
    made = holding(target())
    made.leased(held("vinh-tuy", for_s=-0.01))
    assert made.sites() == frozenset()


def test_a_lease_ends_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    made = holding(target())
    made.leased(held("vinh-tuy"))
    assert made.sites() == {"vinh-tuy"}
    monkeypatch.setattr("collector.upstream.roster.passed_s", lambda: passed_s() + 600)
    assert not made.holds("vinh-tuy")
    assert made.sites() == frozenset()


def test_an_api_that_is_away_takes_nothing_away() -> None:
    made = holding(target())
    made.leased(held("vinh-tuy", for_s=0.0))
    made.away("no route")
    assert made.sites() == {"vinh-tuy"}
    made.leased(held("hung-an"))
    assert made.sites() == {"hung-an"}


def test_a_clear_no_ends_what_is_held_with_the_lease_and_an_absence_later_does_not_bring_it_back() -> None:
    made = holding(target())
    made.leased(held("vinh-tuy", "hung-an"))
    made.refused("401")
    assert made.sites() == {"vinh-tuy", "hung-an"}
    made._until["vinh-tuy"] = 0.0
    assert made.sites() == {"hung-an"}
    made.away("no route")
    assert made.sites() == {"hung-an"}


def test_workers_share_the_sites_without_gap_or_overlap() -> None:
    sites = [f"s{number}" for number in range(50)]
    shares = []
    for worker in range(3):
        made = Holding(None, worker, 3)
        made.leased(held(*sites))
        shares.append(made.sites())
        assert all(worker_of(site, 3) == worker for site in made.sites())
    assert sorted(site for share in shares for site in share) == sorted(sites)


def test_a_roster_from_the_disk_counts_as_held_only_when_the_api_is_away() -> None:
    made = Holding(None, 0, 1)
    made.restore(Cached(document(target()), '"1"', datetime.now(UTC) - timedelta(hours=2), ("vinh-tuy",)))
    assert made.sites() == frozenset()
    assert 7190 < made.age_s() < 7210
    made.away("no route")
    assert made.sites() == {"vinh-tuy"}


def test_secrets_are_forgotten_after_seven_days_offline_and_targets_are_polled_on() -> None:
    start = datetime.now(UTC)
    for days, kept in ((6.9, True), (7.1, False)):
        made = Holding(None, 0, 1)
        body = document(target(credential="core-ro"), credentials=CREDENTIALS)
        made.restore(Cached(body, '"1"', start - timedelta(days=days), ("vinh-tuy",)))
        assert made.forget_secrets_if_old() is not kept
        assert made.roster is not None
        assert bool(made.roster.credentials) is kept
        assert len(made.roster.targets) == 1
        cached = made.snapshot()
        assert cached is not None
        assert (b"plantedsecret" in cached.body) is kept
        assert made.forget_secrets_if_old() is False
        assert read(cached.body).roster == made.roster


def test_a_clock_that_was_set_back_does_not_make_the_roster_old() -> None:
    made = Holding(None, 0, 1)
    with time_machine.travel(datetime(1970, 1, 2, tzinfo=UTC), tick=True):
        made.restore(Cached(document(credentials=CREDENTIALS), None, datetime(2026, 1, 1, tzinfo=UTC), ()))
        assert made.age_s() < 60
        assert made.forget_secrets_if_old() is False

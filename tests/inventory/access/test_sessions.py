import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from inventory.access import hashing
from inventory.access.accounts import Account, LoginSession, Role, Scope
from inventory.access.attempts import MOST_PER_ADDRESS, SignInFailure
from inventory.access.passwords import change_password, first_administrator, reset_password
from inventory.access.rights import SYSTEM
from inventory.access.sessions import (
    DISABLED_AFTER,
    LOCK,
    MOST_FAILURES,
    Limits,
    SignInRefused,
    TooManyAttempts,
    actor_of_session,
    session_of,
    sign_in,
    sign_out,
    tidy,
)
from inventory.access.tokens import actor_of_token, issue_token
from inventory.books import Books
from inventory.columns import now
from inventory.db import reading, writing
from inventory.places.sites import Site
from inventory.verification import verify
from tests.support.accounts import PASSWORD, hire
from tests.support.books import statements
from tests.support.rows import add_site


def fail(books: Books, username: str = "an", times: int = 1, **more: object) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(books, username, "không phải mật khẩu này", **more)  # type: ignore[arg-type]


def test_the_cookie_holds_a_secret_of_256_bits_and_the_table_only_its_hash(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    secret, _ = sign_in(books, "an", PASSWORD)
    assert len(secret) == 43
    with reading(books.engine) as session:
        row = session.exec(select(LoginSession)).one()
        assert secret not in repr(row.model_dump())
        assert len(row.secret_hash) == 64


def test_the_name_is_taken_without_regard_to_case_and_spaces(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    sign_in(books, "  AN ", PASSWORD)


@pytest.mark.parametrize("username", ["nobody", "", "x" * 5000, "an\x7f", "' OR 1=1 --"])
def test_an_unknown_name_is_refused_like_a_wrong_password(books: Books, username: str) -> None:
    hire(books, Role.IT_STAFF, "an")
    fail(books, username)


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    moment = now()
    fail(books, times=MOST_FAILURES, now=moment)
    with pytest.raises(SignInRefused):
        sign_in(books, "an", PASSWORD, moment + LOCK - timedelta(seconds=1))
    sign_in(books, "an", PASSWORD, moment + LOCK + timedelta(seconds=1))


def test_a_right_password_forgives_the_wrong_ones_before(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    for _ in range(3):
        fail(books, times=MOST_FAILURES - 1)
        sign_in(books, "an", PASSWORD)


def test_a_burst_of_guesses_at_once_is_locked_out_like_one_after_the_other(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    barrier = threading.Barrier(8)

    def guess(number: int) -> bool:
        barrier.wait(60)
        try:
            sign_in(books, "an", f"đoán thử mật khẩu {number}")
        except SignInRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(guess, range(8)))
    with pytest.raises(SignInRefused):
        sign_in(books, "an", PASSWORD)


def test_one_address_may_not_try_many_names(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    moment = now()
    with writing(books.engine) as session:
        session.add_all(SignInFailure(at=moment, address="10.0.0.9") for _ in range(MOST_PER_ADDRESS))
    with pytest.raises(TooManyAttempts) as refused:
        sign_in(books, "an", PASSWORD, moment, address="10.0.0.9")
    assert 0 < refused.value.retry_after_s <= 15 * 60
    sign_in(books, "an", PASSWORD, moment, address="10.0.0.8")
    sign_in(books, "an", PASSWORD, moment + timedelta(minutes=16), address="10.0.0.9")


@pytest.mark.parametrize(("role", "minutes"), [(Role.IT_STAFF, 15), (Role.ADMINISTRATOR, 5), (Role.AUDITOR, 15)])
def test_a_session_without_use_ends(books: Books, role: Role, minutes: int) -> None:
    hire(books, role, "an")
    began = now()
    secret, _ = sign_in(books, "an", PASSWORD, began)
    assert actor_of_session(books, secret, began + timedelta(minutes=minutes, seconds=-1), touch=False) is not None
    assert actor_of_session(books, secret, began + timedelta(minutes=minutes)) is None


def test_a_clock_that_is_set_keeps_no_session_open_for_hours_and_a_little_of_it_ends_none(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    began = now()
    secret, _ = sign_in(books, "an", PASSWORD, began)
    for seconds in (-30, 30):
        assert actor_of_session(books, secret, began + timedelta(seconds=seconds), touch=False) is not None
    for hours in (-2, 2):
        assert actor_of_session(books, secret, began + timedelta(hours=hours)) is None


def test_a_clock_that_is_set_back_keeps_no_account_locked_for_hours(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    began = now()
    fail(books, times=MOST_FAILURES, now=began)
    fail(books, times=1, now=began - timedelta(seconds=30))
    sign_in(books, "an", PASSWORD, began - timedelta(hours=2))


def test_use_keeps_a_session_open_but_not_beyond_twelve_hours(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    began = now()
    secret, _ = sign_in(books, "an", PASSWORD, began)
    step = timedelta(minutes=14)
    moment = began + step
    while moment < began + timedelta(hours=12):
        assert actor_of_session(books, secret, moment) is not None
        moment += step
    assert actor_of_session(books, secret, began + timedelta(hours=12)) is None


def test_a_page_that_refreshes_itself_does_not_keep_a_session_open(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    began = now()
    secret, _ = sign_in(books, "an", PASSWORD, began)
    assert actor_of_session(books, secret, began + timedelta(minutes=14), touch=False) is not None
    assert actor_of_session(books, secret, began + timedelta(minutes=16), touch=False) is None


def test_shorter_limits_of_the_settings_are_kept(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    began = now()
    limits = Limits(idle=timedelta(minutes=1))
    secret, _ = sign_in(books, "an", PASSWORD, began, limits=limits)
    assert actor_of_session(books, secret, began + timedelta(minutes=2), limits=limits) is None


def test_signing_out_ends_the_session_and_only_that_one(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    here, _ = sign_in(books, "an", PASSWORD)
    there, _ = sign_in(books, "an", PASSWORD)
    sign_out(books, here)
    sign_out(books, "never given out")
    assert actor_of_session(books, here) is None
    assert actor_of_session(books, there) is not None


def test_a_changed_role_holds_at_once(books: Books) -> None:
    hire(books, Role.ADMINISTRATOR, "an")
    secret, _ = sign_in(books, "an", PASSWORD)
    with writing(books.engine) as session:
        session.exec(select(Account)).one().role = Role.AUDITOR.value
    actor = actor_of_session(books, secret)
    assert actor is not None
    assert actor.role is Role.AUDITOR


def test_a_retired_account_is_out_at_once_and_stays_out(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    secret, _ = sign_in(books, "an", PASSWORD)
    with writing(books.engine) as session:
        session.exec(select(Account)).one().retired_at = now()
    assert actor_of_session(books, secret) is None
    with pytest.raises(SignInRefused):
        sign_in(books, "an", PASSWORD)


def test_an_account_not_used_for_45_days_is_disabled_until_somebody_opens_it(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    sign_in(books, "an", PASSWORD)
    later = now() + DISABLED_AFTER + timedelta(minutes=1)
    with pytest.raises(SignInRefused):
        sign_in(books, "an", PASSWORD, later)
    assert tidy(books, now() + DISABLED_AFTER - timedelta(minutes=1)) == 0
    assert tidy(books, later) == 1
    assert tidy(books, later) == 0
    made = reset_password(books, SYSTEM, "an")
    sign_in(books, "an", made)


def test_tidying_forgets_old_sessions_and_failures(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    sign_in(books, "an", PASSWORD)
    fail(books, address="10.0.0.1")
    tidy(books, now() + timedelta(days=40))
    with reading(books.engine) as session:
        assert session.exec(select(LoginSession)).all() == []
        assert session.exec(select(SignInFailure)).all() == []


@pytest.mark.parametrize("secret", ["", "x", "\x00", "\ud800", "a" * 10_000])
def test_a_made_up_secret_belongs_to_nobody(books: Books, secret: str) -> None:
    assert session_of(books, secret) is None


def test_no_secret_stands_in_a_repr(books: Books) -> None:
    hire(books, Role.IT_STAFF, "an")
    _, login = sign_in(books, "an", PASSWORD)
    assert login.csrf not in repr(login)
    assert login.secret_hash not in repr(login)


def test_an_old_hash_is_made_anew_at_the_next_sign_in(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    hire(books, Role.IT_STAFF, "an")
    with reading(books.engine) as session:
        old = session.exec(select(Account)).one().password_hash
    stronger = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
    with monkeypatch.context() as later:
        later.setattr(hashing, "_hasher", lambda: stronger)
        sign_in(books, "an", PASSWORD)
        with reading(books.engine) as session:
            new = session.exec(select(Account)).one().password_hash
        assert new != old
        assert "t=3" in new
        sign_in(books, "an", PASSWORD)
        with reading(books.engine) as session:
            assert session.exec(select(Account)).one().password_hash == new


def test_the_history_fits_the_accounts_after_all_that_happens_to_them(books: Books) -> None:
    password = first_administrator(books)
    assert password is not None
    hire(books, Role.IT_STAFF, "an")
    secret, _ = sign_in(books, "admin", password)
    actor = actor_of_session(books, secret)
    assert actor is not None
    change_password(books, actor, password, "nắng lên trên đỉnh đồi")
    fail(books, times=MOST_FAILURES)
    reset_password(books, actor, "an")
    token, _ = issue_token(books, actor, "report", [Scope.READ], now() + timedelta(days=1))
    assert actor_of_token(books, token) is not None
    assert tidy(books, now() + 2 * DISABLED_AFTER) == 2
    with reading(books.engine) as session:
        assert verify(session, books.keys) == []


@pytest.mark.parametrize("role", Role)
def test_who_asks_is_found_out_by_one_statement(books: Books, role: Role) -> None:
    add_site(books, "huyen", kind="district")
    for slug, more in (("xa", {"parent": "huyen"}), ("to", {"parent": "xa"}), ("xa-cu", {"successor": "xa"})):
        add_site(books, slug, **more)
    add_site(books, "xa-khac", parent="huyen")
    with reading(books.engine) as session:
        number = {site.slug: site.id or 0 for site in session.exec(select(Site)).all()}
    hire(books, role, "an", site_id=number["xa"] if role is Role.COMMUNE_STAFF else None)
    secret, _ = sign_in(books, "an", PASSWORD)
    with statements(books) as seen:
        actor = actor_of_session(books, secret)
    assert len(seen) == 1, seen
    assert actor is not None
    assert actor.site_ids == ({number[slug] for slug in ("xa", "to", "xa-cu")} if role is Role.COMMUNE_STAFF else None)


def test_commune_staff_without_a_site_see_nothing(books: Books) -> None:
    hire(books, Role.COMMUNE_STAFF, "an")
    secret, _ = sign_in(books, "an", PASSWORD)
    actor = actor_of_session(books, secret)
    assert actor is not None
    assert actor.site_ids == frozenset()

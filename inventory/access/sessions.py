"""Sessions: signing in and out, and who a browser's secret belongs to."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, String, cast, delete, func, or_, select, update
from sqlmodel import Session, col

from inventory.access import attempts, hashing
from inventory.access.accounts import Account, LoginSession, Role
from inventory.access.actors import actor_of_account
from inventory.access.passwords import end_sessions, renew_hash
from inventory.access.rights import SYSTEM, Actor, subtree_from
from inventory.books import Books
from inventory.columns import now as this_moment
from inventory.db import noting, reading, writing
from inventory.errors import QuangError, Unavailable
from inventory.history import alone, masked, record
from inventory.text import Text

_LOG: Final = logging.getLogger(__name__)

MOST_FAILURES: Final = 5
LOCK: Final = timedelta(minutes=15)
DISABLED_AFTER: Final = timedelta(days=45)
_TOUCH_EVERY: Final = timedelta(seconds=20)
_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long sessions last.

    Attributes:
        idle: Time without a request after which a session ends.
        idle_administrator: The same for administrators.
        absolute: Time after which it ends in any case.
    """

    idle: timedelta = timedelta(minutes=15)
    idle_administrator: timedelta = timedelta(minutes=5)
    absolute: timedelta = timedelta(hours=12)

    def idle_of(self, role: str) -> timedelta:
        """Return the idle limit of a role."""
        return self.idle_administrator if role == Role.ADMINISTRATOR.value else self.idle


LIMITS: Final = Limits()


class SignInRefused(QuangError):
    """Wrong name or password, or the account is locked or disabled: which one is not told to a stranger."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            Text(vi="Không đăng nhập được.", en="You could not be signed in."),
            Text(
                vi="Kiểm tra tên đăng nhập và mật khẩu. Sau 5 lần sai, tài khoản bị khóa 15 phút; "
                "tài khoản 45 ngày không dùng bị ngừng, hãy nhờ người quản trị mở lại.",
                en="Check the user name and the password. After 5 wrong ones an account is locked for 15 minutes; "
                "one not used for 45 days is disabled: ask an administrator to open it again.",
            ),
        )


class TooManyAttempts(QuangError):
    """One address failed to sign in too often.

    Attributes:
        retry_after_s: Seconds until it may try again.
    """

    code = "too_many_attempts"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(
            Text(
                vi="Quá nhiều lần đăng nhập sai từ địa chỉ này.", en="Too many sign-ins have failed from this address."
            ),
            Text(vi="Chờ {minutes} phút rồi thử lại.", en="Wait {minutes} minutes and try again.").fill(
                minutes=-(-int(wait.total_seconds()) // 60)
            ),
        )
        self.retry_after_s = max(1, int(wait.total_seconds()))


def sign_in(
    books: Books,
    username: str,
    password: str,
    now: datetime | None = None,
    *,
    address: str = "",
    limits: Limits = LIMITS,
) -> tuple[str, LoginSession]:
    """Check a name and a password and begin a session.

    An unknown name costs the same slow hash and the same write as a known one. The account is read again inside the
    writing transaction, so that a burst of guesses sent at once is locked out like guesses one after the other.

    Args:
        books: The books.
        username: As typed; compared without regard to case or spaces around it.
        password: As typed.
        now: The moment; the current one if absent.
        address: Network address that asks, for the limit per address.
        limits: How long the session lasts.

    Returns:
        The secret for the cookie (256 bits, stored only as SHA-256) and the session.

    Raises:
        SignInRefused: The name or password is wrong, or the account is locked or disabled.
        TooManyAttempts: The address failed too often.
    """
    moment = now or this_moment()
    wanted = username.strip().casefold()[:64]
    with reading(books.engine) as session:
        wait = attempts.wait_of(session, address, moment)
        found = session.execute(select(Account).where(col(Account.username) == wanted)).scalar_one_or_none()
        stored, account_id = (found.password_hash, found.id) if found else (None, None)
    if wait is not None:
        raise TooManyAttempts(wait)
    right = hashing.fits(stored, password)
    with writing(books.engine) as session:
        account = _locked_row(session, account_id)
        opened = _decide(session, account, stored, right=right, address=address, now=moment, limits=limits)
    if opened is None:
        # Not the name: people type a password into the wrong field.
        _LOG.warning("a sign-in from %s was refused", address or "a local socket")
        raise SignInRefused
    _LOG.info("account %s signed in from %s", wanted, address or "a local socket")
    if account_id and stored and hashing.outdated(stored):
        renew_hash(books, account_id, stored, password)
    return opened


def actor_of_session(
    books: Books, secret: str, now: datetime | None = None, *, limits: Limits = LIMITS, touch: bool = True
) -> Actor | None:
    """Return who a session's secret belongs to, `None` if the session is unknown, ended or out of time.

    Args:
        books: The books.
        secret: What the cookie holds.
        now: The moment; the current one if absent.
        limits: How long sessions last.
        touch: Whether this counts as use; a page that refreshes itself does not keep a session open.
    """
    found = session_of(books, secret, now, limits=limits, touch=touch)
    return None if found is None else found.actor


@dataclass(frozen=True, slots=True)
class Signed:
    """A live session.

    Attributes:
        actor: The person.
        csrf: What every unsafe request of the browser has to repeat.
        secret_hash: SHA-256 of the secret.
        must_change_password: Whether nothing else may be done before the password is changed.
        expires_at: When the session ends at the latest.
    """

    actor: Actor
    csrf: str
    secret_hash: str
    must_change_password: bool
    expires_at: datetime


def session_of(
    books: Books, secret: str, now: datetime | None = None, *, limits: Limits = LIMITS, touch: bool = True
) -> Signed | None:
    """Return the live session of a secret; arguments as for `actor_of_session`."""
    moment = now or this_moment()
    hashed = digest(secret)
    with reading(books.engine) as session:
        found = session.execute(_signed_in(hashed)).one_or_none()
        if found is None:
            return None
        login, account, sites = found
        # A use that lies in the future is as unknown as one of long ago: the clock was set.
        idle = abs(moment - login.seen_at)
        if moment >= login.expires_at or idle >= limits.idle_of(account.role) or account.retired_at is not None:
            return None
        signed = Signed(
            actor=actor_of_account(session, account, sites=frozenset(map(int, sites.split(","))) if sites else None),
            csrf=login.csrf,
            secret_hash=hashed,
            must_change_password=account.must_change_password,
            expires_at=login.expires_at,
        )
    if touch and idle >= _TOUCH_EVERY:
        _touch(books, hashed, moment)
    return signed


def _signed_in(hashed: str) -> Select[Any]:
    """Return the query of a session, its account, and the sites of commune staff, as text: every page begins by it."""
    mine = (col(LoginSession.secret_hash) == hashed) & col(LoginSession.ended_at).is_(None)
    whole = select(LoginSession, Account).join(Account, col(Account.id) == col(LoginSession.account_id)).where(mine)
    signed = (mine, col(Account.role) == Role.COMMUNE_STAFF.value, col(Account.site_id).is_not(None))
    placed: Select[Any] = select(col(Account.site_id).label("id")).where(*signed)
    placed = placed.join(LoginSession, col(Account.id) == col(LoginSession.account_id))
    tree = subtree_from(placed)
    return whole.add_columns(select(func.aggregate_strings(cast(tree.c.id, String), ",")).scalar_subquery())


def _touch(books: Books, hashed: str, moment: datetime) -> None:
    try:
        with noting(books.engine) as session:
            session.execute(update(LoginSession).where(col(LoginSession.secret_hash) == hashed).values(seen_at=moment))
    except Unavailable as error:
        # Neither a full disk nor somebody's long import must keep anybody from reading.
        _LOG.info("the use of a session could not be noted: %s", error)


def sign_out(books: Books, secret: str, now: datetime | None = None) -> None:
    """End a session; an unknown secret is nothing to worry about."""
    with writing(books.engine) as session:
        session.execute(
            update(LoginSession)
            .where(col(LoginSession.secret_hash) == digest(secret), col(LoginSession.ended_at).is_(None))
            .values(ended_at=now or this_moment())
        )


def tidy(books: Books, now: datetime | None = None) -> int:
    """Delete sessions that ended long ago, forget old failures, and disable accounts that nobody uses.

    Returns:
        How many accounts were disabled.
    """
    moment = now or this_moment()
    with writing(books.engine) as session:
        alone(session)
        attempts.forget(session, moment)
        old = moment - _KEPT
        session.execute(
            delete(LoginSession).where(or_(col(LoginSession.expires_at) < old, col(LoginSession.ended_at) < old))
        )
        idle = [
            a for a in session.scalars(select(Account).where(col(Account.retired_at).is_(None))) if _unused(a, moment)
        ]
        for account in idle:
            before = masked(account)
            account.retired_at = account.updated_at = moment
            account.version += 1
            end_sessions(session, account.id or 0, moment)
            session.flush()
            record(session, books.keys, actor=SYSTEM, act="disable", obj=account, before=before, sites=())
    return len(idle)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret in hexadecimal, as it is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _locked_row(session: Session, account_id: int | None) -> Account | None:
    # FOR UPDATE where the database has it; SQLite's writing transactions exclude each other anyway.
    statement = select(Account).where(col(Account.id) == (account_id or 0)).with_for_update()
    return session.execute(statement).scalar_one_or_none()


def _decide(
    session: Session,
    account: Account | None,
    stored: str | None,
    *,
    right: bool,
    address: str,
    now: datetime,
    limits: Limits,
) -> tuple[str, LoginSession] | None:
    # A lock that ends later than any can was set before the clock was set back; nobody waits for hours.
    locked = account is not None and account.locked_until is not None and now < account.locked_until <= now + 2 * LOCK
    closed = account is None or account.retired_at is not None or _unused(account, now)
    if account is None or locked or closed or not right or account.password_hash != stored:
        attempts.note(session, address, now)
        if account is not None and not locked and not right:
            _count_failure(account, now)
        return None
    account.failures = 0
    account.locked_until = None
    account.last_login_at = now
    return _open(session, account, now, limits)


def _count_failure(account: Account, now: datetime) -> None:
    account.failures += 1
    if account.failures >= MOST_FAILURES:
        account.failures = 0
        account.locked_until = now + LOCK
        _LOG.warning("account %s is locked until %s", account.username, account.locked_until.isoformat())


def _open(session: Session, account: Account, now: datetime, limits: Limits) -> tuple[str, LoginSession]:
    secret = secrets.token_urlsafe(32)
    login = LoginSession(
        secret_hash=digest(secret),
        account_id=account.id or 0,
        csrf=secrets.token_urlsafe(32),
        created_at=now,
        seen_at=now,
        expires_at=now + limits.absolute,
    )
    session.add(login)
    session.flush()
    session.refresh(login)
    return secret, login


def _unused(account: Account, now: datetime) -> bool:
    # An administrator's act on the account (opening it again, a new password) begins the period anew.
    last = max(moment for moment in (account.last_login_at, account.created_at, account.updated_at) if moment)
    return now - last >= DISABLED_AFTER

"""What `quang check` looks at: the history of the books, and the configuration as the programs read it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from api.configurations.archive import Archive
from api.settings import Settings
from api.stack import config as stack_config
from api.stack.config import ALERTMANAGER_FILE, PROMETHEUS_FILE, Addresses
from inventory.assets.assets import Asset
from inventory.assets.documents import changed_documents
from inventory.assets.rulebook_files import BadRulebook, read_rulebooks
from inventory.assets.wear_years import changed_closings, changed_rows
from inventory.audit.drafting import changed_budgets
from inventory.audit.signing import changed_stocktakes
from inventory.books import open_books, prepare
from inventory.columns import column
from inventory.db import reading
from inventory.keys import Keys
from inventory.occupation import occupy
from inventory.places.reorganisations import changed_reorganisations
from inventory.text import Text
from inventory.verification import verify

_CHECK_S = 60.0
_CHANGED = Text(
    vi="Đợt kiểm kê “{title}” (số {number}) bị sửa sau khi ký biên bản.",
    en="The stocktake “{title}” (number {number}) was changed after its minutes were signed.",
)

_CHANGED_PAPER = Text(
    vi="Chứng từ {number} bị sửa sau khi lập.", en="The document {number} was changed after it was written."
)

_CHANGED_YEAR = Text(
    vi="Sổ hao mòn năm {year} bị sửa sau khi khóa.", en="The wear of {year} was changed after it was closed."
)

_CHANGED_ROWS = Text(
    vi="Dòng hao mòn năm {year} đã bị sửa của các tài sản: {tags}.",
    en="Rows of the wear of {year} were changed, of the assets: {tags}.",
)

_CHANGED_BUDGET = Text(
    vi="Các dòng của dự toán số {number} bị sửa sau khi lập.",
    en="Lines of the budget {number} were changed from outside.",
)


def findings(settings: Settings) -> list[Text]:
    """Return everything that does not fit; an empty list means that all is right.

    Raises:
        Unavailable: The database does not answer.
        inventory.keys.BadKey: The key file cannot be used.
    """
    return [*kept(settings), *_configuration(settings)]


def kept(settings: Settings) -> list[Text]:
    """Return what does not fit in what is kept: books, copies of configurations, rulebooks; raises as `findings`."""
    return [*_books(settings), *_copies(settings), *_rulebooks(settings)]


def _books(settings: Settings) -> list[Text]:
    books = open_books(settings.inventory)
    try:
        prepare(books)
        with occupy(books.engine.url), reading(books.engine) as session:
            changed = [_CHANGED.fill(title=row.title, number=row.id) for row in changed_stocktakes(session)]
            papers = [*changed_documents(session), *changed_reorganisations(session)]
            changed += [_CHANGED_PAPER.fill(number=number) for number in papers]
            changed += [finding for year in changed_closings(session) for finding in _edited(session, year)]
            changed += [_CHANGED_BUDGET.fill(number=number) for number in changed_budgets(session)]
            return [*(breach.text for breach in verify(session, books.keys)), *changed]
    finally:
        books.engine.dispose()


def _copies(settings: Settings) -> list[Text]:
    """Check that every copy of a device's configuration opens with the key."""
    return Archive(settings.home, Keys.from_file(settings.inventory.key_file)).findings()


def _edited(session: Session, year: int) -> list[Text]:
    """Name a year that was changed after it was closed, and the assets whose rows were."""
    numbers = changed_rows(session, year)
    tags = select(column(Asset, "tag")).where(column(Asset, "id").in_(numbers)).order_by(column(Asset, "tag"))
    named = ", ".join(session.execute(tags).scalars())
    return [_CHANGED_YEAR.fill(year=year), *([_CHANGED_ROWS.fill(year=year, tags=named)] if named else [])]


def _rulebooks(settings: Settings) -> list[Text]:
    """Check that the office's own rulebooks can be used."""
    try:
        read_rulebooks(settings.rulebook_folder)
    except BadRulebook as error:
        return [error.reason]
    return []


def _configuration(settings: Settings) -> list[Text]:
    """Check what the parts would be told, by their own tools; a tool that is not installed is told as well."""
    with tempfile.TemporaryDirectory(prefix="quang-check-") as name:
        folder = Path(name)
        tokens = folder / "tokens"
        tokens.mkdir()
        for part in ("scrape", "alertmanager"):
            (tokens / part).touch()
        addresses = Addresses(api=settings.base_url, prometheus="127.0.0.1:9490", alertmanager="127.0.0.1:9493")
        stack_config.render(folder, addresses, tokens, folder, mail=None, thresholds=settings.thresholds)
        checks = (
            ("promtool", "check", "config", str(folder / PROMETHEUS_FILE)),
            ("amtool", "check-config", str(folder / ALERTMANAGER_FILE)),
        )
        return [found for command in checks for found in _tool(command)]


def _tool(command: tuple[str, ...]) -> list[Text]:
    if shutil.which(command[0]) is None:
        return [
            Text(
                vi="Chưa cài {name} nên chưa kiểm tra được.", en="{name} is not installed, so nothing was checked."
            ).fill(name=command[0])
        ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_CHECK_S)  # noqa: S603 - our own words
    if done.returncode == 0:
        return []
    said = (done.stdout + done.stderr).strip()[:1_000]
    return [Text(vi="{name} báo lỗi: {said}", en="{name} complains: {said}").fill(name=command[0], said=said)]

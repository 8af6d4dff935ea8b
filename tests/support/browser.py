"""A real Chromium, with an empty profile of its own, that notes every complaint and every foreign request."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from tests.support.parts import need

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DESKTOP = (1280, 800)
PHONE = (390, 844)
SMALLEST = (360, 640)

PATIENCE_MS = 60_000
"""How long is waited for what a page should show: it says when to give up, and costs nothing when all is well."""


@dataclass
class Window:
    """One window, and what went wrong in it.

    Attributes:
        complaints: Errors and warnings of the console, and uncaught exceptions.
        foreign: Addresses on other hosts that a page asked for.
    """

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page of the API."""
        self.page.goto(self.url + path)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form."""
        self.open("/login")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("button:has-text('Đăng nhập')")
        self.page.wait_for_url(self.url + "/")

    def follow(self, what: str | Locator, to: str | re.Pattern[str] = "**") -> None:
        """Click on what leads to another page, and wait until that has loaded.

        Waiting for a state of loading would be content with the page that is left, and so would waiting for an address
        that the page before it has too.
        """
        link = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation(url=to):
            link.click()

    def settle(self) -> None:
        """Wait until the page asks for nothing more, such as charts and parts that come by themselves.

        A page that asks every few seconds never rests where each answer takes as long: then it is looked at as it is.
        """
        with suppress(TooLate):
            self.page.wait_for_load_state("networkidle", timeout=PATIENCE_MS / 6)

    @property
    def overhang(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def picture(self, name: str) -> None:
        """Keep a picture of the window in the folder that `PICTURES_TO` names, if it names one: for the README."""
        folder = os.environ.get("PICTURES_TO")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@contextmanager
def chromium(
    url: str, size: tuple[int, int] = DESKTOP, *, dark: bool = False, flags: Sequence[str] = ()
) -> Iterator[Window]:
    """Run Chromium with one window on an API, with more `flags` than usual where a test needs them."""
    program = need("chromium")
    # A process of the browser may write into its profile a moment longer than the browser is there.
    folder = TemporaryDirectory(prefix="quang-chromium-", ignore_cleanup_errors=True)
    with folder as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program,
            args=[*FLAGS, *flags],
            timeout=2 * PATIENCE_MS,
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            color_scheme="dark" if dark else "light",
        )
        try:
            yield _watched(context, url)
        finally:
            context.close()


def _watched(context: BrowserContext, url: str) -> Window:
    page = context.pages[0] if context.pages else context.new_page()
    window = Window(page, url)
    ours = urlsplit(url).netloc

    def console(message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind in {"error", "warning"}:
            window.complaints.append(f"{kind}: {text}")

    def request(asked: object) -> None:
        address = str(getattr(asked, "url", ""))
        if urlsplit(address).scheme in {"http", "https", "ws", "wss"} and urlsplit(address).netloc != ours:
            window.foreign.append(address)

    context.on("request", request)
    page.on("console", console)
    page.on("pageerror", lambda error: window.complaints.append(f"exception: {error}"))
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return window

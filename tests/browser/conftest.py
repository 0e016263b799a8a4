"""A real Chromium before a real server, with real jobs and a real mail server."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection, connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    sync_playwright,
)
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from hearth.accounts.models import User

PASSWORD = "correct-horse-9"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP, PHONE = (1440, 900), (390, 844)
RunJobs = Callable[[], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@dataclass
class Watch:
    """What a page must not do: write errors to the console, break the content policy, get a server error.

    A refused form is answered with 422, which Chromium calls an error. What else a test brings about on purpose
    it names in ``expected``, as part of the message: the console speaks when it pleases, also after the test's end.
    """

    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: ["status of 422"])

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in self.expected):
            self.faults.append(f"console: {message.text}")

    def _see(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium without a window; a machine of the project's checks must have it."""
    path = os.environ.get("HEARTH_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not os.path.exists(path):  # noqa: PTH110  (a Path would be made for this line alone)
        reason = f"There is no Chromium at {path}: install it, or name it by HEARTH_CHROMIUM."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread; the tests use the database between its steps, not within.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when a page did what it must not do."""
    watching = Watch()
    yield watching
    assert watching.faults == []


class Traffic:
    """How many requests the server is answering; what it still answers would meet the emptying of the database."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._open = 0

    def begin(self, **_signal: Any) -> None:
        with self._changed:
            self._open += 1

    def end(self, **_signal: Any) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def wait_for_silence(self, seconds: float) -> bool:
        """Wait until nothing is being answered, and tell whether that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open <= 0, timeout=seconds)


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    """Counts what the server answers during a test."""
    counted = Traffic()
    request_started.connect(counted.begin, weak=False)
    request_finished.connect(counted.end, weak=False)
    yield counted
    request_started.disconnect(counted.begin)
    request_finished.disconnect(counted.end)


@pytest.fixture
def open_page(
    chromium: Browser, live_server: LiveServer, watch: Watch, traffic: Traffic
) -> Iterator[Callable[..., Page]]:
    """Open pages in browsers of their own: `open_page(PHONE)`."""
    contexts: list[BrowserContext] = []

    def open_one(size: tuple[int, int] = DESKTOP, **options: Any) -> Page:
        viewport = ViewportSize(width=size[0], height=size[1])
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(15_000)
        watch.follow(context)
        contexts.append(context)
        page = context.new_page()
        page.bring_to_front()  # what another test left open must not keep the keyboard
        return page

    yield open_one
    for context in contexts:
        context.close()
    # A part that was on its way when the browser closed is answered all the same.
    assert traffic.wait_for_silence(seconds=30)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of a desk, in Chinese."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page of a phone, in Chinese."""
    return open_page(PHONE, is_mobile=True, has_touch=True)


@pytest.fixture
def person(administrator: User) -> User:
    """The administrator, with a name and a password."""
    administrator.username, administrator.display_name = "linxiaoan", "林晓安"
    administrator.set_password(PASSWORD)
    administrator.save()
    return administrator


def sign_in_by_form(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in as people do."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.click("form .btn-primary")


@pytest.fixture
def run_jobs(django_db_blocker: DjangoDbBlocker, live_server: LiveServer) -> RunJobs:
    """Work through the queue as a worker does, on this test's database, until it is empty."""
    return _run_jobs


def _run_jobs() -> None:
    with ThreadPoolExecutor(1) as outside:
        outside.submit(asyncio.run, _work()).result()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'")
        assert cursor.fetchall() == []


async def _work() -> None:
    """Run a worker whose jobs share one thread, so that its connection can be closed.

    It starts nothing by the clock: what a test finds must not hang on the minute it runs in.
    """
    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    loop.set_default_executor(threads)
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]  # it carries no types
    async with worker.open_async():
        await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    await loop.run_in_executor(None, connections.close_all)

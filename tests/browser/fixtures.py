"""Chromium, the application on a port of its own, and a walk through the demonstration; for every folder of tests.

The server runs in a thread of this process, so ``clock.frozen`` moves its clock too.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from tests.browser.pages import Walk

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--lang=zh-CN",
]  # fmt: skip


def chromium_path() -> str:
    """The shell without windows where there is one: the same engine, a quarter faster."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found, "there is no Chromium: run tools/browser.sh"
    return found


class QuietHandler(WSGIRequestHandler):
    """Says nothing, and keeps a connection for the next request, as the servers in use do."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; every visitor has a context of their own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=SWITCHES)
        yield browser
        browser.close()


class Answering:
    """The application, and how many requests it is answering at this moment."""

    def __init__(self, app: Flask) -> None:
        self.app, self.count, self.changed = app, 0, threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.add(1)
        try:
            with contextlib.closing(ClosingIterator(self.app(environ, start_response))) as body:
                return list(body)
        finally:
            self.add(-1)

    def add(self, number: int) -> None:
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def finish(self) -> None:
        """Wait for the last answer: its thread still holds a connection to this test's database."""
        with self.changed:
            assert self.changed.wait_for(lambda: not self.count, timeout=10), f"{self.count} requests without an end"


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which a thread of this process answers with the application."""
    # Style sheet and script come once a visitor instead of being asked for again on every page.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    answering = Answering(app)
    server = make_server("127.0.0.1", 0, answering, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        answering.finish()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers."""
    with served(app) as address:
        yield address


@pytest.fixture
def walk(demo: object, chromium: Browser, address: str, new_client: Callable[[], FlaskClient]) -> Iterator[Walk]:
    """A small telephone for each account of the demonstration."""
    walk = Walk(demo, chromium, address, new_client)
    yield walk
    walk.close()

"""What the tests of the pages share: a browser's signing in, posting with the page's own token, counting statements."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from deliberation.extensions import db
from tests.builders import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def token(client: FlaskClient, url: str = "/about") -> str:
    """The token against forgery of a page, as a browser finds it there (every page of ours carries one)."""
    for page in (url, "/about"):
        found = TOKEN.search(client.get(page).text)
        if found:
            return found[1]
    raise AssertionError("no page gave a token")


def post(client: FlaskClient, url: str, data: Mapping[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
    """Hand in a form with the token of its page (``page``, or ``url`` itself) and a fresh once key, unless ``data`` has one."""
    sent = {"csrf_token": token(client, page or url), "once": secrets.token_urlsafe(16), **(data or {})}
    return client.post(url, data=sent)


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> FlaskClient:
    """Sign in on this browser; fails the test where the door stays shut."""
    answer = post(client, "/login", {"login": login, "password": password})
    assert answer.status_code == 302, text_of(answer)
    return client


def text_of(answer: TestResponse) -> str:
    """What a reader sees: the page without its tags."""
    main = answer.text.partition("<main")[2] or answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def source_of(answer: TestResponse) -> str:
    """The page with its tags, and without its form tokens: in those any two letters stand beside each other by chance."""
    return re.sub(r'value="[\w.~-]{40,}"', "", answer.text)


def in_english(client: FlaskClient) -> FlaskClient:
    """Choose English on this browser, so that a test can compare sentences with the source."""
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements sent meanwhile (without transaction control), to compare pages of 1 and of 30 rows."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)

"""Every kind of page of the demonstration, as each account meets it; for the tests and for the pictures.

The pages are found by following links (tests/crawl.py). A page is kept when it shows something that no page of its
endpoint has shown before: another element, class, kind of field. So a page of one endpoint is kept once for the
visitor and again for the secretary only where it looks different to the secretary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.crawl import local, walk
from tests.web import sign_in

PHONE = {"width": 360, "height": 640}
SMALLEST_PHONE = {"width": 320, "height": 640}
# The colours of what is shown, as #rrggbb: of each text with what it stands on, and of the edges.
INKS = """() => {
    const hex = (colour) => {
        const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return alpha === 0 ? null : "#" + [r, g, b].map(n => Math.round(n).toString(16).padStart(2, "0")).join("");
    };
    const ground = (e) => !e ? "#ffffff" : hex(getComputedStyle(e).backgroundColor) || ground(e.parentElement);
    const texts = new Map(), edges = new Set();
    for (const e of document.body.querySelectorAll("*")) {
        if (!e.checkVisibility({visibilityProperty: true}) || e.closest(".sr, svg")) continue;
        const style = getComputedStyle(e);
        const ink = [hex(style.color), ground(e)];
        if ([...e.childNodes].some(node => node.nodeType === 3 && node.data.trim())) texts.set(ink.join(), ink);
        for (const side of ["top", "right", "bottom", "left"]) {
            const [width, colour] = ["width", "color"].map(part => style.getPropertyValue(`border-${side}-${part}`));
            if (parseFloat(width) > 0 && hex(colour)) edges.add(hex(colour));
        }
    }
    return {texts: [...texts.values()], edges: [...edges]};
}"""
# A visitor, a resident, a member, the secretary-general, the president, the clerk, the station, the administrator.
ACCOUNTS = ("", "R01", "Z01", "S01", "P01", "C01", "V01", "A01")


@dataclass(frozen=True)
class Stop:
    """One page to look at: who meets it, where, which endpoint answers and with what status."""

    account: str
    url: str
    endpoint: str
    status: int

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.account or 'visitor'} at {self.url})"


# Pages to which no link of the demonstration leads: people come with a card in their hand, or by mistake.
UNLINKED = (
    Stop("", "/card", "auth.card", 200),
    Stop("", "/c/mochou/agenda/1999-1", "error", 404),
    Stop("R01", "/c/mochou/meetings/new", "error", 403),
)


def client_cookies(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """This client's login, for a browser that visits ``address``."""
    cookie = client.get_cookie("session")
    return [{"name": cookie.key, "value": cookie.value, "url": address}] if cookie else []


def kinds(app: Flask, signed_in: Callable[[str], FlaskClient], accounts: tuple[str, ...] = ACCOUNTS) -> Iterator[Stop]:
    """The pages worth a look, account by account; see above for what is kept."""
    adapter = app.url_map.bind("localhost")
    shown: dict[str, set[str]] = {}
    for account in accounts:
        for _url, answer, page in walk(app, signed_in(account)):
            if page is None:
                continue
            path = local(answer.request.url)
            endpoint = str(adapter.match(path.partition("?")[0], method="GET")[0])
            if page.parts - shown.get(endpoint, set()):
                shown.setdefault(endpoint, set()).update(page.parts)
                yield Stop(account, path, endpoint, answer.status_code)


@dataclass
class Walk:
    """A browser for each account, and what was found wrong."""

    demo: Any
    chromium: Browser
    address: str
    new_client: Callable[[], FlaskClient]
    faults: list[str] = field(default_factory=list)
    clients: dict[tuple[str, bool, str], FlaskClient] = field(default_factory=dict)
    pages: dict[tuple[str, bool, str], Page] = field(default_factory=dict)

    def client(self, account: str, *, large: bool = False, language: str = "zh") -> FlaskClient:
        """This account's login, its print chosen: without a choice, those who hold an office start with the large one."""
        key = (account, large, language)
        if key not in self.clients:
            client = self.new_client()
            if account:
                sign_in(client, account, self.demo.password)
            with client.session_transaction() as session:
                session.update(large=large, language=language)
            self.clients[key] = client
        return self.clients[key]

    def page(self, account: str, *, large: bool = False, language: str = "zh") -> Page:
        key = (account, large, language)
        if key not in self.pages:
            context: BrowserContext = self.chromium.new_context(
                locale="zh-CN", timezone_id="Asia/Shanghai", viewport=PHONE, has_touch=True,
                color_scheme="light", reduced_motion="reduce",
            )  # fmt: skip
            context.set_default_timeout(20_000)
            context.add_cookies(client_cookies(self.client(account, large=large, language=language), self.address))
            context.on("request", self.note_request)
            self.pages[key] = context.new_page()
        return self.pages[key]

    def note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.faults.append(f"a request to {request.url}")

    def open(self, account: str, url: str, *, large: bool = False, language: str = "zh") -> Page:
        page = self.page(account, large=large, language=language)
        page.goto(self.address + url)
        return page

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()

    def stops(self, accounts: tuple[str, ...] = ACCOUNTS) -> Iterator[Stop]:
        yield from kinds(self.demo.app, self.client, accounts)
        yield from (stop for stop in UNLINKED if stop.account in accounts)

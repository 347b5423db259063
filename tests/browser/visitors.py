"""A person at a browser: opens pages, presses what is written on them, fills in forms, reads.

Words are given in English as in the source, and looked for in Chinese as on the page. Every page that is opened is
checked on the way: it is in Chinese, it does not scroll sideways, nothing comes from elsewhere, the console is silent.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.builders import PASSWORD

CATALOGUES = Path(__file__).parents[2] / "deliberation" / "translations"
CHINESE = gettext.translation("messages", CATALOGUES, ["zh_Hans_CN"])
SHOTS = Path("/tmp/walk")
SMALLEST = 360
HEALTH = "() => [document.documentElement.lang, document.documentElement.scrollWidth - document.documentElement.clientWidth]"
Answer = str | int | Sequence[str]


def zh(words: str, **values: object) -> str:
    """The Chinese words of the pages for a sentence of the source."""
    translated = CHINESE.gettext(words)
    assert translated != words, f"there is no Chinese for {words!r}"
    return translated % values if values else translated


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, name: str, context: BrowserContext, address: str) -> None:
        self.name, self.context, self.address = name, context, address
        self.host = urlsplit(address).netloc
        self.complaints: list[str] = []
        self.status = 0
        context.on("request", self._note_request)
        self.page: Page = context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self.complaints.append(f"a request to {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # A refusal that a test asks for is no fault; `_arrive` looks at the status of every page.
        is_refusal = message.location.get("url") == self.page.url and "the server responded with a status of" in message.text
        if message.type in ("error", "warning") and not is_refusal:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    # Going about

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def open(self, path: str, *, status: int = 200) -> Visitor:
        self._arrive(self.page.goto(self.address + path), status)
        return self

    def press(self, words: str, *, status: int = 200, **values: object) -> Visitor:
        """Press the button or follow the link that bears exactly these words, unfolding what is folded where it has to be."""
        label = zh(words, **values)
        for fold in self.main.locator("details:not([open]) > summary").all():
            if self._named(label).count() == 0 and fold.is_visible():
                fold.click()
        return self._go(self._named(label).first, status)

    def press_at(self, words: str, label: str) -> Visitor:
        """Like `press`, for one of many alike, told apart by what it is about."""
        return self._go(self._named(f"{zh(words)} {label}").first, 200)

    def follow(self, selector: str) -> Visitor:
        return self._go(self.main.locator(selector).first, 200)

    def click(self, target: str | Locator, *, status: int = 200) -> Visitor:
        """Click what leads to another page, and go on only when that page is there."""
        return self._go(self.page.locator(target) if isinstance(target, str) else target, status)

    def may_press(self, words: str, **values: object) -> bool:
        return self._named(zh(words, **values)).count() > 0

    def _named(self, label: str) -> Locator:
        button = self.main.get_by_role("button", name=label, exact=True)
        return button.or_(self.main.get_by_role("link", name=label, exact=True))

    def _turn_to(self, wanted: Locator) -> None:
        """In large print a form asks one question a screen: go back to the first, then on to the wanted one."""
        bar = self.main.locator(".one-bar")
        if bar.count() != 1 or self._is_open(wanted):
            return
        while bar.locator(".one-back").is_visible():
            bar.locator(".one-back").click()
        for _screen in range(9):
            if self._is_open(wanted) or not bar.locator(".one-on").is_visible():
                break
            bar.locator(".one-on").click()

    @staticmethod
    def _is_open(wanted: Locator) -> bool:
        return wanted.count() > 0 and not wanted.evaluate("one => Boolean(one.closest('[hidden]'))")

    def _go(self, target: Locator, status: int) -> Visitor:
        self._turn_to(target)
        with self.page.expect_navigation() as arrival:
            target.click()
        self._arrive(arrival.value, status)
        return self

    def _arrive(self, response: Response | None, status: int) -> None:
        assert response is not None
        self.status = response.status
        assert self.status == status, f"{self.name} at {self.path}: {self.status}\n{self.text}"
        language, too_wide = self.page.evaluate(HEALTH)
        assert language.startswith("zh"), f"{self.path} is in {language}"
        assert too_wide <= 0, f"{self.name} must scroll sideways at {self.path}"

    # Forms

    def fill(self, **answers: Answer) -> Visitor:
        """Fill in the fields by their names; a choice by its value, several choices as a list."""
        for name, answer in answers.items():
            field = self.main.locator(f'[name="{name}"]')
            self._turn_to(field.first)
            kind = field.first.evaluate("field => field.type")
            if kind in ("radio", "checkbox"):
                for value in [answer] if isinstance(answer, str) else answer:
                    self.main.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                field.select_option(index=answer) if isinstance(answer, int) else field.select_option(answer)
            else:
                field.fill(str(answer))
        return self

    def sign_in(self, login: str) -> Visitor:
        """By name and passphrase; whoever is signed in already is led on."""
        if self.open("/login").path == "/login":
            self.fill(login=login, password=PASSWORD).press("Sign in")
        return self

    # Reading

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def sees(self, *passages: str) -> Visitor:
        text = self.text
        for passage in passages:
            assert passage in text, f"{self.name} does not see {passage!r} at {self.path}\n{text}"
        return self

    def reads(self, words: str, **values: object) -> Visitor:
        """Like `sees`, for a sentence of the source."""
        return self.sees(zh(words, **values))

    def misses(self, passage: str) -> Visitor:
        assert passage not in self.text, f"{self.name} sees {passage!r} at {self.path}"
        return self

    def texts(self, selector: str) -> list[str]:
        return [one.strip() for one in self.page.locator(selector).all_inner_texts()]

    def look(self, name: str) -> Visitor:
        """Look at this page on the smallest telephone too; with WALK_SHOTS in the environment, keep two pictures."""
        size = self.page.viewport_size
        assert size is not None
        for width in (1280, SMALLEST) if os.environ.get("WALK_SHOTS") else (SMALLEST,):
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            assert self.page.evaluate(HEALTH)[1] <= 0, f"{self.path} scrolls sideways at {width} px"
            if os.environ.get("WALK_SHOTS"):
                SHOTS.mkdir(exist_ok=True)
                self.page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size(size)
        return self

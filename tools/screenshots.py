"""Pictures of every kind of page of the demonstration, and one page that shows them side by side.

    python -m tools.screenshots            into screenshots/ : 1280 and 360 px; normal, large print and dark; Chinese and English
    python -m tools.screenshots --only agenda   the same, of the pages whose endpoint begins with agenda
    python -m tools.screenshots --readme   the two pictures of the README, into docs/pictures/
"""

from __future__ import annotations

import argparse
import contextlib
import html
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_migrate
from playwright.sync_api import sync_playwright

from deliberation.app import create_app
from deliberation.demo.loader import load
from tests.browser.fixtures import SWITCHES, chromium_path, served
from tests.browser.pages import Stop, Walk

HERE = Path(__file__).resolve().parents[1]
FOLDER = HERE / "screenshots"
PICTURES = HERE / "docs" / "pictures"
WIDTHS = (1280, 360)
HEIGHTS = {1280: 900, 360: 740}
MODES = ("normal", "large", "dark")
LANGUAGES = ("zh", "en")
HEAVIEST = 150 * 1024
# name → account, address, width, height: what the README shows.
README = {
    "board.png": ("", "/c/mochou/", 1120, 720),
    "matter.png": ("Z01", "/c/mochou/agenda/2026-11", 360, 740),
}
SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title><style>
body{{font:16px sans-serif;margin:24px}} section{{border-top:1px solid #999;padding:12px 0}} h2{{font-size:18px}}
div{{display:flex;gap:12px;align-items:flex-start;overflow-x:auto}} figure{{margin:0}} figcaption{{font-size:13px}}
img{{height:320px;width:auto;border:1px solid #999}}</style><h1>Every page ({count} pictures)</h1>{sections}</html>"""


@contextlib.contextmanager
def demonstration() -> Iterator[Walk]:
    """A fresh demonstration, answering, and a browser to look at it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/demo.db", "SECRET_KEY": "screenshots"})
        with app.app_context():
            flask_migrate.upgrade()
            password = load().password
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(playwright.chromium.launch(executable_path=chromium_path(), args=SWITCHES))
        address = stack.enter_context(served(app))
        walk = Walk(SimpleNamespace(app=app, password=password), browser, address, app.test_client)
        yield walk
        walk.close()


def name_of(stop: Stop) -> str:
    return re.sub(r"\W+", "_", f"{stop.endpoint} {stop.account or 'visitor'} {stop.url.rstrip('/').rpartition('/')[2]}")


def take(walk: Walk, stop: Stop) -> Iterator[tuple[str, str]]:
    """Every picture of one page: what it shows, and its file."""
    for language in LANGUAGES:
        for mode in MODES:
            page = walk.page(stop.account, large=mode == "large", language=language)
            page.emulate_media(color_scheme="dark" if mode == "dark" else "light")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.goto(walk.address + stop.url)
                file = f"{name_of(stop)}-{language}-{mode}-{width}.jpg"
                page.screenshot(path=FOLDER / file, full_page=True, type="jpeg", quality=70)
                yield f"{language} {mode} {width}", file


def section(stop: Stop, pictures: list[tuple[str, str]]) -> str:
    figures = "".join(
        f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt="{words}"></a><figcaption>{words}</figcaption></figure>'
        for words, file in pictures
    )
    return f"<section><h2>{html.escape(str(stop))}</h2><div>{figures}</div></section>"


def everything(walk: Walk, only: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    sections, count = [], 0
    for stop in [stop for stop in walk.stops() if stop.endpoint.startswith(only)]:
        pictures = list(take(walk, stop))
        count += len(pictures)
        sections.append(section(stop, pictures))
        print(f"{count:5} {stop}", flush=True)
    (FOLDER / "index.html").write_text(SHEET.format(count=count, sections="".join(sections)), encoding="utf-8")
    print(f"{count} pictures of {len(sections)} pages: {FOLDER / 'index.html'}")


def for_the_readme(walk: Walk) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (account, url, width, height) in README.items():
        page = walk.page(account)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(walk.address + url)
        page.screenshot(path=PICTURES / name)
        size = (PICTURES / name).stat().st_size
        if size > HEAVIEST:
            sys.exit(f"{name} has {size} bytes, more than {HEAVIEST}")
        print(f"{PICTURES / name}: {size} bytes")


def main(arguments: Any = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true", help="only the two pictures of the README")
    parser.add_argument("--only", default="", help="only pages whose endpoint begins with this")
    chosen = parser.parse_args(arguments)
    with demonstration() as walk:
        for_the_readme(walk) if chosen.readme else everything(walk, chosen.only)


if __name__ == "__main__":
    main()

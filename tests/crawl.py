"""Walks the pages as a visitor would: follows every link, collects every form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN_KEYS = ("csrf_token", "once")


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    checked: bool = False


@dataclass
class Form:
    page: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """What a browser would send if the visitor touched nothing."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in ("radio", "checkbox") and not one.checked:
                continue
            sent.setdefault(one.name, []).append(one.value)
        return sent


class Page(HTMLParser):
    """Links and forms of one page, and every handler or style attribute and inline script that should not be there.

    ``parts``: what it is made of, its elements with their classes, kinds and roles.
    """

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.inline: list[str] = []
        self.parts: set[str] = set()
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        kind = a.get("type", "") if tag in ("input", "button") else ""
        self.parts |= {f"{tag}.{name}[{kind}]{a.get('role', '')}" for name in (a.get("class") or "-").split()}
        self.inline += [f"{tag} {name}" for name in a if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in a):
            self.inline.append(tag)
        if tag == "a" and "href" in a:
            self.links.append(urljoin(self.url, a["href"]))
        elif tag == "form":
            self.forms.append(Form(self.url, urljoin(self.url, a.get("action", "") or self.url), a.get("method", "get").lower()))
        elif self.forms and a.get("name"):
            self._field(tag, a)
        elif tag == "option" and self._select is not None:
            self._select.options.append(a.get("value", ""))
            if "selected" in a or not self._select.value:
                self._select.value = a.get("value", "")

    def _field(self, tag: str, a: dict[str, str]) -> None:
        one = Field(a["name"], a.get("type", "text") if tag in ("input", "button") else tag, a.get("value", ""))
        one.checked = "checked" in a
        self.forms[-1].fields.append(one)
        self._select = one if tag == "select" else self._select
        self._area = one if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None


def local(url: str) -> str:
    """Path and query of an address on this host, or an empty string."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def walk(app: Flask, client: FlaskClient, start: str = "/", most: int = 400) -> Iterator[tuple[str, TestResponse, Page | None]]:
    """Every page that can be reached by links from ``start``, once per endpoint and at most three of a kind."""
    adapter = app.url_map.bind("localhost")
    waiting, seen, kinds = [start], {start}, {}
    while waiting and most > 0:
        url = waiting.pop(0)
        endpoint = adapter.match(url.split("?")[0], method="GET")[0] if adapter.test(url.split("?")[0], method="GET") else url
        kinds[endpoint] = kinds.get(endpoint, 0) + 1
        if kinds[endpoint] > 3 and endpoint != url:
            continue
        most -= 1
        answer = client.get(url, follow_redirects=True)
        is_page = answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers
        page = Page(answer.request.url, answer.text) if is_page else None
        yield url, answer, page
        for link in page.links if page else []:
            path = local(link.split("#")[0])
            if path and path not in seen and not path.startswith("/static"):
                seen.add(path)
                waiting.append(path)

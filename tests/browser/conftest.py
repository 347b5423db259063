"""Visitors who walk through the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visitors import Visitor


@pytest.fixture
def new_visitor(world: object, chromium: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor: a name to tell them apart, the width of their screen, whether their browser runs scripts."""
    met: list[Visitor] = []

    def make(name: str, *, width: int = 1280, height: int = 900, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            has_touch=width < 600,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(20_000)
        met.append(Visitor(name, context, address))
        return met[-1]

    yield make
    for visitor in met:
        visitor.context.close()
    for visitor in met:
        assert visitor.complaints == [], visitor.name

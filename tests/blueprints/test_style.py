"""The style sheet and the script, read as they are: contrast of every pair of colours, what dark mode changes, the weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.crawl import walk

STATIC = Path(__file__).parents[2] / "deliberation" / "static"
STYLE = re.sub(r"/\*.*?\*/", "", (STATIC / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme: dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{3,8})\b")
MOST = 60 * 1024

# Which colour is written on which ground, and which edges must be seen.
TEXTS = {
    "ink": ("paper", "sheet", "wash", "amber-wash", "cinnabar-wash"),
    "soft": ("paper", "sheet", "wash"),
    "accent": ("paper", "sheet", "wash"),
    "amber": ("paper", "sheet", "amber-wash"),
    "cinnabar": ("paper", "sheet", "cinnabar-wash"),
    "on-accent": ("accent",),
}
EDGES = {"edge": ("paper", "sheet"), "accent": ("paper", "sheet", "wash"), "amber": ("amber-wash",), "cinnabar": ("cinnabar-wash",)}


def colours(css: str) -> dict[str, str]:
    return {name[2:]: value for name, value in TOKEN.findall(css)}


def light() -> dict[str, str]:
    root = re.search(r":root\s*\{([^}]*)\}", STYLE)
    assert root is not None
    return colours(root[1])


def dark() -> dict[str, str]:
    block = DARK.search(STYLE)
    assert block is not None
    return light() | colours(block[1])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21, WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(tokens: dict[str, str], pairs: dict[str, tuple[str, ...]], least: float) -> Iterator[str]:
    for front, grounds in pairs.items():
        for ground in grounds:
            ratio = contrast(tokens[front], tokens[ground])
            if ratio < least:
                yield f"{front} on {ground}: {ratio:.2f}"


def test_contrast_is_reckoned_as_the_standard_says():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("tokens", [light(), dark()], ids=["light", "dark"])
def test_every_text_has_seven_to_one_and_every_edge_three_to_one(tokens):
    assert list(too_faint(tokens, TEXTS, 7)) == []
    assert list(too_faint(tokens, EDGES, 3)) == []


def test_every_colour_is_a_token_that_a_pair_names():
    # Nobody adds a colour that is not measured here. `line` only rules off what space sets apart already.
    used = set(TEXTS) | set(EDGES) | {ground for pairs in (TEXTS, EDGES) for grounds in pairs.values() for ground in grounds}
    assert set(light()) - used == {"line"}
    screen = STYLE.partition("@media print")[0]
    rules = re.sub(r"--[\w-]+:[^;}]*", "", screen)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\brgba?\(|\bhsla?\(", rules) == []


def test_dark_mode_changes_nothing_but_colours():
    for block in DARK.findall(STYLE):
        for declaration in re.sub(r"[^{}]*\{|\}", ";", block).split(";"):
            name, _, value = declaration.strip().partition(":")
            assert not name or (name.startswith("--") and value.strip().startswith("#")), declaration
    assert STYLE.count("prefers-color-scheme") == len(DARK.findall(STYLE)), "a dark block is not read by this test"


def test_large_print_changes_no_colour():
    for selector, rule in re.findall(r"([^{}]*\.large[^{}]*)\{([^{}]*)\}", STYLE):
        assert not re.search(r"(?<![\w-])(color|background(-color)?|fill|stroke|opacity)\s*:", rule), selector


def test_no_page_brings_more_than_sixty_kilobytes_of_style_and_script(world, app, client: FlaskClient):
    weighed = {}
    for url, answer, page in walk(app, client):
        if page is None:
            continue
        files = re.findall(r'(?:href|src)="/static/([^"?]+\.(?:css|js))', answer.text)
        assert "style.css" in files, url
        weighed[url] = sum(len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in files)
    assert weighed and max(weighed.values()) <= MOST, weighed

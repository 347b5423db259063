"""The check page as it is served: whole in itself, its own script and style allowed by their hashes, every word there."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

from deliberation.audit.actions import ACTIONS
from deliberation.blueprints.check_page import PARTS, SCRIPTS, check_page
from deliberation.blueprints.check_words import WORDS
from deliberation.blueprints.security import ALWAYS
from tests.crawl import Page
from tests.web import in_english

URL = "/c/mochou/log/check.html"
OWN = {name: re.sub(r"//.*", "", (PARTS / name).read_text("utf-8")) for name in ("proof.js", "entry.js", "page.js")}
# What browsers of 2014 cannot read, and what would leave the page: not one of these words stands in our own scripts.
LATER = re.compile(
    r"=>|`|\.\.\.\w|\b(let|const|class|async|await|BigInt|Promise|fetch|XMLHttpRequest|TextDecoder|innerHTML|eval|subtle)\b"
)
LEAVES = re.compile(r"url\(|@import|https?:")


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def source(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def inside(html, tag):
    (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    return found


def test_its_policy_allows_its_own_script_and_style_and_nothing_else(world, client):
    answer = client.get(URL)
    html = answer.text
    policy = (
        f"default-src 'none'; script-src {source(inside(html, 'script'))}; style-src {source(inside(html, 'style'))}; "
        "base-uri 'none'; form-action 'none'"
    )
    said = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert said is not None and unescape(said[1]) == policy
    assert answer.headers.get_all("Content-Security-Policy") == [f"{policy}; frame-ancestors 'none'"]
    for name, value in ALWAYS[1:]:
        assert answer.headers.get_all(name) == [value]


def test_it_is_a_file_to_keep_the_same_for_everybody(app, world, client):
    answer, english = client.get(URL), in_english(client).get(URL)
    with app.app_context():
        assert answer.data == english.data == check_page().content
    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"check.html\"; filename*=UTF-8''%E7%95%99%E7%97%95")
    assert b"mochou" not in answer.data and b"test.example" not in answer.data
    for slug in ("nowhere", "%00"):
        refused = client.get(f"/c/{slug}/log/check.html")
        assert (refused.status_code, refused.text) == (404, "There is no such community here.\n")


def test_nothing_in_it_leads_anywhere_or_runs_from_an_attribute(world, client):
    html = client.get(URL).text
    tags = Elements(html).found
    bad = ("src", "href", "style", "action")
    assert [(tag, name) for tag, attrs in tags for name in attrs if name in bad or name.startswith("on")] == []
    assert Page(URL, html).inline == ["style", "script"]
    assert [tag for tag, _ in tags if tag in ("link", "img", "iframe", "form", "object", "a")] == []
    assert LEAVES.findall(inside(html, "style") + "".join(OWN.values())) == []


def test_its_own_scripts_are_for_old_browsers_and_write_text_only():
    assert {name: LATER.findall(text) for name, text in OWN.items()} == {"proof.js": [], "entry.js": [], "page.js": []}


def test_the_scripts_of_others_are_the_published_files():
    readme = (PARTS / "vendor/README.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    names = {name.removeprefix("vendor/") for name in SCRIPTS if name.startswith("vendor/")}
    assert listed == {name: sha256((PARTS / "vendor" / name).read_bytes()).hexdigest() for name in names}
    assert {path.name for path in (PARTS / "vendor").iterdir()} == {*names, "README.md", "LICENSE"}


def test_every_word_that_it_uses_is_there_in_both_languages_and_no_other(world, client):
    script = inside(client.get(URL).text, "script")
    said = json.loads(re.search(r"^var SAY = (.*);$", script, re.MULTILINE)[1])
    assert set(said) == {"zh", "en"}
    for words in said.values():
        assert (set(words["words"]), set(words["actions"])) == (set(WORDS), set(ACTIONS))
    html = client.get(URL).text
    used = set(re.findall(r'data-say="([\w-]+)"', html)) | set(re.findall(r'say\("([\w-]+)"[,)]', OWN["page.js"] + OWN["entry.js"]))
    used |= {f"refused-{code}" for text in OWN.values() for code in re.findall(r'(?:refuse|tlog\.Refusal)\("([\w-]+)"', text)}
    used |= {f"part-{part}" for part in re.findall(r', "([a-z]+)"\)', OWN["proof.js"])}
    assert used - set(WORDS) == set()
    # The rest is put together from a kind and its sentence.
    stems = {re.sub("^two-|-sentence$", "", key) for key in set(WORDS) - used}
    assert {stem for stem in stems if f'"{stem}"' not in "".join(OWN.values())} == set()

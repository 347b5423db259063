"""The check page as people keep it: one file, opened from a folder, with the network cut."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from deliberation.agenda.texts import text_hash
from deliberation.audit import notes, queries
from deliberation.audit.proofs import Proof
from deliberation.blueprints.check_words import WORDS
from deliberation.extensions import db
from deliberation.voting import services as voting
from tests.audit.signed import KEY, keep_key, made_of
from tests.audit.test_tree import PROOFS
from tests.browser.test_access import ALL_RULES, COLOURS, MEASURE, axe, widths
from tests.browser.visitors import zh
from tests.builders import World, do

pytestmark = [pytest.mark.browser, pytest.mark.once]

NAME = "test.example/council/mochou"
VERIFIER = str(KEY.named(NAME).verifier)
TEXT = "第一段。\n第二段：\"引文\"。"
# What an old browser lacks, gone before the page's script runs.
WITHOUT = """for (const name of ["crypto", "TextDecoder", "TextEncoder", "fetch", "BigInt"]) {
    Object.defineProperty(window, name, { value: undefined });
}"""
VECTORS = """vectors => vectors.map(([leaf, index, size, steps, root]) => {
    const bytes = text => tlog.base64(text, "hash");
    try {
        tlog.verifyInclusion(bytes(leaf), index, size, steps.map(bytes), bytes(root));
        return "";
    } catch (refusal) {
        return refusal instanceof tlog.Refusal ? refusal.code : "thrown: " + refusal;
    }
})"""


@dataclass
class Kept:
    """A folder with the page and a proof in it, and a browser without a network."""

    page: Page
    folder: Path
    proof: Proof
    given: int = 0
    complaints: list[str] = field(default_factory=list)

    def result(self, name: str = "proof") -> str:
        return self.page.locator(f"#{name}-result").inner_text()

    def check(self, text: str | bytes, key: str = VERIFIER) -> str:
        """Choose a proof as a file, paste the key, press; what is answered."""
        self.given += 1
        file = self.folder / f"proof-{self.given}.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.page.set_input_files("#proof-file", file)
        self.page.fill("#key-text", key)
        self.page.click("#proof-check")
        self.page.wait_for_selector("#proof-result h3")
        return self.result()

    def beside(self, words: str) -> str:
        self.page.fill("#document-text", words)
        self.page.click("#document-check")
        return self.result("document")

    def compare(self, one: str, other: str) -> str:
        self.page.fill("#one-text", one)
        self.page.fill("#other-text", other)
        self.page.click("#two-check")
        return self.result("two")


def said(key: str, **places: object) -> str:
    return zh(WORDS[key], **places)


def proof_of_a_vote(world: World) -> Proof:
    """The newest entry, which names the text that is voted on, and its way to the signed root."""
    sealed = text_hash(TEXT.split("\n"))
    do(lambda: voting.prepare(world.council, label="A1", text_hash=sealed, matter_id=None, actor=world["P01"]))
    size, root = queries.head(world.council.log_id)
    _line, body = queries.entry(world.council.log_id, size - 1)
    steps = tuple(queries.inclusion(world.council.log_id, size - 1, size))
    return Proof(body, size - 1, steps, notes.sign(notes.Checkpoint(NAME, size, root).text(), [KEY.named(NAME)]))


@pytest.fixture
def kept(app: Flask, world: World, client: FlaskClient, chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    app.config["LOG_KEY"] = str(keep_key(tmp_path / "log.key"))
    proof = proof_of_a_vote(world)
    db.session.rollback()
    answer = client.get("/c/mochou/log/check.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (tmp_path / "check.html").write_bytes(answer.data)
    opened: list[tuple[BrowserContext, Kept]] = []

    def make(script: str = "", **how: Any) -> Kept:
        context = chromium.new_context(locale="zh-CN", viewport={"width": 360, "height": 740}, offline=True, **how)
        context.set_default_timeout(20_000)
        context.add_init_script(script)
        made = Kept(context.new_page(), tmp_path, proof)
        opened.append((context, made))
        context.on("request", lambda one: one.url.startswith("file://") or made.complaints.append(f"a request to {one.url}"))
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.goto((tmp_path / "check.html").as_uri())
        return made

    yield make
    for context, made in opened:
        context.close()
        assert made.complaints == []


def flipped(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def twin(text: str) -> str:
    """The same proof with the signature's other half, larger by the order of the group: RFC 8032 refuses it, not every program."""
    head, _space, last = text.rstrip("\n").rpartition(" ")
    blob = b64decode(last)
    scalar = int.from_bytes(blob[36:], "little") + 2**252 + 27742317777372353535851937790883648493
    return f"{head} {b64encode(blob[:36] + scalar.to_bytes(32, 'little')).decode()}\n"


def test_a_proof_holds_and_every_change_is_refused_in_its_own_words(kept: Callable[..., Kept]) -> None:
    place = kept()
    text, size = place.proof.text(), place.proof.index + 1
    root = notes.checkpoint(notes.parse(place.proof.note.encode()).text).root
    shown = place.check(text)
    for words in (said("good"), said("good-sentence", index=size - 1, origin=NAME, size=size), root.hex(), "text_hash", "A1"):
        assert words in shown
    groups = " ".join(root.hex()[at : at + 4] for at in range(0, 16, 4))
    assert place.page.locator("#proof-result .root").inner_text() == groups
    assert place.page.locator("#proof-result pre").text_content() == place.proof.body.decode()
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    steps, point = len(place.proof.hashes), 3 + len(place.proof.hashes) + 1
    changes = {
        "body": (starts[1] + 40, "another-root"),
        "a step": (starts[3 + steps // 2] + 5, "another-root"),
        "root": (starts[point + 2] + 5, "changed-checkpoint"),
        "signature": (starts[point + 4] + len(f"\u2014 {NAME} ") + 30, "bad-signature"),
        "header": (starts[0] + 3, "no-proof"),
    }
    for what, (at, code) in changes.items():
        shown = place.check(flipped(text, at))
        assert said(f"refused-{code}") in shown and said("good") not in shown, (what, shown)
    assert said("refused-bad-signature") in place.check(twin(text))
    assert said("refused-key-identity") in place.check(text, flipped(VERIFIER, VERIFIER.index("+") + 15))
    assert said("refused-another-signer") in place.check(text, str(KEY.named("test.example/council/x").verifier))
    half = place.check(text, "")
    assert said("half") in half and said("good") not in half


def test_without_any_native_help_it_says_the_same(kept: Callable[..., Kept]) -> None:
    place = kept(WITHOUT)
    assert place.page.evaluate("() => [typeof crypto, typeof fetch, typeof TextDecoder, typeof BigInt]") == ["undefined"] * 4
    assert said("good") in place.check(place.proof.text())
    assert said("refused-another-root") in place.check(flipped(place.proof.text(), 80))


def test_the_published_vectors_agree_in_the_page_too(kept: Callable[..., Kept]) -> None:
    page = kept().page
    vectors = [[v["leafHash"], v["leafIdx"], v["treeSize"], v["proof"] or [], v["root"]] for v in PROOFS["inclusion"]]
    found = page.evaluate(VECTORS, vectors)
    assert [bool(code) for code in found] == [v["wantErr"] for v in PROOFS["inclusion"]]
    assert (len(found), sum(map(bool, found)), [code for code in found if code.startswith("thrown")]) == (98, 92, [])


def test_a_text_is_held_beside_the_entry(kept: Callable[..., Kept]) -> None:
    place = kept()
    assert said("text-alone") in place.beside(TEXT)
    place.check(place.proof.text())
    assert said("text-same-sentence", name="text_hash") in place.beside(f"\n  {TEXT}  \n\n")
    assert said("text-other") in place.beside(TEXT + "。")
    place.page.fill("#key-text", VERIFIER[:-1])
    assert (place.result(), said("text-alone") in place.beside(TEXT)) == ("", True)


def test_two_checkpoints_of_one_size_must_have_one_root(kept: Callable[..., Kept]) -> None:
    place = kept()
    logs = [made_of(bodies, origin=NAME) for bodies in ([b"1", b"2"], [b"1", b"3"], [b"1"])] + [made_of([b"1", b"2"])]
    one, forked, older, elsewhere = (files["checkpoint"].decode() for files in logs)
    assert said("two-unsigned") in place.compare(one, one)
    place.page.fill("#key-text", VERIFIER)
    for other, code in ((one, "two-same"), (forked, "two-forked"), (older, "two-other-size")):
        assert said(f"{code}-sentence") in place.compare(one, other)
    assert said("refused-another-signer") in place.compare(one, elsewhere)
    assert said("two-same-sentence") in place.compare(place.proof.text(), place.proof.note)


def test_whatever_is_given_is_refused_in_words_or_shown_as_text(kept: Callable[..., Kept]) -> None:
    place = kept()
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    odd = {"table": hostile, "id": [1], "set": {"constructor": hostile, "__proto__": {"x": 1}, "n": None}, "gone": True}
    whole = {"action": hostile, "office": "__proto__", "at": hostile, "label": "$&", "rows": [odd]}
    bodies = [
        json.dumps(whole).encode(), hostile.encode(), b"\xff\x00\xfe", b"", b"[" * 60_000, b'{"rows":7}', b"null",
    ]  # fmt: skip
    for body in bodies:
        files = made_of([body], origin=NAME)
        shown = place.check(Proof(body, 0, (), files["checkpoint"].decode()).text())
        assert said("good") in shown, body[:40]
    assert place.page.locator("#proof-result img, #proof-result script").count() == 0
    text = place.proof.text()
    number = f"index {place.proof.index}\n"
    refused: list[tuple[str | bytes, str]] = [
        (b"\xff" * 100, "not-utf8"), (b"", "no-proof"), ("x\n\ny", "no-proof"), (text.replace("\n", "\r\n"), "no-proof"),
        (text.replace(number, "index 01\n"), "no-number"), (text.replace(number, f"index {10**18}\n"), "number-too-large"),
        (text.replace(number, "index 999\n"), "no-such-entry"), (text.replace("extra ", "extra ="), "not-base64"),
        (re.sub("extra .*", "extra AB==", text), "not-base64"),
        (text.replace(number, number + b64encode(b"x" * 31).decode() + "\n"), "not-32-bytes"),
        (text.replace(number, number + (b64encode(b"x" * 32).decode() + "\n") * 64), "way-too-long"),
        (text.rstrip("\n"), "no-checkpoint"), (text + "x\n", "no-signature-line"),
        (text + "\n", "no-checkpoint"), (text.replace(NAME, "a\tb", 1), "control-characters"),
        (text + "\u2014 x " + "A" * 70_000 + "\n", "too-long"), (b"x" * (1024 * 1024 + 1), "too-big"),
    ]  # fmt: skip
    parts = {"no-number": "index", "number-too-large": "index", "not-base64": "entry", "not-32-bytes": "hash"}
    for given, code in refused:
        wanted = said(f"refused-{code}", **({"what": said(f"part-{parts[code]}")} if code in parts else {}))
        assert wanted in place.check(given), code
    for key in ("x", "a+b+c", "+00000000+AAAA", VERIFIER.replace("+", " ", 1), "\u4e2d" * 500):
        assert said("cannot") in place.check(text, key), key
    # Pasted: the last line's end may be lost on the way.
    place.page.fill("#key-text", VERIFIER)
    place.page.fill("#proof-text", f"  {text.rstrip()}  ")
    place.page.click("#proof-check")
    assert said("good") in place.result()


def test_everybody_can_use_it_in_both_languages(kept: Callable[..., Kept]) -> None:
    place = kept()
    place.check(place.proof.text())
    place.beside(TEXT)
    place.compare(place.proof.note, place.proof.note)
    print_and_targets = place.page.evaluate(MEASURE, {"target": 48, "smallest": 18})
    place.page.emulate_media(color_scheme="dark")
    dark = axe(place.page, COLOURS)
    place.page.emulate_media(color_scheme="light")
    assert (print_and_targets, dark) == ([], [])
    for language in ("zh", "en"):
        place.page.locator(f"[data-language={language}]").click()
        assert axe(place.page, ALL_RULES) + widths(place.page) == [], language
    assert WORDS["good"] in place.result() and WORDS["two-same"] in place.result("two")
    assert place.page.locator("html").get_attribute("lang") == "en"

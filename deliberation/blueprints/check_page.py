"""The check page: one HTML file that checks proofs on any telephone, without a network and without trusting this server.

It is put together from deliberation/static/check/ when it is first asked for. Nothing in it comes from the log or from a
community: whoever keeps one has the one for all. A key of the server's inside it would prove nothing against the server.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import force_locale, gettext

from deliberation.audit.actions import ACTIONS
from deliberation.blueprints.check_words import FILE, NO_SCRIPT, WORDS
from deliberation.blueprints.words import LANGUAGES
from deliberation.people.permissions import OFFICE_WORDS

PARTS = Path(__file__).parents[1] / "static" / "check"
SCRIPTS = ("vendor/sha256.js", "vendor/nacl-fast.js", "proof.js", "entry.js", "page.js")
FIRST = next(iter(LANGUAGES))


@dataclass(frozen=True)
class CheckPage:
    """``policy`` allows the page's own script and style by their hashes, and nothing else; ``name`` is the file's."""

    content: bytes
    policy: str
    name: str


def check_page() -> CheckPage:
    """The page, made once an application."""
    made: CheckPage = current_app.extensions.get("check_page") or _make()
    current_app.extensions["check_page"] = made
    return made


def _make() -> CheckPage:
    said = {code: _spoken(locale) for code, locale in LANGUAGES.items()}
    script = f"var LANGUAGE = {_literal(FIRST)};\nvar SAY = {_literal(said)};\n" + "".join(map(_part, SCRIPTS))
    style = _part("page.css")
    policy = f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; base-uri 'none'; form-action 'none'"
    # Without the surroundings of the other pages, which belong to a request.
    page = current_app.jinja_env.get_template("log/offline.html").render(
        words=said[FIRST]["words"],
        lang=said[FIRST]["lang"],
        names=[(code, Locale.parse(locale).get_language_name()) for code, locale in LANGUAGES.items()],
        no_script=[(code, _in(locale, NO_SCRIPT)) for code, locale in LANGUAGES.items()],
        policy=policy,
        style=style,
        script=script,
    )
    return CheckPage(page.encode(), policy, _in(LANGUAGES[FIRST], FILE))


def _spoken(locale: str) -> dict[str, Any]:
    """Everything that the page says, in one language; the sentences of the log as well."""
    return {
        "lang": locale.replace("_", "-"),
        "words": {key: _in(locale, sentence) for key, sentence in WORDS.items()},
        "actions": {name: _in(locale, action.sentence) for name, action in sorted(ACTIONS.items())},
        "offices": {office.value: _in(locale, words) for office, words in OFFICE_WORDS.items()},
    }


def _in(locale: str, sentence: str) -> str:
    with force_locale(locale):
        return str(gettext(sentence))


def _part(name: str) -> str:
    return (PARTS / name).read_text(encoding="utf-8")


def _literal(value: object) -> str:
    """JSON that ends no script element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

"""Every form of the house with the worst that people and machines send: no 500, nothing written, the input kept.

The forms are found by walking the pages of the demonstration with every kind of account, so a new form is met here
without anybody listing it.
"""

from __future__ import annotations

import html
import re
import secrets
from functools import cache

import pytest
from sqlalchemy import func, select, text

from deliberation.audit import recorded_tables
from deliberation.audit.models import Log
from deliberation.extensions import db
from tests.crawl import HIDDEN_KEYS, Form, walk
from tests.web import sign_in

LONG = "长" * 60_000
CANARY = "<script>alert('x')</script>{{7*7}}%(n)s'; DROP TABLE person;--"
ALWAYS_HARMLESS = ("/language", "/large", "/logout")
TEXTS = ("text", "textarea", "password")
TYPED = (*TEXTS, "number", "date", "time", "datetime-local")
CHOSEN = ("select", "radio", "checkbox", "hidden")
NOT_INPUT = (*HIDDEN_KEYS, "next")

# What a careful visitor would enter, so that only the field in question is wrong.
FINE = {"number": "1", "date": "2026-12-28", "time": "10:00", "datetime-local": "2026-12-30T10:00"}
# name → (kinds of field it goes into, what is sent, must the form refuse it)
WORST = {
    "empty": (TYPED, "", False),
    "blanks": (TEXTS, " \t\u3000 ", False),
    "over-long": (TEXTS, LONG, True),
    "wrong type": (("number", "date", "time", "datetime-local"), "neither a number nor a day", True),
    "huge number": (("number",), "9" * 40, True),
    "negative": (("number", "select", "radio"), "-1", True),
    "foreign id": (CHOSEN, "2147483647", True),
    "overflowing id": (CHOSEN, "9" * 40, True),
    "control characters": (TEXTS, "a\x00b\x1bc", True),
}
# What the walk must come by, with whom.
MET = {
    "A01": {f"setup.{step}" for step in ("place", "address", "rules", "numbers", "offices", "members")}
    | {f"offices.{act}" for act in ("appoint", "term", "cards", "card", "end", "hand_over")}
}


@cache
def sizes():
    """Built once: to put it together takes longer than to run it."""
    rows = [select(func.count()).select_from(db.metadata.tables[name]).scalar_subquery().label(name) for name in recorded_tables()]
    return text(str(select(*rows).compile(db.engine)))


def state():
    """Sizes of the logs and of every recorded table: nothing can be written without moving one of them."""
    db.session.rollback()
    return db.session.execute(sizes()).one(), dict(db.session.execute(select(Log.name, Log.size)).all())


def forms_of(app, client):
    """Every kind of posting form that this visitor meets: one per endpoint and set of field names."""
    found = {}
    for url, answer, page in walk(app, client):
        assert answer.status_code < 500, url
        for form in page.forms if page else []:
            if form.method == "post" and path_of(form) not in ALWAYS_HARMLESS:
                found.setdefault((endpoint_of(app, form), tuple(sorted({f.name for f in form.fields}))), form)
    return list(found.values())


def path_of(form: Form) -> str:
    return re.sub(r"^https?://[^/]+", "", form.action).split("?")[0]


def endpoint_of(app, form: Form) -> str:
    return app.url_map.bind("localhost").match(path_of(form), method="POST")[0]


def sent(form: Form, kinds, value) -> tuple[dict[str, list[str]], list[str]]:
    """What is posted, and the names of the fields that carry ``value``."""
    data = form.filled()
    names = [f.name for f in form.fields]
    hit = []
    for one in form.fields:
        if one.name in NOT_INPUT or one.kind in ("button", "submit"):
            continue
        # A single check box means yes whatever its value is; several of one name are a choice.
        is_choice = one.kind != "checkbox" or names.count(one.name) > 1
        if one.kind in kinds and is_choice:
            data[one.name] = [value]
            hit.append(one.name)
        elif one.kind in TYPED and not one.value.strip():
            data[one.name] = [FINE.get(one.kind, "好")]
        elif one.kind == "radio" and one.name not in data:
            data[one.name] = [one.value]
    data["once"] = [secrets.token_urlsafe(12)]
    return data, hit


@pytest.mark.parametrize("code", ["S01", "P01", "C01", "V01", "Z02", "R01", "A01", None], ids=str)
def test_no_form_breaks_writes_or_forgets(demo, new_client, code):
    client = new_client()
    if code is not None:
        sign_in(client, demo.login(code), demo.password)
    forms = forms_of(demo.app, client)
    met = {endpoint_of(demo.app, form) for form in forms}
    assert met >= MET.get(code, set()), "this visitor meets fewer forms than there are"
    assert forms, "this visitor meets no form at all"
    tried, before = 0, state()
    for form in forms:
        data = {name: value for name, value in form.filled().items() if name != "csrf_token"}
        assert client.post(form.action, data=data).status_code == 400, f"{form.action} without a token"
    assert state() == before
    for form in forms:
        for name, (kinds, value, must_refuse) in WORST.items():
            data, hit = sent(form, kinds, value)
            if not hit:
                continue
            tried += 1
            answer = client.post(form.action, data=data)
            where = f"{form.action} ({name} in {hit}, from {form.page}): {answer.status_code}"
            assert answer.status_code < 500, where
            if must_refuse:
                assert answer.status_code in (400, 403, 404, 409, 413, 422), where
            after = state()
            if answer.status_code >= 400:
                assert after == before, where
            before = after
            if answer.status_code == 422 and name in ("over-long", "wrong type"):
                shown = html.unescape(answer.text)
                kept = {f.name for f in form.fields if f.kind != "password"} & set(hit)
                assert not kept or value in shown, f"{where}: the input is gone"
    assert tried > 0 or code is None


@pytest.mark.parametrize("code", ["S01", "C01", "A01", "R01"])
def test_hostile_text_is_kept_as_text_and_never_runs(demo, new_client, code):
    client = new_client()
    sign_in(client, demo.login(code), demo.password)
    for form in forms_of(demo.app, client):
        data, _ = sent(form, ("text", "textarea"), CANARY)
        answer = client.post(form.action, data=data, follow_redirects=True)
        assert answer.status_code < 500, form.action
        assert "<script>alert(" not in answer.text, form.action
        assert "49%" not in answer.text
    for url, answer, page in walk(demo.app, client):
        assert answer.status_code < 500, url
        # A calendar or a document as data holds the words as they are, and no browser takes it for a page.
        assert answer.mimetype in ("text/calendar", "application/json") or "<script>alert(" not in answer.text, url
        assert page is None or page.inline == [], url

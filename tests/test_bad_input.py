"""Every form of the house with the worst that people and machines send: no 500, nothing written, the input kept.

The forms are found by walking the pages of the demonstration with every kind of account, so a new form is met here
without anybody listing it.
"""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select

from deliberation.audit import recorded_tables
from deliberation.audit.models import Log
from deliberation.extensions import db
from tests.crawl import HIDDEN_KEYS, Form, walk
from tests.web import sign_in

LONG = "长" * 60_000
CANARY = "<script>alert('x')</script>{{7*7}}%(n)s'; DROP TABLE person;--"
ALWAYS_HARMLESS = ("/language", "/large", "/logout")
TYPED = ("text", "textarea", "password", "number", "date", "time", "datetime-local", "search", "tel", "email")

WORST = {
    "empty": lambda f: "",
    "over-long": lambda f: LONG if f.kind in TYPED else f.value,
    "wrong type": lambda f: {"number": "four", "date": "yesterday", "datetime-local": "soon", "time": "25:99"}.get(f.kind, f.value),
    "foreign id": lambda f: "2147483647" if f.kind in ("select", "radio", "checkbox", "hidden") else f.value,
    "overflowing id": lambda f: "9" * 40 if f.kind in ("select", "radio", "checkbox", "hidden", "number") else f.value,
    "negative and not a number": lambda f: "-1" if f.kind in ("select", "radio", "checkbox", "number") else "NaN",
    "control characters": lambda f: "a\x00b\x1bc\u202ed" if f.kind in TYPED else f.value,
    "blanks": lambda f: " \t\u3000 " if f.kind in TYPED else f.value,
}


def state():
    """Sizes of the logs and of every recorded table: nothing can be written without moving one of them."""
    db.session.rollback()
    sizes = {name: db.session.scalar(select(func.count()).select_from(db.metadata.tables[name])) for name in recorded_tables()}
    return sizes, dict(db.session.execute(select(Log.name, Log.size)).all())


def forms_of(app, client):
    """Every kind of posting form that this visitor meets: one per endpoint and set of field names."""
    adapter = app.url_map.bind("localhost")
    found = {}
    for url, answer, page in walk(app, client):
        assert answer.status_code < 500, url
        for form in page.forms if page else []:
            path = re.sub(r"^https?://[^/]+", "", form.action).split("?")[0]
            if form.method != "post" or path in ALWAYS_HARMLESS:
                continue
            endpoint, _ = adapter.match(path, method="POST")
            found.setdefault((endpoint, tuple(sorted({f.name for f in form.fields}))), form)
    return list(found.values())


def sent(form: Form, worst) -> dict[str, list[str]]:
    data = form.filled()
    for one in form.fields:
        if one.name not in HIDDEN_KEYS and one.kind not in ("button", "submit"):
            data[one.name] = [worst(one)]
    data["once"] = ["t" + str(abs(hash((form.action, id(worst)))))]
    return data


def has_typed_fields(form: Form) -> bool:
    return any(f.kind in TYPED for f in form.fields if f.name not in HIDDEN_KEYS)


@pytest.mark.parametrize("code", ["S01", "P01", "C01", "V01", "Z02", "R01", "A01", None], ids=str)
def test_no_form_breaks_writes_or_forgets(demo, new_client, code):
    client = new_client()
    if code is not None:
        sign_in(client, demo.login(code), demo.password)
    forms = forms_of(demo.app, client)
    assert forms, "this visitor meets no form at all"
    before = state()
    for form in forms:
        for name, worst in WORST.items():
            data = sent(form, worst)
            if not has_typed_fields(form) and name in ("empty", "over-long", "wrong type", "control characters", "blanks"):
                continue
            if data_is_untouched(form, data):
                continue
            answer = client.post(form.action, data=data)
            where = f"{form.action} ({name}, from {form.page})"
            assert answer.status_code < 500, where
            if answer.status_code in (200, 302) and state() == before:
                continue
            assert answer.status_code in (400, 403, 404, 409, 413, 422), f"{where}: {answer.status_code}"
            assert state() == before, where
            if answer.status_code == 422 and name in ("over-long", "wrong type"):
                shown = html.unescape(answer.text)
                kept = [f for f in form.fields if f.kind in TYPED and f.kind != "password" and f.name not in HIDDEN_KEYS and worst(f)]
                assert all(worst(f) in shown for f in kept), f"{where}: the input is gone"


def data_is_untouched(form: Form, data) -> bool:
    plain = form.filled()
    return all(data.get(name) == value for name, value in plain.items() if name != "once")


@pytest.mark.parametrize("code", ["S01", "C01", "R01"])
def test_hostile_text_is_kept_as_text_and_never_runs(demo, new_client, code):
    client = new_client()
    sign_in(client, demo.login(code), demo.password)
    for form in forms_of(demo.app, client):
        data = sent(form, lambda f: CANARY if f.kind in ("text", "textarea") else f.value)
        answer = client.post(form.action, data=data, follow_redirects=True)
        assert answer.status_code < 500, form.action
        assert "<script>alert(" not in answer.text, form.action
        assert "49%" not in answer.text
    for url, answer, page in walk(demo.app, client):
        assert answer.status_code < 500, url
        assert "<script>alert(" not in answer.text, url
        assert page is None or page.inline == [], url


def test_without_a_token_no_form_is_taken(demo, new_client):
    client = new_client()
    sign_in(client, demo.login("S01"), demo.password)
    before = state()
    for form in forms_of(demo.app, client):
        data = {name: value for name, value in form.filled().items() if name != "csrf_token"}
        assert client.post(form.action, data=data).status_code == 400, form.action
    assert state() == before

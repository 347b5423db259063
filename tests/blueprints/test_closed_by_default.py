"""Every address is closed unless the list of public ones names it; every change needs the page's token; headers everywhere."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.routing import IntegerConverter

from deliberation import blueprints
from deliberation.audit.models import Entry
from deliberation.blueprints import PUBLIC
from deliberation.extensions import db
from deliberation.people.models import SecurityEvent
from tests.web import post

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


def addresses(app, method):
    """One address for each rule that takes ``method``, with the small world's council and a made-up rest."""
    known = {"community": "mochou", "no": "2026-1", "filename": "style.css", "act": "to_committee"}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in rule.methods:
                values = {
                    name: 1 if isinstance(rule._converters[name], IntegerConverter) else known.get(name, "x")
                    for name in rule.arguments
                }
                yield rule.endpoint, adapter.build(rule.endpoint, values, method=method)


def test_whatever_is_not_public_is_closed_to_a_visitor(app, world, client):
    seen = 0
    for endpoint, address in addresses(app, "GET"):
        if endpoint in PUBLIC:
            continue
        answer = client.get(address)
        to_login = answer.status_code == 302 and answer.location.startswith("/login")
        # What needs a thing that the small world does not have may say so; it never shows a page.
        assert to_login or answer.status_code in (403, 404), (endpoint, address, answer.status_code)
        seen += 1
    assert seen > 5


def test_the_list_of_public_addresses_names_only_what_exists(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known >= PUBLIC


def test_no_change_goes_through_without_the_pages_token(app, world, new_client):
    """As the secretary-general, who may do the most: the token alone stands in the way."""
    browser = new_client()
    post(browser, "/login", {"login": "mochou-s01", "password": "a plain test passphrase"})
    before = db.session.scalar(select(func.count()).select_from(Entry))
    db.session.rollback()
    seen = 0
    for endpoint, address in addresses(app, "POST"):
        for data in ({}, {"csrf_token": "forged"}):
            assert browser.post(address, data=data).status_code == 400, (endpoint, address)
        seen += 1
    assert seen > 10
    assert db.session.scalar(select(func.count()).select_from(Entry)) == before


def test_a_visitor_changes_nothing_even_with_a_token(app, world, client):
    before = db.session.scalar(select(func.count()).select_from(Entry))
    db.session.rollback()
    for endpoint, address in addresses(app, "POST"):
        if endpoint in PUBLIC:
            continue
        answer = post(client, address, page="/about")
        assert answer.status_code in (302, 403, 404, 405, 409, 422), (endpoint, address, answer.status_code)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Entry)) == before


@pytest.mark.parametrize(
    ("address", "status"),
    [("/about", 200), ("/c/mochou/", 200), ("/c/nowhere/", 404), ("/me/", 403), ("/healthz", 200), ("/static/style.css", 200),
     ("/c/mochou/agenda/2026-7", 404), ("/nothing", 404)],
)
def test_every_answer_carries_the_headers(world, client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    answer.close()


def test_one_answer_alone_has_a_policy_of_its_own_and_a_stricter_one(world, client):
    """The check page, a file to keep; nothing but its own script runs in it (tests/blueprints/test_check_page.py)."""
    policy = client.get("/c/mochou/log/check.html").headers["Content-Security-Policy"]
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    own = [allowed.pop(name) for name in ("script-src", "style-src")]
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source) for source in own)
    assert allowed == dict.fromkeys(("default-src", "base-uri", "form-action", "frame-ancestors"), "'none'")
    sources = [path.read_text("utf-8") for path in Path(blueprints.__file__).parent.glob("*.py")]
    assert sum('headers["Content-Security-Policy"]' in source for source in sources) == 1


def test_a_page_for_somebody_signed_in_is_kept_in_no_cache(world, client):
    assert "Cache-Control" not in client.get("/c/mochou/").headers
    post(client, "/login", {"login": "mochou-m01", "password": "a plain test passphrase"})
    assert client.get("/c/mochou/").headers["Cache-Control"] == "no-store"


def test_a_wrong_method_says_which_are_taken(world, client):
    answer = client.get("/language")
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


def test_a_refusal_leaves_one_line_in_the_short_lived_security_log(world, client):
    post(client, "/login", {"login": "mochou-r01", "password": "a plain test passphrase"})
    assert client.get("/c/mochou/agenda/new").status_code == 403
    db.session.rollback()
    noted = db.session.execute(select(SecurityEvent.kind, SecurityEvent.person_id, SecurityEvent.path)).all()
    assert [tuple(row) for row in noted] == [("forbidden", world["R01"].id, "/c/mochou/agenda/new")]

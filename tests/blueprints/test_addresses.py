"""Addresses on paper: a card must not lead its member to the wrong computer."""

import re

import pytest
import segno

from deliberation.blueprints.addresses import leads_here_only, printed_address
from tests.web import in_english, post, sign_in, text_of

WARNING = "These cards lead to this computer only."
PUBLIC = "https://yishi.example.cn"
OFFICES = "/c/mochou/offices"


@pytest.fixture
def admin(world, new_client):
    return in_english(sign_in(new_client(), "mochou-a01"))


@pytest.fixture
def public(app):
    """The installation names where everybody finds it."""
    app.config["PUBLIC_ADDRESS"] = PUBLIC
    yield app
    app.config["PUBLIC_ADDRESS"] = ""


@pytest.fixture
def squares(monkeypatch):
    """What the squares on the cards say."""
    found = []
    draw = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: found.append(text) or draw(text, **how))
    return found


def sheet_for(world, admin):
    return post(admin, f"{OFFICES}/people/{world['M01'].id}/card", page=f"{OFFICES}/")


def test_what_is_printed_on_this_computer_says_that_it_leads_nowhere_else(world, admin):
    assert WARNING in text_of(admin.get(f"{OFFICES}/begun"))
    assert WARNING in text_of(admin.get(f"{OFFICES}/cards"))
    sheet = sheet_for(world, admin)
    assert ("Print this page now" in text_of(sheet), WARNING in text_of(sheet)) == (True, True)


def test_without_a_setting_the_visitors_own_way_is_printed(app):
    for base, here in (("http://127.0.0.1:8124", True), ("http://localhost", True), ("http://192.168.1.5:8000", False)):
        with app.test_request_context("/", base_url=base):
            assert (printed_address("auth.card"), leads_here_only()) == (f"{base}/card", here)


def test_cards_lead_to_the_public_address(public, world, admin, squares):
    sheet = sheet_for(world, admin)
    (square,) = squares
    assert re.fullmatch(f"{PUBLIC}/card/[0-9]{{8}}", square), square
    assert 'entry-card-address">yishi.example.cn/card<' in sheet.text
    assert (WARNING in text_of(sheet), "localhost" in sheet.text) == (False, False)


def test_the_address_for_the_board_is_the_public_one(public, admin):
    page = text_of(admin.get(f"{OFFICES}/begun"))
    assert (f"{PUBLIC}/c/mochou/" in page, WARNING in page) == (True, False)


def test_a_receipt_names_the_public_address(public, world, client):
    in_english(sign_in(client, world.account("R01")))
    filed = post(client, "/c/mochou/appeals/new", {"text": "The pond smells.", "contact": ""})
    assert f"at {PUBLIC}/c/mochou/appeals," in text_of(client.get(filed.location))

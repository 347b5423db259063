"""Signing in and out on pages: throttle, rotation, revocation, and where one is led afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people import services, sessions
from deliberation.people.models import Account, LoginSession
from deliberation.people.throttle import TRIES_PER_ACCOUNT
from tests.builders import PASSWORD, do
from tests.web import in_english, post, sign_in, text_of, token


def living():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(LoginSession).where(LoginSession.revoked_at.is_(None)))


@pytest.mark.parametrize("data", [{"login": "mochou-m01", "password": "wrong"}, {"login": "nobody", "password": PASSWORD}])
def test_an_unknown_name_and_a_wrong_passphrase_get_the_same_words(world, client, data):
    in_english(client)
    answer = post(client, "/login", data)
    assert answer.status_code == 422
    assert "Name and passphrase do not match." in text_of(answer)
    assert PASSWORD not in answer.text
    assert living() == 0


def test_too_many_tries_are_refused_even_with_the_right_passphrase_until_time_has_passed(world, client):
    in_english(client)
    now = clock.now()
    with clock.frozen(now):
        for _ in range(TRIES_PER_ACCOUNT):
            assert post(client, "/login", {"login": "mochou-m01", "password": "wrong"}).status_code == 422
        late = post(client, "/login", {"login": "mochou-m01", "password": PASSWORD})
        assert (late.status_code, "Too many tries." in text_of(late)) == (409, True)
        assert post(client, "/login", {"login": "mochou-m02", "password": PASSWORD}).status_code == 302
    with clock.frozen(now + timedelta(minutes=15, seconds=1)):
        assert post(client, "/login", {"login": "mochou-m01", "password": PASSWORD}).status_code == 302


def test_signing_in_starts_a_new_session_and_ends_the_one_before(world, client):
    with client.session_transaction() as before:
        before["_user_id"] = "planted"
        before["planted"] = "1"
    planted = token(client, "/login")
    sign_in(client, "mochou-m01")
    with client.session_transaction() as after:
        first = after["_user_id"]
        assert first != "planted"
        assert "planted" not in after
    assert planted != token(client)
    sign_in(client, "mochou-m01")
    with client.session_transaction() as after:
        assert after["_user_id"] != first
    assert living() == 1


def test_the_database_holds_only_the_hash_of_a_session(world, client):
    sign_in(client, "mochou-m01")
    with client.session_transaction() as session:
        kept = session["_user_id"]
    db.session.rollback()
    found = db.session.scalars(select(LoginSession)).one()
    assert found.token_hash == sessions.token_hash(kept)
    assert kept.encode() not in found.token_hash


def test_logging_out_revokes_the_session_for_good(app, world, client):
    sign_in(client, "mochou-m01")
    stolen = client.get_cookie("session").value
    assert post(client, "/logout").status_code == 302
    assert living() == 0
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/me/").status_code == 403


def test_an_expired_session_is_nobodys(world, client):
    sign_in(client, "mochou-m01")
    assert client.get("/me/").status_code == 200
    with clock.frozen(clock.now() + sessions.REMEMBERED + timedelta(seconds=1)):
        assert client.get("/me/").status_code == 403


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "javascript:alert(1)",
                                   "/\tevil", "/a\r\nX: y", "evil", "/\t/evil.example", ""])
def test_nobody_is_led_to_a_foreign_place(world, client, next_):
    answer = post(client, "/login", {"login": "mochou-m01", "password": PASSWORD, "next": next_})
    assert (answer.status_code, answer.location) == (302, "/")
    for address, data in (("/language", {"code": "en"}), ("/large", {"large": "1"})):
        assert post(client, address, {**data, "next": next_}, page="/about").location == "/"


def test_one_is_led_back_to_the_page_that_asked_for_signing_in(world, client):
    in_english(client)
    refused = client.get("/c/mochou/agenda/new")
    assert refused.status_code == 403
    assert "/login?next=/c/mochou/agenda/new" in refused.text
    answer = post(client, "/login", {"login": "mochou-s01", "password": PASSWORD, "next": "/c/mochou/agenda/new"})
    assert answer.location == "/c/mochou/agenda/new"


def test_language_and_print_size_are_remembered_without_an_account_and_through_signing_in(world, client):
    assert 'lang="zh' in client.get("/about", headers={"Accept-Language": "fr"}).text
    assert 'lang="en"' in client.get("/about", headers={"Accept-Language": "en-GB"}).text
    post(client, "/language", {"code": "en", "next": "/about"}, page="/about")
    assert post(client, "/large", {"large": "1", "next": "/c/mochou/"}, page="/about").location == "/c/mochou/"
    sign_in(client, "mochou-m01")
    page = client.get("/about", headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="en" class="large">' in page
    post(client, "/large", {"large": "0"}, page="/about")
    assert 'class="large"' not in client.get("/about").text
    post(client, "/language", {"code": "xx"}, page="/about")
    assert 'lang="en"' in client.get("/about").text


def test_my_page_shows_my_offices_and_my_devices(world, client, new_client):
    sign_in(in_english(client), "mochou-s01")
    sign_in(new_client(), "mochou-s01")
    page = text_of(client.get("/me/"))
    assert "Secretary-general" in page
    assert "Council member · Committee member" in page
    assert page.count("Signed in on") == 2
    assert page.count("● this device") == 1


def test_a_device_is_signed_out_by_its_owner_and_by_nobody_else(world, client, new_client):
    sign_in(client, "mochou-s01")
    other = sign_in(new_client(), "mochou-s01")
    stranger = sign_in(new_client(), "mochou-m01")
    db.session.rollback()
    first = db.session.scalars(select(LoginSession.id).order_by(LoginSession.id)).first()
    db.session.rollback()
    assert post(stranger, f"/me/devices/{first}/end", page="/about").status_code == 404
    assert post(stranger, "/me/devices/99999999999/end", page="/about").status_code == 404
    assert client.get("/me/").status_code == 200
    assert post(other, f"/me/devices/{first}/end", page="/about").status_code == 302
    assert client.get("/me/").status_code == 403
    assert other.get("/me/").status_code == 200


def test_ending_this_device_signs_one_out(world, client):
    sign_in(client, "mochou-s01")
    db.session.rollback()
    only = db.session.scalars(select(LoginSession.id)).one()
    db.session.rollback()
    assert post(client, f"/me/devices/{only}/end", page="/about").location == "/"
    assert client.get("/me/").status_code == 403


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"current": "wrong", "password": "another plain passphrase"}, "This is not your present passphrase."),
        ({"current": PASSWORD, "password": "short"}, "Please choose a passphrase of at least 8 characters."),
        ({"current": "", "password": ""}, "Please fill this in."),
    ],
)
def test_a_passphrase_is_not_changed_without_the_present_one_or_for_a_bad_one(world, client, data, words):
    sign_in(in_english(client), "mochou-m01")
    answer = post(client, "/me/passphrase", data)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert client.get("/me/").status_code == 200


def test_a_changed_passphrase_signs_out_everywhere(world, client, new_client):
    sign_in(client, "mochou-m01")
    other = sign_in(new_client(), "mochou-m01")
    answer = post(client, "/me/passphrase", {"current": PASSWORD, "password": "another plain passphrase"})
    assert (answer.status_code, answer.location.startswith("/login")) == (302, True)
    assert client.get("/me/").status_code == 403
    assert other.get("/me/").status_code == 403
    assert post(new_client(), "/login", {"login": "mochou-m01", "password": PASSWORD}).status_code == 422
    sign_in(new_client(), "mochou-m01", "another plain passphrase")


def test_a_closed_account_cannot_come_in_and_is_put_out(world, client, new_client):
    sign_in(client, "mochou-m01")
    account = db.session.scalars(select(Account).where(Account.login == "mochou-m01")).one()
    do(lambda: services.disable(account))
    assert client.get("/me/").status_code == 403
    assert post(new_client(), "/login", {"login": "mochou-m01", "password": PASSWORD}).status_code == 422


def test_a_light_account_needs_a_name_and_a_passphrase_only(world, client):
    in_english(client)
    answer = post(client, "/join", {"name": "林阿姨", "password": "a plain test passphrase"})
    assert answer.status_code == 302
    page = client.get("/me/")
    assert "Your account is open. The next time, sign in as “林阿姨” with your passphrase." in page.text
    assert "You hold no office." in text_of(page)


def test_a_page_that_wants_somebody_signed_in_shows_the_ways_in_and_leads_back(client):
    page = in_english(client).get("/me/data/ask?page=2")
    assert page.status_code == 403
    for way in ("/login", "/join"):
        assert f'href="{way}?next=/me/data/ask?page%3D2"' in page.text
    assert "Please sign in" in text_of(page)
    assert "This is not open to you" not in text_of(page) and "Not possible" not in text_of(page)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "password": PASSWORD}, "Please fill this in."),
        ({"name": "x" * 41, "password": PASSWORD}, "This is too long: at most 40 characters."),
        ({"name": "mochou-m01", "password": PASSWORD}, "That name is taken here."),
        ({"name": "新人", "password": "short"}, "Please choose a passphrase of at least 8 characters."),
        ({"name": "新人", "password": PASSWORD, "code": "no-such-code"}, "This household code is not known."),
        ({"name": "a\u200bb", "password": PASSWORD}, "A name cannot contain invisible characters."),
    ],
)
def test_a_bad_light_account_is_refused_in_words_and_nothing_is_kept(world, client, data, words):
    in_english(client)
    before = db.session.scalar(select(func.count()).select_from(Account))
    db.session.rollback()
    answer = post(client, "/join", data)
    assert (answer.status_code in (409, 422), words in text_of(answer)) == (True, True)
    assert db.session.scalar(select(func.count()).select_from(Account)) == before

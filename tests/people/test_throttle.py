"""Guessing is slow, strangers cannot lock anybody out, and what one person opened is not the next one's."""

from sqlalchemy import func, select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people import throttle
from deliberation.people.models import Account, LoginSession
from tests.builders import PASSWORD
from tests.web import in_english, post, sign_in, text_of, token


def come_from(client, address):
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client, login, times):
    data = {"csrf_token": token(client, "/login"), "login": login, "password": "wrong"}
    return [client.post("/login", data=data).status_code for _ in range(times)]


def test_a_strangers_guesses_do_not_lock_the_owner_out(world, client, new_client):
    with clock.frozen(clock.now()):
        stranger = come_from(new_client(), "203.0.113.9")
        assert guess(stranger, "mochou-p01", throttle.TRIES_PER_ACCOUNT + 1)[-2:] == [422, 409]
        sign_in(come_from(client, "198.51.100.1"), "mochou-p01")


def test_guesses_from_many_places_on_one_account_come_to_an_end(world, new_client):
    with clock.frozen(clock.now()):
        for n in range(throttle.TRIES_PER_ACCOUNT_IN_ALL // throttle.TRIES_PER_ACCOUNT):
            assert set(guess(come_from(new_client(), f"203.0.113.{n}"), "mochou-p01", throttle.TRIES_PER_ACCOUNT)) == {422}
        assert guess(come_from(new_client(), "203.0.113.200"), "mochou-p01", 1) == [409]


def test_one_ipv6_network_is_one_place():
    assert throttle.place_of("2001:db8:0:1:aaaa::1") == throttle.place_of("2001:db8:0:1:bbbb::2")
    assert throttle.place_of("2001:db8:0:1::1") != throttle.place_of("2001:db8:0:2::1")
    assert [throttle.place_of(one) for one in ("192.0.2.1", "", "unknown")] == ["192.0.2.1", "", "unknown"]


def test_household_codes_cannot_be_guessed_in_bulk(world, client):
    in_english(client)
    before = db.session.scalar(select(func.count()).select_from(Account))
    with clock.frozen(clock.now()):
        data = {"csrf_token": token(client, "/join"), "password": PASSWORD}
        tries = [
            client.post("/join", data={**data, "name": f"guest {n}", "code": f"GUESS{n}"})
            for n in range(throttle.JOINS_PER_ADDRESS + 1)
        ]
    assert [answer.status_code for answer in tries] == [422] * throttle.JOINS_PER_ADDRESS + [409]
    assert "Too many tries." in text_of(tries[-1])
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Account)) == before


def test_a_failed_login_does_not_sign_out_who_is_signed_in(world, client):
    sign_in(client, "mochou-m01")
    assert guess(client, "mochou-m02", 1) == [422]
    assert client.get("/me/").status_code == 200
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(LoginSession).where(LoginSession.revoked_at.is_(None))) == 1


def test_signing_out_closes_what_was_opened_on_this_browser_but_keeps_how_it_reads(world, client):
    sign_in(in_english(client), "mochou-v01")
    with client.session_transaction() as session:
        session.update(appeals_opened=[1], appeals_fresh=[1, "ACDE3467"], large=True)
    assert post(client, "/logout").status_code == 302
    with client.session_transaction() as session:
        assert {"appeals_opened", "appeals_fresh", "_user_id"} & set(session) == set()
        assert (session["language"], session["large"]) == ("en", True)

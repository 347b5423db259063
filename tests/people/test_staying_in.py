"""Once in, one stays in: on one's own device for ninety days after its last use, on a shared one until it is closed."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people import sessions
from deliberation.people.models import LoginSession
from tests.builders import PASSWORD
from tests.web import in_english, post, sign_in, statements, text_of, token

PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
AGENTS = {
    PHONE: "phone",
    PHONE.replace("120", "131"): "phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15": "phone",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1 Mobile": "phone",
    "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Mobile/15E148": "tablet",
    "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Safari/537.36": "tablet",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131": "computer",
    "": "computer",
}


def rows():
    db.session.rollback()
    return db.session.scalars(select(LoginSession).order_by(LoginSession.id)).all()


def signed_in(client):
    return client.get("/me/").status_code == 200


def sign_in_shared(client):
    answer = post(client, "/login", {"login": "mochou-m01", "password": PASSWORD, "shared": "y"})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize(("agent", "device"), AGENTS.items())
def test_of_a_browser_only_a_word_is_kept(agent, device):
    assert sessions.device_of(agent) == device


def test_a_phone_stays_signed_in_through_other_addresses_updates_and_weeks_of_sleep(world, client):
    now = clock.now()
    client.environ_base.update(REMOTE_ADDR="192.0.2.10", HTTP_USER_AGENT=PHONE)
    sign_in(client, "mochou-m01")
    days = 0
    for address, pause in (("198.51.100.7", 1), ("2001:db8::1", 20), ("203.0.113.1", 89), ("192.0.2.10", 89)):
        days += pause
        client.environ_base.update(REMOTE_ADDR=address, HTTP_USER_AGENT=PHONE.replace("120", str(120 + days)))
        with clock.frozen(now + timedelta(days=days)):
            assert signed_in(client), f"after {days} days, from {address}"
    with clock.frozen(now + timedelta(days=days + 90, minutes=1)):
        assert not signed_in(client)


def test_use_is_noted_once_a_day_and_renews_the_cookie_with_it(app, world, client):
    now = clock.now()
    assert signed_in(sign_in(client, "mochou-m01"))
    for hours, writes, cookies in ((1, 0, 0), (25, 1, 1), (26, 0, 0), (50, 1, 1)):
        with clock.frozen(now + timedelta(hours=hours)), statements(app) as sent:
            answer = client.get("/me/")
        assert len([one for one in sent if one.startswith("UPDATE login_session")]) == writes
        assert len([one for one in answer.headers.getlist("Set-Cookie") if "Expires=" in one]) == cookies
    one = rows()[0]
    assert one.expires_at - one.seen_at == sessions.REMEMBERED


def test_on_a_shared_device_the_cookie_ends_with_the_browser_and_the_server_after_two_hours(world, client):
    now = clock.now()
    answer = post(client, "/login", {"login": "mochou-m01", "password": PASSWORD, "shared": "y"})
    assert "Expires" not in answer.headers["Set-Cookie"]
    large = post(client, "/large", {"large": "1"}, page="/about")
    assert "Expires" not in large.headers["Set-Cookie"]
    with clock.frozen(now + timedelta(minutes=119)):
        assert signed_in(client)
    with clock.frozen(now + timedelta(minutes=121)):
        assert not signed_in(client)


def test_on_ones_own_device_the_cookie_outlives_the_browser(world, client):
    answer = post(client, "/login", {"login": "mochou-m01", "password": PASSWORD})
    assert "Expires=" in answer.headers["Set-Cookie"]


def test_a_form_may_stand_open_for_eight_days(world, client, monkeypatch):
    now, started = clock.now(), time.time()
    sign_in(client, "mochou-r01")
    page_token = token(client, "/c/mochou/appeals/new")
    data = {"csrf_token": page_token, "once": "written slowly", "kind": "complaint", "text": "路灯坏了八天。"}
    with clock.frozen(now + timedelta(days=8)), monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: started + 8 * 86_400)
        answer = client.post("/c/mochou/appeals/new", data=data)
    assert (answer.status_code, "/appeals/" in answer.location) == (302, True)


def test_my_page_names_the_devices_in_plain_words(world, client, new_client):
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    sign_in(in_english(client), "mochou-m01")
    sign_in_shared(new_client())
    page = text_of(client.get("/me/"))
    assert "phone · ● this device" in page
    assert "computer · shared with others" in page
    assert "Mozilla" not in page


def test_all_other_devices_are_signed_out_at_once(world, client, new_client):
    mine, others = sign_in(client, "mochou-m01"), [sign_in(new_client(), "mochou-m01") for _ in range(2)]
    stranger = sign_in(new_client(), "mochou-m02")
    post(mine, "/me/devices/end-others", page="/me/")
    assert [signed_in(one) for one in (mine, *others, stranger)] == [True, False, False, True]


def test_who_is_signed_in_already_is_led_on(world, client):
    sign_in(client, "mochou-m01")
    assert client.get("/login").location == "/"
    assert client.get("/login?next=/me/").location == "/me/"
    assert client.get("/login?next=//evil.example").location == "/"


def test_a_wrong_passphrase_is_not_shown_again_and_the_name_stays(world, client):
    answer = post(in_english(client), "/login", {"login": "mochou-m01", "password": "wrong but secret"})
    assert "Name and passphrase do not match." in text_of(answer)
    assert 'value="mochou-m01"' in answer.text
    assert "wrong but secret" not in answer.text

"""A form that meets an ended sign-in keeps what was typed and comes back filled. Nothing is handed in by itself."""

import html
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from deliberation.appeals.models import Appeal
from deliberation.blueprints import doors
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.people import cards, services, sessions
from deliberation.people.models import Account, LoginSession
from deliberation.voting.models import Ballot
from tests.builders import PASSWORD, do
from tests.crawl import Form, Page
from tests.motions.debates import NOW, main, sitting_of
from tests.web import in_english, post, sign_in, text_of

NEW = "/c/mochou/appeals/new"
TEXT = "路灯坏了八天，<b>晚上</b>看不见台阶。\n请来看看 & 修一修。"


def fill(client, **more):
    """The form as a person left it: opened while signed in, its fields typed."""
    form = next(f for f in Page(NEW, client.get(NEW).text).forms if any(one.name == "text" for one in f.fields))
    return {name: values[0] for name, values in form.filled().items()} | {"text": TEXT, **more}


def end_all(account=None):
    with clock.frozen(clock.now()):
        for one in db.session.scalars(select(Account)):
            do(lambda one=one: sessions.end_sessions(one))
    db.session.rollback()


def filed():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Appeal))


def form_to(answer, path) -> Form:
    """The form of a page that posts to ``path``."""
    page = Page(f"http://localhost{answer.request.path}", answer.text)
    assert page.inline == []
    return next(f for f in page.forms if urlsplit(f.action).path == path)


def press(client, form, **typed):
    data = form.filled() | {name: [value] for name, value in typed.items()}
    parts = urlsplit(form.action)
    return client.post(parts.path + (f"?{parts.query}" if parts.query else ""), data=data)


def sign_in_there(client, answer, login="mochou-r01", password=PASSWORD):
    return press(client, form_to(answer, "/login"), login=login, password=password)


def test_an_ended_sign_in_keeps_the_form_and_resumes_after_signing_in(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    end_all()
    met = client.post(NEW, data=typed)
    assert met.status_code == 403
    assert "Your sign-in has ended" in text_of(met)
    assert "Nothing you wrote is lost" in text_of(met)
    assert filed() == 0
    inside = sign_in_there(client, met)
    assert "Nothing has been handed in yet" in text_of(inside)
    back = press(client, form_to(inside, NEW))
    assert (back.status_code, filed()) == (200, 0)
    assert html.escape(TEXT, quote=False).split("\n")[0] in back.text
    assert "Filled as before." in back.text
    ready = form_to(back, NEW)
    assert ready.filled()["text"][0].strip() == TEXT
    assert press(client, ready).status_code == 302
    assert press(client, ready).status_code == 302
    assert filed() == 1


def test_it_works_for_a_session_that_ran_out_by_itself(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    with clock.frozen(clock.now() + sessions.REMEMBERED + timedelta(days=1)):
        met = client.post(NEW, data=typed)
        assert "Your sign-in has ended" in text_of(met)
        assert form_to(sign_in_there(client, met), NEW).filled()["text"] == [TEXT]


def test_the_card_leads_back_to_the_form_too(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    end_all()
    owner = services.account_named("mochou-r01")
    code = do(lambda: cards.issue(owner, key=cards.key_from("test"))).code
    met = client.post(NEW, data=typed)
    wrong = press(client, form_to(met, "/card"), code="0000 0000")
    assert wrong.status_code == 422
    asked = press(client, form_to(wrong, "/card"), code=code)
    assert "You are R01" in text_of(asked)
    inside = press(client, form_to(asked, "/card/use"), device="own")
    back = press(client, form_to(inside, NEW))
    assert press(client, form_to(back, NEW)).status_code == 302
    assert filed() == 1


def test_a_wrong_passphrase_on_the_way_loses_nothing(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    end_all()
    again = sign_in_there(client, client.post(NEW, data=typed), password="wrong")
    assert again.status_code == 422
    inside = sign_in_there(client, again)
    assert form_to(inside, NEW).filled()["text"] == [TEXT]


def test_another_person_is_told_before_the_text_is_theirs(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    end_all()
    inside = sign_in_there(client, client.post(NEW, data=typed), login="mochou-r02")
    said = text_of(inside)
    assert "You are signed in as R02" in said
    assert "was written while somebody else was signed in" in said
    assert f'href="{NEW}"' in inside.text
    assert "data-go-on" not in inside.text
    assert TEXT.split("，")[0] not in said
    assert filed() == 0


def test_where_scripts_run_the_same_person_is_led_on_at_once(world, client):
    sign_in(client, "mochou-r01")
    typed = fill(client)
    end_all()
    assert "data-go-on" in sign_in_there(client, client.post(NEW, data=typed)).text


def test_a_passphrase_never_goes_along(world, client):
    sign_in(in_english(client), "mochou-r01")
    form = next(f for f in Page("/me/passphrase", client.get("/me/passphrase").text).forms
                if any(one.name == "current" for one in f.fields))
    end_all()
    met = press(client, form, current=PASSWORD, password="another secret passphrase")
    assert met.status_code == 403
    assert PASSWORD not in met.text
    assert "another secret passphrase" not in met.text
    assert sign_in_there(client, met).location == "/me/passphrase"


def test_what_is_too_long_to_go_along_is_said_to_be_lost_here(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client, text="长" * (doors.MOST_KEPT + 1))
    end_all()
    met = client.post(NEW, data=typed)
    assert met.status_code == 403
    assert "too long to be carried along" in text_of(met)
    assert len(met.text) < 20_000


def test_a_button_alone_leads_back_to_its_page_and_does_nothing(world, client):
    sign_in(in_english(client), "mochou-m01")
    page = client.get("/c/mochou/")
    keys = {name: values[0] for name, values in form_to(page, "/logout").filled().items()}
    end_all()
    met = client.post("/me/devices/end-others", data=keys, headers={"Referer": "http://localhost/me/"})
    assert "Nothing was recorded" in text_of(met)
    assert sign_in_there(client, met, login="mochou-m01").location == "/me/"


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/nowhere", "/logout", "/language"]
)
def test_what_was_typed_goes_to_no_other_place(world, client, path):
    page = form_to(client.get("/login"), "/login")
    answer = press(client, page, login="mochou-r01", password=PASSWORD, next=path, **{"kept.text": TEXT})
    assert answer.status_code == 302
    assert not answer.location.startswith(("//", "http", "/\\"))
    assert TEXT.split("，")[0] not in answer.text


def test_without_its_token_a_form_from_elsewhere_is_not_kept(world, client):
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client) | {"csrf_token": "forged"}
    end_all()
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/"}):
        met = client.post(NEW, data=typed, headers=headers)
        assert met.status_code == 400
        assert TEXT.split("，")[0] not in met.text


def test_a_page_from_before_signing_in_anew_elsewhere_is_not_lost(world, client):
    """Two windows: in one the person signs out and in again, so that the token of the other is an old one."""
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    sign_in(client, "mochou-r01")
    in_english(client)
    met = client.post(NEW, data=typed, headers={"Origin": "http://localhost"})
    assert (met.status_code, filed()) == (400, 0)
    assert "your sign-in has changed meanwhile" in text_of(met)
    assert "You are signed in as R01" in text_of(met)
    assert "data-go-on" not in met.text
    back = press(client, form_to(met, NEW))
    assert press(client, form_to(back, NEW)).status_code == 302
    assert filed() == 1


def test_a_browser_that_lost_its_cookie_loses_no_text(world, client):
    """A shared device was closed and opened again, with the form still on the screen."""
    sign_in(in_english(client), "mochou-r01")
    typed = fill(client)
    client.delete_cookie("session")
    in_english(client)
    met = client.post(NEW, data=typed, headers={"Origin": "http://localhost"})
    assert met.status_code == 400
    outside = press(client, form_to(met, NEW))
    assert (outside.status_code, "Please sign in" in text_of(outside)) == (403, True)
    back = press(client, form_to(sign_in_there(client, outside), NEW))
    assert press(client, form_to(back, NEW)).status_code == 302
    assert filed() == 1


def test_a_visitor_with_an_old_page_is_not_asked_to_sign_in_for_large_print(world, client):
    keys = {"csrf_token": "old", "large": "1"}
    answer = in_english(client).post("/large", data=keys, headers={"Origin": "http://localhost"})
    assert (answer.status_code, "sign in" in text_of(answer).lower()) == (400, False)


def test_resuming_needs_the_pages_token(world, client):
    sign_in(client, "mochou-r01")
    assert client.post(NEW, data={"text": TEXT, doors.MARK: "1"}).status_code == 400


def test_nothing_is_written_while_a_form_waits(world, client):
    sign_in(client, "mochou-r01")
    typed = fill(client)
    end_all()
    met = client.post(NEW, data=typed)
    before = len(db.session.scalars(select(LoginSession)).all())
    sign_in_there(client, met)
    db.session.rollback()
    assert len(db.session.scalars(select(LoginSession)).all()) == before + 1
    assert filed() == 0


def test_a_vote_that_met_an_ended_sign_in_is_read_back_anew_and_counts_once(world, client):
    with clock.frozen(NOW):
        poll = do(lambda: votes.put(main(sitting_of(world)), actor=world["P01"]))
        address = f"/c/mochou/polls/{poll.id}/cast"
        sign_in(in_english(client), "mochou-m05")
        read_back = post(client, address, {"choice": "for"})
        pressed = form_to(read_back, address).filled()
        end_all()
        met = client.post(address, data=pressed)
        assert met.status_code == 403
        inside = sign_in_there(client, met, login="mochou-m05")
        again = press(client, form_to(inside, address))
        assert "Vote for" in text_of(again)
        db.session.rollback()
        assert db.session.scalars(select(Ballot)).all() == []
        for _ in range(2):
            assert press(client, form_to(again, address)).status_code == 302
        db.session.rollback()
        assert [one.choice for one in db.session.scalars(select(Ballot))] == ["for"]

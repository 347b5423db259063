"""The once key: a second press of the same person is harmless, at the same moment too; nobody else's key counts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from deliberation.agenda.models import Matter
from deliberation.extensions import db
from deliberation.people import services as people
from tests.web import post, sign_in, token

NEW = "/c/mochou/agenda/new"
DATA = {"title": "Vegetables", "problem": "It smells.", "source": "appeals"}


def matters():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Matter))


def test_two_presses_at_the_same_moment_make_one_record_and_lead_to_it_both(app, world, client, monkeypatch):
    sign_in(client, "mochou-s01")
    sent = {**DATA, "once": "pressed-twice", "csrf_token": token(client, NEW)}
    cookie = client.get_cookie("session").value
    together, handed_in = Barrier(2, timeout=20), people.handed_in
    first = []

    def wait_for_the_other(key, person_id):
        found = handed_in(key, person_id)
        if len(first) < 2:
            first.append(found)
            db.session.rollback()
            together.wait()
        return found

    monkeypatch.setattr(people, "handed_in", wait_for_the_other)

    def press(_):
        visitor = app.test_client()
        visitor.set_cookie("session", cookie)
        return visitor.post(NEW, data=sent)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, range(2)))
    assert first == [None, None]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, answers[0].location)] * 2
    assert matters() == 1


def test_somebody_elses_key_neither_leads_anywhere_nor_takes_a_form_away(world, client, new_client):
    made = post(sign_in(client, "mochou-s01"), NEW, {**DATA, "once": "shared"})
    other = post(sign_in(new_client(), "mochou-c01"), NEW, {**DATA, "once": "shared"})
    assert (made.status_code, other.status_code) == (302, 302)
    assert made.location != other.location
    assert matters() == 2


@pytest.mark.parametrize("key", ["a\x00b", "k" * 5000, "钥匙", "\ud83d"])
def test_a_strange_key_is_a_key_like_any_other(world, client, key):
    sign_in(client, "mochou-s01")
    sent = {**DATA, "once": key.encode("utf-8", "surrogatepass")}
    assert [post(client, NEW, sent).status_code for _ in range(2)] == [302, 302]
    assert matters() == 1


def test_the_database_does_not_hold_the_key_itself(world, client):
    post(sign_in(client, "mochou-s01"), NEW, {**DATA, "once": "a-key-of-mine"})
    db.session.rollback()
    assert [row.key for row in db.session.scalars(select(people.OnceKey))] != ["a-key-of-mine"]

"""Challenging a member's part in a matter, on the pages: reason, answer, decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda import challenges
from deliberation.agenda.models import RecusalChallenge
from deliberation.agenda.services import recused_ids
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.agenda.worlds import adopting
from tests.builders import World, do, make_world
from tests.motions.debates import NOW
from tests.web import in_english, post, sign_in, statements, text_of

Enter = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def enter(world: World, new_client: Callable[[], FlaskClient]) -> Enter:
    known: dict[str, FlaskClient] = {}

    def of(code: str) -> FlaskClient:
        db.session.rollback()
        if code not in known:
            known[code] = in_english(sign_in(new_client(), world.account(code)))
        return known[code]

    return of


def test_a_challenge_walks_from_reason_to_decision(world: World, enter: Enter) -> None:
    page = f"/c/mochou/agenda/{adopting(world).no}/recusals"
    made = post(enter("M01"), f"{page}/challenge", {"person": str(world["M02"].id), "reason": "His sister's bed."})
    assert made.status_code == 302
    assert "you may answer" in text_of(enter("M02").get("/me/"))
    assert "To be decided" not in text_of(enter("P01").get("/me/"))
    one = f"{page}/challenges/1"
    assert post(enter("P01"), f"{one}/decide", {"upheld": "yes", "reason": "Kin."}).status_code == 409
    assert post(enter("M01"), f"{one}/answer", {"text": "He says nothing."}).status_code == 403
    assert post(enter("M02"), f"{one}/answer", {"text": "She gave it up."}).status_code == 302
    assert "To be decided: whether a member steps back" in text_of(enter("P01").get("/me/"))
    for code in ("M01", "M02", "M05", "C01"):
        assert post(enter(code), f"{one}/decide", {"upheld": "yes", "reason": "Kin."}).status_code == 403, code
    form = text_of(enter("P01").get(f"{one}/decide"))
    assert "His sister's bed." in form.replace("&#39;", "'")
    assert "She gave it up." in form
    for wrong in ({"upheld": "", "reason": "Kin."}, {"upheld": "maybe", "reason": "Kin."}, {"upheld": "yes", "reason": " "}):
        assert post(enter("P01"), f"{one}/decide", wrong).status_code == 422, wrong
    assert post(enter("P01"), f"{one}/decide", {"upheld": "yes", "reason": "Kin."}).status_code == 302
    assert post(enter("P01"), f"{one}/decide", {"upheld": "no", "reason": "Kin."}).status_code == 409
    shown = text_of(enter("M03").get(page))
    assert "Decided: Kin." in shown
    assert "M02" in shown
    db.session.rollback()
    assert recused_ids(1) == {world["M02"].id}


def test_strangers_meet_closed_doors_and_foreign_numbers_lead_nowhere(world: World, enter: Enter, client: FlaskClient) -> None:
    matter = adopting(world)
    page = f"/c/mochou/agenda/{matter.no}/recusals"
    do(lambda: challenges.challenge(matter, world["M02"], "Kin.", actor=world["M01"]))
    other = make_world(slug="other", seats=5)
    foreign = do(lambda: challenges.challenge(adopting(other), other["M02"], "Kin.", actor=other["M01"])).id
    assert client.get(page).status_code in (302, 403)
    for path in ("/challenge", "/challenges/1/answer", "/challenges/1/decide"):
        assert enter("R01").get(page + path).status_code == 403
    assert enter("P01").get(f"{page}/challenges/{foreign}/decide").status_code == 404
    assert enter("P01").get(f"{page}/challenges/{2**40}/decide").status_code == 404
    for wrong in ("", "x", str(world["M01"].id), str(other["M01"].id), "2147483647"):
        assert post(enter("M01"), f"{page}/challenge", {"person": wrong, "reason": "Kin."}).status_code == 422, wrong
    db.session.rollback()
    assert db.session.query(RecusalChallenge).count() == 2


def test_many_challenges_cost_what_one_costs(app: Flask, world: World, enter: Enter) -> None:
    matter = adopting(world)
    page = f"/c/mochou/agenda/{matter.no}/recusals"

    def cost(code: str, url: str) -> int:
        enter(code).get(url)
        with statements(app) as sent:
            assert enter(code).get(url).status_code == 200
        return len(sent)

    readers = [(code, url) for code in ("P01", "S01", "M19") for url in (page, "/me/")]
    do(lambda: challenges.challenge(matter, world["M02"], "Kin.", actor=world["M01"]))
    before = [cost(*one) for one in readers]
    for n in range(3, 19):
        do(lambda n=n: challenges.challenge(matter, world[f"M{n:02d}"], "Kin.", actor=world["M01"]))
    assert [cost(*one) for one in readers] == before

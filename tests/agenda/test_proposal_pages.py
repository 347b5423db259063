"""Proposing a matter from a phone, seconding it, and the secretary-general's answer, on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda import proposals
from deliberation.agenda.models import Matter, Proposal
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.agenda.worlds import adopting, open_one
from tests.builders import World, do, make_world
from tests.web import in_english, post, sign_in, statements, text_of

PAGE = "/c/mochou/proposals/"
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(world: World, new_client: Callable[[], FlaskClient]) -> Enter:
    known: dict[str, FlaskClient] = {}

    def of(code: str) -> FlaskClient:
        db.session.rollback()
        if code not in known:
            known[code] = in_english(sign_in(new_client(), world.account(code)))
        return known[code]

    return of


def test_a_proposal_walks_from_a_members_phone_to_an_open_matter(world: World, enter: Enter) -> None:
    member, other, secretary = enter("M01"), enter("M02"), enter("S01")
    assert "Propose a matter" in text_of(member.get("/c/mochou/"))
    assert "Propose a matter, or second one" in text_of(member.get("/c/mochou/meetings/"))
    data = {"title": "Lights in the arcade", "text": "Three are dark since March."}
    for wrong in ({"title": ""}, {"text": " "}, {"title": "x" * 81}, {"text": "a\x00b"}):
        assert post(member, f"{PAGE}new", {**data, **wrong}).status_code == 422, wrong
    assert post(member, f"{PAGE}new", {**data, "once": "one-and-the-same-key"}).status_code == 302
    assert post(member, f"{PAGE}new", {**data, "once": "one-and-the-same-key"}).status_code == 302
    db.session.rollback()
    assert db.session.query(Proposal).count() == 1, "a second press proposes nothing"
    assert "Second this proposal" not in text_of(member.get(PAGE))
    assert "The proposal “Lights in the arcade” needs a second" in text_of(other.get("/me/"))
    assert "Open a matter from it" not in text_of(secretary.get(PAGE))
    assert post(other, f"{PAGE}1/second", page=PAGE).status_code == 302
    assert "waits for your answer" in text_of(secretary.get("/me/"))
    form = secretary.get(f"{PAGE}1/open").text
    assert "Three are dark since March." in form
    answer = post(secretary, f"{PAGE}1/open", {"title": "Lights", "problem": "Three are dark."})
    assert answer.location.endswith(f"/agenda/{clock.today(world.council.zone).year}-1")
    assert post(secretary, f"{PAGE}1/open", {"title": "Lights", "problem": "Three are dark."}).status_code == 409
    page = text_of(member.get(PAGE))
    assert "Opened as a matter Lights" in page
    db.session.rollback()
    assert [matter.source for matter in db.session.query(Matter)] == ["members"]


def test_it_is_added_or_declined_and_the_members_read_the_answer(world: World, enter: Enter) -> None:
    matter = open_one(world)
    for _n in range(2):
        made = do(lambda: proposals.propose(world.council, "Lights", "Dark.", actor=world["M01"]))
        do(lambda made=made: proposals.second(made, actor=world["M02"]))
    number = matter.id
    foreign = open_one(make_world(slug="other")).id
    secretary = enter("S01")
    for wrong in ("", "x", str(foreign), "2147483647"):
        assert post(secretary, f"{PAGE}1/merge", {"matter": wrong}).status_code == 422, wrong
    assert post(secretary, f"{PAGE}1/merge", {"matter": str(number)}).status_code == 302
    assert post(secretary, f"{PAGE}2/decline", {"reason": ""}).status_code == 422
    assert post(enter("C01"), f"{PAGE}2/decline", {"reason": "No."}).status_code == 403
    assert post(secretary, f"{PAGE}2/decline", {"reason": "The owners decide this."}).status_code == 302
    page = text_of(enter("M03").get(PAGE))
    assert "Added to a matter" in page
    assert "The owners decide this." in page


def test_only_the_council_and_its_desk_read_proposals(world: World, enter: Enter, client: FlaskClient) -> None:
    do(lambda: proposals.propose(world.council, "Lights", "Dark.", actor=world["M01"]))
    assert client.get(PAGE).status_code in (302, 403)
    assert enter("R01").get(PAGE).status_code == 403
    assert post(enter("R01"), f"{PAGE}1/second", page="/about").status_code == 403
    assert enter("C01").get(PAGE).status_code == 200
    other = make_world(slug="other", seats=5)
    foreign = in_english(sign_in(client, other.account("M01")))
    assert foreign.get(PAGE).status_code == 403
    assert post(foreign, "/c/other/proposals/1/second", page="/about").status_code == 404


def test_the_list_names_what_waits_for_the_next_agenda(world: World, enter: Enter) -> None:
    adopting(world, "Green land")
    page = text_of(enter("S01").get(PAGE))
    assert "Waiting for the next agenda Green land Plan a session" in page
    assert "Plan a session" not in text_of(enter("M01").get(PAGE))


def test_thirty_proposals_cost_what_one_costs(app: Flask, world: World, enter: Enter) -> None:
    def cost(page: str) -> int:
        reader = enter("M05")
        reader.get(page)
        with statements(app) as sent:
            assert reader.get(page).status_code == 200
        return len(sent)

    def one(n: int) -> None:
        made = do(lambda: proposals.propose(world.council, f"Lights {n}", "Dark.", actor=world[f"M{n % 4 + 1:02d}"]))
        if n % 2:
            do(lambda: proposals.second(made, actor=world["M10"]))

    one(0)
    one(1)
    before = [cost(PAGE), cost("/me/")]
    for n in range(2, 31):
        one(n)
    assert [cost(PAGE), cost("/me/")] == before

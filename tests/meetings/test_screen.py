"""The wall of the room: what everybody may read, brought up to date, nothing sent while nothing happens."""

from datetime import timedelta

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.blueprints.kept import kept
from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.motions.amend import Op
from deliberation.voting import casting
from deliberation.voting.kinds import Kind
from deliberation.voting.services import Question
from deliberation.voting.states import Choice
from tests.acceptance.session import planned
from tests.builders import at, do
from tests.motions.debates import NOW, amendment, main, sitting_of
from tests.web import in_english, sign_in, statements, text_of


@pytest.fixture
def sitting(world):
    with clock.frozen(NOW):
        kept.clear()
        yield sitting_of(world)


def address(sitting):
    return f"/c/mochou/meetings/{sitting.meeting.id}/screen"


def test_it_shows_the_matter_who_is_here_and_what_comes_next(sitting, client):
    main(sitting)
    amendment(sitting, Op.REPLACE, "p1", "One, by the end of May.")
    page = text_of(in_english(client).get(address(sitting)))
    assert "1. Green" in page and "21 present of 21 entitled · quorum 14 · ✓ reached" in page
    assert "Next to be voted on · Amendment A1" in page and "One, by the end of May." in page
    assert "Awaiting" not in page and "Moved by" not in page


def test_it_shows_the_question_while_it_is_voted_on_and_the_verdict_after(world, sitting, client):
    main(sitting)
    motion = amendment(sitting, Op.REPLACE, "p1", "One, by the end of May.")
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    in_english(client)
    assert "0 of 21 have voted" in text_of(client.get(address(sitting)))
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M05"]))
    page = text_of(client.get(address(sitting) + "/now"))
    assert "Amendment A1" in page and "shall paragraph 1 of the plan for “Green” be reworded?" in page
    assert "1 of 21 have voted" in page and "For" not in page.split("1 of 21")[0][-40:]
    for code in [f"M{n:02d}" for n in range(1, 20)]:
        if code != "M05" and code in world.people:
            do(lambda code=code: casting.cast(poll, Choice.FOR, actor=world[code]))
    do(lambda: votes.close_and_count(motion, actor=world["P01"]))
    page = text_of(client.get(address(sitting) + "/now"))
    assert "Decided last: A1" in page and "it is adopted" in page


def test_a_secret_vote_shows_no_count_and_no_name(world, sitting, client):
    colour = Question("Which colour?", Kind.SINGLE, ("Green", "Blue"), method="plurality")
    do(lambda: questions.ask(sitting.meeting, colour, about=sitting.about, mode="secret", actor=world["P01"]))
    page = text_of(in_english(client).get(address(sitting)))
    assert "have voted" not in page and "成员" not in page


def test_what_came_of_a_question_stands_there_and_of_the_motion_decided_after_it(world, sitting, client):
    colour = Question("Which colour?", Kind.SINGLE, ("Green", "Blue"), method="plurality")
    poll = do(lambda: questions.ask(sitting.meeting, colour, about=sitting.about, actor=world["P01"]))
    for code in ("M05", "M06"):
        do(lambda code=code: casting.cast(poll, "2", actor=world[code]))
    in_english(client)
    assert "Decided last" not in text_of(client.get(address(sitting)))
    do(lambda: questions.close_and_count(poll, actor=world["P01"]))
    assert "Decided last: Which colour? Blue" in text_of(client.get(address(sitting)))
    motion = main(sitting)
    with clock.frozen(NOW + timedelta(minutes=1)):
        do(lambda: votes.put(motion, actor=world["P01"]))
        do(lambda: votes.close_and_count(motion, actor=world["P01"]))
        assert "Decided last: M1" in text_of(client.get(address(sitting)))


def test_nothing_is_sent_while_nothing_was_recorded(app, world, sitting, client):
    in_english(client)
    first = client.get(address(sitting) + "/now")
    tag = first.headers["ETag"]
    with statements(app) as sent:
        again = client.get(address(sitting) + "/now", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert len([one for one in sent if one.startswith("SELECT")]) == 2
    main(sitting)
    later = client.get(address(sitting) + "/now", headers={"If-None-Match": tag})
    assert later.status_code == 200 and later.headers["ETag"] != tag and later.data != first.data


def test_everybody_gets_the_same_and_a_browser_may_keep_it(world, sitting, client, new_client):
    member = sign_in(new_client(), world.account("P01"))
    mine, members = (one.get(address(sitting) + "/now") for one in (client, member))
    assert mine.data == members.data
    assert mine.headers["Cache-Control"] == members.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "x"])
def test_no_session_no_wall(world, sitting, client, number):
    assert client.get(f"/c/mochou/meetings/{number}/screen").status_code == 404
    assert client.get(f"/c/mochou/meetings/{number}/screen/now").status_code == 404


def test_a_session_without_a_notice_has_no_wall_for_anybody(world, client, new_client):
    with clock.frozen(at("2026-03-20T09:00")):
        matter = do(lambda: agenda.open_matter(world.council, title="Green", problem="Beds.", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
        do(lambda: agenda.write_plan(matter, ["One."], powers="within", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
        meeting = planned(world, matter)
        member = sign_in(new_client(), world.account("S01"))
        for reader in (member, client):
            assert reader.get(f"/c/mochou/meetings/{meeting.id}/screen").status_code == 404

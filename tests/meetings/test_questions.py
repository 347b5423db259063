"""Questions put to a session and by correspondence: asked, answered by phone or called out, counted, tied, cancelled."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.councils import rules
from deliberation.councils import services as councils
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.meetings.services import close_meeting, note_attendance
from deliberation.meetings.states import Presence
from deliberation.voting import casting, queries, tallying
from deliberation.voting.freezing import frozen_hash
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll, PollVoter
from deliberation.voting.services import Question
from deliberation.voting.states import Way
from tests.acceptance.session import Sitting
from tests.builders import World, at, do
from tests.motions.debates import NOW, code, main, sitting_of
from tests.web import in_english, post, sign_in, text_of

BEDS = Question("Where do the beds begin?", Kind.SINGLE, ("By the gate", "By the wall", "Nowhere"), method="plurality")
ORDER = Question("In which order?", Kind.RANKED, ("Gate", "Wall", "Pond"), most=3, method="irv")
SERVICE = Question("How is the service?", Kind.RATING, ("Lift", "Bins"), most=2, scale="satisfaction")
BENCHES = Question("Which benches?", Kind.APPROVAL, ("Oak", "Stone", "Steel"), seats=1, most=3, method="approval")


@pytest.fixture(autouse=True)
def afternoon() -> Any:
    with clock.frozen(NOW):
        yield


def asked(sitting: Sitting, question: Question = BEDS) -> Poll:
    return do(lambda: questions.ask(sitting.meeting, question, about=sitting.about, actor=sitting.person("P01")))


def answer(world: World, poll: Poll, ballots: dict[str, str]) -> None:
    for member, ballot in ballots.items():
        do(lambda m=member, b=ballot: casting.cast(poll, b, actor=world[m]))


def result(world: World, poll: Poll) -> dict[str, Any]:
    do(lambda: questions.close_and_count(poll, actor=world["P01"]))
    db.session.expire_all()
    assert poll.result is not None
    return json.loads(poll.result.result)


def test_one_option_out_of_several_is_chosen(world: World) -> None:
    poll = asked(sitting_of(world))
    assert (poll.label, poll.state, poll.method, poll.method_version) == ("Q1", "open", "plurality", 1)
    answer(world, poll, {"M01": "2", "M02": "2", "M03": "1", "M04": "abstain"})
    data = result(world, poll)
    assert (data["ballots"], data["abstain"], data["counted"]["winners"], data["counted"]["decided"]) == (4, 1, ["2"], True)


def test_a_ranking_is_counted_by_runoff(world: World) -> None:
    poll = asked(sitting_of(world), ORDER)
    answer(world, poll, {"M01": "1>2", "M02": "1>2", "M03": "2", "M04": "3>2", "M05": "2>3"})
    data = result(world, poll)
    assert data["counted"]["winners"] == ["2"]
    assert [one["tally"] for one in data["counted"]["rounds"]] == [{"1": 2, "2": 2, "3": 1}, {"1": 2, "2": 3}]


def test_grades_are_spread_by_thing(world: World) -> None:
    poll = asked(sitting_of(world), SERVICE)
    answer(world, poll, {"M01": "1:1,2:3", "M02": "1:1,2:4", "M03": "abstain"})
    assert result(world, poll)["grades"] == [[2, 0, 0, 0], [0, 0, 1, 1]]


def test_a_tie_is_reported_and_broken_by_a_lot_drawn_in_public(world: World) -> None:
    poll = asked(sitting_of(world), BENCHES)
    answer(world, poll, {"M01": "1,2", "M02": "1,2"})
    assert result(world, poll)["counted"]["ties"] == [{"options": ["1", "2"], "places": 1, "chosen": []}]
    note, draw = tallying.note_lot, tallying.draw_lot
    assert code(lambda: draw(poll, "6 3 5", actor=world["P01"])) == "no_lot"
    assert code(lambda: note(poll, "6 3 5", actor=world["P01"])) == "forbidden"
    assert code(lambda: note(poll, "six: three", actor=world["C01"])) == "invalid"
    do(lambda: note(poll, "6 3 4", actor=world["C01"]))
    do(lambda: note(poll, "6 3 5", actor=world["C01"]))
    assert code(lambda: draw(poll, "6 3 4", actor=world["P01"])) == "changed_since"
    assert not json.loads(poll.result.result)["counted"]["decided"]
    do(lambda: draw(poll, "6 3 5", actor=world["P01"]))
    db.session.expire_all()
    drawn = json.loads(poll.result.result)["counted"]
    assert drawn["decided"] and len(drawn["winners"]) == 1 and poll.lot_seed == "6 3 5"
    assert code(lambda: draw(poll, "6 3 5", actor=world["P01"])) == "no_tie"
    bodies = db.session.scalars(select(Entry.body).where(Entry.log_id == world.council.log_id)).all()
    assert [b"6 3 5" in body for body in bodies].count(True) == 1


def test_what_was_frozen_has_one_hash_that_can_be_made_again_from_the_log(world: World) -> None:
    poll = asked(sitting_of(world), ORDER)
    log = [json.loads(body) for body in db.session.scalars(select(Entry.body).where(Entry.log_id == world.council.log_id))]
    (opening,) = [body for body in log if body["action"] == "poll.open"]
    rows = [(row["id"][1], row["set"]) for row in opening["rows"] if row["table"] == "poll_voter"]
    (rule,) = [row["set"] for row in opening["rows"] if row["table"] == "poll_rule"]
    electorate = [(ref, row["present"], row["recused"], row["may_vote"]) for ref, row in rows]
    assert len(electorate) == db.session.query(PollVoter).filter_by(poll_id=poll.id).count() == 21
    made = frozen_hash(queries.facts(poll), [one.text for one in poll.options], rule["rule"], rule["rule_version"], electorate)
    assert made == poll.frozen_hash
    less = frozen_hash(queries.facts(poll), [one.text for one in poll.options], rule["rule"], rule["rule_version"], electorate[1:])
    assert less != poll.frozen_hash


def test_a_ballot_that_cannot_be_is_not_kept(world: World) -> None:
    poll = asked(sitting_of(world))
    for ballot in ("4", "for", "1,2", ""):
        assert code(lambda b=ballot: casting.cast(poll, b, actor=world["M01"])) == "invalid"
    assert queries.own_ballot(poll, world["M01"]) is None


def test_one_vote_at_a_time_in_a_session(world: World) -> None:
    sitting = sitting_of(world)
    motion, poll = main(sitting), asked(sitting)
    assert code(lambda: votes.put(motion, actor=world["P01"])) == "poll_open"
    assert code(lambda: questions.ask(sitting.meeting, ORDER, about=sitting.about, actor=world["P01"])) == "poll_open"
    do(lambda: questions.cancel(poll, actor=world["P01"]))
    assert code(lambda: casting.cast(poll, "1", actor=world["M01"])) == "poll_cancelled"
    do(lambda: votes.put(motion, actor=world["P01"]))


@pytest.mark.parametrize(
    "question",
    [
        Question("", Kind.YES_NO),
        Question("Which?", Kind.SINGLE, ("Only one",), method="plurality"),
        Question("Which?", Kind.SINGLE, ("Same", "Same"), method="plurality"),
        Question("Which?", Kind.RANKED, ("a", "b"), most=2, method="approval"),
        Question("Which?", Kind.RANKED, ("a", "b"), most=2, method="unheard-of"),
        Question("Which?", Kind.APPROVAL, ("a", "b"), seats=2, most=2, method="approval"),
        Question("Which?", Kind.APPROVAL, ("a", "b"), most=3, method="approval"),
        Question("How?", Kind.RATING, ("a",), scale="stars"),
        Question("Which?", Kind.SINGLE, tuple(f"Option {n}" for n in range(41)), method="plurality"),
    ],
)
def test_a_question_that_cannot_be_answered_is_not_put(world: World, question: Question) -> None:
    meeting = sitting_of(world).meeting
    assert code(lambda: questions.ask(meeting, question, about="procedure:order", actor=world["P01"])) == "invalid"


def remote(world: World, value: bool = True) -> None:
    entries = json.loads(rules.preset("council"))
    entries["remote_vote"]["value"] = value
    with clock.frozen(at("2026-03-20T09:00")):
        data = json.dumps(entries)
        today = clock.today(world.council.zone)
        do(lambda: councils.set_rules(world.council, "council", data, effective_on=today, actor=world["A01"]))


def test_by_correspondence_only_where_the_rules_allow_it_and_only_in_time(world: World) -> None:
    ends = NOW + timedelta(days=3)
    ask = lambda when=ends: questions.ask_by_correspondence(world.council, BEDS, when, actor=world["P01"])  # noqa: E731
    assert code(ask) == "no_remote_vote"
    remote(world)
    assert code(lambda: ask(NOW)) == "invalid"
    poll = do(ask)
    with clock.frozen(ends - timedelta(seconds=1)):
        answer(world, poll, {"M01": "1"})
    with clock.frozen(ends):
        assert code(lambda: casting.cast(poll, "1", actor=world["M02"])) == "poll_closed"
        assert code(lambda: casting.change(poll, "2", actor=world["M01"])) == "poll_closed"
        assert result(world, poll)["counted"]["winners"] == ["1"]


def test_by_correspondence_those_are_present_whose_answers_came(world: World) -> None:
    remote(world)
    ask = Question("Shall the beds stay?", Kind.YES_NO)
    poll = do(lambda: questions.ask_by_correspondence(world.council, ask, NOW + timedelta(days=3), actor=world["P01"]))
    answer(world, poll, dict.fromkeys(["M01", "M02", "M03"], "for"))
    row = do(lambda: questions.close_and_count(poll, actor=world["P01"]))
    assert (row.outcome, row.entitled, row.present, row.quorum_have) == ("no_decision", 21, 3, 3)


def of(world: World, new_client: Callable[[], FlaskClient], name: str) -> FlaskClient:
    return sign_in(in_english(new_client()), world.account(name))


def test_a_question_on_the_pages_from_asking_to_the_result(world: World, new_client: Callable[[], FlaskClient]) -> None:
    sitting = sitting_of(world)
    chair, member, visitor = of(world, new_client, "P01"), of(world, new_client, "M01"), in_english(new_client())
    assert "Put a question" in text_of(chair.get(f"/c/mochou/meetings/{sitting.meeting.id}"))
    url = f"/c/mochou/questions/new/ranked?meeting={sitting.meeting.id}"
    about = {"about": sitting.about}
    wrong = post(chair, url, {"question": "Which?", "options": "Gate", "seats": "1", "method": "irv", "mode": "recorded", **about})
    assert wrong.status_code == 422 and "Between 2 and 40 options" in text_of(wrong) and "Gate" in wrong.text
    data = {"question": "Which first?", "options": "Gate\nWall\nPond", "seats": "1", "method": "irv", "mode": "recorded"}
    elsewhere = post(chair, url, {**data, "about": "item:99999"})
    assert elsewhere.status_code == 422
    data |= about
    page = post(chair, url, data).headers["Location"]
    assert "Which first?" in text_of(visitor.get(page)) and "Pond" in text_of(visitor.get(page))
    gap = post(member, f"{page}/cast", {"n1": "1", "n2": "3"})
    assert gap.status_code == 422 and "Place 2 is missing" in text_of(gap)
    assert 'selected value="3"' in gap.text
    read = post(member, f"{page}/cast", {"n3": "1", "n1": "2"})
    assert "1. Pond" in text_of(read) and "2. Gate" in text_of(read)
    done = post(member, f"{page}/cast", {"choice": "3>1", "confirmed": "1"})
    assert done.headers["Location"] == page
    assert "1. Pond; 2. Gate" in text_of(member.get(page)) and "Pond; 2" not in text_of(visitor.get(page))
    assert "Which first? Q1 ·" in text_of(member.get("/me/")) and "1. Pond; 2. Gate" in text_of(member.get("/me/"))
    post(member, f"{page}/change", {"choice": "1", "confirmed": "1"})
    assert post(member, f"{page}/cast", {"choice": "2", "confirmed": "1"}).status_code == 409
    post(chair, page.replace("questions", "polls") + "/close", {})
    shown = text_of(visitor.get(page))
    assert "✓ Gate" in shown and "1 ballot" in shown and "Who voted how" not in shown
    assert "Who voted how" in text_of(member.get(page))


def test_a_choice_is_called_out_taken_down_and_confirmed(world: World, new_client: Callable[[], FlaskClient]) -> None:
    poll = asked(sitting_of(world))
    clerk, chair = of(world, new_client, "C01"), of(world, new_client, "P01")
    url = f"/c/mochou/polls/{poll.id}"
    room = of(world, new_client, "M01").get(f"/c/mochou/meetings/{questions.meeting_of(poll).id}")
    assert f"Being voted on: {poll.question} Vote on {poll.label}" in text_of(room)
    ids = [world[f"M0{n}"].id for n in range(1, 4)]
    post(clerk, f"{url}/take-down", {f"v{ids[0]}": "2", f"v{ids[1]}": "2", f"v{ids[2]}": "abstain", "rest": "none"})
    assert "By the wall" in text_of(chair.get(f"{url}/read-out"))
    mark = casting.mark({ids[0]: "2", ids[1]: "2", ids[2]: "abstain"})
    post(chair, f"{url}/read-out", {"mark": mark})
    post(chair, f"{url}/close", {})
    assert "✓ By the wall" in text_of(chair.get(f"/c/mochou/questions/{poll.id}"))


def test_who_may_not_put_motions_cannot_ask(world: World, new_client: Callable[[], FlaskClient]) -> None:
    sitting = sitting_of(world)
    for name in ("M01", "R01", "C01"):
        assert of(world, new_client, name).get(f"/c/mochou/questions/new?meeting={sitting.meeting.id}").status_code == 403
    assert of(world, new_client, "P01").get("/c/mochou/questions/new/riddle").status_code == 404
    assert of(world, new_client, "P01").get("/c/mochou/questions/new?meeting=99999").status_code == 404


def test_people_are_appraised_in_secret_or_not_at_all(world: World) -> None:
    grades = Question("How did they do?", Kind.RATING, ("The secretary",), scale="appraisal")
    assert code(lambda: questions.ask(sitting_of(world).meeting, grades, about="procedure:order", actor=world["P01"])) == "invalid"


def test_a_vote_is_entered_for_a_member_who_asked_and_that_member_sees_it(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    poll = asked(sitting_of(world), ORDER)
    clerk, member = of(world, new_client, "C01"), of(world, new_client, "M05")
    page = f"/c/mochou/questions/{poll.id}"
    who = {"member": str(world["M05"].id), "way": "telephone", "note": "21 March, 9:40, home number"}
    read = post(clerk, f"{page}/assist", {**who, "n2": "1"})
    assert "Read this to the member" in text_of(read) and "1. Wall" in text_of(read)
    assert queries.own_ballot(poll, world["M05"]) is None
    assert post(clerk, f"{page}/assist", {**who, "choice": "2", "confirmed": "1"}).headers["Location"] == page
    assert "The desk entered it for you" in text_of(member.get(page))
    assert post(clerk, f"{page}/assist", {**who, "choice": "1", "confirmed": "1"}).status_code in (409, 422)
    post(member, f"{page}/change", {"choice": "3", "confirmed": "1"})
    db.session.rollback()
    changed = queries.own_ballot(poll, world["M05"])
    assert changed is not None and (changed.choice, changed.channel, changed.taken_by_id) == ("3", "own_device", None)


def test_nobody_votes_in_anothers_place(world: World, new_client: Callable[[], FlaskClient]) -> None:
    poll = asked(sitting_of(world, here=20))
    present, absent = world["M01"], world["M19"]
    assist = casting.assist
    for actor in ("M02", "R01", "P01"):
        refusal = code(lambda a=actor: assist(poll, present, "1", Way.LETTER, "letter 3", actor=world[a]))
        assert refusal in ("forbidden", "not_entitled", "no_office", "office"), refusal
    assert code(lambda: assist(poll, world["S01"], "1", Way.LETTER, "letter 3", actor=world["S01"])) == "own_vote"
    assert code(lambda: assist(poll, present, "1", Way.LETTER, " ", actor=world["C01"])) == "invalid"
    assert code(lambda: assist(poll, absent, "1", Way.LETTER, "letter 3", actor=world["C01"])) == "absent"
    casting_own = do(lambda: casting.cast(poll, "1", actor=present))
    assert code(lambda: assist(poll, present, "2", Way.LETTER, "letter 3", actor=world["C01"])) == "already_voted"
    assert casting_own.choice == "1"


def test_without_votes_nothing_is_chosen_and_no_lot_is_drawn(world: World) -> None:
    poll = asked(sitting_of(world))
    answer(world, poll, {"M01": "abstain"})
    result(world, poll)
    assert code(lambda: tallying.draw_lot(poll, "1", actor=world["P01"])) == "no_tie"


def test_a_vote_on_a_motion_is_cancelled_and_put_anew_with_those_who_are_here_then(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    sitting = sitting_of(world, here=20)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.cast(poll, "for", actor=world["M01"]))
    chair = of(world, new_client, "P01")
    post(chair, f"/c/mochou/polls/{poll.id}/cancel", {})
    db.session.rollback()
    assert (poll.state, motion.state, motion.poll_id) == ("cancelled", "seconded", None)
    assert "nothing counts" in text_of(chair.get(f"/c/mochou/polls/{poll.id}"))
    do(lambda: note_attendance(sitting.meeting, {world["M19"].id: Presence.ATTENDING}, actor=world["C01"]))
    again = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.cast(again, "against", actor=world["M19"]))
    row = do(lambda: votes.close_and_count(motion, actor=world["P01"]))
    assert (row.votes_for, row.votes_against, row.present) == (0, 1, 21)
    assert code(lambda: votes.cancel(motion, actor=world["P01"])) == "out_of_order"


def test_when_the_time_is_over_members_are_not_called_any_more_and_the_president_is(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    remote(world)
    ends = NOW + timedelta(days=3)
    do(lambda: questions.ask_by_correspondence(world.council, BEDS, ends, actor=world["P01"]))
    chair, member = of(world, new_client, "P01"), of(world, new_client, "M01")
    assert "Vote on Q1" in text_of(member.get("/me/")) and "Close and count" not in text_of(chair.get("/me/"))
    with clock.frozen(ends):
        assert "Vote on Q1" not in text_of(member.get("/me/"))
        assert "Close and count: Where do the beds begin?" in text_of(chair.get("/me/"))


def test_a_vote_on_a_motion_is_entered_for_a_member_too(world: World, new_client: Callable[[], FlaskClient]) -> None:
    sitting = sitting_of(world)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    clerk, member = of(world, new_client, "C01"), of(world, new_client, "M05")
    page = f"/c/mochou/polls/{poll.id}"
    assert "Enter a vote for a member who asked for it" in text_of(clerk.get(page))
    who = {"member": str(world["M05"].id), "way": "in_person", "note": "at the desk", "option": "against"}
    assert "Against" in text_of(post(clerk, f"/c/mochou/questions/{poll.id}/assist", who))
    done = post(clerk, f"/c/mochou/questions/{poll.id}/assist", {**who, "choice": "against", "confirmed": "1"})
    assert done.headers["Location"] == page
    assert "The desk entered it for you" in text_of(member.get(page))


def test_a_question_whose_time_is_over_is_counted_and_not_cancelled(world: World) -> None:
    remote(world)
    ends = NOW + timedelta(days=3)
    poll = do(lambda: questions.ask_by_correspondence(world.council, BEDS, ends, actor=world["P01"]))
    answer(world, poll, {"M01": "1"})
    with clock.frozen(ends):
        assert code(lambda: questions.cancel(poll, actor=world["P01"])) == "poll_closed"
        assert result(world, poll)["counted"]["winners"] == ["1"]


def test_the_clerk_notes_the_lot_and_the_chair_confirms_it_on_the_pages(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    poll = asked(sitting_of(world), BENCHES)
    answer(world, poll, {"M01": "1,2", "M02": "1,2"})
    result(world, poll)
    clerk, chair = of(world, new_client, "C01"), of(world, new_client, "P01")
    page = f"/c/mochou/questions/{poll.id}"
    assert "Level: Oak, Stone." in text_of(chair.get(page)) and "you confirm it" in text_of(chair.get(page))
    post(clerk, f"{page}/lot", {"seed": "6 3 5"})
    assert "Noted as drawn: 6 3 5" in text_of(chair.get(page)) and "6 3 5" in text_of(chair.get(f"{page}/lot/confirm"))
    post(chair, f"{page}/lot/confirm", {"seed": "6 3 5"})
    assert "A tie was broken by a lot; what was drawn: 6 3 5" in text_of(clerk.get(page))
    meeting = questions.meeting_of(poll)
    do(lambda: close_meeting(meeting, actor=world["P01"]))
    minutes = text_of(clerk.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    assert "(2 ballots); Oak 2, Stone 2, Steel 0; the tie was broken by a lot" in minutes

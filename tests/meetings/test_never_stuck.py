"""Sequences of allowed acts that once led nowhere, or past the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.councils import services as councils
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import roster as rosters
from deliberation.meetings import services, votes
from deliberation.meetings.states import Presence
from deliberation.motions import queries
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from deliberation.people.permissions import Office
from deliberation.voting import casting, tallying
from deliberation.voting import queries as polls
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting
from tests.builders import World, appoint, at, do
from tests.motions.debates import NOW, amendment, code, main, secondary, sitting_of, vote, with_rules
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture
def visit(world: World, new_client: Callable[[], FlaskClient]) -> Callable[[str], FlaskClient]:
    return lambda code: sign_in(in_english(new_client()), world.account(code))


def leave(world: World, code: str, office: Office) -> None:
    held = councils.held_office(world.council, world[code], office)
    do(lambda: councils.end_office(held, world.council, on=date(2026, 3, 25)))


# ---- the chair -----------------------------------------------------------------------


def test_a_vote_is_closed_by_the_new_president_where_the_chair_is_president_no_more(sitting: Sitting, world: World) -> None:
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M02"]))
    leave(world, "P01", Office.PRESIDENT)
    appoint(world, "M05", Office.PRESIDENT)
    assert code(lambda: votes.close_and_count(motion, actor=world["P01"])) == "forbidden"
    assert code(lambda: votes.close_and_count(motion, actor=world["M05"])) == "not_the_chair"
    do(lambda: services.take_chair(sitting.meeting, actor=world["M05"]))
    do(lambda: votes.close_and_count(motion, actor=world["M05"]))
    do(lambda: services.close_meeting(sitting.meeting, actor=world["M05"]))
    assert (motion.state, sitting.meeting.state) == ("lost", "closed")


def test_nobody_takes_the_chair_from_a_president_who_is_here(sitting: Sitting, world: World) -> None:
    appoint(world, "M05", Office.PRESIDENT)
    assert code(lambda: services.take_chair(sitting.meeting, actor=world["M05"])) == "chair_taken"
    assert code(lambda: services.take_chair(sitting.meeting, actor=world["M06"])) == "forbidden"
    do(lambda: services.note_attendance(sitting.meeting, {world["P01"].id: Presence.LEFT}, actor=world["C01"]))
    do(lambda: services.take_chair(sitting.meeting, actor=world["M05"]))
    assert sitting.meeting.chair_id == world["M05"].id


def test_the_page_offers_a_free_chair(sitting: Sitting, world: World, visit: Callable[[str], FlaskClient]) -> None:
    appoint(world, "M05", Office.PRESIDENT)
    url = f"/c/mochou/meetings/{sitting.meeting.id}"
    browser = visit("M05")
    assert "Take the chair" not in text_of(browser.get(url))
    do(lambda: services.note_attendance(sitting.meeting, {world["P01"].id: Presence.LEFT}, actor=world["C01"]))
    assert "Take the chair" in text_of(browser.get(url))
    assert post(browser, f"{url}/take-chair", page=url).status_code == 302
    assert "Close the session" in text_of(browser.get(url))


def test_the_presidents_own_recusal_is_approved_by_the_secretary_general(sitting: Sitting, world: World) -> None:
    own = do(lambda: recusals.ask_recusal(sitting.matter, world["P01"], "Mine.", actor=world["P01"]))
    other = do(lambda: recusals.ask_recusal(sitting.matter, world["M07"], "Mine.", actor=world["M07"]))
    assert code(lambda: recusals.approve_recusal(own, sitting.matter, actor=world["P01"])) == "forbidden"
    assert code(lambda: recusals.approve_recusal(other, sitting.matter, actor=world["S01"])) == "forbidden"
    do(lambda: recusals.approve_recusal(own, sitting.matter, actor=world["S01"]))
    assert agenda.recused_ids(sitting.matter.id) == {world["P01"].id}


def test_whoever_confirms_votes_does_not_take_them_down(sitting: Sitting, world: World) -> None:
    appoint(world, "P01", Office.CLERK)
    poll = do(lambda: votes.put(main(sitting), actor=world["P01"]))
    assert code(lambda: casting.take_down(poll, {world["M02"].id: Choice.FOR}, actor=world["P01"])) == "four_eyes"


# ---- who is entitled -----------------------------------------------------------------


def test_a_seat_given_up_since_the_notice_counts_no_more(sitting: Sitting, world: World) -> None:
    leave(world, "M19", Office.MEMBER)
    poll = do(lambda: votes.put(main(sitting), actor=world["P01"]))
    assert tallying.tally(poll).entitled == 20
    assert code(lambda: casting.take_down(poll, {world["M19"].id: Choice.FOR}, actor=world["C01"])) == "not_entitled"


def test_a_member_appointed_since_the_notice_stands_on_the_roster_when_the_session_opens(world: World) -> None:
    leave(world, "M19", Office.MEMBER)
    sitting = sitting_of(world, days=("2026-03-20T09:00", "2026-03-26T14:30"))
    known = {row.person_id for row in services.roster(sitting.meeting)}
    assert world["R01"].id not in known
    with clock.frozen(at("2026-04-01T09:00")):
        do(lambda: services.close_meeting(sitting.meeting, actor=world["P01"]))
        meeting = do(lambda: services.plan(
            world.council, starts_at=at("2026-04-10T14:30"), place="Hall", matters=[sitting.matter],
            chair=world["P01"], clerk=world["C01"], actor=world["S01"],
        ))  # fmt: skip
        do(lambda: services.call(meeting, actor=world["S01"]))
        appoint(world, "R01", Office.MEMBER, category="self_managed")
    with clock.frozen(at("2026-04-10T14:30")):
        do(lambda: services.open_meeting(meeting, actor=world["P01"]))
        assert world["R01"].id in {row.person_id for row in services.roster(meeting)}
        count = votes.room_now(meeting, sitting.matter).count
        assert count.entitled == 21


def test_who_votes_from_afar_signs_in_where_the_rules_allow_it(world: World, visit: Callable[[str], FlaskClient]) -> None:
    with_rules(world, remote_vote=True)
    sitting = sitting_of(world, here=18)
    url = f"/c/mochou/meetings/{sitting.meeting.id}"
    browser = visit("M19")
    assert "I take part from elsewhere" in text_of(browser.get(url))
    assert post(browser, f"{url}/sign-in", page=url).status_code == 302
    assert rosters.stays(sitting.meeting)[-1].channel == "afar"
    assert services.is_attending(sitting.meeting, world["M19"])
    assert "I take part from elsewhere" not in text_of(browser.get(url))


def test_nobody_signs_in_from_afar_where_votes_are_given_in_the_room(world: World, visit: Callable[[str], FlaskClient]) -> None:
    sitting = sitting_of(world, here=18)
    url = f"/c/mochou/meetings/{sitting.meeting.id}"
    browser = visit("M19")
    assert "I take part from elsewhere" not in text_of(browser.get(url))
    assert post(browser, f"{url}/sign-in", page=url).status_code == 403


# ---- one thing at a time -------------------------------------------------------------


def test_a_matter_does_not_move_while_it_is_being_deliberated(sitting: Sitting, world: World) -> None:
    main(sitting)
    before = sitting.matter.state
    for move in (
        lambda: agenda.hand_over(sitting.matter, Act.SEND_BACK, note="Anew.", actor=world["P01"]),
        lambda: agenda.end(sitting.matter, Act.WITHDRAW, reason="Gone.", actor=world["S01"]),
        lambda: agenda.end(sitting.matter, Act.LAPSE, reason="Gone.", actor=world["S01"]),
    ):
        assert code(move) == "step_rule"
        assert sitting.matter.state == before
    do(lambda: services.finish(sitting.item, actor=world["P01"]))
    do(lambda: agenda.hand_over(sitting.matter, Act.SEND_BACK, note="Anew.", actor=world["P01"]))
    assert sitting.matter.state == "drafting"


def test_one_matter_is_called_up_at_a_time(world: World) -> None:
    matters = []
    with clock.frozen(at("2026-03-20T09:00")):
        for title in ("One", "Two"):
            matter = do(lambda title=title: agenda.open_matter(world.council, title=title, problem="Beds.", actor=world["S01"]))
            do(lambda matter=matter: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
            do(lambda matter=matter: agenda.write_plan(matter, ["One."], powers="within", actor=world["S01"]))
            do(lambda matter=matter: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
            matters.append(matter)
        meeting = do(lambda: services.plan(
            world.council, starts_at=NOW, place="Hall", matters=matters,
            chair=world["P01"], clerk=world["C01"], actor=world["S01"],
        ))  # fmt: skip
        do(lambda: services.call(meeting, actor=world["S01"]))
    do(lambda: services.open_meeting(meeting, actor=world["P01"]))
    do(lambda: services.take_up(meeting.items[0], actor=world["P01"]))
    assert code(lambda: services.take_up(meeting.items[1], actor=world["P01"])) == "one_at_a_time"
    do(lambda: services.finish(meeting.items[0], actor=world["P01"]))
    do(lambda: services.take_up(meeting.items[1], actor=world["P01"]))


# ---- what the council has decided stays decided --------------------------------------


def test_a_motion_is_not_withdrawn_once_the_council_voted_on_what_hangs_on_it(sitting: Sitting, world: World) -> None:
    head = main(sitting)
    vote(sitting, amendment(sitting, Op.INSERT_AT_END, None, "Four."), carried=False)
    assert code(lambda: motions.withdraw(head, actor=world["M01"])) == "in_the_councils_hands"
    assert head.state == "seconded"


def test_a_motion_is_not_withdrawn_while_the_council_votes_on_what_hangs_on_it(sitting: Sitting, world: World) -> None:
    head, first = main(sitting), amendment(sitting, Op.REPLACE, "p1", "Eins.")
    do(lambda: votes.put(first, actor=world["P01"]))
    assert code(lambda: motions.withdraw(head, actor=world["M01"])) == "in_the_councils_hands"


def test_what_was_lost_does_not_come_back_as_the_rewording_of_another_amendment(sitting: Sitting, world: World) -> None:
    main(sitting)
    vote(sitting, amendment(sitting, Op.INSERT_AT_END, None, "Four."), carried=False)
    other = amendment(sitting, Op.INSERT_AT_END, None, "Fourteen.")
    assert code(lambda: secondary(sitting, other, "Four.")) == "already_decided"
    secondary(sitting, other, "Fourteen or so.")


# ---- what the chair sees --------------------------------------------------------------


def test_a_motion_whose_paragraph_is_gone_is_ruled_out_from_the_one_next_act(
    sitting: Sitting, visit: Callable[[str], FlaskClient]
) -> None:
    main(sitting)
    gone = amendment(sitting, Op.DELETE, "p2", None)
    after = amendment(sitting, Op.INSERT_AFTER, "p2", "Two and a half.")
    vote(sitting, gone)
    url = f"/c/mochou/meetings/{sitting.meeting.id}"
    browser = visit("P01")
    now = text_of(browser.get(url)).partition("What else you can do")[0]
    assert f"Rule that {after.label} has fallen away" in now
    assert f"Put {after.label} to the vote" not in now


def test_closing_a_vote_early_reads_back_who_has_not_voted(
    sitting: Sitting, world: World, visit: Callable[[str], FlaskClient]
) -> None:
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["P01"]))
    browser = visit("P01")
    page = browser.get(f"/c/mochou/meetings/{sitting.meeting.id}").text
    url = f"/c/mochou/polls/{poll.id}/close"
    assert f'href="{url}"' in page
    assert f'action="{url}"' not in page
    page = text_of(browser.get(url))
    assert "1 of 21 have voted. Not yet: " in page and ", M01, M02," in page
    assert poll.state == "open"
    assert post(browser, url).status_code == 302
    db.session.rollback()
    assert (poll.state, motion.state) == ("counted", "lost")


def test_a_roll_call_form_that_lay_open_overwrites_nothing_and_says_what_changed_meanwhile(
    sitting: Sitting, world: World, visit: Callable[[str], FlaskClient]
) -> None:
    """Another clerk took two down and a member voted alone; the form knows of none of it."""
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    other, marked, alone, fresh = (world[code].id for code in ("M01", "M02", "M03", "M04"))
    do(lambda: casting.take_down(poll, {other: "against", marked: "against"}, actor=world["C01"]))
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M03"]))
    clerk, url = visit("C01"), f"/c/mochou/polls/{poll.id}/take-down"
    sent = {f"was_v{one}": "" for one in (other, marked, alone, fresh)} | {f"v{marked}": "abstain", f"v{alone}": "against"}
    answer = post(clerk, url, sent | {"rest": "for"})
    assert answer.status_code == 422 and "Taken down meanwhile: Against." in text_of(answer)
    answer = post(clerk, url, sent | {f"was_v{marked}": "against", "rest": "for"})
    assert answer.status_code == 409 and "Recorded meanwhile in another way than you marked: M03 (For)." in text_of(answer)
    assert f'name="v{alone}"' not in answer.text
    del sent[f"v{alone}"]
    assert post(clerk, url, sent | {f"was_v{marked}": "against", "rest": "for"}).status_code == 302
    db.session.rollback()
    votes_now = {line.person_id: line.choice for line in polls.roll(poll)}
    assert [votes_now[one] for one in (other, marked, alone, fresh)] == ["against", "abstain", "for", "for"]


def test_finishing_and_closing_read_back_what_is_undone(sitting: Sitting, visit: Callable[[str], FlaskClient]) -> None:
    main(sitting)
    browser = visit("P01")
    shown, _fold, folded = text_of(browser.get(f"/c/mochou/meetings/{sitting.meeting.id}")).partition("What is seldom needed")
    assert "Put M1 to the vote" in shown and "Adjourn the meeting" in shown
    assert "Close the session" not in shown and "Close the session" in folded
    for url in ("close", f"items/{sitting.item.id}/finish"):
        assert "Not decided yet: M1." in text_of(browser.get(f"/c/mochou/meetings/{sitting.meeting.id}/{url}"))
    assert sitting.item.debate.state == "open"


def test_a_pending_amendment_names_its_paragraph_by_the_number_that_it_has_now(sitting: Sitting, world: World) -> None:
    main(sitting)
    vote(sitting, amendment(sitting, Op.INSERT_AT_START, None, "Zero."))
    waiting = amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    lines = {line.label: line for line in queries.trees_of(sitting.matter, world.council, names=False)[0].lines}
    assert lines[waiting.label].number == 3

"""The demonstration's data hold together: checked against the rules by hand here, without the services that play them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from deliberation.agenda.states import MATTER, Act
from deliberation.demo import acts as verbs
from deliberation.kernel.calendar import Holidays, add_months, clear_days_between, last_day_of_period

DEMO = Path(verbs.__file__).parent
RESOLVED = Path(__file__).resolve().parents[1] / "data" / "mochou_resolved.json"


def read(name: str) -> Any:
    return yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))


WORLD, CASE = read("world.yaml"), read("mochou.yaml")
STORIES = {story["matter"]: story["acts"] for story in (CASE, *read("others.yaml"))}
ENTITLED = [code for group in WORLD["members"] for code in group["codes"]]
PEOPLE = {*ENTITLED, *(code for group in WORLD["others"] for code in group["codes"])}
NOW = datetime.fromisoformat(str(WORLD["now"]))
ENDS = {
    "farmland": "closed", "chargers": "implementing", "speakers": "in_review", "parking": "adopting", "corridor": "drafting",
    "ramp": "drafting", "night_work": "collecting", "warm_room": "collecting", "pets": "declined", "shop_flat": "referred",
    "lockers": "withdrawn", "lift": "lapsed", "lift-screens": "adopting", "stair-lights": "adopting",
}  # fmt: skip
NAMES_OF_PEOPLE = ("by", "mover", "seconder", "speaker", "member")
LISTS_OF_PEOPLE = ("for", "against", "abstain", "phones", "absent")
each_story = pytest.mark.parametrize("story", STORIES)


def when(act: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(act["at"]))


def day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def did(story: str, *wanted: str) -> Iterator[dict[str, Any]]:
    return (act for act in STORIES[story] if act["do"] in wanted)


def sittings(story: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each session that was held, with what happened from its roll to its close."""
    for meeting in did(story, "meeting"):
        held = [a for a in STORIES[story] if day(str(a["at"])[:10]) == day(str(meeting["starts_at"])[:10])]
        if held:
            yield meeting, held


def voters(story: str, held: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """(present, those of them who may vote): recused are those whose recusal was approved."""
    absent = next(act["absent"] for act in held if act["do"] == "roll")
    present = [code for code in ENTITLED if code not in absent]
    recused = {act["member"] for act in did(story, "approve_recusal")}
    return present, [code for code in present if code not in recused]


def counted(act: dict[str, Any], may_vote: list[str]) -> list[int]:
    abstain = act["abstain"]
    if "for" in act:
        return [len(act["for"]), len(may_vote) - len(act["for"]) - len(abstain), len(abstain)]
    return [len(may_vote) - len(act["against"]) - len(abstain), len(act["against"]), len(abstain)]


def all_votes() -> list[tuple[str, dict[str, Any], list[str]]]:
    held = [(story, held) for story in STORIES for _, held in sittings(story)]
    return [(story, act, voters(story, acts)[1]) for story, acts in held for act in acts if act["do"] == "vote"]


def test_there_are_twenty_one_members_and_everybody_is_a_code():
    assert len(ENTITLED) == len(set(ENTITLED)) == 21
    assert all(re.fullmatch(r"[A-Z]\d\d", code) for code in PEOPLE)


@each_story
def test_everybody_named_exists_and_every_verb_is_known(story):
    for act in STORIES[story]:
        assert act["do"] in verbs.VERBS, act
        named = [act[field] for field in NAMES_OF_PEOPLE if field in act]
        named += [code for field in LISTS_OF_PEOPLE if isinstance(act.get(field), list | dict) for code in act[field]]
        assert set(named) <= PEOPLE, act


@each_story
def test_times_rise_and_none_lies_after_the_demonstrations_now(story):
    times = [when(act) for act in STORIES[story]]
    assert all(before < after for before, after in zip(times, times[1:], strict=False)), story
    assert times[-1] < NOW


@each_story
def test_what_is_referred_to_was_named_before(story):
    named: set[str] = set()
    for act in STORIES[story]:
        for field in ("appeals", "comments"):
            assert set(act.get(field, ())) <= named, act
        for field in ("meeting", "motion", "parent", "comment", "task"):
            assert field not in act or act[field] in named, act
        assert act.get("ref") not in named, f"{act['ref']} is used twice"
        named |= {act["ref"]} if "ref" in act else set()


@each_story
def test_every_matter_takes_only_moves_of_the_table_and_ends_where_it_should(story):
    state = MATTER.start
    for act in did(story, "hand_over", "end", "close"):
        state = MATTER.next(state, Act(act.get("act", "close")))
    assert state == ENDS[story]


def test_the_board_is_alive():
    running = {"collecting", "drafting", "adopting", "in_review", "implementing"}
    assert running | {"declined", "referred", "withdrawn", "lapsed"} <= set(ENDS.values())
    back = {act["act"]: story for story in STORIES for act in did(story, "hand_over") if act["act"] in ("send_back", "reopen")}
    assert {name: ENDS[story] for name, story in back.items()} == {"send_back": "drafting", "reopen": "adopting"}
    assert len(STORIES) >= 10


@each_story
def test_the_notice_leaves_five_clear_days_and_no_session_lacks_its_quorum(story):
    for meeting in did(story, "meeting"):
        called = next(act for act in did(story, "call") if act["meeting"] == meeting["ref"])
        assert clear_days_between(when(called).date(), day(str(meeting["starts_at"])[:10])) >= 5
    for _, held in sittings(story):
        assert len(voters(story, held)[0]) >= 14


def test_votes_stay_within_those_present_and_not_recused_and_count_as_expected():
    votes = all_votes()
    assert len(votes) >= 15
    for story, act, may_vote in votes:
        named = [code for field in ("for", "against", "abstain", "phones") for code in act.get(field, ())]
        choices = [code for field in ("for", "against", "abstain") for code in act.get(field, ())]
        assert set(named) <= set(may_vote), (story, act)
        assert len(choices) == len(set(choices)), (story, act)
        assert counted(act, may_vote) == list(act["expect"]), (story, act)
        assert ("for" in act) != ("against" in act)


def test_the_case_counts_as_the_domain_says():
    expected = {act["motion"]: list(act["expect"]) for story, act, _ in all_votes() if story == "farmland"}
    assert expected == {
        "A1-1": [14, 2, 1], "A1": [13, 3, 1], "A2": [12, 4, 1], "A3": [16, 0, 1],
        "A4": [17, 0, 0], "A5": [5, 11, 1], "M1": [15, 1, 1],
    }  # fmt: skip
    assert [len(some) for some in voters("farmland", next(sittings("farmland"))[1])] == [18, 17]


@each_story
def test_nobody_moves_or_seconds_or_speaks_who_is_absent_or_recused(story):
    for _, held in sittings(story):
        may = set(voters(story, held)[1])
        acting = [act[field] for act in held for field in ("mover", "seconder", "speaker") if field in act]
        assert set(acting) <= may
    movers = {act["ref"]: act["mover"] for act in did(story, "motion")}
    assert all(movers[act["motion"]] != act["seconder"] for act in did(story, "second"))
    assert set(movers.values()) <= set(ENTITLED)


def passed(story: str) -> set[str]:
    return {act["motion"] for act in did(story, "vote") if act["expect"][0] > 21 / 2}


@each_story
def test_what_is_voted_on_was_seconded_and_what_would_change_it_was_decided_before(story):
    seconded = {act["motion"]: when(act) for act in did(story, "second")}
    voted = {act["motion"]: when(act) for act in did(story, "vote")}
    assert all(seconded[motion] < at for motion, at in voted.items())
    for act in did(story, "motion"):
        if act["ref"] in voted and "parent" in act and act["parent"] in voted:
            assert voted[act["ref"]] < voted[act["parent"]]


@each_story
def test_only_what_the_council_passed_goes_to_the_forum(story):
    mains = {act["ref"] for act in did(story, "motion") if act["kind"] == "main"}
    sent = [act for act in did(story, "hand_over") if act["act"] == "to_forum"]
    assert bool(sent) == bool(mains & passed(story))


def composed(story: str) -> list[str]:
    """The plan with the carried amendments, put together naively: replacements by number, then insertions, from the end."""
    text = [[line] for line in next(act["text"] for act in did(story, "plan"))]
    motions, end = {act["ref"]: act for act in did(story, "motion")}, []
    carried = [motions[act["motion"]] for act in did(story, "vote") if act["motion"] in passed(story)]
    reworded = {motion["parent"]: motion["text"] for motion in carried if motion["kind"] == "secondary"}
    for motion in carried:
        words = reworded.get(motion["ref"], motion.get("text"))
        if motion.get("op") == "replace":
            text[motion["paragraph"] - 1][0] = words
        elif motion.get("op") == "insert_after":
            text[motion["paragraph"] - 1].append(words)
        elif motion.get("op") == "insert_at_end":
            end.append(words)
    return [line for lines in text for line in lines] + end


def test_the_amendments_compose_the_four_points():
    assert composed("farmland") == json.loads(RESOLVED.read_text(encoding="utf-8"))


def test_the_four_points_stand_in_no_shipped_file_as_a_list():
    for path in DEMO.glob("*.yaml"):
        assert "resolved" not in path.read_text(encoding="utf-8")
    whole = json.loads(RESOLVED.read_text(encoding="utf-8"))
    assert all(act.get("text") != whole for act in STORIES["farmland"])


@each_story
def test_comments_come_inside_their_window_and_all_are_answered_before_the_resolution(story):
    opened = [when(act) for act in did(story, "window")]
    for at in opened:
        closes = last_day_of_period(at.date(), days=7, holidays=Holidays.shipped())
        inside = [act for act in did(story, "comment", "transcribe") if when(act) >= at]
        assert all(when(act).date() <= closes for act in inside)
    answered = {act["comment"] for act in did(story, "reply")}
    for resolution in did(story, "resolve"):
        before = {act["ref"] for act in did(story, "comment", "transcribe")}
        assert before <= answered
        assert all(when(act) < when(resolution) for act in did(story, "reply"))


def test_the_running_window_has_three_days_left_and_some_comments_wait():
    (window,) = did("speakers", "window")
    closes = last_day_of_period(when(window).date(), days=7, holidays=Holidays.shipped())
    assert closes - NOW.date() == timedelta(days=3)
    comments = {act["ref"] for act in did("speakers", "comment", "transcribe")}
    answered = {act["comment"] for act in did("speakers", "reply")}
    assert 0 < len(answered) < len(comments)


def test_the_twelve_comments_of_the_case_are_eight_two_one_one():
    stances = [act["stance"] for act in did("farmland", "comment", "transcribe")]
    assert [stances.count(one) for one in ("support", "condition", "oppose", "question")] == [8, 2, 1, 1]


@each_story
def test_every_appeal_meets_its_clocks(story):
    filed = {act["ref"]: act for act in did(story, "appeal")}
    for ref, act in filed.items():
        received = when(act).date()
        due = last_day_of_period(received, months=1, holidays=Holidays.shipped())
        assert due >= add_months(received, 1)
        replies = [a for a in did(story, "interim", "answer", "decline", "refer") if ref in a["appeals"]]
        interim = [a for a in replies if a["do"] == "interim"]
        assert len(interim) <= 1
        for moved in interim:
            assert when(moved).date() <= due < day(moved["extends_to"])
            due = day(moved["extends_to"])
        final = [a for a in replies if a["do"] != "interim"]
        assert len(final) <= 1
        assert (when(final[0]).date() if final else NOW.date()) <= due
        taken = [a for a in did(story, "take") if ref in a["appeals"]]
        first = when(taken[0]) if taken else NOW if act["channel"] == "online" else when(act)
        assert first.date() <= last_day_of_period(received, working_days=3, holidays=Holidays.shipped())


@each_story
def test_a_matter_that_ended_owes_nobody_a_reply(story):
    if ENDS[story] in ("closed", "declined", "referred", "withdrawn", "lapsed"):
        final = {ref for act in did(story, "answer", "decline", "refer") for ref in act["appeals"]}
        assert final == {act["ref"] for act in did(story, "appeal")}


@each_story
def test_progress_falls_unless_a_note_says_why_and_a_done_task_has_nothing_left(story):
    left = {act["ref"]: act.get("total") for act in did(story, "task")}
    for act in did(story, "report", "complete"):
        if act["do"] == "report":
            assert act["remaining"] <= left[act["task"]] or act.get("note"), act
            left[act["task"]] = act["remaining"]
        else:
            assert not left[act["task"]] or act.get("note"), act
    assert all(day(act["due"]) >= when(act).date() for act in did(story, "task"))


def test_the_daily_figures_and_the_slips_of_the_case():
    figures = [act["remaining"] for act in did("farmland", "report") if act["task"] == "T3"]
    assert figures == [29, 26, 23, 20, 17, 13, 9, 5, 2, 0]
    (slips,) = did("farmland", "slips")
    assert slips["counts"] == {"satisfied": 31, "basically": 6, "dissatisfied": 2, "invalid": 1}


def test_the_implementing_matter_has_running_done_and_overdue_tasks():
    tasks = {act["ref"]: day(act["due"]) for act in did("chargers", "task")}
    done = {act["task"] for act in did("chargers", "complete")}
    running = {ref: due for ref, due in tasks.items() if ref not in done}
    assert done and len([due for due in running.values() if due < NOW.date()]) == 1 and len(running) >= 2

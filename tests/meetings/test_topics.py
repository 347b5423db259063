"""No vote on what the notice did not announce: a question belongs to a matter, a topic, or how the meeting goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from deliberation.councils import rules
from deliberation.councils.services import set_rules
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import composing, questions, services
from deliberation.meetings.models import Meeting, PollSubject
from deliberation.meetings.states import Presence
from deliberation.people.models import Person
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.services import Question
from tests.audit.test_verifying import tamper
from tests.builders import World, at, do
from tests.motions.debates import NOW, code
from tests.web import in_english, post, sign_in, text_of

TEAM = Question("Who leads the team?", Kind.SINGLE, ("First", "Second"), method="plurality")
DAY = "2026-03-26T14:30"


def joint(world: World, topics: list[str], papers: list[str] | None = None) -> Meeting:
    """A meeting on topics alone, called and open."""
    people = {"chair": world["P01"], "clerk": world["C01"], "actor": world["S01"]}
    given = {"materials": papers or [], "place": "Hall", "matters": [], "kind": "joint", **people}
    with clock.frozen(at("2026-03-20T09:00")):
        made = do(lambda: services.plan(world.council, starts_at=at(DAY), topics=topics, **given))
        do(lambda: services.call(made, actor=world["S01"]))
    with clock.frozen(at(DAY)):
        here = {row.person_id: Presence.ATTENDING for row in services.roster(made)}
        do(lambda: services.note_attendance(made, here, actor=world["C01"]))
        do(lambda: services.open_meeting(made, actor=world["P01"]))
    return made


def test_a_question_belongs_to_what_was_announced_when_it_is_put_and_when_it_is_opened(world: World) -> None:
    meeting = joint(world, ["Who leads the team"])
    ask = lambda about, mode="recorded": questions.ask(meeting, TEAM, about=about, mode=mode, actor=world["P01"])  # noqa: E731
    with clock.frozen(NOW):
        for about in ("", "topic:999", "item:1", "procedure:anything", "topic:x", "topic"):
            assert code(lambda about=about: ask(about)) == "not_in_notice", about
        topic = f"topic:{meeting.topics[0].id}"
        secret = do(lambda: ask("procedure:tellers", "secret"))
        poll = do(lambda: ask(topic))
        assert poll.state == "open" and db.session.get(PollSubject, poll.id).topic.text == "Who leads the team"
        do(lambda: questions.close_and_count(poll, actor=world["P01"]))
        chair, keys = world["P01"].id, (meeting.id, secret.id)
        db.session.rollback()
        tamper(f"DELETE FROM poll_subject WHERE poll_id = {keys[1]}")
        meeting, secret, actor = db.session.get(Meeting, keys[0]), db.session.get(Poll, keys[1]), db.session.get(Person, chair)
        assert code(lambda: questions.open_question(secret, actor=actor)) == "not_in_notice"
        do(lambda: services.close_meeting(meeting, actor=actor))
        doc = composing.compose(meeting)
        assert doc["topics"] == ["Who leads the team"]
        assert [one["about"] for one in doc["questions"]] == [{"title": "Who leads the team"}]


@pytest.mark.parametrize("topics", [["x" * 121], [" "], ["a topic"] * 21])
def test_topics_are_lines_and_not_too_many(world: World, topics: list[str]) -> None:
    with clock.frozen(at("2026-03-20T09:00")):
        assert code(lambda: joint(world, topics)) == "invalid"


def test_topics_are_planned_announced_changed_and_minuted(world: World, new_client: Callable[[], FlaskClient]) -> None:
    visitor, secretary = in_english(new_client()), in_english(sign_in(new_client(), world.account("S01")))
    with clock.frozen(at("2026-03-20T09:00")):
        form = {"starts_at": DAY, "place": "Hall", "topics": "Who leads the team\n\nThe keys", "materials": ""}
        made = post(secretary, "/c/mochou/meetings/new?kind=joint", form).headers["Location"]
        assert "Who leads the team\nThe keys" in secretary.get(f"{made}/change").text
        assert post(secretary, f"{made}/change", {**form, "topics": "Who leads the team"}).status_code == 302
        post(secretary, f"{made}/call", page=made)
        notice = text_of(visitor.get(f"{made}/notice"))
        assert "Other topics of the agenda Who leads the team" in notice and "The keys" not in notice
    assert "Other topics of the agenda Who leads the team" in text_of(visitor.get(made))


def test_the_rules_say_which_procedure_is_asked_and_no_topic_names_anybody(world: World) -> None:
    entries = json.loads(rules.preset("council")) | {"procedure_votes": {"value": "tellers", "trust": "own"}}
    on = date(2026, 3, 1)
    do(lambda: set_rules(world.council, "council", json.dumps(entries), effective_on=on, actor=world["A01"]))
    assert code(lambda: joint(world, ["What M05 did"])) == "name_in_summary"
    assert code(lambda: joint(world, ["The team"], ["A letter of M05"])) == "name_in_summary"
    meeting = joint(world, ["The team"])
    ask = lambda about: questions.ask(meeting, TEAM, about=about, actor=world["P01"])  # noqa: E731
    with clock.frozen(NOW):
        assert code(lambda: ask("procedure:order")) == "not_in_notice"
        assert "procedure:order" not in dict(questions.subjects(meeting, "zh"))
        assert do(lambda: ask("procedure:tellers")).state == "open"

"""What the minutes of an evaluation meeting tell of its rounds, and what they must not."""

from __future__ import annotations

import json

from deliberation.evaluations import services
from deliberation.kernel import clock
from deliberation.meetings import composing
from deliberation.meetings import services as meetings
from tests.builders import World, do
from tests.evaluations.rounds import HELD, Rated, opened


def told(rated: Rated) -> tuple[dict, str]:
    if not rated.round.meeting.is_held:
        do(lambda: meetings.close_meeting(rated.round.meeting, actor=rated.world["P01"]))
    doc = composing.compose(rated.round.meeting)
    parts = {one["code"]: one for one in doc["parts"]}
    assert doc.get("questions", []) == [], "what a round came to is no question of the sitting"
    return parts, json.dumps(doc, ensure_ascii=False)


def test_the_minutes_list_the_rounds_and_tell_grades_only_once_they_are_published(world: World) -> None:
    rated = opened(world, 6)
    with clock.frozen(HELD):
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, "1:1" if n < 5 else "1:2")
        rated.counted()
        parts, text = told(rated)
        said = str(parts["ratings"])
        assert "The year 2026" in said and "The station’s work" in said and "'n': 6, 'all': 6" in said
        assert "grades" not in text and "Satisfied" not in text
        do(lambda: services.publish(rated.round, actor=world["C01"]))
        assert "'n': 5" in str(told(rated)[0]["ratings"])


def test_the_grades_of_a_person_never_stand_in_minutes(world: World) -> None:
    rated = opened(world, 6, group="branch", scale="appraisal", people=("P01",), things=())
    with clock.frozen(HELD):
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, "1:4" if n < 5 else "1:1")
        rated.counted()
        do(lambda: services.publish(rated.round, actor=world["C01"]))
        parts, text = told(rated)
    assert "'number': '#1'" in str(parts["ratings"])
    assert "grades" not in text and "'n': 5" not in str(parts) and "qualified" not in text

"""The minutes of a hearing hold its record, typed by nobody: by side for everybody, with names for the members."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from deliberation.audit.services import erase
from deliberation.councils.services import installation
from deliberation.extensions import db
from deliberation.hearings import services
from deliberation.kernel import clock
from deliberation.meetings import minutes
from deliberation.meetings.composing import compose
from deliberation.meetings.kinds import kinds
from deliberation.meetings.record_parts import record_parts
from tests.builders import World, at, do
from tests.hearings.rounds import HELD, open_round
from tests.web import in_english, sign_in, text_of

SIGNED = at("2026-03-20T10:00")


def test_the_minutes_hold_what_was_heard_and_outlive_an_erasure(world: World, new_client: Callable[[], FlaskClient]) -> None:
    made = open_round(world)
    with clock.frozen(HELD + timedelta(minutes=5)):
        statement = made.say("for", "statement", "The beds are for old people.", minutes=2)
        question = made.say("against", "question", "Who waters them?")
        made.say("for", "answer", "The group does.", to=question)
        made.say("far", "submission", "I cannot come; keep two.")
        made.found()
        seen = services.digest_of(made.hearing)
        do(lambda: services.confirm(made.people["for"], seen=seen, actor=world["R01"]))
        do(lambda: services.confirm(made.people["against"], seen=seen, reservation="Only if watered.", actor=world["C01"]))
        meeting = made.hearing.meeting
        do(lambda: minutes.lay_out(meeting, actor=world["C01"]))
    (part,) = compose(meeting)["parts"]
    assert part["code"] == "rounds"
    with clock.frozen(SIGNED):
        for side, by in (("clerk", "C01"), ("chair", "P01")):
            digest = minutes.frozen(meeting, minutes.minutes_of(meeting))[1]
            do(lambda side=side, by=by, digest=digest: minutes.sign(meeting, side, document_hash=digest, actor=world[by]))
        do(lambda: minutes.publish(meeting, actor=world["S01"]))
        document = minutes.minutes_of(meeting).document
        for typed in ("Lin", "Chen", "old people", "waters", "keep two", "Only if"):
            assert typed not in document, typed
        assert json.loads(document)["parts"] == [part]
        url = f"/c/mochou/meetings/{meeting.id}/minutes/"
        db.session.rollback()
        public = text_of(in_english(new_client()).get(url))
        for told in (
            "Round 1", "The question: May beds stay?", "No. 1, In favour of it: in the room", "No. 3, Concerned by it: in writing",
            "In favour of it: 1 statements, 2 minutes", "The beds are for old people.",
            "Question, No. 2, Against it: Who waters them?", "Answer to a question, No. 1, In favour of it: The group does.",
            "I cannot come; keep two.",
            "Half of those heard want the beds.", "with the own account", "signed on paper, with a reservation: Only if watered.",
        ):  # fmt: skip
            assert told in public, told
        assert "Lin" not in public and "Chen" not in public
        member = in_english(sign_in(new_client(), world.account("M01")))
        assert "Lin (No. 1, In favour of it)" in text_of(member.get(url))
        do(lambda: erase(statement.text, basis="wish", capacity=installation(world.council)))
        page = text_of(in_english(new_client()).get(url))
        assert "old people" not in page and "(erased)" in page and "is not the one that was signed" not in page


def test_every_code_that_a_kind_records_is_composed_or_registered(world: World) -> None:
    composed = {"roster", "quorum", "recusals", "speeches", "rulings", "motions", "questions"}
    named = {code for kind in kinds().values() for code in kind.record}
    assert named - composed == set(record_parts), "a part is registered under a code that a kind names, and the other way round"

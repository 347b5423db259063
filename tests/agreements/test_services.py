"""What joint and co-ordination meetings end in: one ending, agreed by every side, and points that come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from deliberation.agreements import endings, queries, record, services
from deliberation.agreements.models import Point, Settlement
from deliberation.audit.actions import sentence
from deliberation.audit.models import Entry
from deliberation.audit.recording import read
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError
from deliberation.meetings import composing
from deliberation.meetings import services as meetings
from deliberation.meetings.models import Meeting
from deliberation.people.permissions import office_words
from tests.agreements.meetings import HELD, agree_all, called, holds_all, opened, side
from tests.audit.test_verifying import tamper
from tests.builders import World, at, do
from tests.hearings.test_services import holds
from tests.web import in_english, text_of

DUE = date(2026, 12, 31)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        do(act)
    db.session.rollback()
    return refused.value.code


def point(world: World, meeting: Meeting, text: str = "No music before eight.", **who: object) -> Point:
    by = who or {"side": side(meeting, "Singers")}
    return do(lambda: services.agree_on(meeting, text, due_on=DUE, actor=world["C01"], **by))  # type: ignore[arg-type]


def test_a_co_ordination_meeting_has_exactly_one_ending(world: World) -> None:
    holds_all(world)
    meeting = opened(world, "coordination")
    clerk, chair = world["C01"], world["P01"]
    with clock.frozen(at(HELD)):
        close = lambda: meetings.close_meeting(meeting, actor=chair)  # noqa: E731
        assert code(close) == "not_ended"
        read = endings.text_of(meeting)[1]
        singers, sleepers = side(meeting, "Singers"), side(meeting, "Sleepers")
        assert code(lambda: endings.agree(singers, meeting, seen=read, actor=clerk)) == "no_points"
        made = point(world, meeting)
        assert code(lambda: endings.agree(singers, meeting, seen=read, actor=clerk)) == "changed_since"
        assert code(lambda: endings.agree(singers, meeting, seen=endings.text_of(meeting)[1], actor=world["M01"])) == "forbidden"
        do(lambda: endings.agree(singers, meeting, seen=endings.text_of(meeting)[1], actor=clerk))
        # One of two is no agreement, and nobody changes what one has agreed to.
        assert queries.settlement(meeting) is None and code(close) == "not_ended"
        assert code(lambda: point(world, meeting, "And none after ten.")) == "agreed_to"
        assert code(lambda: services.strike(made, meeting, actor=clerk)) == "agreed_to"
        assert code(lambda: services.remove_side(sleepers, meeting, actor=clerk)) == "agreed_to"
        do(lambda: endings.reopen(meeting, actor=clerk))
        point(world, meeting, "And none after ten.")
        agree_all(world, meeting)
        text, digest = endings.text_of(meeting)
        ending = db.session.get_one(Settlement, meeting.id)
        assert (ending.ending, ending.document, ending.document_hash) == ("agreed", text, digest)
        assert "Singers" in text and "And none after ten." in text
        fail = lambda: endings.fail(meeting, reason="No.", channel="people", actor=clerk)  # noqa: E731
        assert code(fail) == code(lambda: endings.reopen(meeting, actor=clerk)) == "stands"
        do(close)
        assert code(lambda: point(world, meeting, "Later.")) == "meeting_not_open"
        do(lambda: services.settle(made, meeting, "done", "Quiet since.", actor=clerk))
        assert code(lambda: services.settle(made, meeting, "not_done", "Loud.", actor=clerk)) == "done_already"
        parts = {one["code"]: str(one) for one in composing.compose(meeting)["parts"]}
    assert digest in parts["agreed"] and "Sleepers" in parts["sides"]
    assert len(db.session.scalars(db.select(Settlement)).all()) == 1
    holds()


def test_no_agreement_says_why_and_where_it_goes_on(world: World) -> None:
    holds_all(world)
    meeting = opened(world, "coordination")
    clerk = world["C01"]
    with clock.frozen(at(HELD)):
        draft = point(world, meeting)

        def fail(**more: object) -> Settlement:
            given = {"reason": "The hours stayed open.", "channel": "people", "actor": clerk} | more
            return endings.fail(meeting, **given)  # type: ignore[arg-type]

        for wrong in ({"reason": " "}, {"channel": "court"}, {"channel": "other"}):
            assert code(lambda wrong=wrong: fail(**wrong)) == "invalid"
        assert code(lambda: fail(actor=world["P01"])) == "forbidden"
        do(lambda: fail(channel="other", words="The owners' assembly"))
        assert code(fail) == "stands"
        do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
        # What was only drafted was never agreed: it is followed up by nobody.
        assert code(lambda: services.settle(draft, meeting, "done", "Quiet.", actor=clerk)) == "not_agreed"
        told = str(composing.compose(meeting)["parts"])
        since, until = at("2026-01-01T00:00"), at("2026-12-01T00:00")
        assert queries.points_between(world.council, since, until, DUE) == []
    assert "The hours stayed open." in told and "The owners' assembly" in told and "No music" not in told


def test_the_next_joint_meeting_opens_with_the_last_points_and_those_not_done(world: World) -> None:
    clerk = world["C01"]

    def held(day: str, on: str, texts: list[str]) -> list[Point]:
        meeting = opened(world, "joint", day, on, sides=())
        with clock.frozen(at(day)):
            do(lambda: services.put_down(meeting, actor=clerk)) if not queries.sides(meeting) else None
            made = [point(world, meeting, text, side=side(meeting, "property_company")) for text in texts]
            do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
        return made

    first = held("2026-03-12T14:30", "2026-03-02T09:00", ["Mend the gate.", "Post the accounts."])
    with clock.frozen(at("2026-03-20T09:00")):
        gone = [db.session.get_one(Meeting, one.meeting_id) for one in first]
        do(lambda: services.settle(first[0], gone[0], "done", "It opens.", actor=clerk))
        assert code(lambda: services.strike(first[0], gone[0], actor=clerk)) == "settled"
        do(lambda: services.settle(first[1], gone[1], "not_done", "Later.", actor=clerk))
        do(lambda: services.settle(first[1], gone[1], "not_done", "No time.", actor=clerk))
        bodies = [read(bytes(body)) for body in db.session.scalars(db.select(Entry.body).order_by(Entry.log_id, Entry.seq))]
        said = [str(sentence(body, office_words)) for body in bodies if body["action"] == "point.settle"]
    assert [one.rpartition(": ")[2] for one in said] == ["Done.", "Not done.", "Not done."]
    held("2026-06-11T14:30", "2026-06-01T09:00", ["Light the path."])
    third = called(world, "joint", "2026-09-10T14:30", "2026-09-01T09:00")
    told = [(one.text, one.state, one.word) for one in queries.last_points(world.council, third, date(2026, 9, 1))]
    assert told == [("Post the accounts.", "not_done", "No time."), ("Light the path.", "open", None)]
    with clock.frozen(at("2026-09-10T14:30")):
        part = str(record.last_points(third))
    assert "Light the path." in part and "Mend the gate." not in part


def test_who_speaks_is_a_personal_text_and_goes_with_its_side(world: World) -> None:
    meeting = called(world, "joint")
    clerk = world["C01"]
    with clock.frozen(at(HELD)):
        made = do(lambda: services.add_side(meeting, "The school", actor=clerk))
        assert code(lambda: services.add_side(meeting, "The school", actor=clerk)) == "done_already"
        assert code(lambda: services.add_side(meeting, "Friends of C01", actor=clerk)) in ("name_in_summary", "invalid")
        do(lambda: services.note_side(made, meeting, is_present=True, speaker="Teacher Lin", actor=clerk))
        assert made.speaker is not None and made.speaker.value == "Teacher Lin"
        spoke = made.speaker
        assert code(lambda: services.add_side(called(world, "report"), "The school", actor=clerk)) == "not_found"
        do(lambda: services.remove_side(made, meeting, actor=clerk))
    assert spoke.value is None and spoke.erased_at is not None
    assert not any(b"Teacher Lin" in bytes(body) for body in db.session.scalars(db.text("SELECT body FROM audit_entry")))


def test_what_was_agreed_is_read_from_the_text_that_was_agreed_to(world: World, client: FlaskClient) -> None:
    holds_all(world)
    meeting = opened(world, "coordination")
    with clock.frozen(at(HELD)):
        singers = side(meeting, "Singers")
        do(lambda: services.note_side(singers, meeting, is_present=True, speaker="Zhang Sanfeng", actor=world["C01"]))
        assert code(lambda: point(world, meeting, "ZhangSanfeng turns it down.")) == "name_in_summary"
        point(world, meeting, "Quiet after 22:00")
        agree_all(world, meeting)
        do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
        key = meeting.id
        db.session.rollback()
        tamper("UPDATE agreed_point SET text='Quiet after 24:00'")
        page = text_of(in_english(client).get(f"/c/mochou/meetings/{key}/agreement/"))
        assert "22:00" in page and "24:00" not in page and "is not the one to which the sides agreed" in page
        told = str(composing.compose(db.session.get_one(Meeting, key))["parts"])
        assert "22:00" in told and "24:00" not in told

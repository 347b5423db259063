"""Corrections of published minutes, and whose number is whose: frozen text untouched, two persons, held against the log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.audit import queries
from deliberation.councils.services import end_office, held_office
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import composing, corrections, minutes
from deliberation.meetings.minutes_models import Correction, Minutes
from deliberation.meetings.models import Attendance, Meeting
from deliberation.people.permissions import Office
from tests.audit.test_verifying import tamper
from tests.builders import World, appoint, at, do
from tests.meetings.test_minutes import laid_out, part_of, session_of, sign
from tests.motions.debates import NOW, code
from tests.web import in_english, post, sign_in, text_of

LATER = at("2026-04-03T10:00")
WORDS = {"stood": "The clerk posts it.", "corrected": "The station posts it.", "why": "So it was agreed."}


@pytest.fixture
def meeting(app: Flask, world: World) -> Iterator[Meeting]:
    with clock.frozen(NOW):
        held = session_of(world).meeting
        laid_out(world, held)
        for part, by in (("clerk", "C01"), ("chair", "P01")):
            sign(world, held, part, by)
    with clock.frozen(LATER):
        do(lambda: minutes.publish(held, actor=world["S01"]))
        yield held


def correct(world: World, meeting: Meeting, by: str = "C01", **words: str) -> Correction:
    return do(lambda: corrections.correct(meeting, part_of(meeting), **{**WORDS, **words}, actor=world[by]))


def test_a_correction_is_written_by_the_clerk_countersigned_by_the_chair_and_changes_nothing_that_was_signed(
    world: World, meeting: Meeting, client: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    kept = db.session.get(Minutes, meeting.id)
    before, url = (kept.document, kept.document_hash), f"/c/mochou/meetings/{meeting.id}/minutes/"
    clerk, chair = (in_english(sign_in(new_client(), world.account(who))) for who in ("C01", "P01"))
    db.session.rollback()
    named = post(clerk, f"{url}corrections/new", {"part": part_of(meeting), **WORDS, "why": "M01 said so."})
    assert named.status_code == 422 and "stands here. Minutes are published" in text_of(named)
    assert post(clerk, f"{url}corrections/new", {"part": part_of(meeting), **WORDS}).status_code == 302
    assert "The station posts it." not in text_of(in_english(client).get(url)), "not before the chair has countersigned"
    assert "Countersign a correction of the minutes" in text_of(chair.get("/me/"))
    assert "Corrections that wait for the chair" in text_of(chair.get(url)).partition("Minutes: ")[0]
    db.session.rollback()
    one = db.session.scalars(db.select(Correction)).one()
    db.session.rollback()
    refused = post(clerk, f"{url}corrections/{one.id}/countersign", page=url)
    assert refused.status_code == 403
    assert post(chair, f"{url}corrections/{one.id}/countersign", page=url).status_code == 302
    page = text_of(client.get(url))
    assert "No. 1, The matter “Green”: instead of “The clerk posts it.” read “The station posts it.”." in page
    assert "Reason: So it was agreed." in page
    assert page.count("The station posts it.") == 2, "on top and beside the place"
    assert "April 3, 2026" in page and "C01" not in page and "P01" not in page
    db.session.rollback()
    kept = db.session.get(Minutes, meeting.id)
    assert (kept.document, kept.document_hash) == before and before[1] in client.get(url).text
    check = f"/c/mochou/log/check/minutes/{meeting.id}"
    db.session.rollback()
    tamper("update minutes_correction set corrected = 'The board posts it.'")
    assert re.search(r"Correction no\. 1 . Does not agree", text_of(client.get(check)))


def test_who_may_correct_and_what(world: World, meeting: Meeting) -> None:
    for by, why in (("S01", "not_signer"), ("M01", "forbidden"), ("P01", "forbidden")):
        assert code(lambda by=by: correct(world, meeting, by)) == why
    assert code(lambda: correct(world, meeting, why=" ")) == "invalid"
    assert code(lambda: correct(world, meeting, corrected="The clerk posts it.")) == "invalid"
    assert code(lambda: corrections.correct(meeting, "item:999", **WORDS, actor=world["C01"])) == "not_found"
    first, second = correct(world, meeting), correct(world, meeting, why="Anew.")
    do(lambda: corrections.drop(first, meeting, actor=world["P01"]))
    assert code(lambda: corrections.countersign(first, meeting, actor=world["P01"])) == "done_already"
    do(lambda: corrections.countersign(second, meeting, actor=world["P01"]))
    assert code(lambda: corrections.drop(second, meeting, actor=world["C01"])) == "done_already"
    assert [one.number for one in corrections.corrections(meeting)] == [1, None]


def test_nobody_countersigns_an_own_correction_with_another_office(world: World, meeting: Meeting) -> None:
    made = correct(world, meeting)
    held = held_office(world.council, world["P01"], Office.PRESIDENT)
    do(lambda: end_office(held, world.council, on=held.starts_on, actor=world["A01"]))
    appoint(world, "C01", Office.PRESIDENT)
    with clock.frozen(at("2026-04-04T10:00")):
        assert "chair" in minutes.signs_as(meeting, world["C01"])
        assert code(lambda: corrections.countersign(made, meeting, actor=world["C01"])) == "four_eyes"


def test_numbers_do_not_follow_the_roster_and_the_check_page_knows_whose_each_is(
    world: World, meeting: Meeting, client: FlaskClient
) -> None:
    kept = db.session.get(Minutes, meeting.id)
    rows = composing.numbered(meeting)
    assert [row.id for row in rows] != sorted(row.id for row in rows), "the log has them in that order"
    assert kept.salt is not None and json.loads(kept.document)["order"] == composing.order_of(kept.salt)
    assert kept.salt.hex() not in kept.document + "".join(
        body.decode() for _seq, body in queries.about(world.council.log_id, f"meeting:{meeting.id}")
    )
    check = f"/c/mochou/log/check/minutes/{meeting.id}"
    mine = "Which number of the minutes is whose ✓ Agrees"
    db.session.rollback()
    assert mine in text_of(in_english(client).get(check))
    spare = world["R01"].id
    row = db.session.scalars(db.select(Attendance.id).where(Attendance.meeting_id == meeting.id)).first()
    db.session.rollback()
    tamper(f"update attendance set person_id = {spare} where id = {row}")
    assert "Which number of the minutes is whose ✕ Does not agree" in text_of(client.get(check))


def test_another_secret_puts_the_names_at_other_numbers_and_is_told(world: World, meeting: Meeting, client: FlaskClient) -> None:
    check = f"/c/mochou/log/check/minutes/{meeting.id}"
    db.session.rollback()
    zeros = "decode(repeat('00', 32), 'hex')" if db.engine.dialect.name == "postgresql" else "zeroblob(32)"
    tamper(f"update minutes set salt = {zeros}")
    page = text_of(in_english(client).get(check))
    assert "Which number of the minutes is whose ✕ Does not agree" in page and "order of the numbers" in page

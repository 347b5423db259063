"""AT22: complete T1–T8; T7 blocks closing until the five appellants are answered (one who cannot be reached: by posted
notice, the attempts recorded); the public page shows counts, no households."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from deliberation.agenda import services as agenda
from deliberation.appeals import services as appeals
from deliberation.appeals.models import Appeal
from deliberation.extensions import db
from deliberation.implementation import services
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from tests.builders import at, do
from tests.implementation.matters import implementing, set_task
from tests.web import in_english, text_of

APRIL, JUNE = at("2026-04-29T10:00"), at("2026-06-30T10:00")
HOUSEHOLD = "The family on the third floor needs a second visit."
TASKS = (
    ("Tell every household", "station", "Service station", None),
    ("Nine beds at once", "members", "Members of the community", 9),
    ("The other 32", "station", "Service station", 32),
    ("Help six households", "resident_unit", "Resident units", 6),
    ("Hand out seedlings", "resident_unit", "Resident units", None),
    ("Nine rounds", "station", "Service station", 9),
    ("Answer the five", "secretary", "Secretary-general", None),
    ("Half-year report", "secretary", "Secretary-general", None),
)


@pytest.fixture
def matter(world):
    made, _ = implementing(world, appellants=5)
    return made


@pytest.fixture
def tasks(world, matter):
    """T1–T8, all but T7 done."""
    made = []
    for number, (what, kind, owner, total) in enumerate(TASKS, 1):
        of = "answer_appellants" if number == 7 else "work"
        task = set_task(world, matter, what=what, owner_kind=kind, owner=owner, total=total, kind=of, due_on=date(2026, 6, 30))
        made.append(task)
    with clock.frozen(APRIL):
        for task in made:
            if task.total:
                do(lambda task=task: services.report(
                    task, on_day=date(2026, 4, 29), remaining=0, note=HOUSEHOLD, actor=world["C01"]))  # fmt: skip
            if task.number != 7:
                do(lambda task=task: services.complete(task, on_day=date(2026, 4, 29), actor=world["C01"]))
    return made


def close(world, matter):
    with clock.frozen(JUNE):
        do(lambda: agenda.close(matter, actor=world["S01"]))


def test_at22_t7_blocks_closing_until_the_five_are_answered(world, matter, tasks):
    with pytest.raises(Refused) as refusal:
        close(world, matter)
    assert (matter.state, refusal.value.code) == ("implementing", "step_rule")
    five = db.session.scalars(select(Appeal).where(Appeal.matter_id == matter.id).order_by(Appeal.number)).all()
    assert len(five) == 5
    with clock.frozen(APRIL):
        for one in five[:4]:
            do(lambda one=one: appeals.answer(one, "It has been carried out.", actor=world["S01"]))
        with pytest.raises(Refused) as missing:
            do(lambda: appeals.answer(five[4], "It has been carried out.", means="posted_notice", actor=world["S01"]))
        assert missing.value.code == "missing_attempts"
    with pytest.raises(Refused):
        close(world, matter)
    with clock.frozen(APRIL):
        for means in ("phone", "visit"):
            do(lambda means=means: appeals.note_attempt(five[4], means=means, actor=world["V01"]))
        do(lambda: appeals.answer(five[4], "It has been carried out.", means="posted_notice", actor=world["S01"]))
    with pytest.raises(Refused) as last:
        close(world, matter)
    assert str(last.value) == "These tasks are not done yet: T7."
    with clock.frozen(JUNE):
        do(lambda: services.complete(tasks[6], on_day=date(2026, 6, 30), actor=world["S01"]))
    close(world, matter)
    assert matter.state == "closed"


def test_at22_t7_cannot_be_declared_done_while_somebody_waits(world, matter, tasks):
    with clock.frozen(JUNE), pytest.raises(Refused) as refusal:
        do(lambda: services.complete(tasks[6], on_day=date(2026, 6, 30), actor=world["S01"]))
    assert refusal.value.code == "task_rule"
    with pytest.raises(Refused):
        close(world, matter)
    assert matter.state == "implementing"


def test_at22_the_public_page_shows_counts_and_no_households(world, matter, tasks, client):
    with clock.frozen(JUNE):
        shown = text_of(in_english(client).get("/c/mochou/agenda/2026-1/tasks"))
    assert "7 of 8 tasks are done." in shown and "None of 32 remains" in shown
    assert HOUSEHOLD not in shown and "third floor" not in shown

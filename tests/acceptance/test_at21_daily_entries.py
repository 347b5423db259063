"""AT21: daily entries of T3: ten falling values to 0; a rise needs a note."""

from __future__ import annotations

from datetime import date

import pytest

from deliberation.audit import queries as log
from deliberation.audit.actions import sentence
from deliberation.implementation import services
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.people.permissions import office_words
from tests.builders import at, do
from tests.implementation.matters import implementing, set_task

FIGURES = (29, 26, 23, 20, 17, 13, 9, 5, 2, 0)


def reported(world, task, day, remaining, note=None):
    on_day = date(2026, 4, day)
    return do(lambda: services.report(task, on_day=on_day, remaining=remaining, note=note, actor=world["V01"]))


def test_at21_ten_falling_entries_to_zero_and_a_rise_needs_a_note(world):
    matter, comments = implementing(world)
    for _ in range(2):
        set_task(world, matter)
    task = set_task(world, matter, what="Clear the other 32", total=32, unit="beds", point_key="p2", comments=comments[1:2])
    assert task.log_label == "T3"
    for number, figure in enumerate(FIGURES, 13):
        with clock.frozen(at(f"2026-04-{number}T17:30")):
            if number > 13:
                with pytest.raises(Invalid) as rise:
                    reported(world, task, number, FIGURES[number - 14] + 1)
                assert rise.value.field == "note"
            reported(world, task, number, figure)
    assert [entry.remaining for entry in task.progress] == list(FIGURES)
    with clock.frozen(at("2026-04-22T18:00")):
        do(lambda: services.complete(task, on_day=date(2026, 4, 22), actor=world["V01"]))
    assert (task.remaining, task.done_on) == (0, date(2026, 4, 22))
    told = [str(sentence(line.body, office_words)) for line in log.timeline(world.council.log_id, matter.id)]
    assert told[:2] == ["Service station declared task T3 done.", "Service station reported on task T3: 0 left."]


def test_at21_a_rise_with_a_note_is_kept_and_the_note_is_nowhere_in_the_log(world):
    matter, _ = implementing(world)
    task = set_task(world, matter, total=32)
    with clock.frozen(at("2026-04-14T17:30")):
        reported(world, task, 13, 20)
        entry = reported(world, task, 14, 21, "canary: one was replanted")
    assert (entry.remaining, entry.note.value) == (21, "canary: one was replanted")
    bodies = [str(line.body) for line in log.page(world.council.log_id, limit=500)]
    assert not [body for body in bodies if "canary" in body]

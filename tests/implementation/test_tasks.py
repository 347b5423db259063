"""Setting tasks, reporting, completing, and what stands in the way of closing."""

from __future__ import annotations

from datetime import date

import pytest

from deliberation.agenda import services as agenda
from deliberation.implementation import services
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.people.permissions import Office
from deliberation.publishing import services as publishing
from deliberation.publishing.queries import valid_resolution
from deliberation.review.models import Comment
from tests.builders import appoint, at, do
from tests.implementation.matters import adopted, commented, implementing, set_task

SET_ON = at("2026-03-13T09:00")
TODAY = at("2026-04-20T18:00")


def day(number: int) -> date:
    return date(2026, 4, number)


def reported(world, task, number, remaining=None, note=None, who="V01"):
    with clock.frozen(TODAY):
        return do(lambda: services.report(task, on_day=day(number), remaining=remaining, note=note, actor=world[who]))


def completed(world, task, number, note=None, who="V01"):
    with clock.frozen(TODAY):
        do(lambda: services.complete(task, on_day=day(number), note=note, actor=world[who]))


def closed(world, matter):
    with clock.frozen(TODAY):
        do(lambda: agenda.close(matter, actor=world["S01"]))


def test_tasks_are_numbered_from_one_in_each_matter(world):
    one, _ = implementing(world)
    two, _ = implementing(world, title="Cables")
    assert [set_task(world, matter).log_label for matter in (one, one, two)] == ["T1", "T2", "T1"]


def test_a_task_remembers_its_point_and_the_comments_that_made_it(world):
    matter, comments = implementing(world)
    key = matter.current_version.paragraphs[1].key
    task = set_task(world, matter, point_key=key, comments=[comments[1], comments[1]])
    assert (task.point_key, [cause.comment_id for cause in task.causes]) == (key, [comments[1].id])


def test_a_task_of_an_unknown_point_or_of_another_matters_comment_is_refused(world):
    matter, _ = implementing(world)
    _, foreign = implementing(world, title="Cables")
    with pytest.raises(Invalid) as point:
        set_task(world, matter, point_key="p99")
    with pytest.raises(Invalid) as comment:
        set_task(world, matter, comments=foreign[:1])
    assert (point.value.field, comment.value.field) == ("point_key", "comments")


def test_a_task_is_not_due_in_the_past(world):
    matter, _ = implementing(world)
    with pytest.raises(Invalid) as refusal:
        set_task(world, matter, due_on=date(2026, 3, 12))
    assert refusal.value.field == "due_on"
    assert set_task(world, matter, due_on=date(2026, 3, 13)).due_on == date(2026, 3, 13)


def test_no_task_before_the_resolution_is_handed_over(world):
    matter = adopted(world)
    commented(world, matter)
    with pytest.raises(Refused) as refusal:
        set_task(world, matter)
    assert refusal.value.code == "missing_handover_implementing"


@pytest.mark.parametrize("code", ["P01", "M01", "C01", "V01", "R01", "D01", "A01"])
def test_only_the_secretary_general_sets_tasks(world, code):
    matter, _ = implementing(world)
    with clock.frozen(SET_ON), pytest.raises(Forbidden):
        given = {"what": "Clear", "owner_kind": "station", "owner": "Station", "due_on": day(22)}
        do(lambda: services.set_task(matter, **given, actor=world[code]))


def test_each_owner_kind_has_its_own_reporters(world):
    appoint(world, "R02", Office.UNIT)
    matter, _ = implementing(world)
    who = {"V01": set(), "R02": set(), "C01": set(), "S01": set(), "M01": set(), "R01": set(), "P01": set()}
    for number, kind in enumerate(("station", "members", "resident_unit", "secretary")):
        task = set_task(world, matter, owner_kind=kind)
        for at_day, code in enumerate(who, 1):
            try:
                reported(world, task, at_day, note=f"n{number}", who=code)
                who[code].add(kind)
            except Forbidden:
                pass
    assert who == {
        "V01": {"station", "members"},
        "R02": {"resident_unit"},
        "C01": {"station", "members", "resident_unit", "secretary"},
        "S01": {"station", "members", "resident_unit", "secretary"},
        "M01": set(),
        "R01": set(),
        "P01": set(),
    }


def test_a_figure_never_rises_without_a_note(world):
    matter, _ = implementing(world)
    task = set_task(world, matter, total=32, unit="beds")
    with pytest.raises(Invalid):
        reported(world, task, 13, 33)
    reported(world, task, 13, 29)
    reported(world, task, 14, 29)
    with pytest.raises(Invalid) as refusal:
        reported(world, task, 15, 30)
    assert refusal.value.field == "note"
    reported(world, task, 15, 30, "One bed was planted again.")
    assert task.remaining == 30


def test_a_forgotten_day_may_be_entered_later_where_it_fits(world):
    matter, _ = implementing(world)
    task = set_task(world, matter, total=32)
    reported(world, task, 13, 29)
    reported(world, task, 15, 23)
    with pytest.raises(Invalid) as refusal:
        reported(world, task, 14, 22)
    assert refusal.value.field == "note"
    reported(world, task, 14, 26)
    assert [entry.remaining for entry in task.progress] == [29, 26, 23]


def test_one_report_a_day_none_for_tomorrow_none_from_before_the_task(world):
    matter, _ = implementing(world)
    task = set_task(world, matter, total=32)
    reported(world, task, 20, 29)
    with pytest.raises(Refused) as again:
        reported(world, task, 20, 28)
    assert again.value.code == "done_already"
    with pytest.raises(Invalid) as ahead:
        reported(world, task, 21, 28)
    with clock.frozen(TODAY), pytest.raises(Invalid) as before:
        do(lambda: services.report(task, on_day=date(2026, 3, 12), remaining=29, actor=world["V01"]))
    with pytest.raises(Invalid) as empty:
        reported(world, task, 19)
    assert (ahead.value.field, before.value.field, empty.value.field) == ("on_day", "on_day", "remaining")


def test_a_counted_task_is_done_when_nothing_remains_or_a_note_says_why(world):
    matter, _ = implementing(world)
    counted, told = set_task(world, matter, total=9), set_task(world, matter, total=9)
    with pytest.raises(Invalid) as never:
        completed(world, counted, 11)
    assert never.value.field == "note"
    reported(world, counted, 10, 1)
    with pytest.raises(Invalid):
        completed(world, counted, 11)
    reported(world, counted, 11, 0)
    with pytest.raises(Invalid) as earlier:
        completed(world, counted, 10)
    assert earlier.value.field == "on_day"
    completed(world, counted, 11)
    completed(world, told, 11, "The other nine turned out to be the same ones.")
    assert (counted.done_on, counted.done_note, told.done_on) == (day(11), None, day(11))
    assert told.done_note.value == "The other nine turned out to be the same ones."


def test_a_done_task_takes_no_more_reports(world):
    matter, _ = implementing(world)
    task = set_task(world, matter)
    completed(world, task, 11)
    for act in (lambda: reported(world, task, 12, 1), lambda: completed(world, task, 12)):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "done_already"


def test_a_matter_closes_only_when_every_task_is_done_and_the_refusal_names_the_rest(world):
    matter, _ = implementing(world)
    tasks = [set_task(world, matter) for _ in range(3)]
    completed(world, tasks[1], 11)
    with pytest.raises(Refused) as refusal:
        closed(world, matter)
    assert (refusal.value.code, str(refusal.value)) == ("step_rule", "These tasks are not done yet: T1, T3.")
    completed(world, tasks[0], 12)
    completed(world, tasks[2], 12)
    closed(world, matter)
    assert matter.state == "closed"


def test_a_room_upstairs_may_veto_that_a_task_is_done(world, monkeypatch):
    matter, _ = implementing(world)
    task = set_task(world, matter, kind="answer_appellants")
    monkeypatch.setattr(services.task_rules, "_parts", {"test": lambda task: "Somebody waits." if task.kind != "work" else None})
    with pytest.raises(Refused) as refusal:
        completed(world, task, 11)
    assert refusal.value.code == "task_rule"
    assert task.done_on is None


def test_a_matter_without_tasks_is_not_closed(world):
    matter, _ = implementing(world)
    with clock.frozen(TODAY), pytest.raises(Refused, match="No task has been set yet"):
        do(lambda: agenda.close(matter, actor=world["S01"]))
    assert matter.state == "implementing"


def test_a_matter_whose_number_is_void_is_not_closed(world):
    matter, _ = implementing(world)
    task = set_task(world, matter)
    with clock.frozen(TODAY):
        do(lambda: services.complete(task, on_day=clock.today(world.council.zone), actor=world["V01"]))
        do(lambda: publishing.void(valid_resolution(matter), "A slip.", actor=world["P01"]))
        with pytest.raises(Refused, match="number is void"):
            do(lambda: agenda.close(matter, actor=world["S01"]))
    assert matter.state == "implementing"


def test_a_withdrawn_comment_makes_no_task(world):
    matter, comments = implementing(world)
    gone = Comment(id=comments[0].id, matter_id=matter.id, state="withdrawn")
    with pytest.raises(Invalid, match="no longer stands"):
        set_task(world, matter, comments=[gone])

"""Setting tasks, reporting on them, completing them; residents' satisfaction; what stands in the way of closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import Act, State
from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, offices
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.implementation.kinds import ANSWERS, Grade, Kind, OwnerKind, covers
from deliberation.implementation.models import Progress, Satisfaction, Task, TaskCause
from deliberation.implementation.queries import points
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import GRANTS, Office, Permission
from deliberation.publishing.queries import valid_resolution
from deliberation.review.models import Comment

# A room upstairs may veto that a task is declared done: it returns the reason, or None.
TaskRule = Callable[[Task], Words | None]
task_rules: Registry[TaskRule] = Registry("task rule")

MOST_SLIPS = 200


def set_task(
    matter: Matter,
    *,
    what: str,
    owner_kind: str,
    owner: str,
    due_on: date,
    point_key: str | None = None,
    comments: Sequence[Comment] = (),
    total: int | None = None,
    unit: str | None = None,
    kind: str = "work",
    actor: Person,
) -> Task:
    """Set the matter's next task (T1, T2, …). ``point_key`` is the resolution's paragraph, None means all of them;
    ``comments`` are those that made the task; ``total`` with its ``unit`` is what has to be worked off."""
    capacity = authorize(actor, Permission.TASK_SET, matter.council)
    require_state(matter, State.IMPLEMENTING)
    _check_task(matter, what, owner, due_on, point_key, comments)
    last = db.session.scalar(select(func.max(Task.number)).where(Task.matter_id == matter.id)) or 0
    task = Task(
        council_id=matter.council_id,
        matter=matter,
        number=last + 1,
        kind=Kind(kind).value,
        what=what,
        owner_kind=OwnerKind(owner_kind).value,
        owner=owner,
        point_key=point_key,
        due_on=due_on,
        total=total,
        unit=unit if total is not None else None,
        made_at=clock.now(),
    )
    causes = sorted({comment.id for comment in comments})
    task.causes = [TaskCause(comment_id=comment_id, council_id=matter.council_id) for comment_id in causes]
    with recording(capacity, "task.set", task):
        db.session.add(task)
    return task


def _check_task(
    matter: Matter, what: str, owner: str, due_on: date, point_key: str | None, comments: Sequence[Comment]
) -> None:
    if not what:
        raise Invalid(N_("Please say what is to be done."), field="what")
    if not owner:
        raise Invalid(N_("Please say who does it."), field="owner")
    if due_on < clock.today(matter.council.zone):
        raise Invalid(N_("This day has passed. Please choose a day from today on."), field="due_on")
    if point_key is not None and point_key not in {point.key for point in points(matter)}:
        raise Invalid(N_("The resolution has no such point."), field="point_key")
    if any(comment.matter_id != matter.id for comment in comments):
        raise Invalid(N_("This comment belongs to another matter."), field="comments")
    if any(comment.state != "visible" for comment in comments):
        raise Invalid(N_("This comment no longer stands. Choose among those that do."), field="comments")


def report(
    task: Task, *, on_day: date, remaining: int | None = None, note: str | None = None, actor: Person
) -> Progress:
    """Report what remains on a day, one report a day. The figures fall: a rise needs a ``note``, which may name
    households and is therefore never public.

    Raises `Invalid` at the field, `Refused` for a second report of one day or on a task that is done.
    """
    capacity = _authorize_report(task, actor)
    _require_open(task)
    _check_day(task, on_day)
    if any(entry.on_day == on_day for entry in task.progress):
        raise Refused(N_("There is a report for this day already."), field="on_day", code="done_already")
    if remaining is None and not note:
        raise Invalid(N_("Please enter what remains, or write a note."), field="remaining")
    if remaining is not None and not note:
        _check_falls(task, on_day, remaining)
    entry = Progress(
        council_id=task.council_id,
        on_day=on_day,
        remaining=remaining,
        note=personal(capacity.log_id, "progress.note", note),
        reported_by_id=actor.id,
        at=clock.now(),
    )
    with recording(capacity, "task.report", task):
        task.progress.append(entry)
    return entry


def _authorize_report(task: Task, actor: Person) -> Capacity:
    """The office of the actor that reports for this task's owners; raises `Forbidden` where there is none."""
    capacity = authorize(actor, Permission.TASK_REPORT, task.matter.council)
    office = reporting_office(actor, task.matter.council, task.owner_kind)
    if office is None:
        raise Forbidden(N_("Somebody else reports on this task: those who carry it out, or the desk."))
    return replace(capacity, office=office.value)


def reporting_office(actor: Person | None, council: Council, owner_kind: str) -> Office | None:
    """The first of the actor's offices that reports on tasks of these owners, or None."""
    held = (office for office in offices(actor, council) if Permission.TASK_REPORT in GRANTS[office])
    return next((office for office in held if covers(office, owner_kind)), None)


def _require_open(task: Task) -> None:
    require_state(task.matter, State.IMPLEMENTING)
    if task.done_on is not None:
        raise Refused(N_("Task %(label)s is done already."), label=task.log_label, code="done_already")


def _check_day(task: Task, on_day: date) -> None:
    zone = task.matter.council.zone
    if on_day > clock.today(zone):
        raise Invalid(N_("This day is still to come. Please enter a day up to today."), field="on_day")
    if on_day < local_day(task.made_at, ZoneInfo(zone)):
        raise Invalid(N_("The task was not set yet on this day."), field="on_day")


def _check_falls(task: Task, on_day: date, remaining: int) -> None:
    """Without a note the figure neither exceeds the one before nor makes the one after a rise."""
    known = sorted((e for e in task.progress if e.remaining is not None), key=lambda entry: entry.on_day)
    before = next((entry.remaining for entry in reversed(known) if entry.on_day < on_day), task.total)
    after = next((entry for entry in known if entry.on_day > on_day), None)
    if before is not None and remaining > before:
        raise Invalid(
            N_("This is more than the %(before)s that remained before. Please write a note that says why."),
            before=before,
            field="note",
        )
    if after is not None and after.remaining is not None and after.remaining > remaining and after.note_id is None:
        raise Invalid(
            N_("A later day already says that %(after)s remain. Please write a note that says why."),
            after=after.remaining,
            field="note",
        )


def complete(task: Task, *, on_day: date, note: str | None = None, actor: Person) -> None:
    """Declare a task done on a day. One with a total is done when nothing remains; otherwise a ``note`` must say why.

    Raises `Refused` where a room upstairs vetoes it (appellants who wait for their answer).
    """
    capacity = _authorize_report(task, actor)
    _require_open(task)
    _check_day(task, on_day)
    if any(entry.on_day > on_day for entry in task.progress):
        raise Invalid(N_("There are reports for later days. Please enter the day of the last report, or a later one."),
                      field="on_day")
    left = task.remaining
    if left and not note:
        raise Invalid(N_("%(n)s still remain. Report the rest first, or write a note that says why the task is done."),
                      n=left, field="note")
    for rule in task_rules.values():
        reason = rule(task)
        if reason is not None:
            raise Refused(reason, code="task_rule")
    with recording(capacity, "task.complete", task):
        task.done_on = on_day
        task.done_note = personal(capacity.log_id, "task.done_note", note)


def tasks_done(matter: Matter, act: Act) -> Words | None:
    """Step rule: a matter is not closed while tasks are not done; names them."""
    if act is not Act.CLOSE:
        return None
    wanted = select(Task.number).where(Task.matter_id == matter.id, Task.done_on.is_(None)).order_by(Task.number)
    numbers = db.session.scalars(wanted).all()
    if not numbers:
        return _nothing_carried_out(matter)
    return Words(N_("These tasks are not done yet: %(tasks)s."), tasks=", ".join(f"T{number}" for number in numbers))


def _nothing_carried_out(matter: Matter) -> Words | None:
    """Why a matter without running tasks cannot be closed either: it has no resolution in force, or never had a task."""
    if valid_resolution(matter) is None:
        return Words(N_("The resolution's number is void: issue the resolution again before the matter is closed."))
    if not db.session.scalar(select(func.count()).select_from(Task).where(Task.matter_id == matter.id)):
        return Words(N_("No task has been set yet: set the tasks and carry them out first."))
    return None


def record_satisfaction(matter: Matter, grade: str, channel: str, person: Person | None = None, *, actor: Person) -> Satisfaction:
    """One answer on how a matter was carried out: ``online`` by residents themselves, once each; ``paper`` by the desk."""
    online = channel == "online"
    permission = Permission.SATISFACTION_ANSWER if online else Permission.SATISFACTION_RECORD
    capacity = authorize(actor, permission, matter.council, as_resident=online)
    if online and (person is None or person.id != actor.id):
        raise Forbidden(N_("Everybody answers for themselves."))
    _require_carried_out(matter)
    if grade not in (ANSWERS if online else tuple(Grade)):
        raise Invalid(N_("Please choose one of the answers."), field="grade")
    if person is not None and answer_of(matter, person) is not None:
        raise Refused(N_("You have answered already. Thank you."), code="done_already")
    answer = _answer(matter, grade, channel, person)
    with recording(capacity, "satisfaction.answer", matter):
        db.session.add(answer)
    return answer


def record_slips(matter: Matter, counts: Mapping[str, int], *, actor: Person) -> int:
    """Many paper slips in one entry: how many of each grade. Returns how many there were.

    Raises `NotFound` for an unknown grade, `Invalid` for none at all, a negative number, or more than 200 at once.
    """
    capacity = authorize(actor, Permission.SATISFACTION_RECORD, matter.council)
    _require_carried_out(matter)
    if set(counts) - set(Grade):
        raise NotFound(N_("There is no such answer."))
    if any(n < 0 for n in counts.values()) or not 1 <= sum(counts.values()) <= MOST_SLIPS:
        raise Invalid(N_("Please enter from 1 to %(most)s slips at once."), most=MOST_SLIPS, field="satisfied")
    slips = [_answer(matter, grade, "paper", None) for grade in Grade for _ in range(counts.get(grade, 0))]
    with recording(capacity, "satisfaction.slips", matter):
        db.session.add_all(slips)
    return len(slips)


def _require_carried_out(matter: Matter) -> None:
    require_state(matter, State.IMPLEMENTING, State.CLOSED)


def _answer(matter: Matter, grade: str, channel: str, person: Person | None) -> Satisfaction:
    return Satisfaction(
        council_id=matter.council_id,
        matter_id=matter.id,
        grade=Grade(grade).value,
        channel=channel,
        person_id=person.id if person else None,
        at=clock.now(),
    )


def answer_of(matter: Matter, person: Person) -> Satisfaction | None:
    """What this person answered online, or None."""
    return db.session.scalar(
        select(Satisfaction).where(Satisfaction.matter_id == matter.id, Satisfaction.person_id == person.id)
    )

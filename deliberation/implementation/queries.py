"""Readings of tasks: finished rows in a constant number of statements. Notes are given only to those who may read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter, PlanParagraph
from deliberation.agenda.states import State
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.implementation.charts import Bar, bars
from deliberation.implementation.kinds import Grade
from deliberation.implementation.models import Progress, Satisfaction, Task, TaskCause
from deliberation.publishing.queries import valid_resolution
from deliberation.review.models import Comment


@dataclass(frozen=True)
class Point:
    """One point of the resolution: its number there, its key, its text."""

    number: int
    key: str
    text: str


@dataclass(frozen=True)
class Reported:
    """One day's report. ``note`` is None for those who may not read it, ``has_note`` tells that there is one."""

    on_day: date
    remaining: int | None
    note: str | None
    has_note: bool


@dataclass(frozen=True)
class TaskRow:
    """One task as a page shows it. ``days_over`` is 0 unless the task is not done and its day has passed."""

    number: int
    label: str
    kind: str
    what: str
    owner_kind: str
    owner: str
    due_on: date
    point_key: str | None
    point: Point | None
    total: int | None
    unit: str | None
    remaining: int | None
    done_on: date | None
    done_note: str | None
    days_over: int
    causes: tuple[str, ...]
    reports: tuple[Reported, ...]
    bars: tuple[Bar, ...]
    matter_no: str
    matter_title: str


def points(matter: Matter) -> list[Point]:
    """The points of the matter's resolution in force; none before there is one."""
    resolution = valid_resolution(matter)
    if resolution is None:
        return []
    query = (
        select(PlanParagraph.position, PlanParagraph.key, PlanParagraph.text)
        .where(PlanParagraph.version_id == resolution.version_id)
        .order_by(PlanParagraph.position)
    )
    return [Point(*row) for row in db.session.execute(query)]


def _tasks() -> Select[Task]:
    return select(Task).options(
        joinedload(Task.matter),
        selectinload(Task.progress).joinedload(Progress.note),
        joinedload(Task.done_note),
    )


def running_tasks(council: Council, today: date) -> list[TaskRow]:
    """Every task that is not done, of all matters that are being carried out, by due date."""
    query = (
        _tasks()
        .join(Matter, Task.matter_id == Matter.id)
        .where(Task.council_id == council.id, Task.done_on.is_(None), Matter.state == State.IMPLEMENTING.value)
        .order_by(Task.due_on, Task.matter_id, Task.number)
    )
    return [_row(task, today, [], {}, False) for task in db.session.scalars(query).unique()]


def matter_tasks(
    matter: Matter, today: date, found: Sequence[Point], *, notes_of: Collection[str] = ()
) -> list[TaskRow]:
    """All tasks of one matter in their order, with the comments that made them. ``found`` are the resolution's points,
    ``notes_of`` the kinds of owners whose notes the reader may read."""
    tasks = db.session.scalars(_tasks().where(Task.matter_id == matter.id).order_by(Task.number)).unique().all()
    causes: dict[int, list[str]] = {}
    pairs = (
        select(TaskCause.task_id, Comment)
        .join(Comment, TaskCause.comment_id == Comment.id)
        .join(Task, TaskCause.task_id == Task.id)
        .where(Task.matter_id == matter.id)
        .order_by(Comment.window_id, Comment.number)
    )
    for task_id, comment in db.session.execute(pairs):
        causes.setdefault(task_id, []).append(comment.label)
    return [_row(task, today, found, causes, task.owner_kind in notes_of) for task in tasks]


def _row(
    task: Task, today: date, found: Sequence[Point], causes: dict[int, list[str]], with_notes: bool
) -> TaskRow:
    reports = sorted(task.progress, key=lambda entry: entry.on_day)
    figures = [(entry.on_day, entry.remaining) for entry in reports if entry.remaining is not None]
    return TaskRow(
        number=task.number,
        label=task.log_label,
        kind=task.kind,
        what=task.what,
        owner_kind=task.owner_kind,
        owner=task.owner,
        due_on=task.due_on,
        point_key=task.point_key,
        point=next((point for point in found if point.key == task.point_key), None),
        total=task.total,
        unit=task.unit,
        remaining=task.remaining,
        done_on=task.done_on,
        done_note=task.done_note.value if with_notes and task.done_note else None,
        days_over=max((today - task.due_on).days, 0) if task.done_on is None else 0,
        causes=tuple(causes.get(task.id, ())),
        reports=tuple(_reported(entry, with_notes) for entry in reports),
        bars=tuple(bars(figures, task.total)),
        matter_no=task.matter.no,
        matter_title=task.matter.title,
    )


def _reported(entry: Progress, with_notes: bool) -> Reported:
    note = entry.note.value if with_notes and entry.note else None
    return Reported(entry.on_day, entry.remaining, note, entry.note_id is not None)


def tally(matter: Matter) -> dict[str, int]:
    """How many answers of each grade, over both channels."""
    query = select(Satisfaction.grade, func.count()).where(Satisfaction.matter_id == matter.id).group_by(Satisfaction.grade)
    counted: dict[str, int] = {grade: n for grade, n in db.session.execute(query)}  # noqa: C416
    return {grade.value: counted.get(grade.value, 0) for grade in Grade}


def comments_of(matter: Matter) -> list[Comment]:
    """The comments from which a task can come: those that stand, in their order."""
    query = (
        select(Comment)
        .options(joinedload(Comment.text), joinedload(Comment.masked))
        .where(Comment.matter_id == matter.id, Comment.state == "visible")
        .order_by(Comment.window_id, Comment.number)
    )
    return list(db.session.scalars(query))

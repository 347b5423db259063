"""Tasks of the council and of one matter, their progress, satisfaction, and closing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda.models import Matter
from deliberation.agenda.services import close as close_matter
from deliberation.agenda.states import State
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, matter_or_404
from deliberation.councils.authority import offices, why_not
from deliberation.councils.models import Council
from deliberation.implementation import queries, services
from deliberation.implementation.forms import (
    CompleteForm,
    ReportForm,
    SatisfactionForm,
    SlipsForm,
    TaskForm,
    today_as_default,
)
from deliberation.implementation.kinds import OwnerKind, covers, grade_words, owner_words
from deliberation.implementation.models import Task
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import GRANTS, Permission

bp = Blueprint("implementation", __name__, url_prefix="/c/<community>")


def _require(permission: Permission, council: Council) -> Person:
    """The reader, where the form is open to them; the service asks again."""
    person = actor()
    reason = why_not(person, permission, council)
    if reason is not None or person is None:
        raise Forbidden(reason or N_("Please sign in first."))
    return person


def _load(community: str, no: str) -> tuple[Council, Matter]:
    council = council_or_404(community)
    return council, matter_or_404(council, no)


def _tasks_url(matter: Matter, community: str) -> str:
    return url_for("implementation.show", community=community, no=matter.no)


@bp.get("/tasks")
def index(community: str) -> str:
    council = council_or_404(community)
    tasks = queries.running_tasks(council, clock.today(council.zone))
    return render_template("implementation/index.html", council=council, tasks=tasks, owner_words=owner_words)


@bp.get("/agenda/<no>/tasks")
def show(community: str, no: str) -> str:
    council, matter = _load(community, no)
    may = _may(matter)
    points = queries.points(matter)
    return render_template(
        "implementation/show.html",
        council=council,
        matter=matter,
        points=points,
        tasks=queries.matter_tasks(matter, clock.today(council.zone), points, notes_of=may["read_notes"]),
        tally=queries.tally(matter),
        may=may,
        owner_words=owner_words,
        grade_words=grade_words,
    )


def _may(matter: Matter) -> dict[str, Any]:
    """What this reader may do on the page: the same catalogue that the services ask, read once."""
    person = actor()
    held = offices(person, matter.council)
    granted = {permission for office in held for permission in GRANTS[office]}
    reporting = [office for office in held if Permission.TASK_REPORT in GRANTS[office]]
    running = matter.state == State.IMPLEMENTING
    carried_out = running or matter.state == State.CLOSED
    return {
        "set": running and Permission.TASK_SET in granted,
        "report": lambda owner_kind: running and any(covers(office, owner_kind) for office in reporting),
        "close": running and Permission.MATTER_CLOSE in granted,
        "slips": carried_out and Permission.SATISFACTION_RECORD in granted,
        "answer": carried_out and person is not None and services.answer_of(matter, person) is None,
        "see_answers": carried_out,
        "read_notes": [kind for kind in OwnerKind if any(covers(office, kind) for office in reporting)],
    }


@bp.route("/agenda/<no>/tasks/new", methods=["GET", "POST"])
def new(community: str, no: str) -> Response | tuple[str, int]:
    council, matter = _load(community, no)
    person = _require(Permission.TASK_SET, council)
    comments = queries.comments_of(matter)
    form = TaskForm()
    form.offer(queries.points(matter), comments)

    def service() -> Task:
        chosen = set(form.comments.data or ())
        return services.set_task(
            matter,
            what=form.what.data,
            kind=form.kind.data,
            owner_kind=form.owner_kind.data,
            owner=form.owner.data,
            due_on=form.due_on.data,
            point_key=form.point_key.data or None,
            comments=[comment for comment in comments if str(comment.id) in chosen],
            total=form.total.data,
            unit=form.unit.data or None,
            actor=person,
        )

    return form_page(
        form, service, _tasks_url(matter, community), title=_("Set a task: %(title)s", title=matter.title),
        submit_label=_("Set the task"), said=_("The task is set."), council=council, back_url=_tasks_url(matter, community),
    )  # fmt: skip


@bp.route("/agenda/<no>/tasks/<int:number>/report", methods=["GET", "POST"])
def report(community: str, no: str, number: int) -> Response | tuple[str, int]:
    council, matter = _load(community, no)
    person = _require(Permission.TASK_REPORT, council)
    task = load_or_404(Task, council, matter_id=matter.id, number=number)
    form = ReportForm()
    today_as_default(form, clock.today(council.zone))
    return form_page(
        form,
        lambda: services.report(
            task, on_day=form.on_day.data, remaining=form.remaining.data, note=form.note.data or None, actor=person
        ),
        _tasks_url(matter, community),
        title=_("Report on %(label)s: %(what)s", label=task.log_label, what=task.what),
        submit_label=_("Hand in the report"),
        said=_("The report is recorded."),
        intro=[_left(task)] if task.remaining is not None else [],
        council=council,
        back_url=_tasks_url(matter, community),
    )


def _left(task: Task) -> str:
    return _("So far %(n)s %(unit)s remain.", n=task.remaining, unit=task.unit or "").replace("  ", " ")


@bp.route("/agenda/<no>/tasks/<int:number>/complete", methods=["GET", "POST"])
def complete(community: str, no: str, number: int) -> Response | tuple[str, int]:
    council, matter = _load(community, no)
    person = _require(Permission.TASK_REPORT, council)
    task = load_or_404(Task, council, matter_id=matter.id, number=number)
    form = CompleteForm()
    today_as_default(form, clock.today(council.zone))
    return form_page(
        form,
        lambda: services.complete(task, on_day=form.on_day.data, note=form.note.data or None, actor=person),
        _tasks_url(matter, community),
        title=_("Declare %(label)s done: %(what)s", label=task.log_label, what=task.what),
        submit_label=_("Declare it done"),
        said=_("The task is done."),
        intro=[_left(task)] if task.remaining else [],
        council=council,
        back_url=_tasks_url(matter, community),
    )


@bp.route("/agenda/<no>/satisfaction", methods=["GET", "POST"])
def satisfaction(community: str, no: str) -> Response | tuple[str, int]:
    council, matter = _load(community, no)
    person = _require(Permission.SATISFACTION_ANSWER, council)
    form = SatisfactionForm()
    return form_page(
        form,
        lambda: services.record_satisfaction(matter, form.grade.data, "online", person, actor=person),
        _tasks_url(matter, community),
        title=_("Your answer: %(title)s", title=matter.title),
        submit_label=_("Hand in my answer"),
        said=_("Your answer is recorded. Thank you."),
        intro=[_("Everybody answers once. Only the counts are shown.")],
        council=council,
        back_url=_tasks_url(matter, community),
    )


@bp.route("/agenda/<no>/satisfaction/slips", methods=["GET", "POST"])
def slips(community: str, no: str) -> Response | tuple[str, int]:
    council, matter = _load(community, no)
    person = _require(Permission.SATISFACTION_RECORD, council)
    form = SlipsForm()
    return form_page(
        form,
        lambda: services.record_slips(matter, form.counts(), actor=person),
        _tasks_url(matter, community),
        title=_("Enter paper slips: %(title)s", title=matter.title),
        submit_label=_("Enter the slips"),
        said=_("The slips are recorded."),
        intro=[_("Count the slips by hand first. All of them are entered together.")],
        council=council,
        back_url=_tasks_url(matter, community),
    )


@bp.post("/agenda/<no>/close")
def close(community: str, no: str) -> Response:
    council, matter = _load(community, no)
    person = _require(Permission.MATTER_CLOSE, council)
    return act(lambda: close_matter(matter, actor=person), _tasks_url(matter, community), _("The matter is closed."))

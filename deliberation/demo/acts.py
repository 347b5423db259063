"""What can stand in a ``.yaml`` of acts: one function a verb, its keyword arguments are the fields of the act.

Every function calls the same services as the pages do. ``stage`` knows the people, and what earlier acts were called
(``ref``). Paragraphs are named by their number in the text as it reads when the act happens; days are ISO dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.appeals import services as _appeals
from deliberation.councils.models import Council
from deliberation.extensions import transaction
from deliberation.implementation import services as implementation
from deliberation.kernel import clock
from deliberation.people.models import Person
from deliberation.publishing import services as publishing
from deliberation.review import answers as review_answers
from deliberation.review import services as review


@dataclass
class Stage:
    """One matter on the stage."""

    council: Council
    people: Mapping[str, Person]
    zone: ZoneInfo
    matter: Matter | None = None
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def the_matter(self) -> Matter:
        assert self.matter is not None, "the matter is not open yet"
        return self.matter


VERBS: dict[str, Callable[..., Any]] = {}


def verb(function: Callable[..., Any]) -> Callable[..., Any]:
    VERBS[function.__name__.rstrip("_")] = function
    return function


def day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@verb
def appeal(stage: Stage, *, by: Person, channel: str, text: str, **details: Any) -> Any:
    """``name``, ``contact``, ``paper_no`` may be given."""
    return _appeals.file(stage.council, channel=channel, text=text, actor=by, **details).appeal


@verb
def take(stage: Stage, *, by: Person, appeals: Sequence[str]) -> None:
    _each(stage, appeals, lambda one: _appeals.take(one, actor=by))


@verb
def interim(stage: Stage, *, by: Person, appeals: Sequence[str], text: str, reason: str, extends_to: Any) -> None:
    _each(stage, appeals, lambda one: _appeals.interim(one, text, reason=reason, extends_to=day(extends_to), actor=by))


@verb
def answer(stage: Stage, *, by: Person, appeals: Sequence[str], text: str, means: str = "direct") -> None:
    _each(stage, appeals, lambda one: _appeals.answer(one, text, means=means, actor=by))


@verb
def decline(stage: Stage, *, by: Person, appeals: Sequence[str], text: str, reason: str) -> None:
    _each(stage, appeals, lambda one: _appeals.decline(one, text, reason=reason, actor=by))


@verb
def refer(stage: Stage, *, by: Person, appeals: Sequence[str], text: str, to: str, reason: str) -> None:
    _each(stage, appeals, lambda one: _appeals.refer(one, text, to=to, reason=reason, actor=by))


@verb
def attempt(stage: Stage, *, by: Person, appeals: Sequence[str], means: str, note: str) -> None:
    _each(stage, appeals, lambda one: _appeals.note_attempt(one, means=means, note=note, actor=by))


@verb
def rate(stage: Stage, *, by: Person, appeals: Sequence[str], grade: str) -> None:
    """By its author online, or from paper by the desk."""
    _each(
        stage,
        appeals,
        lambda one: _appeals.rate(one, grade, channel="online" if by.id == one.appellant_id else "paper", actor=by),
    )


def _each(stage: Stage, names: Sequence[str], act: Callable[[Any], Any]) -> None:
    for name in names:
        with transaction():
            act(stage.things[name])


@verb
def open_(stage: Stage, *, by: Person, title: str, problem: str, source: str = "appeals") -> Matter:
    stage.matter = agenda.open_matter(stage.council, title=title, problem=problem, source=source, actor=by)
    return stage.matter


@verb
def merge(stage: Stage, *, by: Person, appeals: Sequence[str]) -> None:
    _appeals.merge([stage.things[name] for name in appeals], stage.the_matter, actor=by)


@verb
def hand_over(stage: Stage, *, by: Person, act: str, note: str) -> Any:
    """``act``: to_committee, to_council, to_forum, to_implementation, or back: send_back, reopen."""
    return agenda.hand_over(stage.the_matter, Act(act), note=note, actor=by)


@verb
def plan(stage: Stage, *, by: Person, text: Sequence[str], **details: str) -> Any:
    """``analysis``, ``powers`` (within, persuade, outside) and ``powers_note`` may be given."""
    return agenda.write_plan(stage.the_matter, list(text), actor=by, **details)


@verb
def end(stage: Stage, *, by: Person, act: str, reason: str) -> None:
    """``act``: decline, refer, withdraw or lapse."""
    agenda.end(stage.the_matter, Act(act), reason=reason, actor=by)


@verb
def close(stage: Stage, *, by: Person) -> None:
    agenda.close(stage.the_matter, actor=by)


@verb
def window(stage: Stage, *, by: Person) -> Any:
    stage.things["window"] = review.open_window(stage.the_matter, actor=by)
    return stage.things["window"]


@verb
def comment(stage: Stage, *, by: Person, stance: str, text: str, paragraph: int = 0) -> Any:
    return review.comment(stage.things["window"], stance, text, _key(stage, paragraph), actor=by)


@verb
def transcribe(stage: Stage, *, by: Person, paper_no: str, stance: str, text: str, paragraph: int = 0) -> Any:
    return review.transcribe(stage.things["window"], stance, text, _key(stage, paragraph), paper_no=paper_no, actor=by)


def _key(stage: Stage, paragraph: int) -> str | None:
    version = stage.the_matter.current_version
    assert version is not None
    return version.paragraphs[paragraph - 1].key if paragraph else None


@verb
def mask(stage: Stage, *, by: Person, comment: str, rule: str, reason: str, text: str) -> None:
    review_answers.mask(stage.things[comment], text, rule, reason, actor=by)


@verb
def hide(stage: Stage, *, by: Person, comment: str, rule: str, reason: str) -> None:
    review_answers.hide(stage.things[comment], rule, reason, actor=by)


@verb
def reply(stage: Stage, *, by: Person, comment: str, disposition: str, text: str) -> None:
    review_answers.reply(stage.things[comment], disposition, text, actor=by)


@verb
def revise(stage: Stage, *, by: Person, text: Sequence[str], causes: Mapping[int, Sequence[str]]) -> Any:
    """``causes``: number of a new paragraph → the comments that made it."""
    named = {number: [stage.things[ref].id for ref in refs] for number, refs in causes.items()}
    return review.revise(stage.the_matter, list(text), named, actor=by)


@verb
def resolve(stage: Stage, *, by: Person, effect: str | None = None) -> Any:
    """``effect`` is the usual line for the plan's check of powers where none is given."""
    usual = publishing.usual_effect(stage.the_matter).render(gettext)
    return publishing.resolve(stage.the_matter, effect or usual, actor=by)


@verb
def task(
    stage: Stage, *, by: Person, what: str, owner: str, due: Any, point: int = 0, comments: Sequence[str] = (), **details: Any
) -> Any:
    """``owner_kind``, ``kind``, ``total`` and ``unit`` as the service takes them; ``point`` is the paragraph's number."""
    causes = [stage.things[name] for name in comments]
    return implementation.set_task(
        stage.the_matter,
        what=what,
        owner=owner,
        due_on=day(due),
        point_key=_key(stage, point),
        comments=causes,
        actor=by,
        **details,
    )


@verb
def report(stage: Stage, *, by: Person, task: str, remaining: int | None = None, note: str | None = None) -> None:
    implementation.report(stage.things[task], on_day=_today(stage), remaining=remaining, note=note, actor=by)


@verb
def complete(stage: Stage, *, by: Person, task: str, note: str | None = None) -> None:
    implementation.complete(stage.things[task], on_day=_today(stage), note=note, actor=by)


def _today(stage: Stage) -> date:
    return clock.today(stage.zone.key)


@verb
def slips(stage: Stage, *, by: Person, counts: Mapping[str, int]) -> None:
    implementation.record_slips(stage.the_matter, counts, actor=by)

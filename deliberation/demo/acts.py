"""What can stand in a ``.yaml`` of acts: one function a verb, its keyword arguments are the fields of the act.

Every function calls the same services as the pages do. ``stage`` knows the people, and what earlier acts were called
(``ref``). Paragraphs are named by their number in the text as it reads when the act happens; days are ISO dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.meetings.states import Presence
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from deliberation.motions.texts import text_of
from deliberation.people.models import Person
from deliberation.publishing import services as publishing
from deliberation.review import answers as review_answers
from deliberation.review import services as review
from deliberation.voting import services as voting
from deliberation.voting.states import Choice


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
def meeting(stage: Stage, *, by: Person, starts_at: Any, place: str, materials: Sequence[str] = ()) -> Any:
    """The chair is P01, the clerk C01."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    who = {"chair": stage.people["P01"], "clerk": stage.people["C01"], "actor": by}
    return meetings.plan(
        stage.council, starts_at=begins, place=place, matters=[stage.the_matter], materials=list(materials), **who
    )


@verb
def call(stage: Stage, *, by: Person, meeting: str) -> None:
    meetings.call(stage.things[meeting], actor=by)


@verb
def roll(stage: Stage, *, by: Person, meeting: str, absent: Mapping[str, str]) -> None:
    """Everybody attends but ``absent``: code → why."""
    sitting = stage.things[meeting]
    away = {stage.people[code].id: why for code, why in absent.items()}
    states = {
        row.person_id: Presence.EXCUSED if row.person_id in away else Presence.ATTENDING for row in meetings.roster(sitting)
    }
    meetings.note_attendance(sitting, states, reasons=away, actor=by)


@verb
def open_meeting(stage: Stage, *, by: Person, meeting: str) -> None:
    meetings.open_meeting(stage.things[meeting], actor=by)


@verb
def take_up(stage: Stage, *, by: Person, meeting: str) -> Any:
    return meetings.take_up(stage.things[meeting].items[0], actor=by)


@verb
def close_meeting(stage: Stage, *, by: Person, meeting: str) -> None:
    meetings.close_meeting(stage.things[meeting], actor=by)


@verb
def recuse(stage: Stage, *, by: Person, reason: str) -> None:
    agenda.ask_recusal(stage.the_matter, by, reason, actor=by)


@verb
def approve_recusal(stage: Stage, *, by: Person, member: str) -> None:
    asked = agenda.recusal_of(stage.the_matter, stage.people[member])
    assert asked is not None
    agenda.approve_recusal(asked, stage.the_matter, actor=by)


@verb
def speech(stage: Stage, *, by: Person, meeting: str, speaker: str, stance: str, text: str) -> None:
    meetings.speak(stage.things[meeting].items[0], stage.people[speaker], stance, text, actor=by)


@verb
def motion(
    stage: Stage,
    *,
    by: Person,
    kind: str,
    mover: str,
    parent: str = "",
    op: str = "",
    paragraph: int = 0,
    text: str | None = None,
) -> Any:
    """``kind``: main, amendment (``parent``, ``op``, ``paragraph``, ``text``) or secondary (``parent``, ``text``)."""
    who = stage.people[mover]
    if kind == "main":
        return motions.propose_main(stage.the_matter, who, actor=by)
    above = stage.things[parent]
    if kind == "secondary":
        return motions.propose_secondary(above, text or "", mover=who, actor=by)
    key = text_of(above.version)[paragraph - 1].key if paragraph else None
    return motions.propose_amendment(above, Op(op), paragraph_key=key, text=text, mover=who, actor=by)


@verb
def second(stage: Stage, *, by: Person, motion: str, seconder: str) -> None:
    motions.second(stage.things[motion], stage.people[seconder], actor=by)


@verb
def vote(
    stage: Stage,
    *,
    by: Person | None = None,
    motion: str,
    abstain: Sequence[str],
    expect: Sequence[int],
    against: Sequence[str] | None = None,
    for_: Sequence[str] | None = None,
    phones: Sequence[str] = (),
) -> None:
    """The whole vote: P01 puts the motion, ``phones`` vote on their own, C01 takes the others down, P01 confirms, closes.

    Who is not named votes for where ``against`` is given, against where ``for`` is given. ``expect``: for, against,
    abstain; anything else than these counts is an error of the data.
    """
    chair, clerk = stage.people["P01"], stage.people["C01"]
    one = stage.things[motion]
    with transaction():
        poll = votes.put(one, actor=chair)
    choices = _choices(stage, poll.id, against, for_, abstain)
    for code in phones:
        with transaction():
            voting.cast(poll, choices.pop(stage.people[code].id), actor=stage.people[code])
    with transaction():
        voting.take_down(poll, choices, actor=clerk)
    with transaction():
        voting.confirm(poll, actor=chair)
    with transaction():
        row = votes.close_and_count(one, actor=chair)
    counted = [row.votes_for, row.votes_against, row.votes_abstain]
    if counted != list(expect):
        raise ValueError(f"{motion}: counted {counted}, expected {list(expect)}")


def _choices(
    stage: Stage, poll_id: int, against: Sequence[str] | None, for_: Sequence[str] | None, abstain: Sequence[str]
) -> dict[int, Choice]:
    named, choice, rest = (against, Choice.AGAINST, Choice.FOR) if for_ is None else (for_, Choice.FOR, Choice.AGAINST)
    choices = dict.fromkeys(voting.may_vote_ids(poll_id), rest)
    choices |= {stage.people[code].id: choice for code in named or ()}
    return choices | {stage.people[code].id: Choice.ABSTAIN for code in abstain}


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

"""The verbs of sittings that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts` for how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deliberation.agenda import recusals
from deliberation.demo.acts import VERBS, Stage, verb
from deliberation.extensions import transaction
from deliberation.meetings import minutes, questions, speeches, votes
from deliberation.meetings import services as meetings
from deliberation.meetings.states import Presence
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from deliberation.motions.texts import text_of
from deliberation.people.models import Person
from deliberation.voting import casting
from deliberation.voting import queries as polls
from deliberation.voting.kinds import Kind
from deliberation.voting.services import Question
from deliberation.voting.states import Choice

# All verbs: those of ``acts`` and, below, those of sittings.
__all__ = ["VERBS"]


@verb
def meeting(
    stage: Stage, *, by: Person, starts_at: Any, place: str, materials: Sequence[str] = (), topics: Sequence[str] = ()
) -> Any:
    """The chair is P01, the clerk C01."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    who: dict[str, Any] = {"chair": stage.people["P01"], "clerk": stage.people["C01"], "actor": by}
    return meetings.plan(
        stage.council, starts_at=begins, place=place, matters=[stage.the_matter], materials=list(materials), topics=list(topics),
        **who,
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
    recusals.ask_recusal(stage.the_matter, by, reason, actor=by)


@verb
def approve_recusal(stage: Stage, *, by: Person, member: str) -> None:
    asked = recusals.recusal_of(stage.the_matter, stage.people[member])
    assert asked is not None
    recusals.approve_recusal(asked, stage.the_matter, actor=by)


@verb
def speech(stage: Stage, *, by: Person, meeting: str, speaker: str, stance: str, text: str) -> Any:
    return speeches.speak(stage.things[meeting].items[0], stage.people[speaker], stance, text, actor=by)


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
            casting.cast(poll, choices.pop(stage.people[code].id), actor=stage.people[code])
    with transaction():
        casting.take_down(poll, choices, actor=clerk)
    with transaction():
        casting.confirm(poll, actor=chair)
    with transaction():
        row = votes.close_and_count(one, actor=chair)
    counted = [row.votes_for, row.votes_against, row.votes_abstain]
    if counted != list(expect):
        raise ValueError(f"{motion}: counted {counted}, expected {list(expect)}")


@verb
def ask(
    stage: Stage,
    *,
    meeting: str,
    question: str,
    kind: str,
    options: Sequence[str],
    ballots: Mapping[str, int],
    method: str | None = None,
    seats: int = 1,
    topic: int | None = None,
    by: Person,
) -> None:
    """A question on the matter, or on a ``topic`` of the notice (its number), answered by phone: so many of those present cast
    each of the ``ballots``, in the order of the roll."""
    asked = Question(question, Kind(kind), tuple(options), seats, 1 if kind == Kind.SINGLE else len(options), method=method)
    sitting = stage.things[meeting]
    items = {item.matter_id: f"item:{item.id}" for item in sitting.items}
    about = items[stage.the_matter.id] if topic is None else f"topic:{sitting.topics[topic - 1].id}"
    with transaction():
        poll = questions.ask(sitting, asked, about=about, actor=by)
    people = {person.id: person for person in stage.people.values()}
    voters = polls.may_vote_ids(poll.id)
    said = [ballot for ballot, number in ballots.items() for _ in range(number)]
    for person_id, ballot in zip(voters, said, strict=True):
        with transaction():
            casting.cast(poll, ballot, actor=people[person_id])
    with transaction():
        questions.close_and_count(poll, actor=by)


def _choices(
    stage: Stage, poll_id: int, against: Sequence[str] | None, for_: Sequence[str] | None, abstain: Sequence[str]
) -> dict[int, Choice]:
    named, choice, rest = (against, Choice.AGAINST, Choice.FOR) if for_ is None else (for_, Choice.FOR, Choice.AGAINST)
    choices = dict.fromkeys(polls.may_vote_ids(poll_id), rest)
    choices |= {stage.people[code].id: choice for code in named or ()}
    return choices | {stage.people[code].id: Choice.ABSTAIN for code in abstain}


@verb
def lay_out(stage: Stage, *, by: Person, meeting: str) -> None:
    minutes.lay_out(stage.things[meeting], actor=by)


@verb
def sign(stage: Stage, *, by: Person, meeting: str, as_: str) -> None:
    """``as_``: chair or clerk."""
    sitting = stage.things[meeting]
    _text, digest = minutes.frozen(sitting, minutes.minutes_of(sitting))
    minutes.sign(sitting, as_, document_hash=digest, actor=by)


@verb
def publish(stage: Stage, *, by: Person, meeting: str) -> None:
    minutes.publish(stage.things[meeting], actor=by)


@verb
def object_to_minutes(stage: Stage, *, by: Person, meeting: str, text: str) -> Any:
    return minutes.object_to(stage.things[meeting], text, actor=by)


@verb
def answer_objection(stage: Stage, *, by: Person, meeting: str, objection: str, upheld: bool, text: str) -> None:
    minutes.answer(stage.things[objection], stage.things[meeting], text, upheld=upheld, actor=by)


@verb
def reword_speech(stage: Stage, *, by: Person, meeting: str, speech: str, text: str) -> None:
    """``speech`` is what an earlier act called the speech."""
    part = f"speech:{stage.things[speech].id}"
    number, _text = minutes.wording(stage.things[meeting], part)
    minutes.write(stage.things[meeting], part, text, number=number, actor=by)

"""The verbs of hearings that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts` for how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deliberation.demo.acts import Stage, verb
from deliberation.hearings import answers, places, services
from deliberation.hearings.models import Hearing
from deliberation.hearings.queries import rounds_of
from deliberation.people.models import Person


@verb
def hearing(stage: Stage, *, by: Person, question: str, starts_at: Any, place: str, materials: Sequence[str] = ()) -> Any:
    """The chair is P01, the clerk C01. Later acts name the meeting."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    made = services.plan(
        stage.the_matter, question=question, starts_at=begins, place=place, materials=list(materials),
        chair=stage.people["P01"], clerk=stage.people["C01"], actor=by,
    )  # fmt: skip
    return made.meeting


def _round(stage: Stage, meeting: str) -> Hearing:
    return rounds_of(stage.things[meeting])[stage.the_matter.id]


@verb
def list_for(stage: Stage, *, by: Person, meeting: str, name: str, party: str, comes: bool = True, account: str = "") -> Any:
    """``account``: the code of somebody who can sign in."""
    person = stage.people[account] if account else None
    return services.join(_round(stage, meeting), name, party, comes=comes, person=person, actor=by)


@verb
def heard(
    stage: Stage, *, by: Person, meeting: str, who: str, kind: str, text: str, minutes: int | None = None, to: str = ""
) -> Any:
    """``kind``: statement (with ``minutes``), question, answer (``to`` a question) or submission."""
    asked = stage.things[to] if to else None
    return services.say(_round(stage, meeting), stage.things[who], kind, text, minutes=minutes, to=asked, actor=by)


@verb
def findings(stage: Stage, *, by: Person, meeting: str, text: str) -> None:
    services.find(_round(stage, meeting), text, actor=by)


@verb
def confirm_record(stage: Stage, *, by: Person, meeting: str, who: str, reservation: str | None = None) -> None:
    seen = services.digest_of(_round(stage, meeting))
    services.confirm(stage.things[who], seen=seen, reservation=reservation, actor=by)


@verb
def answer_hearing(stage: Stage, *, by: Person, meeting: str, text: str) -> None:
    answers.answer(_round(stage, meeting), text, actor=by)


@verb
def invite(
    stage: Stage, *, by: Person, meeting: str, seats: Mapping[str, int], until: Any, seed_source: str, seed_at: Any
) -> None:
    """Call people to apply for so many ``seats`` a party."""
    last, known = (datetime.fromisoformat(str(one)).replace(tzinfo=stage.zone) for one in (until, seed_at))
    places.invite(_round(stage, meeting), seats, until=last, seed_source=seed_source, seed_at=known, actor=by)


@verb
def apply(stage: Stage, *, by: Person, meeting: str, party: str, names: Sequence[str] = ()) -> None:
    """One's own application, or those on paper, one a name."""
    for name in names or [""]:
        places.apply(_round(stage, meeting), party, name=name, actor=by)


@verb
def close_list(stage: Stage, *, by: Person, meeting: str) -> None:
    places.close(_round(stage, meeting), actor=by)


@verb
def draw(stage: Stage, *, by: Person, meeting: str, seed: str) -> None:
    places.draw(_round(stage, meeting), seed, actor=by)

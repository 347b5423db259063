"""The verbs of hearings that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts` for how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deliberation.demo.acts import Stage, verb
from deliberation.hearings import answers, services
from deliberation.people.models import Person


@verb
def hearing(
    stage: Stage, *, by: Person, meeting: str, question: str, starts_at: Any, place: str, materials: Sequence[str] = ()
) -> Any:
    """The chair is P01, the clerk C01; ``meeting`` is what later acts call its meeting."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    made = services.plan(
        stage.the_matter, question=question, starts_at=begins, place=place, materials=list(materials),
        chair=stage.people["P01"], clerk=stage.people["C01"], actor=by,
    )  # fmt: skip
    stage.things[meeting] = made.meeting
    return made


@verb
def list_for(
    stage: Stage, *, by: Person, hearing: str, name: str, party: str, comes: bool = True, account: str = ""
) -> Any:
    """``account``: the code of somebody who can sign in."""
    person = stage.people[account] if account else None
    return services.join(stage.things[hearing], name, party, comes=comes, person=person, actor=by)


@verb
def heard(
    stage: Stage, *, by: Person, hearing: str, who: str, kind: str, text: str, minutes: int | None = None, to: str = ""
) -> Any:
    """``kind``: statement (with ``minutes``), question, answer (``to`` a question) or submission."""
    asked = stage.things[to] if to else None
    return services.say(stage.things[hearing], stage.things[who], kind, text, minutes=minutes, to=asked, actor=by)


@verb
def findings(stage: Stage, *, by: Person, hearing: str, text: str) -> None:
    services.find(stage.things[hearing], text, actor=by)


@verb
def confirm_record(stage: Stage, *, by: Person, hearing: str, who: str, reservation: str | None = None) -> None:
    seen = services.digest_of(stage.things[hearing])
    services.confirm(stage.things[who], seen=seen, reservation=reservation, actor=by)


@verb
def answer_hearing(stage: Stage, *, by: Person, hearing: str, text: str) -> None:
    answers.answer(stage.things[hearing], text, actor=by)

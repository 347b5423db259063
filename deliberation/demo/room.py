"""The verbs of the floor and of the roster that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts`."""

from __future__ import annotations

from datetime import timedelta

from deliberation.demo.acts import Stage, verb
from deliberation.extensions import transaction
from deliberation.kernel import clock
from deliberation.meetings import floor, guests, speeches
from deliberation.meetings.floor_models import Turn
from deliberation.people.models import Person


@verb
def ask_floor(stage: Stage, *, by: Person, meeting: str, stance: str, speaker: str = "") -> None:
    """The clerk names a ``speaker``; a member asks for self."""
    who = stage.people[speaker] if speaker else by
    floor.ask(stage.things[meeting].items[0], who, stance, actor=by)


@verb
def give_floor(stage: Stage, *, by: Person, meeting: str) -> Turn:
    return floor.give(stage.things[meeting].items[0], actor=by)


@verb
def spoke(stage: Stage, *, by: Person, meeting: str, speaker: str, stance: str, seconds: int, text: str = "") -> None:
    """A whole speech: asked for through the clerk, given by P01, ended after so many seconds, noted (without a text: not)."""
    item, began = stage.things[meeting].items[0], clock.now()
    with transaction():
        floor.ask(item, stage.people[speaker], stance, actor=by)
    with transaction():
        turn = floor.give(item, actor=stage.people["P01"])
    with clock.frozen(began + timedelta(seconds=seconds)):
        with transaction():
            floor.end(item, actor=by)
        if text:
            with transaction():
                speeches.note_turn(turn, stance, text, actor=by)


@verb
def guest(stage: Stage, *, by: Person, meeting: str, as_what: str, name: str = "", who: str = "") -> None:
    """``who``: the code of somebody in the demonstration; else a ``name``."""
    guests.add_guest(stage.things[meeting], as_what, name=name, person=stage.people[who] if who else None, actor=by)

"""The verbs of joint, report and co-ordination meetings that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deliberation.agreements import endings, queries, services
from deliberation.councils import services as councils
from deliberation.councils.services import rules_in_force
from deliberation.demo.acts import Stage, day, verb
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.people.models import Person
from deliberation.reporting import services as reporting


@verb
def change_rule(stage: Stage, *, by: Person, name: str, value: Any) -> None:
    """A new version of the rules with one of them changed, in force from today."""
    entries = json.loads(rules_in_force(stage.council).data)
    entries[name] = {"value": value, "trust": "own"}
    data = json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    councils.set_rules(stage.council, "council", data, effective_on=clock.today(stage.council.zone), actor=by)


@verb
def gather(stage: Stage, *, by: Person, kind: str, starts_at: Any, place: str, materials: Sequence[str] = ()) -> Any:
    """A meeting of a kind that needs no matter. The chair is P01, the clerk C01."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    return meetings.plan(
        stage.council, kind=kind, starts_at=begins, place=place, matters=[], materials=list(materials),
        chair=stage.people["P01"], clerk=stage.people["C01"], actor=by,
    )  # fmt: skip


@verb
def sides(stage: Stage, *, by: Person, meeting: str, names: Sequence[str] = (), preset: bool = False) -> None:
    """The sides of a meeting: those of the preset, others by their names. Later acts name them so, or by the party."""
    if preset:
        services.put_down(stage.things[meeting], actor=by)
    for name in names:
        services.add_side(stage.things[meeting], name, actor=by)


def _side(stage: Stage, meeting: str, who: str) -> Any:
    return next(one for one in queries.sides(stage.things[meeting]) if who in (one.party, one.name))


@verb
def came(stage: Stage, *, by: Person, meeting: str, who: Mapping[str, str]) -> None:
    """Side → who speaks for it."""
    for name, speaker in who.items():
        one = _side(stage, meeting, name)
        services.note_side(one, stage.things[meeting], is_present=True, speaker=speaker, actor=by)


@verb
def point(stage: Stage, *, by: Person, meeting: str, text: str, due_on: Any, side: str = "", office: str = "") -> Any:
    charged = _side(stage, meeting, side) if side else None
    return services.agree_on(stage.things[meeting], text, due_on=day(due_on), side=charged, office=office or None, actor=by)


@verb
def became(stage: Stage, *, by: Person, meeting: str, point: str, outcome: str, word: str) -> None:
    services.settle(stage.things[point], stage.things[meeting], outcome, word, actor=by)


@verb
def all_agree(stage: Stage, *, by: Person, meeting: str) -> None:
    """Every side agrees to the text as it stands."""
    _text, digest = endings.text_of(stage.things[meeting])
    for one in queries.sides(stage.things[meeting]):
        endings.agree(one, stage.things[meeting], seen=digest, actor=by)


@verb
def introduce(stage: Stage, *, by: Person, meeting: str, section: str, text: str) -> None:
    number, _text = reporting.wording(stage.things[meeting], section)
    reporting.introduce(stage.things[meeting], section, text, number=number, actor=by)

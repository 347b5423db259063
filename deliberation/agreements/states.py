"""How a meeting of sides ends, where a dispute goes on, and how a point stands, in words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from deliberation.kernel.words import N_, Words


class Ending(StrEnum):
    AGREED = "agreed"
    NOT_REACHED = "not_reached"


class PointState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    NOT_DONE = "not_done"


OUTCOMES = (PointState.DONE, PointState.NOT_DONE)
POINT_WORDS = {
    PointState.OPEN: N_("In hand"),
    PointState.OVERDUE: N_("Its day is over"),
    PointState.DONE: N_("Done"),
    PointState.NOT_DONE: N_("Not done"),
}


def point_words(state: str) -> Words:
    return Words(POINT_WORDS[PointState(state)])


def point_state(outcome: str | None, due_on: date, today: date) -> PointState:
    """What was noted of a point, else whether its day is over."""
    if outcome is not None:
        return PointState(outcome)
    return PointState.OVERDUE if due_on < today else PointState.OPEN


@cache
def channels() -> Mapping[str, Mapping[str, Any]]:
    """Where a dispute can go on: code → names by language; ``words`` where it needs to be said which."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("channels.json").read_text(encoding="utf-8"))
    found: Mapping[str, Mapping[str, Any]] = loaded["channels"]
    return found

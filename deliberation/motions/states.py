"""A motion's life as a table."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.kernel.workflow import Workflow


class MotionState(StrEnum):
    PROPOSED = "proposed"
    SECONDED = "seconded"
    VOTING = "voting"
    CARRIED = "carried"
    LOST = "lost"
    UNDECIDED = "undecided"
    WITHDRAWN = "withdrawn"
    MOOT = "moot"


class MotionAct(StrEnum):
    SECOND = "second"
    PUT = "put"
    CARRY = "carry"
    LOSE = "lose"
    LEAVE_OPEN = "leave_open"
    WITHDRAW = "withdraw"
    DROP = "drop"
    TAKE_BACK = "take_back"
    TAKE_BACK_UNSECONDED = "take_back_unseconded"


M, A = MotionState, MotionAct
MOTION = Workflow(
    start=M.PROPOSED,
    moves={
        (M.PROPOSED, A.SECOND): M.SECONDED,
        # Where the council's rules ask for no second; the service checks which.
        (M.PROPOSED, A.PUT): M.VOTING,
        (M.SECONDED, A.PUT): M.VOTING,
        (M.VOTING, A.CARRY): M.CARRIED,
        (M.VOTING, A.LOSE): M.LOST,
        (M.VOTING, A.LEAVE_OPEN): M.UNDECIDED,
        # A vote that was cancelled: the motion stands where it stood before.
        (M.VOTING, A.TAKE_BACK): M.SECONDED,
        (M.VOTING, A.TAKE_BACK_UNSECONDED): M.PROPOSED,
        (M.PROPOSED, A.WITHDRAW): M.WITHDRAWN,
        (M.SECONDED, A.WITHDRAW): M.WITHDRAWN,
        (M.PROPOSED, A.DROP): M.MOOT,
        (M.SECONDED, A.DROP): M.MOOT,
    },
)
PENDING = (M.PROPOSED, M.SECONDED)
DECIDED = (M.CARRIED, M.LOST)
POSTPONE, CLOSE_DEBATE = "postpone", "close_debate"

STATE_WORDS = {
    M.PROPOSED: N_("Awaiting a second"),
    M.SECONDED: N_("Seconded"),
    M.VOTING: N_("Being voted on"),
    M.CARRIED: N_("Carried"),
    M.LOST: N_("Lost"),
    M.UNDECIDED: N_("No decision"),
    M.WITHDRAWN: N_("Withdrawn by its mover"),
    M.MOOT: N_("Fallen away"),
}
KIND_WORDS = {
    "main": N_("Main motion"),
    "amendment": N_("Amendment"),
    "secondary_amendment": N_("Secondary amendment"),
}
OP_WORDS = {
    "replace": N_("Replace a paragraph"),
    "insert_after": N_("Insert after a paragraph"),
    "insert_at_start": N_("Insert at the beginning"),
    "insert_at_end": N_("Insert at the end"),
    "delete": N_("Delete a paragraph"),
}


def motion_state_words(state: str) -> Words:
    return Words(STATE_WORDS[MotionState(state)])


def kind_words(kind: str) -> Words:
    return Words(KIND_WORDS[kind])


def until_words(until: str | None) -> Words:
    """Until when a motion was postponed; ``until`` is the day as the log writes it, None for the next session."""
    if until is None:
        return Words(N_("to the next session"))
    return Words(N_("to %(day)s"), day=day_words(date.fromisoformat(until)))


def day_words(day: date) -> Words:
    """A day within a sentence of the house."""
    return Words(N_("%(year)s-%(month)s-%(day)s"), year=day.year, month=day.month, day=day.day)

"""A sitting's life as a table, and how members stand on its roster."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.kernel.workflow import Workflow


class MeetingState(StrEnum):
    PLANNED = "planned"
    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"


class MeetingAct(StrEnum):
    CALL = "call"
    OPEN = "open"
    CLOSE = "close"


class Presence(StrEnum):
    EXPECTED = "expected"
    ATTENDING = "attending"
    EXCUSED = "excused"
    ABSENT = "absent"
    LEFT = "left"


MEETING = Workflow(
    start=MeetingState.PLANNED,
    moves={
        (MeetingState.PLANNED, MeetingAct.CALL): MeetingState.CALLED,
        (MeetingState.CALLED, MeetingAct.OPEN): MeetingState.OPEN,
        (MeetingState.OPEN, MeetingAct.CLOSE): MeetingState.CLOSED,
    },
)
STATE_WORDS = {
    MeetingState.PLANNED: N_("Being prepared"),
    MeetingState.CALLED: N_("Called"),
    MeetingState.OPEN: N_("In session"),
    MeetingState.CLOSED: N_("Session closed"),
}
PRESENCE_WORDS = {
    Presence.EXPECTED: N_("Expected"),
    Presence.ATTENDING: N_("Attending"),
    Presence.EXCUSED: N_("Excused"),
    Presence.ABSENT: N_("Absent"),
    Presence.LEFT: N_("Left early"),
}
STANCE_WORDS = {"pro": N_("In favour"), "con": N_("Against"), "neutral": N_("Neutral")}


def meeting_state_words(state: str) -> Words:
    return Words(STATE_WORDS[MeetingState(state)])


def presence_words(state: str) -> Words:
    return Words(PRESENCE_WORDS[Presence(state)])


def speech_words(stance: str) -> Words:
    return Words(STANCE_WORDS[stance])

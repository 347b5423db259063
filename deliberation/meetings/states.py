"""A meeting's life as a table, and how people stand on its roster."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.kernel.workflow import Workflow


class MeetingState(StrEnum):
    PLANNED = "planned"
    CALLED = "called"
    OPEN = "open"
    ADJOURNED = "adjourned"
    CLOSED = "closed"
    MINUTED = "minuted"
    SIGNED = "signed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class MeetingAct(StrEnum):
    CALL = "call"
    MOVE = "move"
    CANCEL = "cancel"
    OPEN = "open"
    ADJOURN = "adjourn"
    RESUME = "resume"
    CLOSE = "close"
    LAY_OUT = "lay_out"
    SIGN = "sign"
    PUBLISH = "publish"


class Presence(StrEnum):
    EXPECTED = "expected"
    ATTENDING = "attending"
    EXCUSED = "excused"
    ABSENT = "absent"
    LEFT = "left"


class Channel(StrEnum):
    """How somebody's coming was noted."""

    QR = "qr"
    CODE = "code"
    AFAR = "afar"
    CLERK = "clerk"


S, A = MeetingState, MeetingAct
MEETING = Workflow(
    start=S.PLANNED,
    moves={
        (S.PLANNED, A.CALL): S.CALLED,
        (S.PLANNED, A.CANCEL): S.CANCELLED,
        # What is only planned is changed freely; after the notice a move sends a new one.
        (S.CALLED, A.MOVE): S.CALLED,
        (S.CALLED, A.CANCEL): S.CANCELLED,
        (S.CALLED, A.OPEN): S.OPEN,
        (S.OPEN, A.ADJOURN): S.ADJOURNED,
        (S.ADJOURNED, A.RESUME): S.OPEN,
        (S.OPEN, A.CLOSE): S.CLOSED,
        # One that is never resumed must come to an end too.
        (S.ADJOURNED, A.CLOSE): S.CLOSED,
        (S.CLOSED, A.LAY_OUT): S.MINUTED,
        (S.MINUTED, A.SIGN): S.SIGNED,
        (S.SIGNED, A.PUBLISH): S.PUBLISHED,
    },
)
HELD = (S.CLOSED, S.MINUTED, S.SIGNED, S.PUBLISHED)
"""It took place and is over."""
OVER = (*HELD, S.CANCELLED)
"""Nothing more happens in the room."""
STATE_WORDS = {
    S.PLANNED: N_("Being prepared"),
    S.CALLED: N_("Called"),
    S.OPEN: N_("In session"),
    S.ADJOURNED: N_("Adjourned"),
    S.CLOSED: N_("Session closed"),
    S.MINUTED: N_("Minutes laid out"),
    S.SIGNED: N_("Minutes signed"),
    S.PUBLISHED: N_("Minutes published"),
    S.CANCELLED: N_("Called off"),
}
PRESENCE_WORDS = {
    Presence.EXPECTED: N_("Expected"),
    Presence.ATTENDING: N_("Attending"),
    Presence.EXCUSED: N_("Excused"),
    Presence.ABSENT: N_("Absent"),
    Presence.LEFT: N_("Left early"),
}
CHANNEL_WORDS = {
    Channel.QR: N_("by the square"),
    Channel.CODE: N_("by the code"),
    Channel.AFAR: N_("from elsewhere"),
    Channel.CLERK: N_("noted by the clerk"),
}
STANCE_WORDS = {"pro": N_("In favour"), "con": N_("Against"), "neutral": N_("Neutral")}


def meeting_state_words(state: str) -> Words:
    return Words(STATE_WORDS[MeetingState(state)])


def presence_words(state: str) -> Words:
    return Words(PRESENCE_WORDS[Presence(state)])


def speech_words(stance: str) -> Words:
    return Words(STANCE_WORDS[stance])

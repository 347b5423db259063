"""The words of the room: channels, states, kinds of reply, ways of reaching somebody, grades. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words


class Channel(StrEnum):
    """The five ways in. All count the same; everything but ``online`` is taken down by the desk (代录)."""

    WALK_IN = "walk_in"
    PHONE = "phone"
    ONLINE = "online"
    VISIT = "visit"
    PAPER = "paper"


class State(StrEnum):
    """Where an appeal stands; the last three mean that its own reply was given."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    ANSWERED = "answered"
    DECLINED = "declined"
    REFERRED = "referred"


class Kind(StrEnum):
    """The kinds of reply."""

    RECEIPT = "receipt"
    INTERIM = "interim"
    FINAL = "final"
    DECLINE = "decline"
    REFER = "refer"


class Means(StrEnum):
    """How a reply reached the appellant."""

    DIRECT = "direct"
    POSTED_NOTICE = "posted_notice"


class Attempt(StrEnum):
    """How the desk tried to reach the appellant."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    MESSAGE = "message"


class Grade(StrEnum):
    """How satisfied the appellant is; ``invalid`` is a paper slip that counts for none."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    INVALID = "invalid"


OPEN = (State.RECEIVED, State.IN_HAND)
"""The states in which the final reply is owed."""
TAKEN_DOWN = (Channel.WALK_IN, Channel.PHONE, Channel.VISIT, Channel.PAPER)

CHANNEL_WORDS = {
    Channel.WALK_IN: N_("in person at the station"),
    Channel.PHONE: N_("by telephone"),
    Channel.ONLINE: N_("online"),
    Channel.VISIT: N_("on a home visit"),
    Channel.PAPER: N_("by letter"),
}
APPEAL_STATE_WORDS = {
    State.RECEIVED: N_("received, waiting for its receipt"),
    State.IN_HAND: N_("in hand"),
    State.ANSWERED: N_("answered"),
    State.DECLINED: N_("not taken up"),
    State.REFERRED: N_("referred elsewhere"),
}
KIND_WORDS = {
    Kind.RECEIPT: N_("Receipt"),
    Kind.INTERIM: N_("Interim reply"),
    Kind.FINAL: N_("Final reply"),
    Kind.DECLINE: N_("Final reply: not taken up"),
    Kind.REFER: N_("Final reply: referred elsewhere"),
}
MEANS_WORDS = {
    Means.DIRECT: N_("told directly"),
    Means.POSTED_NOTICE: N_("by posted notice"),
}
ATTEMPT_WORDS = {
    Attempt.PHONE: N_("telephone call"),
    Attempt.VISIT: N_("visit"),
    Attempt.LETTER: N_("letter"),
    Attempt.MESSAGE: N_("message"),
}
GRADE_WORDS = {
    Grade.SATISFIED: N_("Satisfied"),
    Grade.BASICALLY: N_("Basically satisfied"),
    Grade.DISSATISFIED: N_("Dissatisfied"),
    Grade.INVALID: N_("Invalid slip"),
}


def channel_words(channel: str) -> Words:
    return Words(CHANNEL_WORDS[Channel(channel)])


def appeal_state_words(state: str) -> Words:
    return Words(APPEAL_STATE_WORDS[State(state)])


def kind_words(kind: str) -> Words:
    return Words(KIND_WORDS[Kind(kind)])


def means_words(means: str) -> Words:
    return Words(MEANS_WORDS[Means(means)])


def attempt_words(means: str) -> Words:
    return Words(ATTEMPT_WORDS[Attempt(means)])


def grade_words(grade: str) -> Words:
    return Words(GRADE_WORDS[Grade(grade)])

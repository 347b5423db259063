"""A poll's life as a table."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.kernel.workflow import Workflow


class PollState(StrEnum):
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CANCELLED = "cancelled"


class PollAct(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    COUNT = "count"
    CANCEL = "cancel"


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


POLL = Workflow(
    start=PollState.PREPARED,
    moves={
        (PollState.PREPARED, PollAct.OPEN): PollState.OPEN,
        (PollState.OPEN, PollAct.CLOSE): PollState.CLOSED,
        (PollState.CLOSED, PollAct.COUNT): PollState.COUNTED,
        (PollState.PREPARED, PollAct.CANCEL): PollState.CANCELLED,
        (PollState.OPEN, PollAct.CANCEL): PollState.CANCELLED,
    },
)
STATE_WORDS = {
    PollState.PREPARED: N_("Prepared"),
    PollState.OPEN: N_("Voting is open"),
    PollState.CLOSED: N_("Voting is closed"),
    PollState.COUNTED: N_("Counted"),
    PollState.CANCELLED: N_("Cancelled"),
}
CHOICE_WORDS = {Choice.FOR: N_("For"), Choice.AGAINST: N_("Against"), Choice.ABSTAIN: N_("Abstain")}
OUTCOME_WORDS = {"adopted": N_("Adopted"), "rejected": N_("Rejected"), "no_decision": N_("No decision")}


class Way(StrEnum):
    """How a member asked the desk to enter a vote."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    LETTER = "letter"


WAY_WORDS = {
    Way.IN_PERSON: N_("In person, at the desk"),
    Way.TELEPHONE: N_("By telephone; I called back the number on the roster"),
    Way.LETTER: N_("By letter, signed"),
}


def poll_words(state: str) -> Words:
    return Words(STATE_WORDS[PollState(state)])


def choice_words(choice: str) -> Words:
    return Words(CHOICE_WORDS[Choice(choice)])


def outcome_words(outcome: str) -> Words:
    return Words(OUTCOME_WORDS[outcome])

"""The five steps as a table."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.kernel.workflow import Workflow


class State(StrEnum):
    """A matter's state names the step in progress, or how it ended."""

    COLLECTING = "collecting"
    DRAFTING = "drafting"
    ADOPTING = "adopting"
    IN_REVIEW = "in_review"
    IMPLEMENTING = "implementing"
    CLOSED = "closed"
    DECLINED = "declined"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Step(StrEnum):
    COLLECT = "collect"
    DRAFT = "draft"
    ADOPT = "adopt"
    PUBLIC_REVIEW = "public_review"
    IMPLEMENT = "implement"


class Act(StrEnum):
    """What moves a matter. The first four and the two back arrows are hand-overs."""

    TO_COMMITTEE = "to_committee"
    TO_COUNCIL = "to_council"
    TO_FORUM = "to_forum"
    TO_IMPLEMENTATION = "to_implementation"
    SEND_BACK = "send_back"
    REOPEN = "reopen"
    CLOSE = "close"
    DECLINE = "decline"
    REFER = "refer"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class Body(StrEnum):
    """Who holds a matter: the giver and the taker of a hand-over."""

    STATION = "station"
    COMMITTEE = "committee"
    COUNCIL = "council"
    FORUM = "forum"
    IMPLEMENTERS = "implementers"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


S, A, B = State, Act, Body
STEPS: dict[State, Step] = {
    S.COLLECTING: Step.COLLECT,
    S.DRAFTING: Step.DRAFT,
    S.ADOPTING: Step.ADOPT,
    S.IN_REVIEW: Step.PUBLIC_REVIEW,
    S.IMPLEMENTING: Step.IMPLEMENT,
}
HOLDERS: dict[State, Body] = {
    S.COLLECTING: B.STATION,
    S.DRAFTING: B.COMMITTEE,
    S.ADOPTING: B.COUNCIL,
    S.IN_REVIEW: B.FORUM,
    S.IMPLEMENTING: B.IMPLEMENTERS,
    S.REFERRED: B.ELSEWHERE,
}
RUNNING = tuple(STEPS)
ENDED = (S.CLOSED, S.DECLINED, S.REFERRED, S.WITHDRAWN, S.LAPSED)

MATTER = Workflow(
    start=S.COLLECTING,
    moves={
        (S.COLLECTING, A.TO_COMMITTEE): S.DRAFTING,
        (S.DRAFTING, A.TO_COUNCIL): S.ADOPTING,
        (S.ADOPTING, A.TO_FORUM): S.IN_REVIEW,
        (S.IN_REVIEW, A.TO_IMPLEMENTATION): S.IMPLEMENTING,
        (S.ADOPTING, A.SEND_BACK): S.DRAFTING,
        (S.IN_REVIEW, A.REOPEN): S.ADOPTING,
        (S.IMPLEMENTING, A.CLOSE): S.CLOSED,
        (S.COLLECTING, A.DECLINE): S.DECLINED,
        (S.DRAFTING, A.DECLINE): S.DECLINED,
        (S.COLLECTING, A.REFER): S.REFERRED,
        (S.DRAFTING, A.REFER): S.REFERRED,
        (S.COLLECTING, A.WITHDRAW): S.WITHDRAWN,
        (S.DRAFTING, A.WITHDRAW): S.WITHDRAWN,
        (S.ADOPTING, A.WITHDRAW): S.WITHDRAWN,
        (S.ADOPTING, A.LAPSE): S.LAPSED,
        (S.DRAFTING, A.LAPSE): S.LAPSED,
        (S.IN_REVIEW, A.LAPSE): S.LAPSED,
    },
)

STEP_WORDS = {
    Step.COLLECT: N_("Collect"),
    Step.DRAFT: N_("Draft"),
    Step.ADOPT: N_("Adopt"),
    Step.PUBLIC_REVIEW: N_("Public review"),
    Step.IMPLEMENT: N_("Implement"),
}
STATE_WORDS = {
    S.COLLECTING: N_("Collect"),
    S.DRAFTING: N_("Draft"),
    S.ADOPTING: N_("Adopt"),
    S.IN_REVIEW: N_("Public review"),
    S.IMPLEMENTING: N_("Implement"),
    S.CLOSED: N_("Closed"),
    S.DECLINED: N_("Declined"),
    S.REFERRED: N_("Referred"),
    S.WITHDRAWN: N_("Withdrawn"),
    S.LAPSED: N_("Lapsed"),
}
BODY_WORDS = {
    B.STATION: N_("Party-member service station"),
    B.COMMITTEE: N_("Community party committee"),
    B.COUNCIL: N_("Party-member deliberation council"),
    B.FORUM: N_("Residents' forum"),
    B.IMPLEMENTERS: N_("Service station, members and resident units"),
    B.ELSEWHERE: N_("Another authority"),
    B.NOBODY: N_("Nobody: it has ended"),
}
# What each hand-over needs, named when a later step is tried before it.
NEEDS = {
    S.DRAFTING: N_("the hand-over of the problem list to the community party committee"),
    S.ADOPTING: N_("the hand-over of the plan to the council"),
    S.IN_REVIEW: N_("the hand-over of the adopted text to the residents' forum"),
    S.IMPLEMENTING: N_("the hand-over of the resolution to those who carry it out"),
}
# The hand-overs, as the verb on the button says it, and the state in which each can be done.
HANDOVER_WORDS = {
    A.TO_COMMITTEE: N_("Hand over to the community party committee"),
    A.TO_COUNCIL: N_("Hand over to the council"),
    A.TO_FORUM: N_("Hand over to the residents' forum"),
    A.TO_IMPLEMENTATION: N_("Hand over for carrying out"),
    A.SEND_BACK: N_("Send back to be rewritten"),
    A.REOPEN: N_("Take back to the council"),
}
ORIGINS = {act: state for state, act in MATTER.moves if act in HANDOVER_WORDS}
PRODUCT_WORDS = {
    "problem_list": N_("the problem list"),
    "plan": N_("the plan"),
    "adopted_text": N_("the adopted text"),
    "resolution": N_("the resolution"),
    "objection": N_("an objection"),
}
ENDING_WORDS = {
    A.DECLINE: N_("Decline: it is not taken up"),
    A.REFER: N_("Refer: another authority is responsible"),
    A.WITHDRAW: N_("Withdraw: those who raised it no longer want it"),
    A.LAPSE: N_("Let it lapse: it has become groundless"),
}


def product_words(product: str) -> Words:
    return Words(PRODUCT_WORDS[product])


def state_words(state: str) -> Words:
    return Words(STATE_WORDS[State(state)])


def body_words(body: str) -> Words:
    return Words(BODY_WORDS[Body(body)])


def step_number(state: str) -> int:
    """1 to 5 for a running matter, 0 for one that has ended."""
    return RUNNING.index(State(state)) + 1 if State(state) in STEPS else 0


# How a member's proposal of a matter stands; its life as a table is in ``agenda.proposals``.
PROPOSAL_WORDS = {
    "proposed": N_("Awaiting a second"),
    "seconded": N_("Waits for the secretary-general"),
    "opened": N_("Opened as a matter"),
    "merged": N_("Added to a matter"),
    "declined": N_("Declined"),
    "withdrawn": N_("Withdrawn"),
}


def proposal_words(state: str) -> Words:
    return Words(PROPOSAL_WORDS[state])


def decision_words(upheld: bool) -> Words:
    """How a challenge of a member was decided."""
    return Words(N_("the member steps back") if upheld else N_("the member goes on acting on the matter"))

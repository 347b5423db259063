"""What the agenda's room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.agenda.states import body_words, decision_words, proposal_words, state_words
from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_


def _handover(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "giver": body_words(changed(body, "handover", "giver")),
        "taker": body_words(changed(body, "handover", "taker")),
        "step": state_words(changed(body, "handover", "to_state")),
    }


def _ended(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": state_words(changed(body, "matter", "state"))}


_MOVED = {"matter": ("state", "state_since", "ended_at", "end_reason")}

OPEN = action("matter.open", N_("%(office)s opened matter %(label)s."), creates=("matter",))
EDIT = action(
    "matter.edit",
    N_("%(office)s rewrote the title or the problem of matter %(label)s."),
    changes={"matter": ("title", "problem")},
)
HAND_OVER = action(
    "matter.hand_over",
    N_("%(office)s handed matter %(label)s over: from %(giver)s to %(taker)s, step “%(step)s”."),
    creates=("handover",),
    changes=_MOVED,
    details=_handover,
)
SEND_BACK = action(
    "matter.send_back",
    N_("%(office)s sent matter %(label)s back: from %(giver)s to %(taker)s, step “%(step)s”."),
    creates=("handover",),
    changes={"matter": (*_MOVED["matter"], "adopted_hash")},
    details=_handover,
)
END = action("matter.end", N_("%(office)s ended matter %(label)s: %(state)s."), changes=_MOVED, details=_ended)
PLAN = action(
    "plan.write",
    N_("%(office)s wrote version %(label)s of the plan."),
    creates=("plan_version", "plan_paragraph"),
)
ADOPT = action(
    "plan.adopt",
    N_("The council's votes made version %(label)s, the adopted text."),
    creates=("plan_version", "plan_paragraph"),
    changes={"matter": ("adopted_hash",)},
)
UNADOPT = action(
    "plan.unadopt",
    N_("The council voted again and did not adopt the text of matter %(label)s: it is open again."),
    changes={"matter": ("adopted_hash",)},
)
RECUSE = action("recusal.ask", N_("%(office)s asked to step back from the matter."), creates=("recusal",))
APPROVE = action(
    "recusal.approve", N_("%(office)s approved a member's stepping back."), changes={"recusal": ("approved_by_id", "approved_at")}
)
CHALLENGE = action(
    "challenge.make", N_("%(office)s held that another member should step back from the matter."), creates=("recusal_challenge",)
)
ANSWER_CHALLENGE = action(
    "challenge.answer",
    N_("The member who was to step back gave an answer."),
    changes={"recusal_challenge": ("answer_id", "answered_at")},
)
DECIDE_CHALLENGE = action(
    "challenge.decide",
    N_("%(office)s decided whether a challenged member steps back: %(decision)s."),
    creates=("recusal",),
    changes={
        "recusal_challenge": ("upheld", "decided_by_id", "decided_at", "decision_id"),
        "recusal": ("approved_by_id", "approved_at"),
    },
    details=lambda body: {"decision": decision_words(bool(changed(body, "recusal_challenge", "upheld")))},
)
PROPOSE = action("proposal.make", N_("%(office)s proposed that something become a matter."), creates=("proposal",))
SECOND_PROPOSAL = action(
    "proposal.second",
    N_("A member's proposal of a matter was seconded."),
    changes={"proposal": ("state", "seconder_id", "seconded_at")},
)
SETTLE_PROPOSAL = action(
    "proposal.settle",
    N_("A member's proposal of a matter was settled: %(state)s."),
    changes={"proposal": ("state", "settled_at", "matter_id", "answer_id")},
    details=lambda body: {"state": proposal_words(changed(body, "proposal", "state"))},
)

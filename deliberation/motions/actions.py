"""What the motions' room records."""

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_
from deliberation.motions.states import kind_words, motion_state_words, until_words

OPEN = action(
    "debate.open",
    N_("The debate on the matter was opened."),
    creates=("debate",),
    changes={"motion": ("debate_id", "state", "decided_at")},
)
CLOSE = action(
    "debate.close",
    N_("The debate on the matter was closed."),
    changes={"debate": ("state", "closed_at"), "motion": ("debate_id", "state", "decided_at")},
)
PROPOSE = action(
    "motion.propose",
    N_("A motion was made: %(kind)s %(label)s."),
    creates=("motion",),
    details=lambda body: {"kind": kind_words(changed(body, "motion", "kind"))},
)
RECONSIDER = action(
    "motion.reconsider",
    N_("It was moved to take up a decision again, as %(label)s."),
    creates=("motion",),
)
POSTPONE = action(
    "motion.postpone",
    N_("%(label)s was postponed without objection: %(until)s."),
    creates=("procedural_motion",),
    details=lambda body: {"until": until_words(changed(body, "procedural_motion", "until_on"))},
)
CLOSE_DEBATE = action(
    "motion.close_debate",
    N_("Debate on %(label)s was closed without objection; the question is put."),
    creates=("procedural_motion",),
)
RULE = action("ruling.make", N_("%(office)s ruled on a point of order."), creates=("ruling",))
APPEAL = action(
    "ruling.appeal",
    N_("%(office)s appealed a ruling of the chair to the council."),
    changes={"ruling": ("appealed_by_id", "appealed_at")},
)
DECIDE_APPEAL = action(
    "ruling.decide",
    N_("The council decided on the chair's ruling: %(hands_for)s hands for it, %(hands_against)s against."),
    changes={"ruling": ("hands_for", "hands_against", "decided_at")},
    details=lambda body: {
        "hands_for": changed(body, "ruling", "hands_for"), "hands_against": changed(body, "ruling", "hands_against")
    },
)
SECOND = action("motion.second", N_("%(label)s was seconded."), changes={"motion": ("state", "seconder_id", "seconded_at")})
WITHDRAW = action("motion.withdraw", N_("%(label)s was withdrawn by its mover."), changes={"motion": ("state", "decided_at")})
DROP = action("motion.drop", N_("%(office)s ruled that %(label)s has fallen away."), changes={"motion": ("state", "decided_at")})
PUT = action("motion.put", N_("%(office)s put %(label)s to the vote."), changes={"motion": ("state", "poll_id")})
TAKE_BACK = action(
    "motion.take_back",
    N_("The vote on %(label)s was cancelled; it can be put again."),
    changes={"motion": ("state", "poll_id")},
)
SETTLE = action(
    "motion.settle",
    N_("%(label)s: %(state)s."),
    changes={"motion": ("state", "decided_at")},
    details=lambda body: {"state": motion_state_words(changed(body, "motion", "state"))},
)

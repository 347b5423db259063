"""What the motions' room records."""

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_
from deliberation.motions.states import kind_words, motion_state_words

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
SECOND = action("motion.second", N_("%(label)s was seconded."), changes={"motion": ("state", "seconder_id", "seconded_at")})
WITHDRAW = action("motion.withdraw", N_("%(label)s was withdrawn by its mover."), changes={"motion": ("state", "decided_at")})
DROP = action("motion.drop", N_("%(office)s ruled that %(label)s has fallen away."), changes={"motion": ("state", "decided_at")})
PUT = action("motion.put", N_("%(office)s put %(label)s to the vote."), changes={"motion": ("state", "poll_id")})
SETTLE = action(
    "motion.settle",
    N_("%(label)s: %(state)s."),
    changes={"motion": ("state", "decided_at")},
    details=lambda body: {"state": motion_state_words(changed(body, "motion", "state"))},
)

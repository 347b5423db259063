"""What the voting room records. Choices never stand in an entry: each ballot is one salted commitment."""

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_
from deliberation.voting.states import outcome_words

PREPARE = action("poll.prepare", N_("%(office)s prepared the vote on %(label)s."), creates=("poll",))
OPEN = action(
    "poll.open",
    N_("%(office)s opened the vote on %(label)s; electorate, presence and rule are frozen."),
    creates=("poll_rule", "poll_voter"),
    changes={"poll": ("state", "opened_at")},
)
CAST = action("ballot.cast", N_("A council member voted on %(label)s."), creates=("ballot",))
TAKE_DOWN = action(
    "ballot.take_down", N_("%(office)s took down votes on %(label)s; the chair has yet to confirm them."), creates=("ballot",)
)
CORRECT = action(
    "ballot.correct",
    N_("%(office)s corrected a vote on %(label)s before it was confirmed."),
    changes={"ballot": ("choice", "salt", "taken_by_id", "cast_at")},
)
CHANGE = action(
    "ballot.change",
    N_("A council member changed a vote on %(label)s while it was open."),
    changes={"ballot": ("choice", "salt", "channel", "taken_by_id", "cast_at", "confirmed_at")},
)
CONFIRM = action(
    "ballot.confirm", N_("%(office)s confirmed the votes on %(label)s as read out."), changes={"ballot": ("confirmed_at",)}
)
CLOSE = action("poll.close", N_("%(office)s closed the vote on %(label)s."), changes={"poll": ("state", "closed_at")})
COUNT = action(
    "poll.count",
    N_("The vote on %(label)s was counted: %(for_)s for, %(against)s against, %(abstain)s abstaining. %(outcome)s."),
    creates=("verdict",),
    changes={"poll": ("state", "counted_at")},
    details=lambda body: {
        "for_": changed(body, "verdict", "votes_for"),
        "against": changed(body, "verdict", "votes_against"),
        "abstain": changed(body, "verdict", "votes_abstain"),
        "outcome": outcome_words(changed(body, "verdict", "outcome")),
    },
)

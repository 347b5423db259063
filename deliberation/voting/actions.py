"""What the voting room records. Choices never stand in an entry: each ballot is one salted commitment."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_, Words
from deliberation.voting.states import outcome_words

SEALED = {"sealed_poll": ("marks", "sealed", "sealed_root"), "paper_poll": ("given",)}
"""Of a secret vote, at its closing: how many marks on the roll, how many sealed ballots, and their root; how many papers."""
OPENED = {"sealed_poll": ("ballots", "ballots_root"), "box_key": ("state",), "paper_poll": ("counted", "invalid", "missing")}
"""And at its count: how many ballots there were, and their root; how many papers came back."""
PREPARE = action("poll.prepare", N_("%(office)s prepared the vote on %(label)s."), creates=("poll", "poll_option"))
OPEN = action(
    "poll.open",
    N_("%(office)s opened the vote on %(label)s; electorate, presence and rule are frozen."),
    creates=("poll_rule", "poll_voter"),
    changes={"poll": ("state", "opened_at", "frozen_hash")},
)
CAST = action("ballot.cast", N_("A council member voted on %(label)s."), creates=("ballot",))
ASSIST = action(
    "ballot.assist",
    N_("%(office)s entered a council member's vote on %(label)s at that member's wish."),
    creates=("ballot", "mandate"),
)
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
CLOSE = action("poll.close", N_("%(office)s closed the vote on %(label)s."), changes={"poll": ("state", "closed_at"), **SEALED})
CANCEL = action(
    "poll.cancel", N_("%(office)s cancelled the vote on %(label)s: nothing counts."), changes={"poll": ("state", "cancelled_at")}
)


def _counted(body: Mapping[str, Any]) -> dict[str, Any]:
    outcome = changed(body, "verdict", "outcome")
    if outcome is None:
        return {"result": Words(N_("%(n)s ballots."), n=changed(body, "poll_result", "ballots"))}
    votes = {name: changed(body, "verdict", f"votes_{name.rstrip('_')}") for name in ("for_", "against", "abstain")}
    return {
        "result": Words(
            N_("%(for_)s for, %(against)s against, %(abstain)s abstaining. %(outcome)s."), outcome=outcome_words(outcome), **votes
        )
    }


COUNT = action(
    "poll.count",
    N_("The vote on %(label)s was counted: %(result)s"),
    creates=("verdict", "poll_result", "sealed_result"),
    changes={"poll": ("state", "counted_at"), **OPENED},
    details=_counted,
)
NOTE_LOT = action(
    "poll.note_lot",
    N_("%(office)s noted what was drawn in public to break the tie in the vote on %(label)s: “%(seed)s”."),
    changes={"poll": ("lot_seed",)},
    details=lambda body: {"seed": changed(body, "poll", "lot_seed")},
)
DRAW_LOT = action(
    "poll.draw_lot",
    N_("%(office)s confirmed what was drawn: the tie in the vote on %(label)s is broken by that lot."),
    changes={"poll_result": ("result",)},
)

"""What a secret vote may show, and to whom it stays secret. Pure.

Source of the figures: PROOF.md §2 ("Results", "When this is not enough"); they are choices of this platform, not law.
"""

from __future__ import annotations

from math import perm

from deliberation.kernel.words import N_, Words
from deliberation.voting.kinds import Kind, Paper
from deliberation.voting.results import SMALL

MOST_VOTERS = 500
"""With more than about so many entitled an election that everybody can verify is needed, not this platform."""
SHARE = 5
"""Whole ballots are shown only where a fifth of the voters is at least as many as there are possible ballots: else one's
own unusual ballot could be promised beforehand and found afterwards."""


def possible(paper: Paper) -> int:
    """How many different ballots a paper allows, abstaining not counted."""
    options, most = paper.options, min(paper.most, paper.options)
    if paper.kind is Kind.YES_NO:
        return 2
    if paper.kind is Kind.RATING:
        return int(paper.grades**options)
    if paper.kind is Kind.RANKED:
        return sum(perm(options, named) for named in range(1, most + 1))
    return sum(perm(options, named) // perm(named) for named in range(1, most + 1))


def may_show_ballots(paper: Paper, ballots: int) -> bool:
    """Whether the opened ballots may be published one by one. Of a yes or no and of a single choice the result says as much."""
    return paper.kind in (Kind.YES_NO, Kind.SINGLE) or possible(paper) * SHARE <= ballots


def warning(voters: int) -> Words | None:
    """What is said before the opening to so few that the result alone may tell who voted how."""
    if voters >= SMALL:
        return None
    return Words(N_("Only %(n)s may vote. The result may show how each of them voted, whatever the box keeps to itself."), n=voters)


# (who, what they can learn), as it is shown on every secret poll's page.
WHO_LEARNS = (
    (
        N_("Somebody who reads the database, a backup or the files beside it, at any time"),
        N_("Who took part, and roughly when somebody signed in. Nothing about what anybody voted."),
    ),
    (
        N_("Who runs the server, with all rights, before or while you vote"),
        N_("Can change the program or look into its memory, and then sees the vote. "
           "To note when requests arrive is of no use without the key."),
    ),
    (
        N_("Who runs the server, together with enough of those who keep the sheets"),
        N_("Everything. So does whoever has the sheets and an old backup: that is why the sheets are destroyed."),
    ),
    (
        N_("Who runs the server and wants another result"),
        N_("Can leave out votes, or add votes in the name of people who did not vote. "
           "It comes to light only when you check the list of those who took part and your own receipt."),
    ),
    (N_("Somebody beside you"), N_("Sees your screen.")),
)  # fmt: skip
NOT_ENOUGH = (
    N_("an election or a recall that has effect in law"),
    N_("a vote in which whoever runs the server is a party"),
    N_("more than %(n)s entitled, or a result that will be contested"),
    N_("by-laws that ask for secrecy towards those who run the server"),
)

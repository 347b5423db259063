"""The lot for places in a hearing, each side its own. Pure, and simple enough to be drawn again by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from deliberation.voting.methods.election import Election
from deliberation.voting.methods.ties import LOT, preference


def ticket(party: str, number: int) -> str:
    """What stands for an application in the lot: its side and its number, as in ``for-3``."""
    return f"{party}-{number}"


def mark(seed: str, one: str) -> str:
    """By what a ticket is sorted: the SHA-256 of the seed, a zero byte and the ticket."""
    return hashlib.sha256(f"{seed}\0{one}".encode()).hexdigest()


def order(party: str, numbers: Iterable[int], seed: str) -> list[int]:
    """The numbers of one side in the order that the public seed draws: the rule by which ties in votes are broken."""
    drawn = sorted(numbers)
    tickets = Election(tuple(ticket(party, one) for one in drawn), (), 1, {"tiebreak": {LOT: seed}})
    return [drawn[place] for place in preference(tickets, range(len(drawn))) or ()]

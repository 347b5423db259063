"""In which order those who asked to speak get the floor. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """Somebody who asked to speak; ``turn`` counts the asking."""

    person_id: int
    stance: str
    turn: int


def in_order(waiting: Iterable[Asked], spoken: Sequence[tuple[int, str]]) -> list[Asked]:
    """Who has not spoken on the matter comes first; among those, the side that spoke less; among those, who asked first.
    ``spoken``: person and stance of each speech so far. Each place on the list is given as if those before had spoken."""
    heard = {person_id for person_id, _stance in spoken}
    ahead = sum((stance == "pro") - (stance == "con") for _person, stance in spoken)
    left, order = list(waiting), []
    while left:
        less = "con" if ahead > 0 else "pro" if ahead < 0 else None
        following = min(left, key=lambda one: (one.person_id in heard, less is not None and one.stance != less, one.turn))
        left.remove(following)
        order.append(following)
        ahead += (following.stance == "pro") - (following.stance == "con")
    return order

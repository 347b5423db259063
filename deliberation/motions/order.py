"""The order of voting: what would change a proposal is decided before the proposal itself.

Secondary amendments before their amendment, amendments before their main motion (Robert's Rules of Order). Amendments
among themselves follow the text: first an insertion at the start, then paragraph by paragraph, where replacing or
deleting comes before inserting after it, last insertions at the end; at one place the lower number comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.kernel.errors import Invalid, NotFound
from deliberation.kernel.words import N_
from deliberation.motions.amend import Op, Operation, Text

MAIN, AMENDMENT, SECONDARY = "main", "amendment", "secondary_amendment"
PROPOSED, SECONDED, VOTING, DECIDED = "proposed", "seconded", "voting", "decided"

PARENT_KIND = {MAIN: None, AMENDMENT: MAIN, SECONDARY: AMENDMENT}
STATES = frozenset({PROPOSED, SECONDED, VOTING, DECIDED})
OPEN = frozenset({SECONDED, VOTING})


@dataclass(frozen=True)
class Votable:
    """A motion as far as the order of voting needs to know it.

    ``kind`` is "main", "amendment" or "secondary_amendment"; ``parent`` the id of what it would change, None for a
    main motion; ``number`` its number among its kind; ``operation`` is required for an amendment and ignored otherwise.
    ``state`` is "proposed" (waits for a second), "seconded", "voting" or "decided", which stands for every ending:
    carried, lost, withdrawn, ruled out. Raises `Invalid` for anything else.
    """

    id: int
    kind: str
    parent: int | None
    number: int
    operation: Operation | None
    state: str

    def __post_init__(self) -> None:
        known = self.kind in PARENT_KIND and self.state in STATES
        placed = (self.parent is None) == (self.kind == MAIN)
        if not known or not placed or (self.kind == AMENDMENT and self.operation is None):
            message = N_("Motion %(id)s has no place in the order of voting.")
            raise Invalid(message, code="no_place_in_order", id=self.id)


def voting_order(votables: Sequence[Votable], text: Text) -> list[int]:
    """All ids in the order in which they are voted on, whatever their state.

    ``text`` is the text to be amended; an amendment to a paragraph that is not in it comes after those to paragraphs
    that are, before insertions at the end. Raises `Invalid` when an id is used twice or a parent is missing.
    """
    by_id = _by_id(votables)
    places = {paragraph.key: place for place, paragraph in enumerate(text)}

    def rank(votable: Votable) -> tuple[int, int, int, int]:
        place, step = _place(votable.operation, places) if votable.kind == AMENDMENT else (0, 0)
        return place, step, votable.number, votable.id

    order: list[int] = []

    def visit(parent: int | None) -> None:
        for votable in sorted((one for one in by_id.values() if one.parent == parent), key=rank):
            visit(votable.id)
            order.append(votable.id)

    visit(None)
    return order


def next_votable(votables: Sequence[Votable], text: Text) -> int | None:
    """The id that is to be voted on now (or is being voted on), None if nothing is left.

    Skips what is decided or not seconded, and what hangs on something decided or not seconded.
    """
    by_id = _by_id(votables)
    return next((one for one in voting_order(votables, text) if _is_before_the_house(by_id[one], by_id)), None)


def blocking(votable_id: int, votables: Sequence[Votable], text: Text) -> list[int]:
    """Ids that must be decided before ``votable_id`` is voted on, in their order: open ones that precede it.

    What waits for a second blocks nothing, nor does an amendment to something that is decided or waits for a second.
    Raises `NotFound` when ``votable_id`` is none of ``votables``.
    """
    by_id = _by_id(votables)
    if votable_id not in by_id:
        raise NotFound(N_("There is no such motion in this debate."))
    order = voting_order(votables, text)
    return [one for one in order[: order.index(votable_id)] if _is_before_the_house(by_id[one], by_id)]


def _place(operation: Operation | None, places: dict[str, int]) -> tuple[int, int]:
    """Where an amendment stands: the place of its paragraph, and 0 or 1 for before or after it."""
    if operation is None or operation.op is Op.INSERT_AT_END:
        return len(places) + 1, 0
    if operation.op is Op.INSERT_AT_START:
        return -1, 0
    return places.get(operation.paragraph or "", len(places)), int(operation.op is Op.INSERT_AFTER)


def _is_before_the_house(votable: Votable, by_id: dict[int, Votable]) -> bool:
    """Whether it is open, and so is everything that it would change."""
    if votable.state not in OPEN:
        return False
    return votable.parent is None or _is_before_the_house(by_id[votable.parent], by_id)


def _by_id(votables: Sequence[Votable]) -> dict[int, Votable]:
    by_id = {votable.id: votable for votable in votables}
    if len(by_id) != len(votables):
        raise Invalid(N_("A motion is listed twice."), code="motion_listed_twice")
    for votable in votables:
        parent = None if votable.parent is None else by_id.get(votable.parent)
        if (parent.kind if parent else None) != PARENT_KIND[votable.kind]:
            message = N_("What motion %(id)s would change is not in this debate.")
            raise Invalid(message, code="parent_missing", id=votable.id)
    return by_id

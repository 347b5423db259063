"""A state machine is a table: what is not in it is forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[S, A]):
    """Moves of one state column: ``(state, action) -> next state``."""

    start: S
    moves: Mapping[tuple[S, A], S]

    def next(self, state: S, action: A) -> S:
        """The state after ``action``; raises `Refused` (code ``out_of_order``) if the table has no such move."""
        try:
            return self.moves[(state, action)]
        except KeyError:
            raise Refused(N_("This cannot be done now: it is not the turn for it."), code="out_of_order") from None

    def allows(self, state: S, action: A) -> bool:
        return (state, action) in self.moves

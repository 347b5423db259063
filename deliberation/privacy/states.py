"""The words of the room: what may be asked, by whom for whom, and what becomes of it. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_


class Wish(StrEnum):
    """What somebody asks about a text that is kept about them."""

    CORRECT = "correct"
    DELETE = "delete"
    RESTRICT = "restrict"
    ASK = "ask"


class State(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    RESTRICTED = "restricted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    """For whom a request is entered at the desk."""

    SELF = "self"
    GUARDIAN = "guardian"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER_KIN = "other_kin"


KIN = (Relation.SPOUSE, Relation.CHILD, Relation.PARENT, Relation.SIBLING, Relation.OTHER_KIN)

WISH_WORDS = {
    Wish.CORRECT: N_("Correct"),
    Wish.DELETE: N_("Delete"),
    Wish.RESTRICT: N_("Stop using"),
    Wish.ASK: N_("Ask"),
}
STATE_WORDS = {
    State.WAITING: N_("waiting for an answer"),
    State.GRANTED: N_("done"),
    State.RESTRICTED: N_("not deleted, but no longer used"),
    State.REFUSED: N_("refused"),
    State.WITHDRAWN: N_("withdrawn"),
}
RELATION_WORDS = {
    Relation.SELF: N_("the person concerned, on paper or in person"),
    Relation.GUARDIAN: N_("the guardian of the person concerned"),
    Relation.SPOUSE: N_("wife or husband of somebody who died"),
    Relation.CHILD: N_("child of somebody who died"),
    Relation.PARENT: N_("mother or father of somebody who died"),
    Relation.SIBLING: N_("sister or brother of somebody who died"),
    Relation.OTHER_KIN: N_("another close relative of somebody who died"),
}

"""Rewriting a matter's title and problem while no council has it before it."""

from __future__ import annotations

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import State
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission


def edit_matter(matter: Matter, *, title: str, problem: str, actor: Person) -> None:
    """Rewrite title and problem in steps 1 and 2. Raises `Refused` later on, and where nothing was changed."""
    capacity = authorize(actor, Permission.MATTER_OPEN, matter.council)
    require_state(matter, State.COLLECTING, State.DRAFTING)
    if (matter.title, matter.problem) == (title, problem):
        raise Refused(N_("Nothing was changed."), code="unchanged")
    with recording(capacity, "matter.edit", matter):
        matter.title = title
        matter.problem = problem

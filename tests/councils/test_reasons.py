"""A refusal names the offices that could do it."""

from __future__ import annotations

import pytest

from deliberation.councils.authority import why_not
from deliberation.people.permissions import GRANTS, Permission
from tests.builders import World


def test_a_refusal_names_who_does_it(world: World) -> None:
    said = why_not(world["V01"], Permission.MEETING_CALL, world.council)
    assert said is not None
    assert said.render() == "Your office does not include this. It is done by: President, Secretary-general."


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_held_by_some_office(world: World, permission: Permission) -> None:
    holders = [office for office in GRANTS if permission in GRANTS[office]]
    assert holders
    assert why_not(None, permission, world.council) is not None

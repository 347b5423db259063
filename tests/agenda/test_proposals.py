"""Proposing a matter: by whom, seconded by whom, and the answer that is owed."""

from __future__ import annotations

import pytest

from deliberation.agenda import proposals, services
from deliberation.agenda.models import Proposal
from deliberation.agenda.proposals import PROPOSAL, ProposalAct, ProposalState
from deliberation.agenda.states import Act
from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from tests.agenda.worlds import open_one
from tests.builders import World, do, make_world
from tests.motions.debates import code


def proposed(world: World, by: str = "M01", title: str = "Lights in the arcade", text: str = "Three are dark.") -> Proposal:
    return do(lambda: proposals.propose(world.council, title, text, actor=world[by]))


def seconded(world: World, one: Proposal, by: str = "M02") -> Proposal:
    do(lambda: proposals.second(one, actor=world[by]))
    return one


def opened(world: World, one: Proposal, by: str = "S01") -> object:
    return do(lambda: proposals.open_from(one, title="Lights", problem="Dark.", actor=world[by]))


def test_with_a_second_it_becomes_a_matter_that_members_raised(world: World) -> None:
    one = seconded(world, proposed(world))
    matter = opened(world, one)
    assert (one.state, one.matter_id, one.matter.source, one.matter.state) == ("opened", matter.id, "members", "collecting")


def test_without_a_second_the_desk_can_do_nothing_with_it(world: World) -> None:
    one, matter = proposed(world), open_one(world)
    for act in (
        lambda: opened(world, one),
        lambda: proposals.merge(one, matter, actor=world["S01"]),
        lambda: proposals.decline(one, "Not ours.", actor=world["S01"]),
    ):
        assert code(act) == "out_of_order"
    assert one.state == "proposed"


def test_it_is_seconded_by_another_member_once(world: World) -> None:
    one = proposed(world)
    assert code(lambda: seconded(world, one, "M01")) == "own_proposal"
    for other in ("R01", "C01", "V01"):
        assert code(lambda other=other: seconded(world, one, other)) == "forbidden", other
    seconded(world, one)
    assert code(lambda: seconded(world, one, "M03")) == "out_of_order"


def test_it_is_added_to_a_running_matter_or_declined_with_a_reason(world: World) -> None:
    matter = open_one(world)
    first = seconded(world, proposed(world))
    do(lambda: proposals.merge(first, matter, actor=world["C01"]))
    assert (first.state, first.matter_id) == ("merged", matter.id)
    second = seconded(world, proposed(world))
    assert code(lambda: proposals.decline(second, " ", actor=world["S01"])) == "invalid"
    assert code(lambda: proposals.decline(second, "No.", actor=world["C01"])) == "forbidden"
    do(lambda: proposals.decline(second, "The owners decide this.", actor=world["S01"]))
    assert (second.state, second.answer.value) == ("declined", "The owners decide this.")
    do(lambda: services.end(matter, Act.DECLINE, reason="Done.", actor=world["S01"]))
    third = seconded(world, proposed(world))
    assert code(lambda: proposals.merge(third, matter, actor=world["S01"])) == "ended"


def test_only_its_proposer_withdraws_it_and_only_before_the_answer(world: World) -> None:
    one = seconded(world, proposed(world))
    assert code(lambda: proposals.withdraw(one, actor=world["M02"])) == "not_the_proposer"
    do(lambda: proposals.withdraw(one, actor=world["M01"]))
    assert code(lambda: opened(world, one)) == "out_of_order"
    other = seconded(world, proposed(world))
    opened(world, other)
    assert code(lambda: proposals.withdraw(other, actor=world["M01"])) == "out_of_order"


@pytest.mark.parametrize(("title", "text"), [("", "Text."), ("Title", ""), ("x" * 81, "Text."), ("Title", "x" * 2001), ("  ", " ")])
def test_it_has_a_title_and_a_text(world: World, title: str, text: str) -> None:
    assert code(lambda: proposed(world, title=title, text=text)) == "invalid"


def test_a_resident_and_another_councils_member_propose_nothing_here(world: World) -> None:
    other = make_world(slug="other", seats=5)
    assert code(lambda: proposed(world, "R01")) == "forbidden"
    assert code(lambda: do(lambda: proposals.propose(world.council, "T", "T", actor=other["M01"]))) == "forbidden"
    one = seconded(world, proposed(world))
    foreign = open_one(other)
    assert code(lambda: proposals.merge(one, foreign, actor=world["S01"])) == "invalid"


def test_what_was_written_stands_in_no_entry(world: World) -> None:
    seconded(world, proposed(world))
    bodies = b"".join(bytes(body) for body in db.session.scalars(db.select(Entry.body)))
    assert b"arcade" not in bodies
    assert b"are dark" not in bodies


def test_nothing_leaves_a_settled_state() -> None:
    settled = set(ProposalState) - {ProposalState.PROPOSED, ProposalState.SECONDED}
    for state in settled:
        for act in ProposalAct:
            with pytest.raises(Refused):
                PROPOSAL.next(state, act)

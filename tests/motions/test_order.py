"""What would change a proposal is voted on before the proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Invalid, NotFound
from deliberation.motions.amend import Op, Operation, Paragraph
from deliberation.motions.order import Votable, blocking, next_votable, voting_order

TEXT = (Paragraph("p1", "彻底清除。"), Paragraph("p2", "第一步自清，第二步组织人员清除。"))
M1, A1, A2, A3, A4, A5, A1_1 = 10, 1, 2, 3, 4, 5, 11


def on(op: Op, paragraph: str | None = None) -> Operation:
    text = None if op is Op.DELETE else "甲。"
    return Operation(op, paragraph, text, None if op in {Op.REPLACE, Op.DELETE} else "new")


def amendment(number: int, operation: Operation, state: str = "seconded") -> Votable:
    return Votable(number, "amendment", M1, number, operation, state)


MAIN = Votable(M1, "main", None, 1, None, "seconded")
SECONDARY = Votable(A1_1, "secondary_amendment", A1, 1, None, "seconded")
CASE = [
    MAIN,
    amendment(A5, on(Op.INSERT_AT_END)),
    amendment(A4, on(Op.INSERT_AT_END)),
    amendment(A3, on(Op.INSERT_AFTER, "p2")),
    amendment(A2, on(Op.REPLACE, "p2")),
    amendment(A1, on(Op.REPLACE, "p1")),
    SECONDARY,
]
IN_ORDER = [A1_1, A1, A2, A3, A4, A5, M1]


def with_state(state: str, *ids: int) -> list[Votable]:
    return [replace(one, state=state) if one.id in ids else one for one in CASE]


def test_the_case_is_voted_from_the_secondary_amendment_to_the_main_motion() -> None:
    assert voting_order(CASE, TEXT) == IN_ORDER


def test_amendments_follow_the_text_and_then_their_numbers() -> None:
    mixed = [
        amendment(1, on(Op.INSERT_AT_END)),
        amendment(2, on(Op.INSERT_AFTER, "p1")),
        amendment(3, on(Op.REPLACE, "gone")),
        amendment(4, on(Op.DELETE, "p2")),
        amendment(5, on(Op.REPLACE, "p1")),
        amendment(6, on(Op.INSERT_AT_START)),
        amendment(7, on(Op.DELETE, "p1")),
        MAIN,
    ]
    assert voting_order(mixed, TEXT) == [6, 5, 7, 2, 4, 3, 1, M1]


def test_each_vote_clears_the_way_for_the_next() -> None:
    votables, voted = CASE, []
    while (now := next_votable(votables, TEXT)) is not None:
        voted.append(now)
        votables = [replace(one, state="decided") if one.id == now else one for one in votables]
    assert voted == IN_ORDER


def test_an_open_secondary_amendment_blocks_its_amendment() -> None:
    assert blocking(A1, CASE, TEXT) == [A1_1]
    assert blocking(A1, with_state("voting", A1_1), TEXT) == [A1_1]
    assert blocking(A1, with_state("decided", A1_1), TEXT) == []
    assert blocking(A1_1, CASE, TEXT) == []


def test_everything_open_blocks_the_main_motion() -> None:
    assert blocking(M1, CASE, TEXT) == [A1_1, A1, A2, A3, A4, A5]


def test_what_waits_for_a_second_is_not_votable_and_blocks_nothing() -> None:
    waiting = with_state("proposed", A2)
    assert blocking(A3, waiting, TEXT) == [A1_1, A1]
    assert A2 not in blocking(M1, waiting, TEXT)
    assert next_votable(with_state("decided", A1_1, A1), TEXT) == A2
    done = [replace(one, state="proposed") if one.id == A2 else one for one in with_state("decided", A1_1, A1)]
    assert next_votable(done, TEXT) == A3


def test_an_amendment_to_something_withdrawn_or_unseconded_falls_with_it() -> None:
    for state in ("decided", "proposed"):
        fallen = with_state(state, A1)
        assert next_votable(fallen, TEXT) == A2
        assert blocking(M1, fallen, TEXT) == [A2, A3, A4, A5]
    assert next_votable(with_state("decided", M1), TEXT) is None


def test_what_is_being_voted_on_is_the_next() -> None:
    assert next_votable(with_state("voting", A1_1), TEXT) == A1_1


def test_an_empty_debate_has_nothing_to_vote_on() -> None:
    assert voting_order([], TEXT) == []
    assert next_votable([], TEXT) is None
    with pytest.raises(NotFound):
        blocking(M1, [], TEXT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rider"},
        {"state": "asleep"},
        {"parent": None},
        {"operation": None},
        {"kind": "main"},
    ],
)
def test_a_motion_without_a_place_is_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        replace(amendment(A1, on(Op.REPLACE, "p1")), **wrong)
    assert refusal.value.code == "no_place_in_order"


def test_a_motion_listed_twice_or_without_its_parent_is_invalid() -> None:
    with pytest.raises(Invalid) as twice:
        voting_order([MAIN, MAIN], TEXT)
    assert twice.value.code == "motion_listed_twice"
    with pytest.raises(Invalid) as orphan:
        voting_order([MAIN, SECONDARY], TEXT)
    assert orphan.value.code == "parent_missing"
    with pytest.raises(Invalid) as wrong_kind:
        voting_order([MAIN, replace(SECONDARY, parent=M1)], TEXT)
    assert wrong_kind.value.code == "parent_missing"


@given(st.permutations(CASE), st.lists(st.sampled_from(["proposed", "seconded", "voting", "decided"]), min_size=7))
def test_the_order_depends_on_nothing_but_the_motions(shuffled: list[Votable], states: list[str]) -> None:
    assert voting_order(shuffled, TEXT) == IN_ORDER
    votables = [replace(one, state=state) for one, state in zip(shuffled, states, strict=False)]
    following = next_votable(votables, TEXT)
    assert following is None or blocking(following, votables, TEXT) == []

"""What a ballot of each kind may say, and what it says in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Invalid
from deliberation.voting import kinds
from deliberation.voting.kinds import Kind, Paper

PAPERS = {
    Kind.YES_NO: Paper(Kind.YES_NO),
    Kind.SINGLE: Paper(Kind.SINGLE, 3),
    Kind.APPROVAL: Paper(Kind.APPROVAL, 4, 2),
    Kind.RANKED: Paper(Kind.RANKED, 12, 12),
    Kind.RATING: Paper(Kind.RATING, 2, scale="satisfaction"),
}


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (Kind.YES_NO, "for", "for"),
        (Kind.SINGLE, "3", "3"),
        (Kind.APPROVAL, "4,1", "1,4"),
        (Kind.RANKED, "12>1>7", "12>1>7"),
        (Kind.RATING, "2:4,1:1", "1:1,2:4"),
        *((kind, "abstain", "abstain") for kind in Kind),
    ],
)
def test_a_ballot_has_one_form(kind: Kind, given: str, kept: str) -> None:
    assert kinds.read(PAPERS[kind], given) == kept
    assert len(kept) <= kinds.longest(PAPERS[kind])


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        (Kind.YES_NO, "yes", "choose one"),
        (Kind.YES_NO, "", "choose one"),
        (Kind.SINGLE, "4", "no option 4"),
        (Kind.SINGLE, "1,2", "at most 1"),
        (Kind.SINGLE, "", "at least one option"),
        (Kind.SINGLE, "01", "at least one option"),
        (Kind.SINGLE, "²", "at least one option"),
        (Kind.SINGLE, "１", "at least one option"),
        (Kind.APPROVAL, "1,2,3", "at most 2"),
        (Kind.APPROVAL, "2,2", "2 is named twice"),
        (Kind.APPROVAL, "for", "at least one option"),
        (Kind.RANKED, "1>1", "1 is named twice"),
        (Kind.RANKED, "1=2", "at least one option"),
        (Kind.RANKED, "13", "no option 13"),
        (Kind.RATING, "1:1", "number 2 one of the grades"),
        (Kind.RATING, "1:5,2:1", "number 1 one of the grades"),
        (Kind.RATING, "1:1,1:2,2:1", "1 is named twice"),
        (Kind.RATING, "1:1,2:1,3:1", "no option 3"),
        (Kind.RATING, "1:,2:", "number 1 one of the grades"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused_with_the_reason(kind: Kind, given: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        kinds.read(PAPERS[kind], given)
    assert why in str(refused.value.words)


@given(st.sampled_from(list(Kind)), st.text(max_size=40))
def test_no_text_is_anything_but_a_ballot_or_refused(kind: Kind, text: str) -> None:
    try:
        kept = kinds.read(PAPERS[kind], text)
    except Invalid:
        return
    assert kinds.read(PAPERS[kind], kept) == kept


@given(st.permutations(range(1, 8)), st.integers(1, 7))
def test_a_ranking_by_places_is_the_order_of_the_places(order: list[int], named: int) -> None:
    places = {one: place for place, one in enumerate(order[:named], 1)}
    assert kinds.by_ranks({**dict.fromkeys(range(1, 8)), **places}) == ">".join(map(str, order[:named]))


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ({1: 1, 2: 1}, "Place 1 is given twice"),
        ({1: 2}, "Place 1 is missing"),
        ({1: 1, 2: 3}, "Place 2 is missing"),
        ({1: None}, "at least"),
    ],
)
def test_a_gap_or_a_double_place_is_refused(places: dict[int, int | None], why: str) -> None:
    with pytest.raises(Invalid) as refused:
        kinds.by_ranks(places)
    assert why in str(refused.value.words)


def test_a_ballot_says_itself_in_words() -> None:
    assert [str(line) for line in kinds.words(PAPERS[Kind.RANKED], "2>1", [*"abcdefghijkl"])] == ["1. b", "2. a"]
    assert [str(line) for line in kinds.words(PAPERS[Kind.RATING], "1:2,2:4", ["Lift", "Bins"])] == [
        "Lift: Mostly satisfied", "Bins: I cannot judge",
    ]  # fmt: skip
    assert [str(line) for line in kinds.words(PAPERS[Kind.APPROVAL], "abstain", ["a", "b", "c", "d"])] == ["Abstain"]

"""The law of the floor list: first-time speakers first, then the side that spoke less, then the order of asking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliberation.meetings.floor_order import Asked, in_order

STANCES = st.sampled_from(["pro", "con", "neutral"])
SPOKEN = st.lists(st.tuples(st.integers(1, 12), STANCES), max_size=8)


@st.composite
def lists(draw: st.DrawFn) -> list[Asked]:
    people = draw(st.lists(st.integers(1, 12), unique=True, max_size=10))
    return [Asked(person, draw(STANCES), turn) for turn, person in enumerate(people)]


def names(order: list[Asked]) -> list[int]:
    return [one.person_id for one in order]


def asked(*stances: str) -> list[Asked]:
    return [Asked(n, stance, n) for n, stance in enumerate(stances, 1)]


def test_an_empty_list_has_nobody() -> None:
    assert in_order([], [(1, "pro")]) == []


def test_the_sides_take_turns_and_the_first_who_asked_begins() -> None:
    assert names(in_order(asked("pro", "pro", "pro", "con", "con"), [])) == [1, 4, 2, 5, 3]


def test_the_side_that_spoke_less_is_next_before_those_without_a_side() -> None:
    assert names(in_order(asked("pro", "neutral", "con"), [(8, "pro")])) == [3, 1, 2]


def test_who_has_spoken_waits_for_those_who_have_not_whatever_the_sides() -> None:
    assert names(in_order(asked("con", "pro", "pro"), [(1, "con"), (9, "pro"), (8, "pro")])) == [2, 3, 1]


@given(lists(), SPOKEN)
def test_the_law_holds_at_each_place(waiting: list[Asked], spoken: list[tuple[int, str]]) -> None:
    order = in_order(waiting, spoken)
    assert sorted(names(order)) == sorted(names(waiting))
    heard = {person for person, _stance in spoken}
    again = [one.person_id in heard for one in order]
    assert again == sorted(again)
    for place, one in enumerate(order):
        so_far = [stance for _person, stance in spoken] + [before.stance for before in order[:place]]
        ahead = so_far.count("pro") - so_far.count("con")
        rivals = [other for other in order[place:] if (other.person_id in heard) == (one.person_id in heard)]
        less = "con" if ahead > 0 else "pro"
        if ahead and any(other.stance == less for other in rivals):
            rivals = [other for other in rivals if other.stance == less]
        assert one.turn == min(other.turn for other in rivals)


@given(lists(), SPOKEN, st.randoms())
def test_it_does_not_depend_on_how_the_rows_come(waiting: list[Asked], spoken: list[tuple[int, str]], random: object) -> None:
    shuffled = list(waiting)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled, spoken) == in_order(waiting, spoken)


@given(lists(), SPOKEN)
def test_giving_the_floor_to_the_first_leaves_the_order_of_the_others(
    waiting: list[Asked], spoken: list[tuple[int, str]]
) -> None:
    order = in_order(waiting, spoken)
    if order:
        first = order[0]
        assert in_order(order[1:], [*spoken, (first.person_id, first.stance)]) == order[1:]

"""Every shared election with a known result, and what holds for every counting method."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Invalid
from deliberation.voting.counting import methods, tally_data

CASES = sorted((Path(__file__).parents[1] / "data" / "tabulation").glob("*.json"))


def load(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_there_are_cases():
    assert len(CASES) == 19


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_known_election_ends_as_known(path):
    data = load(path)
    expected, got = data["expected"], tally_data(data)
    assert set(got["winners"]) == set(expected["winners"])
    if "order" in expected:
        assert got["order"] == expected["order"]
    if "strongest_paths" in expected:
        assert got["strongest_paths"] == expected["strongest_paths"]
    if "tally" in expected:
        assert got["rounds"][0]["tally"] == expected["tally"]
    if "quota_value" in expected:
        assert abs(Decimal(str(got["quota"])) - Decimal(expected["quota_value"])) < Decimal("0.0001")
    rounds = expected.get("rounds", [])
    if rounds and data["method"] == "irv":
        assert len(got["rounds"]) == len(rounds)
    slack = Decimal(0) if data["method"] == "irv" else Decimal("0.0001") * data["total_ballots"]
    for mine, known in zip(got["rounds"], rounds, strict=False):
        for name, votes in known["tally"].items():
            if name in mine["tally"]:
                assert abs(Decimal(str(mine["tally"][name])) - Decimal(str(votes))) <= slack, name


def test_a_published_order_by_margins_and_the_rule_for_those_not_ranked():
    data = load(next(path for path in CASES if path.stem == "debian_dpl_2006"))
    margins = tally_data({**data, "rules": {"unranked": "tied last", "strength": "margins"}})
    level = [sorted(place) if isinstance(place, list) else place for place in margins["order"]]
    assert level == data["expected"]["order_schulze_margins"]
    no_preference = tally_data({**data, "rules": {"unranked": "no preference", "strength": "winning votes"}})
    assert no_preference["winners"] == data["expected"]["if_unranked_treated_as_no_preference"]["winners"]


def election(method, ballots, candidates="ABC", seats=1, **rules):
    lines = [{"count": n, "ranking": [[c] for c in line]} for n, line in ballots]
    if methods[method].takes == "approvals":
        lines = [{"count": n, "approve": list(line)} for n, line in ballots]
    return {"format": "neutral-election/1", "method": method, "seats": seats, "candidates": list(candidates),
            "ballots": lines, "rules": rules}  # fmt: skip


def test_a_tie_is_reported_and_broken_only_by_a_declared_rule():
    ballots = [(5, "A"), (5, "B"), (2, "C")]
    for method in ("plurality", "approval", "irv"):
        open_tie = tally_data(election(method, ballots))
        assert set(open_tie["winners"]) == {"A", "B"}
        assert not open_tie["decided"], method
        by_order = tally_data(election(method, ballots, tiebreak="candidate order"))
        assert (by_order["winners"], by_order["decided"]) == (["A"], True), method
        lots = {tally_data(election(method, ballots, tiebreak={"lot": str(seed)}))["winners"][0] for seed in range(20)}
        assert lots == {"A", "B"}, method
        again = [tally_data(election(method, ballots, tiebreak={"lot": "2026"})) for _ in range(2)]
        assert again[0] == again[1], method


def test_a_tie_for_the_last_place_that_changes_nothing_is_no_tie():
    runoff = tally_data(election("irv", [(5, "A"), (3, "B"), (2, "CA"), (2, "DA")], "ABCD"))
    assert (runoff["winners"], runoff["decided"], runoff["ties"]) == (["A"], True, [])


def test_a_tie_in_the_middle_of_a_runoff_that_decides_names_everybody_who_may_win():
    # Whether B or C goes first decides between A and B.
    runoff = tally_data(election("irv", [(6, "AB"), (4, "BA"), (4, "CB")]))
    assert (set(runoff["winners"]), runoff["decided"]) == ({"A", "B"}, False)


BROKEN = {
    "no object": [],
    "no format": {"method": "irv"},
    "unknown method": election("irv", []) | {"method": "guess"},
    "no seats": election("irv", [], seats=0),
    "more seats than options": election("plurality", [], seats=4),
    "two seats in a runoff": election("irv", [(1, "A")], seats=2),
    "twice the same option": election("irv", []) | {"candidates": ["A", "A"]},
    "unknown option": election("irv", []) | {"ballots": [{"count": 1, "ranking": [["X"]]}]},
    "repeated option": election("irv", []) | {"ballots": [{"count": 1, "ranking": [["A"], ["A"]]}]},
    "negative count": election("irv", []) | {"ballots": [{"count": -1, "ranking": []}]},
    "a count that is a word": election("irv", []) | {"ballots": [{"count": "1", "ranking": []}]},
    "neither ranking nor approvals": election("irv", []) | {"ballots": [{"count": 1}]},
    "a wrong sum": election("irv", [(1, "A")]) | {"total_ballots": 2},
    "a quota that is none": election("stv-wigm", [(1, "A")], quota="half"),
    "a lot without a seed": election("plurality", [(1, "A"), (1, "B")], tiebreak={"lot": ""}),
    "rankings where approvals are counted": election("irv", [(1, "AB")]) | {"method": "approval"},
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_election_is_refused(data):
    with pytest.raises(Invalid):
        tally_data(data)


rankings = st.permutations("ABCD").flatmap(lambda order: st.integers(0, 4).map(lambda n: "".join(order[:n])))
ballots = st.lists(st.tuples(st.integers(0, 9), rankings), max_size=8)


@pytest.mark.parametrize("method", [name for name, method in methods.items() if method.takes == "ranking"])
@given(ballots=ballots)
def test_whoever_is_first_on_more_than_half_of_the_ballots_wins_one_seat(method, ballots):
    size = sum(n for n, _line in ballots)
    got = tally_data(election(method, [*ballots, (size + 1, "A")], "ABCD"))
    assert got["winners"] == ["A"]


def approved(seats, *piles, options="ABCD"):
    """A sequential count of these approvals: (how many, of whom)."""
    lines = [{"count": n, "approve": list(line)} for n, line in piles]
    data = {"format": "neutral-election/1", "method": "spav", "seats": seats, "candidates": list(options), "ballots": lines}
    return tally_data(data)


def test_two_who_stand_level_for_two_seats_both_win_seat_by_seat():
    got = approved(2, (5, "A"), (5, "B"), (1, "C"))
    assert (got["winners"], got["decided"], got["ties"]) == (["A", "B"], True, [])


def test_a_tie_seat_by_seat_names_everybody_who_may_still_win():
    got = approved(3, (1, "AB"))
    assert (got["winners"], got["ties"]) == (list("ABCD"), [{"options": ["C", "D"], "places": 1, "chosen": []}])


def test_a_tie_that_can_fall_in_very_many_ways_seat_by_seat_costs_little():
    got = approved(20, options=[f"Option {n}" for n in range(40)])
    assert not got["decided"] and len(got["winners"]) == 40


def test_the_best_set_of_very_many_is_found_in_time():
    piles = [(1, [f"Option {(start + 7 * step) % 20}" for step in range(6)]) for start in range(20)]
    lines = [{"count": n, "approve": line} for n, line in piles]
    names = [f"Option {n}" for n in range(20)]
    data = {"format": "neutral-election/1", "method": "pav", "seats": 8, "candidates": names, "ballots": lines}
    before = process_time()
    tally_data(data)
    assert process_time() - before < 3, "every reader of the result would wait for it"

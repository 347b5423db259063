"""What holds for every counting method: those of the house, those that are installed, and the sample of docs/plugins.md."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Invalid
from deliberation.voting import counting, installed
from deliberation.voting.methods import Declared
from deliberation.voting.methods.election import Election, Pile, Result, Round

SAMPLE = Path(__file__).parents[1] / "plugins" / "sample" / "borda_count.py"
OPTIONS = "ABCD"
SEEDS = ({}, {"tiebreak": {"lot": "2026-03-26"}}, {"tiebreak": "candidate order"})


def sample():
    spec = importlib.util.spec_from_file_location("borda_count", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.METHOD


installed.load()
METHODS = [*counting.methods.values(), sample()]
every_method = pytest.mark.parametrize("method", METHODS, ids=[method.name for method in METHODS])

lines = st.permutations(OPTIONS).flatmap(lambda order: st.integers(0, 4).map(lambda n: "".join(order[:n])))
ballots = st.lists(st.tuples(st.integers(0, 9), lines), max_size=8)
shares = st.lists(st.tuples(st.integers(0, 9), lines, st.sets(st.integers(0, 2))), max_size=6)
rules = st.sampled_from(SEEDS)


def election(method, ballots, options=OPTIONS, seats=1, rules=None):
    """Lines of option letters, best first; an approval names its options without order."""
    piles = []
    for n, line in ballots:
        places = [tuple(options.index(one) for one in place) for place in (line.split("=") if "=" in line else line)]
        piles.append(Pile(n, (tuple(sorted(sum(places, ()))),) if method.takes == "approvals" else tuple(places)))
    return Election(tuple(options), tuple(piles), seats, rules or {})


def count(method, ballots, options=OPTIONS, seats=1, rules=None):
    """The result, or nothing where the method does not fill so many seats."""
    chosen = election(method, ballots, options, seats, rules)
    try:
        return counting.count(method, chosen)
    except Invalid:
        assert seats > 1
        return None


def numbers(value):
    """Every number in a result, however deep."""
    if isinstance(value, Result | Round):
        value = [getattr(value, one.name) for one in fields(value)]
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers(one)]
    return [value] if isinstance(value, int | float | Fraction) else []


@every_method
def test_it_declares_what_it_does_with_what_ballots_leave_open(method):
    assert installed.fault(method, method.name) == ""
    for one in ("unranked", "equal_ranks", "quota", "transfer", "decimals", "ties"):
        assert getattr(method.declared, one)
    assert {one.name for one in fields(Declared)} == {"unranked", "equal_ranks", "quota", "transfer", "decimals", "ties"}


@every_method
@given(ballots=ballots, seats=st.integers(1, 3), rules=rules)
def test_it_fills_the_seats_or_reports_a_tie(method, ballots, seats, rules):
    got = count(method, ballots, seats=seats, rules=rules)
    if got is None:
        return
    assert len(set(got.winners)) == len(got.winners)
    assert set(got.winners) <= set(range(4))
    assert len(got.winners) == seats if got.is_decided else len(got.winners) >= seats
    if rules:
        assert got.is_decided
    else:
        assert not any(tie.chosen for tie in got.ties), "a tie is broken only by a declared rule"
    for tie in got.ties:
        assert 0 < tie.places < len(tie.options)
        assert set(tie.chosen) <= set(tie.options)
        assert len(tie.chosen) in (0, tie.places)


@every_method
@given(ballots=ballots, seats=st.integers(1, 2), rules=rules, data=st.data())
def test_the_order_of_the_ballots_changes_nothing(method, ballots, seats, rules, data):
    turned = data.draw(st.permutations(ballots))
    assert count(method, turned, seats=seats, rules=rules) == count(method, ballots, seats=seats, rules=rules)


@every_method
@given(ballots=ballots, seats=st.integers(1, 2), rules=rules)
def test_equal_ballots_count_alike_in_one_pile_in_several_and_one_by_one(method, ballots, seats, rules):
    whole = count(method, ballots, seats=seats, rules=rules)
    halves = [part for n, line in ballots for part in ((n // 2, line), (n - n // 2, line))]
    apart = [(1, line) for n, line in ballots for _ in range(n)]
    assert count(method, halves, seats=seats, rules=rules) == whole
    assert count(method, apart, seats=seats, rules=rules) == whole


@every_method
@given(ballots=ballots, seats=st.integers(1, 2), data=st.data())
def test_names_and_their_order_decide_nothing(method, ballots, seats, data):
    there = count(method, ballots, seats=seats)
    renamed = count(method, [(n, line.translate(str.maketrans("ABCD", "wxyz"))) for n, line in ballots], "wxyz", seats)
    assert renamed == there
    other = "".join(data.draw(st.permutations(OPTIONS)))
    moved = count(method, ballots, other, seats)
    if there is not None:
        assert {other[n] for n in moved.winners} == {OPTIONS[n] for n in there.winners}
        assert moved.is_decided == there.is_decided


@every_method
@given(ballots=ballots, data=st.data())
def test_a_lot_falls_alike_wherever_the_options_stand(method, ballots, data):
    rules = {"tiebreak": {"lot": "seven"}}
    other = "".join(data.draw(st.permutations(OPTIONS)))
    there, moved = count(method, ballots, rules=rules), count(method, ballots, other, rules=rules)
    assert [other[n] for n in moved.winners] == [OPTIONS[n] for n in there.winners]


@every_method
@pytest.mark.parametrize("piles", [[], [(0, "A")], [(7, "")]], ids=["no ballots", "a pile of none", "all exhausted"])
def test_without_a_single_vote_everybody_stands_equal(method, piles):
    got = count(method, piles)
    assert (set(got.winners), got.is_decided) == ({0, 1, 2, 3}, False)
    drawn = count(method, piles, rules={"tiebreak": {"lot": "2026"}})
    assert (len(drawn.winners), drawn.is_decided) == (1, True)


@every_method
@pytest.mark.parametrize("piles", [[], [(3, "A")], [(2, "")]], ids=["no ballots", "votes", "all exhausted"])
def test_the_only_option_wins(method, piles):
    got = count(method, piles, "A")
    assert (got.winners, got.is_decided) == ([0], True)


@every_method
@given(ballots=ballots, seats=st.integers(1, 2), rules=rules)
def test_numbers_are_exact_and_the_same_bytes_come_out_each_time(method, ballots, seats, rules):
    got = count(method, ballots, seats=seats, rules=rules)
    if got is None:
        return
    assert all(isinstance(number, int | Fraction) for number in numbers(got))
    chosen = election(method, ballots, OPTIONS, seats, rules)
    first, again = (json.dumps(counting.to_data(method, chosen, counting.count(method, chosen))) for _ in range(2))
    assert first == again
    assert all(isinstance(number, int) for number in numbers(json.loads(first)))


@every_method
@given(ballots=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["AB=C", "A=BC=D", "ABCD=", "=A", "B=CD"])), max_size=5))
def test_several_options_at_one_place_and_empty_places_are_counted_as_declared(method, ballots):
    got = count(method, ballots)
    assert got.winners
    assert all(isinstance(number, int | Fraction) for number in numbers(got))
    assert count(method, [(1, line) for n, line in ballots for _ in range(n)]) == got

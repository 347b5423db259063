"""Counting an array of ballots gives what counting them one by one gives, and a lot is one that anybody can draw again."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import numpy as np
import pytest

from deliberation.kernel.errors import Invalid
from deliberation.voting.counting import MANY, count, count_array, grouped, methods
from deliberation.voting.methods import irv, rows
from deliberation.voting.methods.election import Election, Pile, Result
from deliberation.voting.methods.ties import preference

NAMES = tuple(chr(65 + n) for n in range(26))
QUICK = [method for method in methods.values() if method.count_rows]
quick_methods = pytest.mark.parametrize("method", QUICK, ids=[method.name for method in QUICK])
RULES = (
    {},
    {"tiebreak": {"lot": "seed"}},
    {"tiebreak": "candidate order"},
    {"strength": "margins"},
    {"unranked": "no preference"},
)


def random_lines(chance: random.Random, options: int, size: int) -> list[list[int]]:
    """Ballots that leave options out, some places empty, and few enough kinds for ties."""
    kinds = []
    for _ in range(chance.randint(1, 6)):
        line = chance.sample(range(options), chance.randint(0, options))
        kinds.append([one if chance.random() > 0.1 else -1 for one in line])
    return [chance.choice(kinds) for _ in range(size)]


def array(lines: list[list[int]], width: int, dtype: str = "int8") -> np.ndarray:
    made = np.full((len(lines), width), -1, dtype)
    for row, line in zip(made, lines, strict=True):
        row[: len(line)] = line
    return made


def rankings(lines: list[list[int]]) -> list[tuple[tuple[int, ...], ...]]:
    return [tuple((one,) for one in line if one >= 0) for line in lines]


def test_there_are_quick_methods():
    assert [method.name for method in QUICK] == ["irv", "schulze"]


@quick_methods
@pytest.mark.parametrize("options", [1, 2, 3, 4, 5, 8, 9, 20])
def test_thousands_of_small_elections_come_out_alike_with_their_ties(method, options):
    chance = random.Random(options)
    tied = 0
    for n in range(600 if options < 9 else 150):
        lines = random_lines(chance, options, chance.randint(0, 12))
        rules = RULES[n % (3 if method.name == "irv" else 5)]
        election = Election(NAMES[:options], grouped(rankings(lines)), 1, rules)
        exact = method.count(election)
        assert count_array(method, election.options, array(lines, options, ("int8", "int64")[n % 2]), rules=rules) == exact
        assert method.count_rows(election, rows.rows_of_piles(election.piles, options)) == exact
        tied += bool(exact.ties)
    assert tied or options == 1


@quick_methods
@pytest.mark.parametrize(("options", "width"), [(8, 8), (20, 20), (20, 3), (70, 5), (140, 4)])
def test_larger_elections_come_out_alike_whether_rows_are_grouped_or_not(method, options, width, monkeypatch):
    chance = np.random.default_rng(options * width)
    size = rows.BLOCK + 1000
    lines = np.argsort(chance.random((size, options)) ** (1 + np.arange(options) / options), axis=1)[:, :width].astype(np.int16)
    lines[np.arange(width)[None, :] >= chance.integers(0, width + 1, size)[:, None]] = -1
    piles = grouped(tuple((one,) for one in line if one >= 0) for line in lines.tolist())
    election = Election(tuple(f"option {n}" for n in range(options)), piles, 1)
    if options > 20:
        election = Election(election.options, piles[:300], 1)
        lines = np.concatenate([
            np.repeat(array([[one for (one,) in pile.ranking]], width, "int16"), pile.count, axis=0) for pile in piles[:300]
        ])  # fmt: skip
    exact = method.count(election)
    assert count_array(method, election.options, lines) == exact
    monkeypatch.setattr(rows, "SHORT", -1)
    assert count_array(method, election.options, lines) == exact


@quick_methods
def test_many_piles_are_counted_the_quick_way_and_equal_ranks_the_exact_way(method, monkeypatch):
    chance = random.Random(1)
    piles = grouped(tuple((one,) for one in chance.sample(range(8), 8)) for _ in range(2 * MANY))
    assert len(piles) > MANY
    quick: list[Election] = []
    watched = type(method)(**{**vars(method), "count_rows": lambda *given: quick.append(given[0]) or method.count_rows(*given)})
    election = Election(NAMES[:8], piles, 1)
    assert count(watched, election) == method.count(election)
    assert quick == [election]
    level = Election(NAMES[:8], (*piles, Pile(3, ((1, 2), (0,)))), 1)
    assert count(watched, level) == method.count(level)
    assert quick == [election]


def test_piles_do_not_tell_in_which_order_ballots_came_and_are_read_one_after_the_other():
    lines = [((0,), (1,)), ((1, 2),), (), ((0,), (1,))]
    taken = iter(lines * 1000)
    piles = grouped(taken)
    assert piles == grouped(reversed(lines * 1000))
    assert {pile.ranking: pile.count for pile in piles} == {line: 1000 * n for line, n in Counter(lines).items()}
    assert next(taken, None) is None


BAD = {
    "an option that does not exist": ([[0, 3]], 3),
    "a number below -1": ([[0, -2]], 3),
    "an option twice": ([[0, 1, 0]], 3),
    "twice among many": ([[0, 69, 69]], 70),
    "no table": ([0, 1], 3),
    "no whole numbers": ([[0.0, 1.0]], 3),
    "no options": ([[]], 0),
    "too many options": ([[0]], 251),
}


@quick_methods
@pytest.mark.parametrize(("lines", "options"), BAD.values(), ids=BAD)
def test_rows_that_are_no_ballots_are_refused(method, lines, options):
    with pytest.raises(Invalid):
        count_array(method, [str(n) for n in range(options)], np.array(lines))


def test_weights_are_numbers_from_0_up_one_a_row_and_no_more_than_can_be_counted():
    for weights in ([1], [1, -1], [10**9, 1]):
        with pytest.raises(Invalid):
            rows.rows_of([[0], [1]], 2, weights)
    assert rows.rows_of([[0], [1]], 2, [10**9 - 1, 1]).size == 10**9


def test_methods_that_need_more_than_rows_say_so():
    with pytest.raises(Invalid):
        count_array(methods["plurality"], "AB", np.array([[0]]))


def test_a_tie_with_very_many_ways_ends_soon_and_still_names_everybody_who_may_win():
    level = array([[n] for n in range(20)], 20)
    got = count_array(methods["irv"], NAMES[:20], level)
    assert isinstance(got, Result)
    assert (got.winners, got.is_decided) == (list(range(20)), False)
    assert irv.count(Election(NAMES[:20], grouped(rankings(level.tolist())), 1)) == got


# A lot: the options sorted by the SHA-256 of the seed, a zero byte and the name. `printf '2026\0甲' | sha256sum`


def test_a_lot_is_drawn_as_the_documentation_says():
    names = ("甲", "乙", "丙", "丁")
    drawn = preference(Election(names, (), 1, {"tiebreak": {"lot": "2026"}}), range(4))
    slips = []
    for name in names:
        slip = hashlib.sha256()
        slip.update(b"2026")
        slip.update(bytes(1))
        slip.update(name.encode("utf-8"))
        slips.append((slip.hexdigest(), name))
    assert [names[one] for one in drawn] == [name for _, name in sorted(slips)]


def test_every_order_falls_about_as_often_and_those_not_tied_do_not_matter():
    orders = Counter(
        tuple(preference(Election(("A", "B", "C"), (), 1, {"tiebreak": {"lot": str(seed)}}), range(3))) for seed in range(6000)
    )
    assert len(orders) == 6
    assert all(800 < times < 1200 for times in orders.values())
    for seed in "abcdefgh":
        election = Election(("A", "B", "C"), (), 1, {"tiebreak": {"lot": seed}})
        assert preference(election, [0, 2]) == [one for one in preference(election, [0, 1, 2]) if one != 1]

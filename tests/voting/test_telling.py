"""A count told to people: every round one sentence that is true, in both languages; ties said as ties."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.support import Translations
from hypothesis import given
from hypothesis import strategies as st

from deliberation.app import HERE
from deliberation.voting.counting import count, method_named, methods
from deliberation.voting.methods.election import Election, Pile, Result, Round, Tie, read
from deliberation.voting.telling import listed, shown, tell

CASES = Path(__file__).parents[1] / "data" / "tabulation"
NAMES = ("菜地", "菊花", "草坪", "长椅")


def piles_of(method, ballots):
    level = methods[method].takes == "approvals"
    return tuple(Pile(n, (tuple(line),) if level else tuple((one,) for one in line)) for n, line in ballots)


def told(method, ballots, seats=1, **rules):
    election = Election(("A", "B", "C", "D"), piles_of(method, ballots), seats, rules)
    return tell(method, election, count(methods[method], election))


def sentences(one):
    return [str(words) for words in (*([one.quota] if one.quota else []), *(r.sentence for r in one.rounds), *one.ties, one.ending)]


def shared(name):
    method, election = read(json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")))
    return sentences(tell(method, election, count(method_named(method), election)))


def test_an_instant_runoff():
    assert shared("tennessee_irv") == [
        "Nobody has more than half. Chattanooga has the fewest, 15, and is left out. Those ballots go to whom they name next.",
        "Nobody has more than half. Nashville has the fewest, 26, and is left out. Those ballots go to whom they name next.",
        "Knoxville has 58 of the 100 ballots that still name somebody: more than half.",
        "Knoxville wins.",
    ]
    assert shared("burlington_2009_irv")[0] == (
        "Nobody has more than half. James Simpson, Write-In and Dan Smith have 1377 together, fewer than the next, and are left "
        "out. Those ballots go to whom they name next."
    )
    assert shared("burlington_2009_irv")[2].endswith("Ballots that name nobody who is left: 603.")
    assert "Undeclared Write-ins is left out first, as the rules of this election say." in shared("rctab_precinct_example")[0]


def test_a_transferable_vote():
    assert shared("stv_wikipedia_en_food") == [
        "Whoever has 6 votes is elected.",
        "The quota is reached. Elected: Chocolate. What is above the quota goes on, each ballot with a part of its weight.",
        "Nobody reaches the quota. Pear has the fewest, 2, and is left out. Those ballots go to whom they name next.",
        # Orange has six, and nothing above.
        "The quota is reached. Elected: Orange.",
        "Nobody reaches the quota. Hamburger has the fewest, 3, and is left out. Those ballots go to whom they name next.",
        "As many are left as there are seats. Elected: Strawberry. Ballots that name nobody who is left: 3.",
        "Elected: Chocolate, Orange and Strawberry.",
    ]
    assert shared("stv_hagenbach_bischoff")[0] == "Whoever has more than 33.33 votes is elected."


def test_two_by_two():
    assert shared("tennessee_schulze") == [
        "Nashville wins: compared with each of the others alone, more ballots put Nashville first."
    ]
    assert shared("schulze_paper_example_1") == ["D wins: nobody beats D by a stronger chain of comparisons."]
    one = told("schulze", [(3, [0, 1]), (2, [1, 2])])
    assert [(pair.one, pair.other, pair.ahead, pair.behind) for pair in one.pairs][:2] == [("A", "B", 3, 2), ("A", "C", 3, 2)]
    assert len(one.pairs) == 6


def test_one_count_and_seat_by_seat():
    assert sentences(told("plurality", [(3, [0]), (2, [1]), (1, [])])) == [
        "A has the most votes: 3 of 6 ballots. Ballots that name nobody, or several in the first place: 1.",
        "A wins.",
    ]
    assert sentences(told("plurality", [(3, [0]), (2, [1]), (1, [2])], 2)) == ["A and B have the most votes.", "Elected: A and B."]
    assert sentences(told("approval", [(3, [0, 1]), (2, [1])]))[0] == "Most ballots approve of B: 5 of 5."
    assert sentences(told("spav", [(6, [0, 1]), (4, [2]), (1, [0])], 2)) == [
        "Most ballots approve of A: 7. That is the first seat.",
        "Ballots that have a winner already count for less. Now C has the most, 4: seat 2.",
        "Elected: A and C.",
    ]
    assert sentences(told("spav", [(6, [0, 1]), (3, [2]), (1, [0])], 2))[1:] == [
        "Here several stand level, and no rule says who goes on: it stays open.",
        "B and C stand level for one place. No rule was declared for this, so nobody is preferred.",
        "Not decided. May still win: A, B and C.",
    ]
    assert sentences(told("pav", [(6, [0, 1]), (4, [2]), (1, [0])], 2)) == [
        "No other 2 together are worth as much: a ballot counts 1 for one winner, 1 1/2 for two, 1 5/6 for three.",
        "Elected: A and C.",
    ]


def test_ties_are_said_and_so_is_what_broke_them():
    ballots = [(2, [0]), (2, [1])]
    assert sentences(told("plurality", ballots)) == [
        "Here several stand level, and no rule says who goes on: it stays open.",
        "A and B stand level for one place. No rule was declared for this, so nobody is preferred.",
        "Not decided. May still win: A and B.",
    ]
    drawn = sentences(told("plurality", ballots, tiebreak={"lot": "2026"}))
    assert re.fullmatch("A and B stand level. The lot with the public seed “2026” falls on: [AB].", drawn[1])
    assert sentences(told("plurality", ballots, tiebreak="candidate order"))[:2] == [
        "A and B have 2 each and stand level; by the declared rule it is A.",
        "A and B stand level. By the declared order of the options: A.",
    ]
    by_order = {"seats": 2, "tiebreak": "candidate order"}
    approvals = [(3, [0]), (2, [1]), (2, [2])]
    assert sentences(told("approval", approvals, **by_order))[0] == (
        "Ahead: A. B and C have 2 each and stand level; by the declared rule it is B."
    )
    assert sentences(told("spav", approvals, **by_order))[:2] == [
        "Most ballots approve of A: 3. That is the first seat.",
        "B and C have 2 each and stand level; by the declared rule it is B.",
    ]
    assert sentences(told("pav", approvals, **by_order))[0] == (
        "Several sets of 2 are worth as much as each other; by the declared rule it is A and B."
    )
    runoff = sentences(told("irv", [(6, [0, 1]), (4, [1, 0]), (4, [2, 1])], tiebreak="candidate order"))
    assert runoff[0].startswith("Nobody has more than half. D has the fewest, 0,")
    assert runoff[1].startswith("Nobody has more than half. B and C stand last, level; by the declared rule C is left out.")
    assert "no rule says who goes on" in sentences(told("irv", [(6, [0, 1]), (4, [1, 0]), (4, [2, 1])]))[1]


def test_a_method_from_outside_is_told_by_its_figures():
    result = Result([0], [Round({0: 2, 1: 1}, elected=[0], eliminated=[1])], [Tie((1, 2), 1, (1,))])
    one = tell("borda", Election(("A", "B", "C"), (), 1, {"tiebreak": "candidate order"}), result)
    assert str(one.rounds[0].sentence) == "Elected: A. Left out: B."


def test_bars_are_as_long_as_their_figures_and_say_what_became_of_whom():
    (first, *_) = told("irv", [(4, [0]), (3, [1]), (2, [2, 1])]).rounds
    assert [(bar.name, bar.figure, bar.share, bar.fate) for bar in first.bars] == [
        ("A", "4", 100.0, "stays"), ("B", "3", 75.0, "stays"), ("C", "2", 50.0, "out"), ("D", "0", 0.0, "out"),
    ]  # fmt: skip
    empty = told("plurality", [])
    assert {bar.share for bar in empty.rounds[0].bars} == {0.0}


def test_long_lists_of_names_end():
    assert listed([]) == ""
    assert str(listed(["A"])) == "A"
    assert str(listed(["A", "B", "C"])) == "A, B and C"
    many = str(listed([f"n{n}" for n in range(400)]))
    assert many.endswith("n18, n19 and 380 more")


lines = st.lists(st.integers(0, 3), unique=True, max_size=4)


@pytest.mark.parametrize("method", list(methods))
@given(
    ballots=st.lists(st.tuples(st.integers(0, 6), lines), max_size=6),
    seats=st.integers(1, 3),
    rules=st.sampled_from([{}, {"tiebreak": {"lot": "2026"}}, {"tiebreak": "candidate order"}]),
)
def test_every_count_can_be_told_in_both_languages(method, ballots, seats, rules):
    seats = 1 if method == "irv" else seats
    election = Election(NAMES, piles_of(method, ballots), seats, rules)
    result = count(methods[method], election)
    one = tell(method, election, result)
    assert len(one.rounds) == len(result.rounds)
    assert len(one.ties) == len(result.ties)
    for words in (*(r.sentence for r in one.rounds), *one.ties, one.ending):
        assert "%(" not in str(words)
        chinese = words.render(CHINESE.gettext)
        assert not re.search("[A-Za-z]", chinese), chinese
        assert chinese.endswith("。")
    assert all(shown(votes) for here in result.rounds for votes in here.tally.values())


CHINESE = Translations.load(str(HERE / "translations"), ["zh_Hans_CN"])


def test_the_page_of_components_shows_rounds_and_pairs_without_styles_in_the_page(client):
    page = client.get("/about/design", headers={"Accept-Language": "zh-CN"}).text
    section = page.partition('aria-labelledby="counts"')[2].partition("</section>")[0]
    assert "没有选项过半数。" in section
    assert "✕ 出局" in section and "✓ 当选" in section
    assert 'url(#c1-out)' in section and 'id="c1-out"' in section
    assert "<b>12</b> : 6" in section
    assert "style=" not in section

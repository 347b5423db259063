"""Verdicts agree with the published decisions, refuse the impossible and explain their arithmetic."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deliberation.councils.thresholds import Base, Threshold
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import Words
from deliberation.voting.verdicts import MOST, Count, Measure, Outcome, PassRule, decide, decide_data

CASES = json.loads((Path(__file__).parents[1] / "data/rules/decisions.json").read_text("utf-8"))
BY_ID = {case["id"]: case["input"] for case in CASES}
M1: dict[str, Any] = BY_ID["case-M1"]
NOT_WHOLE: list[object] = [1.5, 1.0, True, False, "1", None, []]
HALF = Threshold(Fraction(1, 2), False, Base.ENTITLED)
TWO_THIRDS = Threshold(Fraction(2, 3), True, Base.ENTITLED)


def a_count(entitled: int = 21, present: int = 18, recused: int = 0, votes: str = "0/0/0/0") -> Count:
    return Count(entitled, present, recused, *map(int, votes.split("/")))


@st.composite
def counts(draw: st.DrawFn, silent: int = 0) -> Count:
    """Possible counts with at least ``silent`` people who could still vote, often small: ties and empty rooms."""
    entitled = draw(st.integers(max(1, silent), 30))
    present = draw(st.integers(silent, entitled))
    recused = draw(st.integers(0, present - silent))
    left = present - recused - silent
    votes = []
    for _ in range(4):
        votes.append(draw(st.integers(0, left)))
        left -= votes[-1]
    return Count(entitled, present, recused, *votes)


parts = st.fractions(0, 1, max_denominator=6)
thresholds = st.builds(Threshold, parts, st.booleans(), st.sampled_from(Base))
rules = st.builds(PassRule, st.none() | thresholds, thresholds, st.booleans(), st.booleans())


def outcome_of(rule: PassRule, count: Count) -> Outcome:
    try:
        return decide(rule, count).outcome
    except Invalid:
        assume(False)
        raise


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_published_decision_is_reached(case: dict[str, Any]) -> None:
    assert decide_data(case["input"])["outcome"] == case["outcome"], case["why"]


def test_the_published_decisions_are_all_there() -> None:
    assert len(CASES) == 14
    assert {case["outcome"] for case in CASES} == {outcome.value for outcome in Outcome}


@pytest.mark.parametrize(
    ("id_", "quorum", "passing"),
    [
        ("case-M1", Measure(14, 18, True), Measure(11, 15, True)),
        ("quorum-13-of-21", Measure(14, 13, False), None),
        ("ronr-41-of-81", None, Measure(41, 41, True)),
        ("inclusive-half-tie", None, Measure(10, 10, True)),
        ("recused-out-of-base", None, Measure(10, 10, True)),
        ("recused-out-of-quorum", Measure(14, 13, False), None),
    ],
)
def test_a_verdict_shows_its_measures(id_: str, quorum: Measure | None, passing: Measure | None) -> None:
    data = decide_data(BY_ID[id_])
    assert data["quorum"] == (quorum and quorum.to_data())
    assert data["pass"] == (passing and passing.to_data())


SENTENCES = {
    "case-M1": "21 entitled, 18 present, 1 of them recused. The quorum, at least 2/3 of those entitled, is 14 of 21: "
    "it is reached. 15 for, 1 against, 1 abstaining. To pass, more than 1/2 of those entitled must be for: 11 of 21. "
    "With 15 for, it is adopted.",
    "case-A5": "21 entitled, 18 present, 1 of them recused. The quorum, at least 2/3 of those entitled, is 14 of 21: "
    "it is reached. 5 for, 11 against, 1 abstaining. To pass, more than 1/2 of those entitled must be for: 11 of 21. "
    "With 5 for, that is not reached: it is rejected.",
    "quorum-13-of-21": "21 entitled, 13 present. The quorum, at least 2/3 of those entitled, is 14 of 21: it is not "
    "reached. There is no decision; more people needed: 1.",
    "recused-out-of-quorum": "21 entitled, 14 present, 1 of them recused. The recused are left out of the quorum: 13 "
    "are counted as present. The quorum, at least 2/3 of those entitled, is 14 of 20: it is not reached. There is no "
    "decision; more people needed: 1.",
    "ronr-41-of-81": "100 entitled, 90 present. No quorum is required. 41 for, 30 against, 9 abstaining, 10 invalid. "
    "To pass, more than 1/2 of the votes cast (abstentions not counted) must be for: 41 of 81. With 41 for, it "
    "is adopted.",
    "inclusive-half-tie": "20 entitled, 20 present. No quorum is required. 10 for, 10 against, 0 abstaining. To pass, "
    "at least 1/2 of those entitled must be for: 10 of 20. There are as many for as against; a tie never adopts: it is "
    "rejected.",
    "recused-out-of-base": "20 entitled, 20 present, 1 of them recused. No quorum is required. 10 for, 9 against, 0 "
    "abstaining. The recused are left out of the base: it is 19. To pass, more than 1/2 of those entitled must be "
    "for: 10 of 19. With 10 for, it is adopted.",
}


@pytest.mark.parametrize("id_", SENTENCES)
def test_the_whole_arithmetic_is_said(id_: str) -> None:
    sentence = decide_data(BY_ID[id_])["sentence"]
    assert isinstance(sentence, Words)
    assert sentence.render() == SENTENCES[id_]


def test_the_sentence_is_translated_part_by_part() -> None:
    asked: list[str] = []

    def gettext(message: str) -> str:
        asked.append(message)
        return "%(first)s%(rest)s" if message == "%(first)s %(rest)s" else f"[{message}]"

    sentence = decide_data(M1)["sentence"]
    assert isinstance(sentence, Words)
    assert sentence.render(gettext).startswith("[21 entitled, 18 present, 1 of them recused.][The quorum, [at")
    assert all(text and not any(digit in text for digit in "4568") for text in asked)


def test_no_votes_adopt_nothing_and_say_so() -> None:
    nothing_needed = PassRule(None, Threshold(Fraction(0), True, Base.FOR_AGAINST))
    verdict = decide(nothing_needed, a_count(votes="0/0/18/0"))
    assert (verdict.outcome, verdict.passing) == (Outcome.REJECTED, Measure(0, 0, True))
    assert str(verdict.sentence()).endswith("Without votes for or against nothing is adopted: it is rejected.")


def test_an_empty_room_without_a_quorum_rule_adopts_nothing() -> None:
    rule = PassRule(None, Threshold(Fraction(1, 2), True, Base.PRESENT), recused_in_base=False)
    assert decide(rule, a_count(present=0)).outcome is Outcome.REJECTED


def test_a_minority_does_not_adopt_against_a_majority() -> None:
    verdict = decide(PassRule(None, Threshold(Fraction(1, 3), True, Base.ENTITLED)), a_count(votes="7/8/0/0"))
    assert (verdict.outcome, verdict.passing) == (Outcome.REJECTED, Measure(7, 7, True))
    assert verdict.sentence().render().endswith("More are against than for: it is rejected.")


def test_a_recused_member_who_is_alone_makes_no_quorum() -> None:
    verdict = decide(PassRule(TWO_THIRDS, HALF, recused_in_quorum=False), a_count(present=1, recused=1))
    assert (verdict.outcome, verdict.quorum) == (Outcome.NO_DECISION, Measure(14, 0, False))


@pytest.mark.parametrize("base", Base)
def test_a_quorum_of_any_base_compares_those_present_with_it(base: Base) -> None:
    rule = PassRule(Threshold(Fraction(1), True, base), HALF)
    quorum = decide(rule, a_count(entitled=20, present=12, recused=1, votes="5/3/2/1")).quorum
    needed = {"entitled": 20, "present": 12, "participating": 11, "cast": 9, "for_against": 8}[base]
    assert quorum == Measure(needed, 12, needed <= 12)


@given(counts(), rules)
def test_a_tie_fails_under_every_rule(count: Count, rule: PassRule) -> None:
    votes = min(count.for_, count.against)
    tied = Count(count.entitled, count.present, count.recused, votes, votes, count.abstain, count.invalid)
    assert outcome_of(rule, tied) is not Outcome.ADOPTED


@given(counts(silent=1), rules)
def test_one_more_in_favour_never_harms(count: Count, rule: PassRule) -> None:
    more = Count(*(getattr(count, name) + (name == "for_") for name in count.__slots__))
    order = [Outcome.NO_DECISION, Outcome.REJECTED, Outcome.ADOPTED]
    rule = PassRule(TWO_THIRDS if rule.quorum else None, rule.passing, rule.recused_in_base, rule.recused_in_quorum)
    assert order.index(outcome_of(rule, more)) >= order.index(outcome_of(rule, count))


@given(counts(silent=1), rules)
def test_one_more_against_never_helps(count: Count, rule: PassRule) -> None:
    more = Count(*(getattr(count, name) + (name == "against") for name in count.__slots__))
    rule = PassRule(None, rule.passing, rule.recused_in_base)
    if outcome_of(rule, count) is Outcome.REJECTED:
        assert outcome_of(rule, more) is Outcome.REJECTED


def by_brute_force(rule: PassRule, count: Count) -> str:
    """The README in another way: people and votes as lists of marks, shares as fractions."""

    def enough(threshold: Threshold, have: int, with_recused: bool) -> bool:
        seats = ["recused"] * count.recused + ["here"] * (count.present - count.recused)
        seats += ["away"] * (count.entitled - count.present)
        ballots = "f" * count.for_ + "a" * count.against + "-" * count.abstain + "x" * count.invalid
        if threshold.base in (Base.ENTITLED, Base.PRESENT):
            marks = {"here", "away"} if threshold.base is Base.ENTITLED else {"here"}
            base = sum(seat in marks | ({"recused"} if with_recused else set()) for seat in seats)
        else:
            counted = {"participating": "fa-x", "cast": "fax", "for_against": "fa"}[threshold.base]
            base = sum(ballot in counted for ballot in ballots)
        share = Fraction(base) * threshold.fraction
        return have > share or (threshold.inclusive and have == share)

    here = count.present if rule.recused_in_quorum else count.present - count.recused
    if rule.quorum and not enough(rule.quorum, here, rule.recused_in_quorum):
        return "no_decision"
    passes = enough(rule.passing, count.for_, rule.recused_in_base)
    return "adopted" if passes and count.for_ > count.against else "rejected"


@given(counts(), rules)
def test_verdicts_agree_with_brute_force_and_can_always_be_said(count: Count, rule: PassRule) -> None:
    assert outcome_of(rule, count) == by_brute_force(rule, count)
    assert str(decide(rule, count).sentence()).endswith(".")


@given(counts(), rules)
def test_rules_and_counts_go_out_and_come_back_unchanged(count: Count, rule: PassRule) -> None:
    assert Count.from_data(json.loads(json.dumps(count.to_data()))) == count
    assert PassRule.from_data(json.loads(json.dumps(rule.to_data()))) == rule


def test_the_flags_of_a_rule_are_true_when_absent() -> None:
    assert PassRule.from_data(M1["rule"]) == PassRule(TWO_THIRDS, HALF) == PassRule(TWO_THIRDS, HALF, True, True)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"entitled": 0, "present": 0, "recused": 0, "for": 0, "against": 0, "abstain": 0}, "Nobody is entitled to vote."),
    ({"present": 22}, "22 present are more than the 21 entitled."),
    ({"recused": 19}, "19 recused are more than the 18 present."),
    ({"for": 16}, "18 votes are more than the 17 who were present and not recused."),
    ({"invalid": 1}, "18 votes are more than the 17 who were present and not recused."),
    ({"abstain": 2}, "18 votes are more than the 17 who were present and not recused."),
    ({"against": MOST + 1}, "against is too large."),
    *(({name: -1}, f"{name} must not be negative.") for name in M1 if name != "rule"),
    *(({name: wrong}, f"{name} must be a whole number.")
      for name in M1 if name != "rule" for wrong in NOT_WHOLE),
    ({"rule": None}, "rule must be an object with named values."),
    ({"rule": {"pass": M1["rule"]["pass"]}}, "rule lacks the entry 'quorum'."),
    ({"rule": {"quorum": None}}, "rule lacks the entry 'pass'."),
    ({"rule": {"quorum": None, "pass": None}}, "rule.pass must be an object with named values."),
    ({"rule": M1["rule"] | {"recused_in_base": 1}}, "rule.recused_in_base must be true or false."),
    ({"rule": M1["rule"] | {"recused_in_quorum": None}}, "rule.recused_in_quorum must be true or false."),
    ({"rule": M1["rule"] | {"tie": "adopts"}}, "rule has an unknown entry 'tie'."),
    ({"rule": M1["rule"] | {"quorum": M1["rule"]["pass"] | {"fraction": "3/2"}}},
     "rule.quorum.fraction must lie between 0 and 1."),
    ({"votes": 3}, "input has an unknown entry 'votes'."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), IMPOSSIBLE)
def test_impossible_input_is_refused_in_one_line(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        decide_data(M1 | change)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("votes", [(-1, 1), (1.0, 0), (True, 0)])
def test_code_cannot_count_the_impossible_either(votes: tuple[Any, Any]) -> None:
    with pytest.raises(Invalid):
        Count(21, 18, 0, *votes, 0, 0)


def test_a_great_many_people_can_vote() -> None:
    assert MOST == 10**12
    assert decide(PassRule(None, HALF), Count(MOST, MOST, 0, MOST, 0, 0, 0)).passing == Measure(
        5 * 10**11 + 1, MOST, True
    )


def test_a_verdict_cannot_be_changed_afterwards() -> None:
    verdict = decide(PassRule(TWO_THIRDS, HALF), a_count())
    assert verdict.passing is not None
    for part in (verdict, verdict.count, verdict.rule, verdict.rule.passing, verdict.passing):
        with pytest.raises(FrozenInstanceError):
            setattr(part, part.__slots__[0], None)


@pytest.mark.parametrize("name", M1)
def test_missing_input_is_refused_by_name(name: str) -> None:
    with pytest.raises(Invalid, match=f"input lacks the entry '{name}'"):
        decide_data({key: value for key, value in M1.items() if key != name})


@pytest.mark.parametrize("obj", [None, [], [M1], "M1", 3])
def test_what_is_no_case_is_refused(obj: object) -> None:
    with pytest.raises(Invalid, match="input must be an object"):
        decide_data(obj)


@pytest.mark.parametrize("base", [Base.ENTITLED, Base.PRESENT])
@pytest.mark.parametrize("where", ["base", "quorum"])
def test_a_base_emptied_by_recusals_is_refused(base: Base, where: str) -> None:
    threshold = Threshold(Fraction(1, 2), False, base)
    count = a_count(entitled=2, present=2, recused=2)
    rule = PassRule(threshold, threshold, recused_in_base=where != "base", recused_in_quorum=where != "quorum")
    with pytest.raises(Invalid, match="Nobody is left to count"):
        decide(rule, count)


def test_recusals_do_not_empty_a_base_of_votes() -> None:
    rule = PassRule(None, Threshold(Fraction(1, 2), False, Base.CAST), recused_in_base=False)
    assert decide(rule, a_count(entitled=2, present=2, recused=2)).outcome is Outcome.REJECTED

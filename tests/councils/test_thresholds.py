"""Thresholds are exact, strict about their data, and say themselves in words."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.councils.thresholds import Base, Threshold
from deliberation.kernel.errors import Invalid

HALF = {"fraction": "1/2", "inclusive": False, "base": "entitled"}

fractions = st.fractions(0, 1, max_denominator=10**9 - 1)
thresholds = st.builds(Threshold, fractions, st.booleans(), st.sampled_from(Base))


@pytest.mark.parametrize(
    ("fraction", "inclusive", "base", "needed"),
    [
        ("1/2", False, 20, 11),
        ("1/2", False, 21, 11),
        ("1/2", True, 20, 10),
        ("1/2", True, 21, 11),
        ("2/3", True, 21, 14),
        ("2/3", True, 20, 14),
        ("2/3", False, 21, 15),
        ("4/5", True, 21, 17),
        ("1/3", True, 10**18, 333333333333333334),
        ("1/1", True, 21, 21),
        ("1/1", False, 21, 22),
        ("0/1", True, 21, 0),
        ("0/1", False, 21, 1),
        ("1/2", True, 0, 0),
        ("1/2", False, 0, 1),
    ],
)
def test_the_number_needed_is_exact(fraction: str, inclusive: bool, base: int, needed: int) -> None:
    assert Threshold(Fraction(fraction), inclusive, Base.ENTITLED).needed(base) == needed


@given(thresholds, st.integers(0, 10**15), st.integers(-2, 2))
def test_met_agrees_with_comparing_fractions(threshold: Threshold, base: int, off: int) -> None:
    share = threshold.fraction * base
    have = max(0, (ceil(share) if threshold.inclusive else floor(share) + 1) + off)
    assert threshold.met(have, base) is (have >= share if threshold.inclusive else have > share)


@given(thresholds, st.integers(0, 10**6))
def test_the_number_needed_is_the_smallest_that_meets_it(threshold: Threshold, base: int) -> None:
    needed = threshold.needed(base)
    assert threshold.met(needed, base)
    assert not threshold.met(needed - 1, base)


@given(thresholds)
def test_data_go_out_and_come_back_unchanged(threshold: Threshold) -> None:
    assert Threshold.from_data(threshold.to_data()) == threshold


def test_the_data_have_the_published_shape() -> None:
    assert Threshold.from_data(HALF).to_data() == HALF
    assert Threshold.from_data(HALF | {"fraction": "2/4"}).to_data() == HALF
    assert Threshold.from_data(HALF | {"fraction": "1/1"}).to_data()["fraction"] == "1/1"


@pytest.mark.parametrize("base", Base)
def test_every_base_can_be_read(base: Base) -> None:
    assert Threshold.from_data(HALF | {"base": base.value}).base is base


@pytest.mark.parametrize("value", ["3/2", "-1/2", "2/1"])
def test_a_fraction_outside_nought_and_one_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match=r"rule\.pass\.fraction must lie between 0 and 1"):
        Threshold.from_data(HALF | {"fraction": value}, "rule.pass")


@pytest.mark.parametrize("value", ["1/0", "0/0"])
def test_a_zero_denominator_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="zero below the line"):
        Threshold.from_data(HALF | {"fraction": value})


@pytest.mark.parametrize(
    "value",
    [0.5, 1, 0, True, None, "", "0.5", "1", " 1/2", "1/2 ", "1/2\n", "1 / 2", "½", "\u0661/\u0662", "1/-2", "1e0/2",
     "1_0/20", "1/" + "9" * 5000, [1, 2], {"p": 1}],
)  # fmt: skip
def test_what_is_not_a_fraction_in_text_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="of the form"):
        Threshold.from_data(HALF | {"fraction": value})


@pytest.mark.parametrize("value", [0, 1, "false", None, 1.0, []])
def test_inclusive_must_be_true_or_false(value: object) -> None:
    with pytest.raises(Invalid, match=r"threshold\.inclusive must be true or false"):
        Threshold.from_data(HALF | {"inclusive": value})


@pytest.mark.parametrize("value", ["everyone", "ENTITLED", "", None, 1, [], {}])
def test_an_unknown_base_is_refused_with_the_known_ones(value: object) -> None:
    with pytest.raises(Invalid, match=r"threshold\.base must be one of: entitled, present, participating, cast, for_a"):
        Threshold.from_data(HALF | {"base": value})


@pytest.mark.parametrize("data", [None, [], "1/2", 0.5, True])
def test_a_threshold_that_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(Invalid, match="must be an object"):
        Threshold.from_data(data)


@pytest.mark.parametrize("key", HALF)
def test_a_missing_entry_is_refused_by_name(key: str) -> None:
    with pytest.raises(Invalid, match=f"lacks the entry '{key}'"):
        Threshold.from_data({name: value for name, value in HALF.items() if name != key})


@pytest.mark.parametrize("key", ["Fraction", "note", 1, None, "a\nb", "x" * 1000])
def test_an_unknown_entry_is_refused_in_one_short_line(key: object) -> None:
    with pytest.raises(Invalid, match="unknown entry") as refusal:
        Threshold.from_data(HALF | {key: 1})
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 120
    assert refusal.value.field == "threshold"


@pytest.mark.parametrize(
    ("fraction", "inclusive", "base", "field"),
    [
        (0.5, False, Base.CAST, "fraction"),
        (1, False, Base.CAST, "fraction"),
        (Fraction(3, 2), False, Base.CAST, "fraction"),
        (Fraction(-1, 2), False, Base.CAST, "fraction"),
        (Fraction(1, 2), 1, Base.CAST, "inclusive"),
        (Fraction(1, 2), True, "cast", "base"),
    ],
)
def test_code_cannot_build_a_wrong_threshold(fraction: object, inclusive: object, base: object, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Threshold(fraction, inclusive, base)  # type: ignore[arg-type]
    assert refusal.value.field == field


@pytest.mark.parametrize("count", [-1, 1.0, True, "3"])
def test_a_base_must_be_a_whole_number(count: object) -> None:
    with pytest.raises(Invalid, match="whole number"):
        Threshold.from_data(HALF).needed(count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fraction", "inclusive", "base", "sentence"),
    [
        ("1/2", False, "entitled", "more than 1/2 of those entitled"),
        ("2/3", True, "present", "at least 2/3 of those present"),
        ("1/2", False, "participating", "more than 1/2 of those taking part in the vote"),
        ("1/2", False, "cast", "more than 1/2 of the votes cast (abstentions not counted)"),
        ("1/2", True, "for_against", "at least 1/2 of the votes for and against"),
        ("1/1", True, "entitled", "all of those entitled"),
        ("1/1", False, "entitled", "more than 1/1 of those entitled"),
    ],
)
def test_a_threshold_says_itself(fraction: str, inclusive: bool, base: str, sentence: str) -> None:
    data = {"fraction": fraction, "inclusive": inclusive, "base": base}
    assert Threshold.from_data(data).words().render() == sentence

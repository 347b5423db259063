"""Sheets of a key: printed, typed back, combined. What is wrong is noticed, and said only where it is certain."""

from __future__ import annotations

import pytest

from deliberation.kernel.errors import Invalid
from deliberation.voting.secret import keys
from deliberation.voting.secret.keys import WrongSheet


def typed(sheet):
    return " ".join(sheet.digits)


@pytest.fixture(scope="module")
def made():
    return keys.make(3, 2)


def refusal(typing, made):
    with pytest.raises(WrongSheet) as refused:
        keys.read(typing, [one.fingerprint for one in made.sheets])
    return str(refused.value)


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (2, 1)])
def test_any_two_of_three_give_the_key(made, pair):
    private = keys.combine([made.sheets[one] for one in pair], 2, made.public)
    assert private.public_key().public_bytes_raw() == made.public


def test_more_than_enough_open_as_well(made):
    assert keys.combine(made.sheets, 2, made.public)


@pytest.mark.parametrize(("sheets", "needed"), [(1, 1), (2, 1), (2, 3), (17, 2), (0, 0)])
def test_a_key_that_one_person_could_use_alone_is_not_made(sheets, needed):
    with pytest.raises(Invalid):
        keys.make(sheets, needed)


@pytest.mark.parametrize(("sheets", "needed"), [(2, 2), (5, 3), (16, 16)])
def test_other_splits_open_with_exactly_as_many_as_needed(sheets, needed):
    made = keys.make(sheets, needed)
    assert keys.combine(made.sheets[:needed], needed, made.public)
    with pytest.raises(WrongSheet):
        keys.combine(made.sheets[: needed - 1], needed, made.public)


def test_one_sheet_twice_is_one_sheet(made):
    with pytest.raises(WrongSheet, match="2 different sheets open the box; these are 1"):
        keys.combine([made.sheets[0], made.sheets[0]], 2, made.public)


def test_sheets_of_two_keys_do_not_mix_and_another_key_opens_nothing(made):
    other = keys.make(3, 2)
    with pytest.raises(WrongSheet):
        keys.combine([made.sheets[0], other.sheets[1]], 2, made.public)
    with pytest.raises(WrongSheet, match="do not open this box"):
        keys.combine(other.sheets[:2], 2, made.public)


def test_blanks_lines_and_wide_digits_do_not_matter(made):
    sheet = made.sheets[0]
    rows = "\n".join("  ".join(sheet.digits[at : at + 5]) for at in range(0, 33, 5))
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in typed(sheet))
    for variant in (rows, wide, "".join(sheet.digits), typed(sheet).replace(" ", "-")):
        assert keys.read(variant) == sheet


def test_a_mistyped_digit_is_noticed_and_its_group_named(made):
    for place in (0, 7, 32):
        groups = list(made.sheets[1].digits)
        groups[place] = f"{(int(groups[place]) + 1) % 1024:04d}"
        assert f"Group {place + 1} is not as it is printed" in refusal(" ".join(groups), made)
        # Without the fingerprints nobody can be certain which one it is.
        with pytest.raises(WrongSheet, match="compare every group"):
            keys.read(" ".join(groups))


def test_two_mistakes_are_noticed_and_no_group_is_accused(made):
    groups = list(made.sheets[1].digits)
    groups[3], groups[4] = groups[4], groups[3]
    if groups != list(made.sheets[1].digits):
        assert "compare every group" in refusal(" ".join(groups), made)


def test_a_group_that_cannot_be_is_named_at_once(made):
    groups = list(made.sheets[0].digits)
    groups[10] = "1024"
    assert "Group 11 cannot be right" in refusal(" ".join(groups), made)


@pytest.mark.parametrize(
    ("typing", "words"),
    [("", "these are 0"), ("12 34", "these are 4"), ("hello", "digits only"), ("١٢٣٤" * 33, "digits only"), ("0" * 133, "133")],
)
def test_what_is_no_sheet_is_refused_in_words(made, typing, words):
    assert words in refusal(typing, made)


def test_no_message_and_no_representation_repeats_a_sheet(made):
    sheet = made.sheets[0]
    assert sheet.digits[5] not in repr(sheet) and "sheets" not in repr(made)
    groups = list(sheet.digits)
    groups[2] = f"{(int(groups[2]) + 5) % 1024:04d}"
    assert sheet.digits[9] not in refusal(" ".join(groups), made).replace("1023", "")

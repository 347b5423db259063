"""Differences are exact, and read well in Chinese."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.differences import Row, compare_texts, difference
from deliberation.kernel.errors import Invalid

WORDS = st.text(alphabet="清除蔬菜步骤，。必须党员", max_size=40) | st.text(max_size=20)
KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@dataclass(frozen=True)
class Para:
    key: str
    text: str


def text_of(keys: str, **words: str) -> list[Para]:
    return [Para(key, words.get(key, f"第{key}段。")) for key in keys]


def shape(rows: list[Row]) -> list[tuple[str, str, int | None, int | None]]:
    return [(row.status, row.key, row.old_number, row.new_number) for row in rows]


def test_a_replaced_beginning_is_shown_once() -> None:
    assert difference("彻底清除。", "除菊花脑以外的蔬菜必须清除。") == [
        ("removed", "彻底"),
        ("added", "除菊花脑以外的蔬菜必须"),
        ("same", "清除。"),
    ]


def test_an_inserted_clause_leaves_the_rest_alone() -> None:
    assert difference("除菊花脑以外的蔬菜必须清除。", "除菊花脑以外的蔬菜必须清除（不允许施肥）。") == [
        ("same", "除菊花脑以外的蔬菜必须清除"),
        ("added", "（不允许施肥）"),
        ("same", "。"),
    ]


def test_equal_and_empty_texts() -> None:
    assert difference("清除。", "清除。") == [("same", "清除。")]
    assert difference("", "") == []
    assert difference("", "清除。") == [("added", "清除。")]
    assert difference("清除。", "") == [("removed", "清除。")]


def test_a_single_common_character_between_changes_is_given_up() -> None:
    assert difference("甲乙的丙丁", "子丑的寅卯") == [("removed", "甲乙的丙丁"), ("added", "子丑的寅卯")]


def test_a_common_phrase_between_changes_is_kept() -> None:
    assert difference("一月公共绿地清除", "二月公共绿地保留") == [
        ("removed", "一"),
        ("added", "二"),
        ("same", "月公共绿地"),
        ("removed", "清除"),
        ("added", "保留"),
    ]


@given(old=WORDS, new=WORDS)
def test_both_texts_can_be_read_back_from_the_pieces(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(text for kind, text in pieces if kind != "added") == old
    assert "".join(text for kind, text in pieces if kind != "removed") == new
    kinds = [kind for kind, text in pieces if text]
    assert len(kinds) == len(pieces)
    assert all(a != b for a, b in pairwise(kinds))
    assert ("added", "removed") not in list(pairwise(kinds))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲乙" * 10_000 + "丙", "乙甲" * 10_000 + "丁"),
        ("甲，" * 10_000 + "丙", "乙，" * 10_000 + "丁"),
        ("".join(chr(0x4E00 + n) + "，" for n in range(240)), "".join(chr(0x7000 + n) + "，" for n in range(240))),
        (
            "".join(chr(0x4E00 + n) + chr(0x10000 + n) for n in range(990)),
            "".join(chr(0x4E00 + n) + chr(0x20000 + n) for n in range(990)),
        ),
    ],
    ids=["periodic", "punctuated", "interleaved", "distinct"],
)
def test_a_hostile_pair_of_texts_is_answered_soon(old: str, new: str) -> None:
    began = time.thread_time()
    pieces = difference(old, new)
    assert time.thread_time() - began < 5  # tenths of a second, whatever else the machine does; without a limit, minutes
    assert "".join(text for kind, text in pieces if kind != "added") == old
    assert "".join(text for kind, text in pieces if kind != "removed") == new


def test_a_long_text_is_compared_by_clauses() -> None:
    clauses = [f"第{number}项写明步骤，" for number in range(600)]
    changed = [*clauses]
    changed[5], changed[590] = "第5项删去步骤，", "第590项删去步骤，"
    assert difference("".join(clauses), "".join(changed)) == [
        ("same", "".join(clauses[:5]) + "第5项"),
        ("removed", "写明步骤，"),
        ("added", "删去步骤，"),
        ("same", "".join(clauses[6:590])),
        ("removed", "第590项写明"),
        ("added", "第590项删去"),
        ("same", "步骤，" + "".join(clauses[591:])),
    ]


def test_a_shift_of_numbers_is_not_a_move() -> None:
    assert shape(compare_texts(text_of("ab"), text_of("xab"))) == [
        ("added", "x", None, 1),
        ("same", "a", 1, 2),
        ("same", "b", 2, 3),
    ]


def test_a_removed_paragraph_stands_before_what_took_its_place() -> None:
    assert shape(compare_texts(text_of("abc"), text_of("axc"))) == [
        ("same", "a", 1, 1),
        ("removed", "b", 2, None),
        ("added", "x", None, 2),
        ("same", "c", 3, 3),
    ]
    assert shape(compare_texts(text_of("ab"), text_of("b"))) == [("removed", "a", 1, None), ("same", "b", 2, 1)]
    assert shape(compare_texts(text_of("ab"), ())) == [("removed", "a", 1, None), ("removed", "b", 2, None)]


def test_only_the_paragraph_that_changed_places_has_moved() -> None:
    assert shape(compare_texts(text_of("abcd"), text_of("bcda"))) == [
        ("same", "b", 2, 1),
        ("same", "c", 3, 2),
        ("same", "d", 4, 3),
        ("moved", "a", 1, 4),
    ]


def test_a_changed_paragraph_shows_its_pieces() -> None:
    old, new = text_of("ab", b="彻底清除。"), text_of("ab", b="必须清除。")
    changed = compare_texts(old, new)[1]
    assert (changed.status, changed.old_number, changed.new_number) == ("changed", 2, 2)
    assert changed.pieces == (("removed", "彻底"), ("added", "必须"), ("same", "清除。"))


def test_a_moved_paragraph_shows_whether_it_was_reworded() -> None:
    rows = compare_texts(text_of("abc", a="甲"), text_of("bca", a="乙"))
    assert rows[-1] == Row("moved", "a", 1, 3, (("removed", "甲"), ("added", "乙")))


def test_a_key_used_twice_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        compare_texts(text_of("aa"), text_of("a"))
    assert refusal.value.code == "duplicate_paragraph"


@given(old=KEYS, new=KEYS)
def test_every_paragraph_of_either_version_has_one_row(old: list[str], new: list[str]) -> None:
    rows = compare_texts(text_of("".join(old)), text_of("".join(new)))
    assert [row.key for row in rows if row.new_number] == new
    assert sorted(row.key for row in rows if row.old_number) == sorted(old)
    assert len({row.key for row in rows}) == len(rows)
    steady = [row.old_number for row in rows if row.status == "same"]
    assert steady == sorted(steady, key=lambda number: number or 0)
    assert {row.key for row in rows if row.status == "removed"} == set(old) - set(new)
    assert {row.key for row in rows if row.status == "added"} == set(new) - set(old)

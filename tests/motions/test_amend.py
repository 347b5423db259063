"""Amendments are operations on paragraphs; the four points of the worked case are composed from them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Invalid, Refused
from deliberation.motions.amend import (
    Op,
    Operation,
    Paragraph,
    Text,
    amend_operation,
    apply,
    apply_all,
    conflicts,
    no_change,
    normalise,
    same_proposal,
    text_hash,
)

M1 = (Paragraph("p1", "彻底清除。"), Paragraph("p2", "第一步自清，第二步组织人员清除。"))
A1 = Operation(Op.REPLACE, "p1", "除菊花脑以外的蔬菜必须清除。")
A1_1 = "除菊花脑以外的蔬菜必须清除（不允许施肥）。"
A2 = Operation(Op.REPLACE, "p2", "清除步骤可采取逐天递减，直至彻底清除。")
A3 = Operation(Op.INSERT_AFTER, "p2", "党员家庭必须一次性清除。", "a3")
A4 = Operation(Op.INSERT_AT_END, None, "鼓励居民培植花草。", "a4")
A5 = Operation(Op.INSERT_AT_END, None, "划出部分绿地作为认养菜园。", "a5")

ANCHORED = st.sampled_from(["p1", "p2", "p3", "gone"])
WORDS = st.sampled_from(["甲。", "乙。", "丙。"])


@st.composite
def operations(draw: st.DrawFn) -> list[Operation]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        op = draw(st.sampled_from(Op))
        made.append(
            Operation(
                op,
                draw(ANCHORED) if op in {Op.REPLACE, Op.INSERT_AFTER, Op.DELETE} else None,
                None if op is Op.DELETE else draw(WORDS),
                None if op in {Op.REPLACE, Op.DELETE} else f"n{number}",
            )
        )
    return made


def words(text: Text) -> list[str]:
    return [paragraph.text for paragraph in text]


def test_the_carried_amendments_of_the_case_make_the_four_points() -> None:
    adopted = apply_all(M1, [amend_operation(A1, A1_1), A2, A3, A4])
    assert words(adopted) == [
        "除菊花脑以外的蔬菜必须清除（不允许施肥）。",
        "清除步骤可采取逐天递减，直至彻底清除。",
        "党员家庭必须一次性清除。",
        "鼓励居民培植花草。",
    ]
    assert [paragraph.key for paragraph in adopted] == ["p1", "p2", "a3", "a4"]
    assert words(M1) == ["彻底清除。", "第一步自清，第二步组织人员清除。"]


def test_each_operation_does_what_it_says() -> None:
    assert words(apply(M1, Operation(Op.INSERT_AT_START, None, "总则。", "n"))) == ["总则。", *words(M1)]
    assert words(apply(M1, Operation(Op.INSERT_AFTER, "p1", "中间。", "n"))) == [M1[0].text, "中间。", M1[1].text]
    assert words(apply(M1, Operation(Op.INSERT_AT_END, None, "附则。", "n"))) == [*words(M1), "附则。"]
    assert apply(M1, Operation(Op.DELETE, "p1")) == (M1[1],)
    assert apply(M1, A1) == (Paragraph("p1", "除菊花脑以外的蔬菜必须清除。"), M1[1])


def test_an_amendment_finds_its_paragraph_after_others_were_inserted_above_it() -> None:
    assert words(apply_all(M1, [Operation(Op.INSERT_AT_START, None, "总则。", "n"), A2]))[2] == A2.text


def test_of_two_insertions_at_one_place_the_later_stands_first() -> None:
    first, second = Operation(Op.INSERT_AFTER, "p1", "甲。", "x"), Operation(Op.INSERT_AFTER, "p1", "乙。", "y")
    assert [p.key for p in apply_all(M1, [first, second])] == ["p1", "y", "x", "p2"]


@pytest.mark.parametrize("late", [A2, A3, Operation(Op.DELETE, "p2")])
def test_an_operation_on_a_deleted_paragraph_is_refused(late: Operation) -> None:
    with pytest.raises(Refused) as refusal:
        apply_all(M1, [Operation(Op.DELETE, "p2"), late])
    assert refusal.value.code == "anchor_gone"


def test_an_insertion_cannot_be_applied_twice() -> None:
    with pytest.raises(Refused) as refusal:
        apply_all(M1, [A4, A4])
    assert refusal.value.code == "key_taken"


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"op": Op.REPLACE, "paragraph": "p1"}, "text"),
        ({"op": Op.REPLACE, "paragraph": "p1", "text": " \n "}, "text"),
        ({"op": Op.REPLACE, "text": "甲"}, "paragraph"),
        ({"op": Op.REPLACE, "paragraph": "p1", "text": "甲", "new_key": "n"}, "new_key"),
        ({"op": Op.INSERT_AFTER, "text": "甲", "new_key": "n"}, "paragraph"),
        ({"op": Op.INSERT_AFTER, "paragraph": "p1", "text": "甲"}, "new_key"),
        ({"op": Op.INSERT_AFTER, "paragraph": "p1", "new_key": "n"}, "text"),
        ({"op": Op.INSERT_AT_END, "paragraph": "p1", "text": "甲", "new_key": "n"}, "paragraph"),
        ({"op": Op.INSERT_AT_END, "text": "甲"}, "new_key"),
        ({"op": Op.INSERT_AT_START, "paragraph": "p1", "text": "甲", "new_key": "n"}, "paragraph"),
        ({"op": Op.INSERT_AT_START, "new_key": "n"}, "text"),
        ({"op": Op.DELETE}, "paragraph"),
        ({"op": Op.DELETE, "paragraph": "p1", "text": "甲"}, "text"),
        ({"op": Op.DELETE, "paragraph": "p1", "new_key": "n"}, "new_key"),
        ({"op": "rewrite", "paragraph": "p1", "text": "甲"}, "op"),
    ],
)
def test_an_impossible_operation_is_invalid_and_names_its_field(given_: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Operation(**given_)
    assert refusal.value.field == field


def test_an_operation_read_from_storage_gets_its_kind_back() -> None:
    assert Operation("replace", "p1", "甲").op is Op.REPLACE  # type: ignore[arg-type]


def test_a_secondary_amendment_changes_the_words_and_nothing_else() -> None:
    amended = amend_operation(A3, " 党员家庭带头清除。 ")
    assert amended == Operation(Op.INSERT_AFTER, "p2", "党员家庭带头清除。", "a3")
    with pytest.raises(Invalid) as refusal:
        amend_operation(Operation(Op.DELETE, "p1"), "甲")
    assert refusal.value.code == "nothing_to_amend"
    with pytest.raises(Invalid) as empty:
        amend_operation(A3, "")
    assert empty.value.code == "text_missing"


def test_a_replacement_by_the_same_words_is_no_change() -> None:
    assert no_change(M1, Operation(Op.REPLACE, "p1", " 彻底清除。\r\n"))
    assert not no_change(M1, A1)
    assert not no_change(M1, Operation(Op.INSERT_AFTER, "p1", "彻底清除。", "n"))
    assert not no_change(M1, Operation(Op.DELETE, "p1"))
    with pytest.raises(Refused):
        no_change(M1, Operation(Op.REPLACE, "gone", "甲"))


def test_the_same_proposal_is_recognised_whatever_its_key_and_spacing() -> None:
    again = Operation(Op.INSERT_AT_END, None, "\n划出部分绿地作为认养菜园。 ", "other")
    assert same_proposal(A5, again)
    assert not same_proposal(A5, A4)
    assert not same_proposal(A1, Operation(Op.REPLACE, "p2", A1.text))
    assert not same_proposal(A5, Operation(Op.INSERT_AT_START, None, A5.text, "a5"))


def test_operations_on_one_paragraph_are_named_in_pairs() -> None:
    assert conflicts([A1, A2, A3, A4, A5]) == {(1, 2)}
    assert conflicts([A1, A4, A1, Operation(Op.DELETE, "p1")]) == {(0, 2), (0, 3), (2, 3)}
    assert conflicts([A4, Operation(Op.REPLACE, "a4", "甲")]) == {(0, 1)}
    assert conflicts([A4, A5]) == set()


def test_the_hash_is_sha256_of_the_canonical_list_of_words() -> None:
    expected = hashlib.sha256('["彻底清除。","第一步自清，第二步组织人员清除。"]'.encode()).hexdigest()
    assert text_hash(M1) == expected
    quoted = (Paragraph("k", '甲"乙"\n丙\\'),)
    assert text_hash(quoted) == hashlib.sha256('["甲\\"乙\\"\\n丙\\\\"]'.encode()).hexdigest()


def test_the_hash_depends_on_words_and_their_division_and_not_on_keys() -> None:
    assert text_hash((Paragraph("x", "甲"), Paragraph("y", "乙"))) == text_hash(
        (Paragraph("1", "甲"), Paragraph("2", "乙"))
    )
    variants = [("甲乙",), ("甲", "乙"), ("乙", "甲"), ("甲乙", ""), (), ("甲乙。",), ('甲","乙',)]
    assert len({text_hash(tuple(Paragraph("k", t) for t in v)) for v in variants}) == len(variants)


def test_text_is_normalised() -> None:
    assert normalise("  甲\r\n乙\r丙\n ") == "甲\n乙\n丙"
    assert normalise("e\u0301") == "\u00e9"
    assert normalise(" \u3000甲\u3000") == "甲"


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\t", "\x7f", "\x85", "\u202e", "\u2066", "\ud800"], ids=lambda c: f"{ord(c):04x}"
)
def test_characters_that_cannot_be_shown_are_refused_by_name(char: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise(f"甲{char}乙")
    assert refusal.value.code == "control_character"
    assert f"U+{ord(char):04X}" in str(refusal.value.words)


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    try:
        once = normalise(text)
    except Invalid:
        return
    assert normalise(once) == once
    assert "\r" not in once
    once.encode("utf-8")


@given(operations())
def test_applying_operations_never_loses_or_touches_an_unnamed_paragraph(changes: list[Operation]) -> None:
    text: Text = (Paragraph("p1", "一。"), Paragraph("p2", "二。"), Paragraph("p3", "三。"))
    named: set[str | None] = set()
    for change in changes:
        before = text
        try:
            text = apply(text, change)
        except Refused:
            assert change.paragraph not in {paragraph.key for paragraph in before}
            continue
        if change.op in {Op.REPLACE, Op.DELETE}:
            named.add(change.paragraph)
        survivors = [paragraph for paragraph in before if paragraph.key not in named]
        assert [paragraph for paragraph in text if paragraph in survivors] == survivors
        assert len(text) - len(before) == {Op.DELETE: -1, Op.REPLACE: 0}.get(change.op, 1)
        assert len({paragraph.key for paragraph in text}) == len(text)


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4), st.data())
def test_one_character_changed_changes_the_hash(texts: list[str], data: st.DataObject) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    at = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.integers(0, len(texts[at])))
    changed = [*texts]
    changed[at] = texts[at][:place] + "改" + texts[at][place:]
    assert text_hash(tuple(Paragraph("k", t) for t in texts)) != text_hash(tuple(Paragraph("k", t) for t in changed))

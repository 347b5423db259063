"""One value, one sequence of bytes: the same as RFC 8785 wherever both speak."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit.canonical import MAX_BODY, MAX_DEPTH, MAX_INT, NotCanonical, canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "\u2028", "\x7f", '\x00\x1f\b\f\n\r\t"\\/', "é", "e\u0301", "\U0001f331", "\ufeff", "\uffff"]
)
keys = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_the_bytes_are_those_of_rfc_8785_and_read_back(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


def test_keys_are_sorted_and_nothing_is_escaped_without_need() -> None:
    value = {"b": [1, True, None], "a": {"é": "\u4e2d\u6587\u2028", "Z": '\n\x01"\\/'}}
    expected = '{"a":{"Z":"\\n\\u0001\\"\\\\/","é":"\u4e2d\u6587\u2028"},"b":[1,true,null]}'
    assert canonical(value) == expected.encode()


def test_the_order_of_insertion_does_not_matter() -> None:
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


def test_words_of_an_enumeration_and_tuples_are_plain_json() -> None:
    class Step(StrEnum):
        DRAFT = "draft"

    assert canonical({Step.DRAFT: (Step.DRAFT, 1)}) == b'{"draft":["draft",1]}'


@pytest.mark.parametrize("wrap", [lambda bad: bad, lambda bad: [0, [bad]], lambda bad: {"a": {"b": bad}}])
@pytest.mark.parametrize(
    "bad",
    [
        0.0, 1.5, float("nan"), float("inf"), 2**53, -(2**53), 10**400, "\ud800", "a\udfff", b"a", {1, 2}, object(), 1j,
        {1: "a"}, {None: 1}, {True: 1}, {1.5: 1}, {(1, 2): 1}, {"\U00010000": 1}, {"a\U0001f331": 1}, {"\ud800": 1},
    ],
    ids=lambda bad: repr(bad)[:20].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(bad: object, wrap: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(wrap(bad))


def test_the_limits_themselves_are_accepted() -> None:
    assert canonical([MAX_INT, -MAX_INT]) == b"[9007199254740991,-9007199254740991]"
    assert canonical({"\uffff": "\U0010ffff"}) == '{"\uffff":"\U0010ffff"}'.encode()
    assert (MAX_BODY, MAX_DEPTH) == (65_535, 64)


def test_deep_and_endless_values_are_refused() -> None:
    nested: list[Any] = []
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert canonical(nested) == b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)
    with pytest.raises(NotCanonical, match="deeper"):
        canonical([nested])
    keyed: dict[str, Any] = {}
    for _ in range(MAX_DEPTH):
        keyed = {"a": keyed}
    assert canonical(keyed) == b'{"a":' * MAX_DEPTH + b"{}" + b"}" * MAX_DEPTH
    with pytest.raises(NotCanonical, match="deeper"):
        canonical({"a": keyed})
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="deeper"):
        canonical(endless)


def test_refusals_are_value_errors() -> None:
    assert issubclass(NotCanonical, ValueError)

"""Commitments open with exactly what was committed to, and with nothing else."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit.canonical import NotCanonical
from deliberation.audit.commitments import TAG, commit, new_salt, opens

SALT = bytes(range(32))


def test_a_commitment_is_the_published_formula() -> None:
    expected = sha256(b"deliberation/commitment/v1\x00" + SALT + '["comment","é"]'.encode()).hexdigest()
    assert commit("comment", SALT, "é") == expected
    assert TAG == b"deliberation/commitment/v1\x00"


def test_a_commitment_is_fixed_for_ever() -> None:
    value = {"text": "a", "phone": None}
    assert commit("comment", SALT, value) == "86b246e04fceb1f5a38efd509228bee7f20c999ec6bd26a267203a86897bbe68"


def test_salts_are_thirty_two_bytes_and_new_each_time() -> None:
    salts = {new_salt() for _ in range(100)}
    assert {len(salt) for salt in salts} == {32}
    assert len(salts) == 100


@given(st.binary(min_size=32, max_size=32), st.text("ab", max_size=3), st.text("ab", max_size=3) | st.integers(0, 9))
def test_only_the_same_kind_salt_and_value_open(salt: bytes, kind: str, value: Any) -> None:
    commitment = commit(kind, salt, value)
    assert opens(commitment, kind, salt, value)
    assert not opens(commitment, kind + "c", salt, value)
    assert not opens(commitment, kind, bytes([salt[0] ^ 1]) + salt[1:], value)
    assert not opens(commitment, kind, salt, [value])
    assert not opens(commitment, kind, salt, str(value) + "c")


def test_kind_and_value_cannot_run_into_one_another() -> None:
    assert commit("a", SALT, "bc") != commit("ab", SALT, "c")
    assert commit("a", SALT, 1) != commit("a", SALT, "1")


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33), "x" * 32, None])
def test_a_salt_of_another_length_is_refused(salt: Any) -> None:
    with pytest.raises(ValueError, match="a salt must be 32 bytes"):
        commit("comment", salt, "text")
    assert not opens(commit("comment", SALT, "text"), "comment", salt, "text")


def test_what_is_not_canonical_cannot_be_committed_to() -> None:
    with pytest.raises(NotCanonical):
        commit("comment", SALT, 1.5)
    assert not opens("0" * 64, "comment", SALT, 1.5)


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + "0", lambda text: "é\ud800"])
def test_only_the_exact_text_of_a_commitment_opens(change: Any) -> None:
    assert not opens(change(commit("comment", SALT, "text")), "comment", SALT, "text")

"""Sealed ballots: equally long, bound to their poll, never twice alike; receipts and roots that anybody can make again."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from deliberation.audit import tree
from deliberation.voting import kinds
from deliberation.voting.kinds import Kind, Paper
from deliberation.voting.secret import disclosure, sealing
from deliberation.voting.secret.sealing import Unreadable

PAPERS = [
    (Paper(Kind.YES_NO), ["for", "against", "abstain"]),
    (Paper(Kind.SINGLE, 12), ["1", "12", "abstain"]),
    (Paper(Kind.APPROVAL, 40, 40), [",".join(str(n) for n in range(1, 41)), "7", "abstain"]),
    (Paper(Kind.RANKED, 40, 40), [">".join(str(n) for n in range(40, 0, -1)), "7", "abstain"]),
    (Paper(Kind.RATING, 20, 1, "satisfaction"), [",".join(f"{n}:4" for n in range(1, 21)), "abstain"]),
]


@pytest.fixture(scope="module")
def private():
    return X25519PrivateKey.generate()


@pytest.mark.parametrize(("paper", "texts"), PAPERS, ids=lambda value: getattr(value, "kind", None))
def test_every_ballot_of_a_paper_is_sealed_to_one_length_and_opens(paper, texts, private):
    public, bound = private.public_key().public_bytes_raw(), sealing.info(7, "f" * 64)
    sealed = [sealing.seal(kinds.read(paper, text), kinds.longest(paper), public, bound) for text in texts]
    assert len({len(one) for one in sealed}) == 1
    assert [sealing.unseal(one, private, bound) for one in sealed] == [kinds.read(paper, text) for text in texts]


def test_the_same_ballot_is_never_sealed_the_same_way(private):
    public, bound = private.public_key().public_bytes_raw(), sealing.info(7, "f" * 64)
    assert len({sealing.seal("for", 7, public, bound) for _ in range(20)}) == 20


@pytest.mark.parametrize("other", [sealing.info(8, "f" * 64), sealing.info(7, "e" * 64)])
def test_a_ballot_moved_to_another_poll_opens_nowhere(private, other):
    sealed = sealing.seal("for", 7, private.public_key().public_bytes_raw(), sealing.info(7, "f" * 64))
    with pytest.raises(Unreadable):
        sealing.unseal(sealed, private, other)


def test_one_flipped_bit_anywhere_is_noticed(private):
    bound = sealing.info(7, "f" * 64)
    sealed = sealing.seal("for", 7, private.public_key().public_bytes_raw(), bound)
    for place in range(len(sealed)):
        wrong = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        with pytest.raises(Unreadable):
            sealing.unseal(wrong, private, bound)


@pytest.mark.parametrize("raw", [b"", b"short", sealing.MARK, sealing.MARK + b"\0\x09for", sealing.MARK + b"\0\x03forx",
                                 b"x" + sealing.MARK[1:] + b"\0\x03for", sealing.MARK + b"\0\x01\xff"])  # fmt: skip
def test_what_was_not_padded_here_is_unreadable(raw):
    with pytest.raises(Unreadable):
        sealing.unpadded(raw)


def test_so_few_that_the_result_tells_are_warned():
    assert "Only 4 may vote" in str(disclosure.warning(4))
    assert disclosure.warning(5) is None


def test_a_ballot_longer_than_its_kind_is_not_sealed():
    with pytest.raises(ValueError):
        sealing.padded("against", 3)


def test_the_root_of_the_receipts_can_be_made_again_from_the_list():
    receipts = [hashlib.sha256(bytes([n])).hexdigest() for n in range(5)]
    built = tree.Builder()
    for one in sorted(receipts):
        built.add(bytes.fromhex(one))
    assert sealing.sealed_root(receipts) == sealing.sealed_root(reversed(receipts)) == built.root().hex()
    assert sealing.sealed_root([]) == tree.EMPTY_ROOT.hex()


@pytest.mark.parametrize(
    ("paper", "number"),
    [(Paper(Kind.YES_NO), 2), (Paper(Kind.SINGLE, 5), 5), (Paper(Kind.APPROVAL, 4, 4), 15), (Paper(Kind.APPROVAL, 4, 2), 10),
     (Paper(Kind.RANKED, 3, 3), 15), (Paper(Kind.RANKED, 4, 2), 16), (Paper(Kind.RATING, 2, 1, "satisfaction"), 16)],
)  # fmt: skip
def test_how_many_different_ballots_there_can_be(paper, number):
    assert disclosure.possible(paper) == number
    assert disclosure.may_show_ballots(paper, number * 5)
    alike = paper.kind in (Kind.YES_NO, Kind.SINGLE)
    assert disclosure.may_show_ballots(paper, number * 5 - 1) == alike, "the result of these says as much as the ballots"

"""One entry's proof as a text: written, read back, held against the key; wrong in one place, refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit import notes, proofs, tree
from deliberation.audit.notes import Checkpoint, NoteError
from deliberation.audit.proofs import Proof
from deliberation.audit.tree import ProofError
from tests.audit.signed import KEY

ORIGIN = "test.example/council/x"
NAMED = KEY.named(ORIGIN)
BODIES = [f'{{"n":{n}}}'.encode() for n in range(11)]


def made(index=6) -> Proof:
    builder, nodes = tree.Builder(), {}
    for body in BODIES:
        nodes.update({(level, at): value for level, at, value in builder.add(body)})
    note = notes.sign(Checkpoint(ORIGIN, len(BODIES), builder.root()).text(), [NAMED])
    hashes = tree.inclusion_proof(index, len(BODIES), lambda level, at: nodes[level, at])
    return Proof(BODIES[index], index, tuple(hashes), note)


@pytest.mark.parametrize("index", range(11))
def test_a_proof_reads_back_and_holds(index):
    proof = made(index)
    read = proofs.parse(proof.text())
    assert read == proof
    assert proofs.verify(read, [NAMED.verifier]) == Checkpoint(ORIGIN, 11, proofs.verify(proof, [NAMED.verifier]).root)


def test_every_changed_character_is_found():
    text = made().text()
    for at, mark in enumerate(text):
        other = text[:at] + ("A" if mark != "A" else "B") + text[at + 1 :]
        with pytest.raises((ProofError, NoteError)):
            proofs.verify(proofs.parse(other), [NAMED.verifier])


def test_another_key_proves_nothing():
    with pytest.raises(NoteError, match="no signature of a known key"):
        proofs.verify(made(), [KEY.verifier])


@given(st.text(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_garbage_is_refused_by_its_type(garbage, start, end):
    text = made().text()
    for broken in (garbage, text[:start] + garbage + text[end:]):
        if broken != text:
            with pytest.raises((ProofError, NoteError)):
                proofs.verify(proofs.parse(broken), [NAMED.verifier])

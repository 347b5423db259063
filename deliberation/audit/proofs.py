"""The proof that one entry stands in a log, as one text that somebody keeps and checks without any network.

Standard: C2SP tlog-proof. The entry's exact bytes go along as the extra data, which nobody trusts by itself: their hash must
lead to the signed root.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.audit import notes, tree
from deliberation.audit.canonical import MAX_BODY
from deliberation.audit.notes import Checkpoint, NoteError, VerifierKey
from deliberation.audit.tree import ProofError

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST = 2 * MAX_BODY + notes.LONGEST
"""Characters of a proof."""
MOST_HASHES = 63
INDEX = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Proof:
    """``body`` are the entry's bytes, ``hashes`` the way from its leaf to the root, ``note`` the signed checkpoint."""

    body: bytes
    index: int
    hashes: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        lines = [HEADER, f"extra {b64encode(self.body).decode()}", f"index {self.index}"]
        lines += [b64encode(value).decode() for value in self.hashes]
        return "\n".join(lines) + "\n\n" + self.note


def parse(text: str) -> Proof:
    """Read a proof, unverified, strictly. Raises `ProofError` and `NoteError`."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > LONGEST or not gap or len(lines) < 3 or lines[0] != HEADER:
        raise ProofError("this is no proof of an entry")
    extra, index, *encoded = lines[1:]
    if not extra.startswith("extra ") or not index.startswith("index ") or not INDEX.fullmatch(index[6:]):
        raise ProofError("the proof lacks its entry or its number")
    if len(encoded) > MOST_HASHES:
        raise ProofError("the proof is too long")
    hashes = tuple(notes.base64(line, "hash of the proof") for line in encoded)
    return Proof(notes.base64(extra[6:], "entry of the proof"), int(index[6:]), hashes, note)


def verify(proof: Proof, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint, signed by one of ``keys``, under which the entry stands. Raises `ProofError` and `NoteError`."""
    point = notes.open_checkpoint(proof.note.encode(), keys)
    tree.verify_inclusion(tree.leaf_hash(proof.body), proof.index, point.size, proof.hashes, point.root)
    return point


__all__ = ["HEADER", "NoteError", "Proof", "ProofError", "parse", "verify"]

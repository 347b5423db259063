"""A ballot sealed to a box's public key, and the receipt for it. Pure.

Every ballot of a poll is made equally long before it is sealed, so that its length tells nothing. HPKE's ``info`` binds a
sealed ballot to its poll and to what was frozen when the poll opened: moved to another poll, it opens nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from deliberation.audit import tree
from deliberation.audit.canonical import canonical

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
MARK = b"deliberation/ballot/v1\0"
"""At the head of every ballot before it is sealed. A test looks for it in the whole database file."""
INFO = b"deliberation/box/v1\0"


class Unreadable(ValueError):
    """What lay in the box is no ballot of this poll: it was changed, moved here, or sealed to another key."""


def info(poll_id: int, frozen_hash: str) -> bytes:
    """What binds a sealed ballot to its poll."""
    return INFO + canonical({"poll": poll_id, "frozen": frozen_hash})


def padded(text: str, longest: int) -> bytes:
    """A ballot at one length: mark, length, text, zeros. Raises ``ValueError`` for one that is too long."""
    raw = text.encode("ascii")
    if len(raw) > longest:
        raise ValueError("a ballot is longer than the longest of its kind")
    return MARK + len(raw).to_bytes(2, "big") + raw.ljust(longest, b"\0")


def unpadded(raw: bytes) -> str:
    """The ballot's text. Raises `Unreadable` for anything that `padded` does not make."""
    head, rest = raw[: len(MARK)], raw[len(MARK) + 2 :]
    length = int.from_bytes(raw[len(MARK) : len(MARK) + 2], "big")
    if len(raw) < len(MARK) + 2 or head != MARK or length > len(rest) or rest[length:].strip(b"\0") or not rest[:length].isascii():
        raise Unreadable
    return rest[:length].decode("ascii")


def seal(text: str, longest: int, public: bytes, bound: bytes) -> bytes:
    """The ballot, sealed: only the private key opens it, and no two sealings of one ballot are alike."""
    return SUITE.encrypt(padded(text, longest), X25519PublicKey.from_public_bytes(public), info=bound)


def unseal(sealed: bytes, private: X25519PrivateKey, bound: bytes) -> str:
    """The ballot's text. Raises `Unreadable`."""
    try:
        return unpadded(SUITE.decrypt(sealed, private, info=bound))
    except InvalidTag:
        raise Unreadable from None


def receipt(sealed: bytes) -> str:
    """The receipt: SHA-256 of the sealed ballot. It proves that the ballot lies in the box, not what it says."""
    return hashlib.sha256(sealed).hexdigest()


def box_id(token: str) -> str:
    """Where a ballot lies in the box: under the hash of a random token that only the voter's form carries."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sealed_root(receipts: Iterable[str]) -> str:
    """The Merkle root (RFC 9162) of the sealed ballots: its leaves are their receipts in order, so that anybody can make
    it again from the published list."""
    return _root(bytes.fromhex(one) for one in sorted(receipts))


def ballots_root(ballots: Iterable[tuple[str, str]]) -> str:
    """The Merkle root of the opened ballots, (id, content), in the order of their ids."""
    return _root(canonical([key, content]) for key, content in sorted(ballots))


def _root(leaves: Iterable[bytes]) -> str:
    built = tree.Builder()
    for leaf in leaves:
        built.add(leaf)
    return built.root().hex()

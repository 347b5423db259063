"""Signed notes and checkpoints: what a log says of itself, in the form that other people's tools read.

Standards: C2SP signed-note, tlog-checkpoint and tlog-cosignature; Ed25519 (RFC 8032). A *note* is a text, an empty line, and
one line a signature; a *checkpoint* is a note whose text names the log, its size and its root. A key is told by its name and four
bytes, so that two keys of one name can sign side by side while one takes over from the other.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = b"\x01", b"\x04"
LONGEST = 64 * 1024
"""Bytes of a note."""
MOST_SIGNATURES = 100
DASH = "\u2014 "
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note, a key or a checkpoint is not what it should be; the message is one line and says how."""


@dataclass(frozen=True)
class VerifierKey:
    """What a reader needs to check signatures: ``public`` is the 32-byte Ed25519 key."""

    TYPE: ClassVar[bytes] = ED25519
    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.TYPE + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.TYPE + self.public).decode()}"

    def verifies(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class WitnessKey(VerifierKey):
    """The key of a witness, who signs the text of a checkpoint together with the time: ``cosignature/v1``."""

    TYPE = COSIGNATURE

    def verifies(self, text: str, signature: bytes) -> bool:
        if len(signature) != 72 or signature[0] & 0x80:
            return False
        return super().verifies(cosigned(text, cosigned_at(signature)), signature[8:])


def cosigned(text: str, at: int) -> str:
    """What a witness signs: ``at`` in seconds since 1970."""
    return f"cosignature/v1\ntime {at}\n{text}"


def cosigned_at(signature: bytes) -> int:
    """When a witness says that it signed, in seconds since 1970."""
    return int.from_bytes(signature[:8])


Verifier = TypeVar("Verifier", bound=VerifierKey)


@dataclass(frozen=True)
class SignerKey:
    """A private key under one name; ``seed`` is never shown."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"

    @classmethod
    def new(cls, name: str) -> SignerKey:
        return cls(checked_name(name), Ed25519PrivateKey.generate().private_bytes_raw())

    def named(self, name: str) -> SignerKey:
        """The same key under another name."""
        return SignerKey(checked_name(name), self.seed)

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def encoded(self) -> str:
        """The line that is kept in a file."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{b64encode(ED25519 + self.seed).decode()}"

    def sign(self, text: str) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        """Its line in a note."""
        return f"{DASH}{self.name} {b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True)
class Note:
    """``text`` ends with a newline, which is signed too."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def checked_name(name: str) -> str:
    """The name of a key: without spaces and without a plus. Raises `NoteError`."""
    if not NAME.fullmatch(name):
        raise NoteError("a key's name has no spaces and no plus")
    return name


def verifier_key(text: str) -> VerifierKey:
    """Read ``name+id+key``, strictly: whatever is read is written back the same. Raises `NoteError`."""
    return _verifier(text, VerifierKey)


def witness_key(text: str) -> WitnessKey:
    """Read the key of a witness, as strictly. Raises `NoteError`."""
    return _verifier(text, WitnessKey)


def _verifier(text: str, kind: type[Verifier]) -> Verifier:
    found = kind(*_key(text, text.split("+", 2), kind.TYPE))
    if str(found) != text:
        raise NoteError("the identity of the verifier key does not fit its name and its bytes")
    return found


def signer_key(text: str) -> SignerKey:
    """Read what `SignerKey.encoded` wrote. Raises `NoteError`, which never repeats the key."""
    if not text.startswith("PRIVATE+KEY+"):
        raise NoteError("this is no private key")
    name, raw = _key(text, text.removeprefix("PRIVATE+KEY+").split("+", 2), ED25519)
    found = SignerKey(name, raw)
    if found.encoded() != text:
        raise NoteError("the identity of the private key does not fit its name and its bytes")
    return found


def _key(text: str, parts: list[str], kind: bytes) -> tuple[str, bytes]:
    if len(text) > 400 or len(parts) != 3:
        raise NoteError("a key is written name+identity+bytes")
    raw = base64(parts[2], "key")
    if len(raw) != 33 or raw[:1] != kind:
        raise NoteError("the key is no Ed25519 key of 32 bytes" + (" of a witness" if kind == COSIGNATURE else ""))
    return checked_name(parts[0]), raw[1:]


def base64(text: str, what: str) -> bytes:
    """Standard base64 with padding, and only the one way of writing it."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"the {what} is not base64") from None
    if b64encode(raw).decode() != text:
        raise NoteError(f"the {what} is not base64")
    return raw


def sign(text: str, keys: Iterable[SignerKey]) -> str:
    """The note of ``text``, which must end with a newline, signed by every key."""
    if not text.endswith("\n") or "\n\n" in text:
        raise NoteError("the text of a note ends with a newline and has no empty line")
    lines = (str(Signature(key.name, key.verifier.key_id, key.sign(text))) for key in keys)
    return text + "\n" + "".join(lines)


def parse(raw: bytes) -> Note:
    """Split a note into its text and its signatures, unverified. Raises `NoteError`."""
    if len(raw) > LONGEST:
        raise NoteError("the note is too long")
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        raise NoteError("the note is not UTF-8") from None
    if any((mark < " " and mark != "\n") or mark == "\x7f" for mark in whole):
        raise NoteError("the note has control characters")
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not text or not below.endswith("\n"):
        raise NoteError("the note has no signatures")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError("the note has too many signatures")
    return Note(text + "\n", tuple(map(_signature, lines)))


def _signature(line: str) -> Signature:
    name, gap, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not gap:
        raise NoteError("a signature's line is not one")
    blob = base64(encoded, "signature")
    if len(blob) < 5:
        raise NoteError("a signature is too short")
    return Signature(checked_name(name), blob[:4], blob[4:])


def verify(note: Note, keys: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """The keys among ``keys`` that signed the note. Raises `NoteError` where none did, or one did so wrongly.

    Signatures of keys that are not asked about say nothing, as the standard has it.
    """
    found: list[Verifier] = []
    for signature in note.signatures:
        for key in keys:
            if (key.name, key.key_id) == (signature.name, signature.key_id) and key not in found:
                if not key.verifies(note.text, signature.blob):
                    raise NoteError(f"the signature of {key.name} does not hold")
                found.append(key)
    if not found:
        raise NoteError("the note carries no signature of a known key")
    return tuple(found)


def checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; lines after the third say nothing here. Raises `NoteError`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteError("a checkpoint has three lines: the log, its size, its root")
    origin, size, encoded = lines[:3]
    if not SIZE.fullmatch(size):
        raise NoteError("the size in the checkpoint is no number")
    root = base64(encoded, "root")
    if len(root) != 32:
        raise NoteError("the root in the checkpoint is not 32 bytes")
    return Checkpoint(origin, int(size), root)


def open_checkpoint(raw: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint in a note that at least one of ``keys`` signed under the log's own name. Raises `NoteError`."""
    note = parse(raw)
    found = checkpoint(note.text)
    verify(note, [key for key in keys if key.name == found.origin])
    return found

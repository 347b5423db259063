"""Whatever the readers of logs are given, they answer with what it is or with their own refusal, in one line."""

import os
import re
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.audit import keyfile, notes, proofs, tiles, tree, verify_log
from deliberation.audit.keyfile import KeyFileError
from deliberation.audit.notes import NoteError
from deliberation.audit.tiles import TileError
from deliberation.audit.tree import ProofError
from deliberation.audit.verify_log import BadLog
from tests.audit.signed import KEY, made_of

NAME = "test.example/council/x"
NAMED = KEY.named(NAME)
NOTE = made_of([b"one", b"two"], origin=NAME)["checkpoint"].decode()
NUMBERS = st.integers(-(2**70), 2**70) | st.integers(-3, 300)
HASHES = st.binary(min_size=32, max_size=32) | st.binary(max_size=40) | st.none() | st.integers()
# Text that begins like the right thing, so that examples go further than the first check.
MARKS = st.sampled_from(["+", " ", "\n", "\n\n", "\u2014 ", NAME, "AQ==", "=", "0", "\x00", "\ud800", "\u0660"])
ODD = st.lists(MARKS | st.text(max_size=12), max_size=12).map("".join)


def refuses(kind, act, *given):
    """Whether it refuses, by its own kind of error and in one line."""
    try:
        act(*given)
    except kind as error:
        assert str(error) and "\n" not in str(error)
        return True
    return False


@given(ODD)
def test_a_key_is_read_back_as_it_stands_or_refused(text):
    for read, write in ((notes.verifier_key, str), (notes.signer_key, notes.SignerKey.encoded)):
        for whole in (text, f"PRIVATE+KEY+{text}", f"{NAME}+{text}"):
            assert refuses(NoteError, read, whole) or write(read(whole)) == whole


@given(st.binary(max_size=3), st.integers(31, 33))
def test_only_an_ed25519_key_is_one_even_where_its_identity_fits(start, rest):
    raw = start + bytes(rest)
    identity = sha256(f"{NAME}\n".encode() + raw).hexdigest()[:8]
    text = f"{NAME}+{identity}+{notes.b64encode(raw).decode()}"
    is_none = len(raw) != 33 or raw[0] != 1
    assert (refuses(NoteError, notes.verifier_key, text), refuses(BadLog, verify_log.read_key, "k", text)) == (is_none, is_none)


@given(ODD, st.integers(0, 300), st.integers(0, 300))
def test_a_spoilt_note_is_refused_or_says_what_was_signed(put, start, end):
    spoilt = (NOTE[:start] + put + NOTE[end:]).encode("utf-8", "surrogatepass")
    if not refuses(NoteError, notes.open_checkpoint, spoilt, [NAMED.verifier]):
        assert notes.open_checkpoint(spoilt, [NAMED.verifier]) == notes.open_checkpoint(NOTE.encode(), [NAMED.verifier])


@given(ODD)
def test_a_signature_makes_no_checkpoint_of_anything_else(text):
    """The key itself signed, whatever it was."""
    whole = f"{text}\n".encode("utf-8", "replace").decode()
    if not refuses(NoteError, notes.sign, whole, [NAMED]):
        signed = notes.sign(whole, [NAMED]).encode()
        assert refuses(NoteError, notes.open_checkpoint, signed, [NAMED.verifier])


@given(ODD, ODD, ODD, ODD)
def test_a_proof_made_of_anything_is_refused(extra, index, steps, note):
    for last in (note, NOTE):
        text = f"{proofs.HEADER}\nextra {extra}\nindex {index}\n{steps}\n\n{last}"
        assert refuses((ProofError, NoteError), lambda whole: proofs.verify(proofs.parse(whole), [NAMED.verifier]), text)


@given(ODD | st.from_regex(re.compile(r"[0-9a-z]{1,8}/(x[0-9]{3}/){0,7}[0-9]{1,4}(\\.p/[0-9]{0,4})?"), fullmatch=True))
def test_an_address_is_written_back_as_it_stands_or_refused(address):
    assert refuses(TileError, tiles.parse, address) or tiles.parse(address).path() == f"tile/{address}"


@given(st.binary(max_size=300) | st.lists(st.binary(max_size=20), max_size=9).map(tiles.pack))
def test_a_bundle_is_packed_again_as_it_stands_or_refused(content):
    assert refuses(TileError, tiles.unpack, content) or tiles.pack(tiles.unpack(content)) == content


@settings(max_examples=200)
@given(HASHES, NUMBERS, NUMBERS, st.lists(HASHES, max_size=70), HASHES)
def test_no_inclusion_proof_is_made_of_anything(leaf, index, size, steps, root):
    assert refuses(ProofError, tree.verify_inclusion, leaf, index, size, steps, root) or (steps == [] and leaf == root)


@settings(max_examples=200)
@given(NUMBERS, NUMBERS, HASHES, HASHES, st.lists(HASHES, max_size=70))
def test_no_consistency_proof_is_made_of_anything(old, new, old_root, new_root, steps):
    is_refused = refuses(ProofError, tree.verify_consistency, old, new, old_root, new_root, steps)
    assert is_refused or (old == new and old_root == new_root and steps == [])


@given(st.binary(max_size=300) | ODD.map(lambda text: f"PRIVATE+KEY+{text}\n".encode("utf-8", "replace")))
def test_a_key_file_of_anything_is_refused_and_not_repeated(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.key"
    path.write_bytes(content)
    path.chmod(0o600)
    assert refuses(KeyFileError, keyfile.read, path)


def test_what_is_no_plain_file_holds_no_key(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("pipe", "loop", "device", ".", "n" * 300):
        with pytest.raises(KeyFileError):
            keyfile.read(tmp_path / name)

"""Signed notes and checkpoints: the published form, both ways, and one line for whatever is none."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit import notes
from deliberation.audit.notes import Checkpoint, NoteError, SignerKey
from tests.audit.outside import WITNESS, cosignature, witness_key

# The example of golang.org/x/mod/sumdb/note (BSD licence): a key, a text, its one valid signature.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = SignerKey("example.cn/council/x", bytes(range(32)))
OTHER = SignerKey("example.cn/council/x", bytes(32))
POINT = Checkpoint(KEY.name, 77, sha256(b"77").digest())
SIGNED = notes.sign(POINT.text(), [KEY]).encode()


def test_the_published_note_verifies_and_no_other_text_does():
    key = notes.verifier_key(PUBLISHED_KEY)
    assert notes.verify(notes.parse(PUBLISHED.encode()), [key]) == (key,)
    with pytest.raises(NoteError, match="does not hold"):
        notes.verify(notes.parse(PUBLISHED.replace("answer", "Answer").encode()), [key])


def test_a_checkpoint_is_three_lines_an_empty_one_and_a_signature():
    origin, size, root, empty, signature, end = SIGNED.decode().split("\n")
    assert (origin, size, root, empty, end) == (KEY.name, "77", b64encode(POINT.root).decode(), "", "")
    assert signature.startswith(f"\u2014 {KEY.name} ")
    assert notes.open_checkpoint(SIGNED, [KEY.verifier]) == POINT


def test_an_empty_log_has_a_checkpoint_too():
    empty = Checkpoint(KEY.name, 0, sha256(b"").digest())
    assert notes.open_checkpoint(notes.sign(empty.text(), [KEY]).encode(), [KEY.verifier]) == empty


def test_two_keys_of_one_name_sign_side_by_side_and_each_is_enough():
    both = notes.sign(POINT.text(), [KEY, OTHER]).encode()
    assert KEY.verifier.key_id != OTHER.verifier.key_id
    for keys in ([KEY.verifier], [OTHER.verifier], [OTHER.verifier, KEY.verifier]):
        assert notes.open_checkpoint(both, keys) == POINT
    assert notes.verify(notes.parse(both), [OTHER.verifier, KEY.verifier]) == (KEY.verifier, OTHER.verifier)


def test_a_signature_under_another_name_is_not_the_logs_own():
    stranger = KEY.named("elsewhere.cn")
    with pytest.raises(NoteError, match="no signature of a known key"):
        notes.open_checkpoint(notes.sign(POINT.text(), [stranger]).encode(), [stranger.verifier])


def test_keys_are_read_back_as_they_were_written():
    assert notes.verifier_key(str(KEY.verifier)) == KEY.verifier
    assert notes.signer_key(KEY.encoded()) == KEY
    assert KEY.seed.hex() not in repr(KEY)
    made = SignerKey.new("a.cn")
    assert made.seed != SignerKey.new("a.cn").seed


@pytest.mark.parametrize(
    "bad", ["", "a", "a b", "a+b", "x" * 500, "a.cn+00000000+AQ==", PUBLISHED_KEY.upper(), PUBLISHED_KEY + "\n"]
)
def test_what_is_no_key_is_refused_in_one_line(bad):
    for read in (notes.verifier_key, notes.signer_key):
        with pytest.raises(NoteError) as refused:
            read(bad)
        assert "\n" not in str(refused.value)


def test_a_refused_private_key_is_not_repeated():
    with pytest.raises(NoteError) as refused:
        notes.signer_key(KEY.encoded().replace("example", "exbmple"))
    assert KEY.encoded()[-20:] not in str(refused.value)


def test_every_flipped_bit_of_a_signed_checkpoint_is_found():
    for at in range(len(SIGNED)):
        for bit in range(8):
            bad = bytearray(SIGNED)
            bad[at] ^= 1 << bit
            with pytest.raises(NoteError):
                notes.open_checkpoint(bytes(bad), [KEY.verifier])


@pytest.mark.parametrize(
    "bad", ["", "a\n", "a\n1\n", "a\n01\n{root}\n", "a\n-1\n{root}\n", "a\n1\nAA==\n", "\n1\n{root}\n", "a\n1\n{root}"]
)
def test_what_is_no_checkpoint_is_refused(bad):
    with pytest.raises(NoteError):
        notes.checkpoint(bad.format(root=b64encode(POINT.root).decode()))


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"{text}\n\n\u2014 {text}\n".encode("utf-8", "replace")))
def test_no_input_ends_in_anything_but_a_typed_refusal(raw):
    with pytest.raises(NoteError):
        notes.open_checkpoint(raw, [KEY.verifier])


def test_a_witness_signs_the_text_with_the_time_and_only_that():
    """By hand, as the standard has it: key type 4, the time in eight bytes, ``cosignature/v1`` before the text."""
    key, text = witness_key(), POINT.text()
    assert str(key) == f"{WITNESS.name}+{key.key_id.hex()}+{b64encode(bytes([4]) + key.public).decode()}"
    assert key.key_id == sha256(WITNESS.name.encode() + bytes([10, 4]) + key.public).digest()[:4]
    blob = (1679315147).to_bytes(8, "big") + WITNESS.sign(f"cosignature/v1\ntime 1679315147\n{text}")
    line = f"\u2014 {WITNESS.name} {b64encode(key.key_id + blob).decode()}\n"
    assert line == cosignature(text, 1679315147)
    note = notes.parse(SIGNED + line.encode())
    assert notes.verify(note, [key, KEY.verifier]) == (KEY.verifier, key)
    assert notes.open_checkpoint(SIGNED + line.encode(), [KEY.verifier]) == POINT
    assert [notes.cosigned_at(one.blob) for one in note.signatures][1] == 1679315147


def test_every_flipped_bit_of_a_cosignature_is_found():
    key, line = witness_key(), cosignature(POINT.text(), 1679315147).encode()
    for at in range(len(line)):
        for bit in range(8):
            bad = bytearray(line)
            bad[at] ^= 1 << bit
            with pytest.raises(NoteError):
                notes.verify(notes.parse(SIGNED + bytes(bad)), [key])


def test_the_key_of_a_witness_and_that_of_a_log_are_not_taken_for_one_another():
    assert notes.witness_key(str(witness_key())) == witness_key()
    with pytest.raises(NoteError):
        notes.verifier_key(str(witness_key()))
    with pytest.raises(NoteError):
        notes.witness_key(PUBLISHED_KEY)
    plain = notes.sign(POINT.text(), [WITNESS]).encode()
    with pytest.raises(NoteError, match="no signature of a known key"):
        notes.verify(notes.parse(plain), [witness_key()])

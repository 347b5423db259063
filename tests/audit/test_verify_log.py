"""The stand-alone verifier: whatever is done to a log's files, it is found, with the file and the first entry named.

What can be found from the files alone, and what only with a checkpoint kept outside, are two tests
with those names.
"""

import json
import random
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from deliberation.audit import notes, tiles, tree, verify_log
from deliberation.audit.models import Entry
from deliberation.audit.verify_log import BadLog, read_key, read_point
from deliberation.extensions import db
from tests.audit.signed import KEY, exported, keep_key, made_of
from tests.audit.test_tree import INPUTS, TREE

NAME = "test.example/council/x"
PAPER = read_key("paper", str(KEY.named(NAME).verifier))
MANY = 120
BODIES = [json.dumps({"action": "t", "at": n, "rows": [n % 7]}, separators=(",", ":")).encode() for n in range(MANY)]
WHOLE = made_of(BODIES)
ENTRIES, HASHES = f"tile/entries/000.p/{MANY}", f"tile/0/000.p/{MANY}"
LARGE = made_of([b"%d" % n for n in range(70_000)])


def check(files, keys=(PAPER,), olds=()):
    return verify_log.verify(files.get, keys, olds)


def found(files, keys=(PAPER,), olds=()):
    """(place, first bad entry), or None where everything holds."""
    try:
        check(files, keys, olds)
    except BadLog as error:
        assert "\n" not in str(error)
        return error.place, error.seq
    return None


def kept(files, name="kept"):
    return read_point(name, files["checkpoint"])


def starts(bodies):
    """Where in a bundle each entry begins, with its length."""
    at = 0
    for body in bodies:
        yield at
        at += 2 + len(body)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 1000])
def test_a_log_of_any_size_verifies_against_every_older_checkpoint_of_it(size):
    bodies = [b"%d" % n for n in range(size)]
    files = made_of(bodies)
    olds = [kept(made_of(bodies[:m])) for m in sorted({0, 1, size // 3, size // 2, max(size - 1, 0), size, min(256, size)})]
    assert found(files, olds=olds) is None


def test_a_large_log_verifies_and_its_highest_tiles_are_checked_too():
    assert found(LARGE, olds=[kept(made_of([b"%d" % n for n in range(66_000)]))]) is None
    for place in ("tile/0/000", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/0/273.p/112", "tile/entries/100"):
        content = bytearray(LARGE[place])
        content[-1] ^= 1
        bad = found({**LARGE, place: bytes(content)})
        assert bad[0] in (place, place.replace("/0/", "/entries/")), place


def test_the_published_roots_are_the_ones_that_the_verifier_computes():
    for size, root in TREE["root_by_size_hex"].items():
        files = made_of(INPUTS[: int(size)])
        assert check(files).size == int(size)
        assert read_point("c", files["checkpoint"]).root.hex() == root
        assert verify_log.root_of([tree.leaf_hash(data) for data in INPUTS[: int(size)]]).hex() == root


def test_the_published_signed_note_is_read_by_the_verifier_too():
    key = read_key("k", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (key.name, key.key_id.hex()) == ("PeterNeumann", "c74f20a3")


# The tamper matrix.


def test_every_flipped_byte_of_every_entry_is_found_with_its_number():
    """Each byte of the bundle in turn, its lengths too, one bit of it by chance."""
    bundle, chance = WHOLE[ENTRIES], random.Random(11)
    seq_at = [seq for seq, body in enumerate(BODIES) for _ in range(2 + len(body))]
    assert len(seq_at) == len(bundle) == 4210
    for at, seq in enumerate(seq_at):
        bad = bytearray(bundle)
        bad[at] ^= 1 << chance.randrange(8)
        assert found({**WHOLE, ENTRIES: bytes(bad)}) == (ENTRIES, seq), at


def test_every_flipped_byte_of_every_hash_is_found_with_its_number():
    assert len(WHOLE[HASHES]) == 3840
    for at in range(len(WHOLE[HASHES])):
        bad = bytearray(WHOLE[HASHES])
        bad[at] ^= 1 << at % 8
        assert found({**WHOLE, HASHES: bytes(bad)}) == (ENTRIES, at // 32)


def test_every_flipped_bit_of_the_checkpoint_and_of_the_key_is_found():
    assert (len(WHOLE["checkpoint"]) + len(WHOLE["key"])) * 8 == 2160
    for place in ("checkpoint", "key"):
        for at in range(len(WHOLE[place]) * 8):
            bad = bytearray(WHOLE[place])
            bad[at // 8] ^= 1 << at % 8
            for keys in ((), (PAPER,)):
                assert found({**WHOLE, place: bytes(bad)}, keys) is not None, (place, at)


@pytest.mark.parametrize("is_patched", [False, True], ids=["entries", "entries and tiles"])
def test_each_deletion_swap_insertion_and_truncation_is_found(is_patched):
    """``is_patched``: the tiles are made anew from the harmed entries, so that only the signed root tells."""
    ways = {
        "deleted": lambda n: BODIES[:n] + BODIES[n + 1 :],
        "swapped": lambda n: [*BODIES[:n], *BODIES[n : n + 2][::-1], *BODIES[n + 2 :]],
        "inserted": lambda n: [*BODIES[:n], b"{}", *BODIES[n:]],
        "cut off": lambda n: BODIES[:n],
    }
    counts = dict.fromkeys(ways, 0)
    for way, harm in ways.items():
        for n in range(MANY):
            bodies = harm(n)
            if bodies == BODIES:
                continue
            counts[way] += 1
            if is_patched:
                anew = made_of(bodies)
                files = {**anew, "checkpoint": WHOLE["checkpoint"]}
                # A reader asks for what was signed: names of partial tiles follow the size.
                for level in ("entries", "0"):
                    files[f"tile/{level}/000.p/{MANY}"] = anew.get(f"tile/{level}/000.p/{len(bodies)}", b"")
                assert found(files) is not None, (way, n)
            else:
                assert found({**WHOLE, ENTRIES: tiles.pack(bodies)}) == (ENTRIES, n), (way, n)
    assert counts == {"deleted": MANY, "swapped": MANY - 1, "inserted": MANY, "cut off": MANY}


def test_a_missing_file_is_named_with_the_first_entry_below_it():
    for place in WHOLE:
        bad = found({name: content for name, content in WHOLE.items() if name != place})
        assert bad == (place, 0 if place.startswith("tile") else None)
    assert found({name: content for name, content in LARGE.items() if name != "tile/1/001.p/17"}) == ("tile/1/001.p/17", 65_536)


REWRITTEN = [made_of([*BODIES[:n], b'{"action":"t","at":"another"}', *BODIES[n + 1 :]]) for n in range(MANY)]
OLDER = [made_of(BODIES[:n]) for n in range(MANY)]


def test_rewriting_and_signing_again_and_an_older_copy_are_not_found_from_the_files_alone():
    assert {found(files) for files in (*REWRITTEN, *OLDER)} == {None}


def test_rewriting_and_signing_again_and_an_older_copy_are_found_with_a_checkpoint_kept_outside():
    outside = kept(WHOLE)
    assert {found(files, olds=[outside]) for files in REWRITTEN} == {("kept", None)}
    assert [found(files, olds=[outside]) for files in OLDER] == [("checkpoint", n) for n in range(MANY)]
    # With many kept, the first one that no longer fits tells where it was.
    olds = [kept(files, f"{n}") for n, files in enumerate(OLDER)]
    assert [found(files, olds=[*olds, outside])[0] for files in REWRITTEN] == [*(f"{n + 1}" for n in range(MANY - 1)), "kept"]


def test_a_log_signed_by_another_key_is_found_only_with_the_key_from_elsewhere():
    forged = made_of(BODIES, notes.SignerKey("test.example", b"f" * 32))
    assert found(forged, keys=()) is None
    assert found(forged) == ("checkpoint", None)


def test_a_kept_checkpoint_must_be_of_this_log_and_signed():
    stranger = kept(made_of(BODIES, origin="test.example/council/y"))
    assert found(WHOLE, olds=[stranger]) == ("kept", None)
    forged = kept(made_of(BODIES[:50], notes.SignerKey("test.example", b"f" * 32)))
    assert found(WHOLE, olds=[forged]) == ("kept", None)


@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=200))
def test_no_content_of_any_file_ends_in_anything_but_a_typed_refusal(place, content):
    if content != WHOLE[place]:
        assert found({**WHOLE, place: content}) is not None


@given(st.text(max_size=80), st.integers(0, 10**30), st.binary(max_size=40))
def test_a_checkpoint_of_a_huge_or_odd_log_is_refused_too(origin, size, root):
    signed = notes.sign("x\n", [KEY.named(NAME)]).partition("\n\n")[2]
    text = f"{origin}\n{size}\n{notes.b64encode(root).decode()}\n\n{signed}"
    assert found({**WHOLE, "checkpoint": text.encode("utf-8", "replace")}) is not None


def test_a_huge_size_signed_by_the_key_itself_ends_at_the_first_missing_entry():
    point = notes.Checkpoint(NAME, 10**17, b"r" * 32)
    files = {**WHOLE, "checkpoint": notes.sign(point.text(), [KEY.named(NAME)]).encode()}
    assert found(files) == ("tile/entries/000", 0)


# The command, on files of a real log.


@pytest.fixture
def folder(world, tmp_path):
    keep_key(tmp_path / "log.key")
    place = tmp_path / "out" / "council-mochou"
    for name, content in exported(world.council.log_id).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def run(*words, flags="-I"):
    """The file by itself, as a stranger has it: in a folder of its own, without our package."""
    command = [sys.executable, flags, str(Path(verify_log.__file__)), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_the_command_ends_with_0_and_a_flipped_bit_with_1_and_the_place(folder):
    key = (folder / "key").read_text().strip()
    good = run(folder.parent, "--key", key, "--old", folder / "checkpoint")
    assert (good.returncode, good.stderr) == (0, "")
    assert re.fullmatch(r"council-mochou: verified \d+ entries of test\.example/council/mochou, root [0-9a-f]{64}\n", good.stdout)
    size = int(good.stdout.split()[2])
    bundle = folder / f"tile/entries/000.p/{size}"
    whole = bundle.read_bytes()
    at = list(starts(tiles.unpack(whole)))[17] + 5
    bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    bad = run(folder)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert f"tile/entries/000.p/{size}: bad entry at seq 17: " in bad.stdout


def test_a_file_that_is_no_part_of_the_log_is_named(folder):
    (folder / "tile/0/777").write_bytes(b"x")
    assert verify_log.main([str(folder)]) == 1
    assert "tile/0/777" in run(folder).stdout


def test_what_was_asked_for_and_is_not_there_is_no_success(folder, tmp_path):
    other = str(KEY.named("test.example/council/elsewhere").verifier)
    assert (run(folder.parent, "--key", other).returncode, run(folder, "--key", other).returncode) == (1, 1)
    for words in ([tmp_path / "none"], [tmp_path], [folder, "--key", "x"], [folder, "--old", tmp_path / "none"]):
        done = run(*words)
        assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 1), words


def test_without_cryptography_it_says_so_in_one_line_and_that_nothing_was_checked(folder):
    done = run(folder, flags="-IS")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "the package cryptography is missing" in done.stderr


def test_it_imports_nothing_but_the_standard_library_and_cryptography():
    source = Path(verify_log.__file__).read_text()
    roots = {line.split()[1].split(".")[0] for line in source.splitlines() if re.match(r" *(import|from) ", line)}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_exported_entries_are_the_bytes_of_the_database(world, tmp_path):
    keep_key(tmp_path / "log.key")
    files = exported(world.council.log_id)
    size = verify_log.verify(files.get).size
    stored = db.session.scalars(select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq))
    assert tiles.unpack(files[f"tile/entries/000.p/{size}"]) == [bytes(body) for body in stored]
    assert len(b64decode(files["checkpoint"].split(b"\n")[2])) == 32

"""The verifier on a disk, as a stranger runs it: whatever happened to the files, one line that names the place, and 1.

In this process for speed (tests/audit/test_verify_log.py runs the file by itself too). No example ends in a traceback.
"""

import contextlib
import io
import json
import os
import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit import proofs, tree, verify_log
from deliberation.audit.notes import NoteError
from deliberation.audit.proofs import Proof
from deliberation.audit.tree import ProofError
from tests.audit.signed import KEY, made_of
from tests.audit.test_tree import PROOFS, b64decode

NAME = "test.example/council/x"
PAPER = str(KEY.named(NAME).verifier)
BODIES = [
    json.dumps(
        {"action": "poll.open", "at": f"2026-03-{n + 1:02}", "label": f"A{n}", "rows": [{"id": n, "set": {"n": "\u7968" * n}}]},
        ensure_ascii=False, separators=(",", ":"),
    ).encode()
    for n in range(12)
]
WHOLE = made_of(BODIES, origin=NAME)
FILES = sorted(WHOLE)
ENTRIES = "tile/entries/000.p/12"


def told(*words):
    """What the command prints and with what it ends."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = verify_log.main([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code
    return code, out.getvalue().splitlines()


def refused(*words):
    """The one line with which a check ends that finds something."""
    code, lines = told(*words)
    assert (code, len(lines)) == (1, 1), (code, lines)
    assert "BAD " in lines[0]
    return lines[0]


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "x", WHOLE)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder that many examples share: each leaves it as it was."""
    return write(tmp_path_factory.mktemp("shared") / "x", WHOLE)


SEQS = {
    ENTRIES: [seq for seq, body in enumerate(BODIES) for _ in range(2 + len(body))],
    "tile/0/000.p/12": [seq for seq in range(len(BODIES)) for _ in range(32)],
}
"""Which entry each byte of a tile belongs to."""


def test_one_flipped_bit_in_every_byte_of_an_exported_log_is_found_with_its_place(folder):
    counts, chance = {}, random.Random(5)
    for name in FILES:
        content = WHOLE[name]
        for at in range(len(content)):
            bad = bytearray(content)
            bad[at] ^= 1 << chance.randrange(8)
            (folder / name).write_bytes(bad)
            line = refused(folder)
            # Of an entry and a hash that do not fit, either may be the changed one: the entry is named.
            places = (f"{ENTRIES}: bad entry at seq {SEQS[name][at]}: ",) if name in SEQS else (f"{name}: ", "checkpoint: ")
            assert line.startswith(tuple(f"x: BAD {place}" for place in places)), (name, at, line)
            counts[name] = counts.get(name, 0) + 1
        (folder / name).write_bytes(content)
    assert told(folder)[0] == 0
    assert counts == {"checkpoint": 192, "key": 77, "tile/0/000.p/12": 384, ENTRIES: 1258}
    assert counts == {name: len(content) for name, content in WHOLE.items()}


WAYS = {
    "removed": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link to itself": lambda path: (path.unlink(), path.symlink_to(path.name)),
    "a link to a folder": lambda path: (path.unlink(), path.symlink_to("/")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a device": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "longer than any": lambda path: os.truncate(path, 2**33),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "one byte more": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "another": lambda path: path.write_bytes(WHOLE["key" if path.name == "checkpoint" else "checkpoint"]),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_was_is_named(folder, name, way):
    WAYS[way](folder / name)
    assert name in refused(folder)


def test_files_that_do_not_belong_are_named(folder, tmp_path):
    for name in ("tile/0/001", "tile/entries/000.p/3", "tile/x", "tile/new\nx: verified", "tile/\udcff"):
        (folder / name).write_bytes(b"x")
        assert "this file is no part of the log" in refused(folder)
        (folder / name).unlink()
    (folder / "tile/more").symlink_to(tmp_path)
    assert "tile/more: this file is no part of the log" in refused(folder)


def test_a_log_without_its_checkpoint_is_not_passed_over(folder, tmp_path):
    write(tmp_path / "y", made_of(BODIES, origin="test.example/council/y"))
    assert told(tmp_path)[0] == 0
    (folder / "checkpoint").unlink()
    code, lines = told(tmp_path)
    assert (code, lines[0]) == (1, "x: BAD checkpoint: the file is missing")
    assert refused(folder) == lines[0]


def test_the_files_beside_the_logs_are_held_to_their_sums(folder, tmp_path):
    write(tmp_path, {"README.md": b"read me", "check.html": b"<p>"})
    sums = "".join(f"{sha256((tmp_path / name).read_bytes()).hexdigest()}  {name}\n" for name in ("README.md", "check.html"))
    (tmp_path / "SHA256SUMS").write_text(sums)
    assert told(tmp_path)[0] == 0
    for name in ("README.md", "check.html", "SHA256SUMS"):
        content = (tmp_path / name).read_bytes()
        for at in range(len(content)):
            (tmp_path / name).write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
            code, lines = told(tmp_path)
            assert (code, len(lines)) == (1, 2), (name, at)
        (tmp_path / name).write_bytes(content)
    for line in ("0  ../x/key", "0  /etc/passwd", "0  x/key"):
        (tmp_path / "SHA256SUMS").write_text(f"{line}\n")
        assert told(tmp_path)[1][1] == "BAD SHA256SUMS: this is not what stands in SHA256SUMS"


def test_a_bundle_is_never_unpacked_further_than_it_may_hold():
    bodies, is_whole = verify_log.unpack(b"\0\1x" * 300)
    assert (bodies, is_whole) == ([b"x"] * 256, False)


@given(st.sampled_from(FILES), st.data())
def test_no_change_of_any_file_ends_in_anything_but_one_line(place, name, data):
    content = WHOLE[name]
    start = data.draw(st.integers(0, len(content)))
    other = content[:start] + data.draw(st.binary(max_size=60)) + content[data.draw(st.integers(start, len(content))) :]
    (place / name).write_bytes(other)
    try:
        if other != content:
            refused(place)
            refused(place, "--key", PAPER)
    finally:
        (place / name).write_bytes(content)


# Checkpoints that somebody kept.


def test_of_several_kept_checkpoints_the_first_that_no_longer_fits_tells_how_far(folder, tmp_path):
    rewritten = made_of([*BODIES[:7], b"{}", *BODIES[8:]], origin=NAME)
    olds = []
    for size in (12, 9, 5, 7, 8, 2):
        olds.append(tmp_path / f"kept-{size}")
        olds[-1].write_bytes(made_of(BODIES[:size], origin=NAME)["checkpoint"])
    words = [word for old in olds for word in ("--old", old)]
    assert told(folder, *words)[0] == 0
    write(folder, rewritten)
    assert told(folder)[0] == 0
    problem = "the first 8 entries are not those that this checkpoint signed, the first 7 are still the old ones"
    assert refused(folder, *words) == f"x: BAD {tmp_path}/kept-8: {problem}"


def test_every_changed_byte_of_a_kept_checkpoint_is_found(folder, tmp_path):
    old = tmp_path / "kept"
    content = made_of(BODIES[:5], origin=NAME)["checkpoint"]
    for at in range(len(content)):
        old.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert str(old) in refused(folder, "--old", old)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")), st.text(max_size=60))
def test_hostile_keys_checkpoints_and_proofs_end_in_one_line(place, raw, text):
    given = place.parent / "given"
    given.write_bytes(raw)
    refused(place, "--old", given)
    refused("--proof", given, "--key", PAPER)
    refused(place, f"--key={text}")
    refused("--proof", given, f"--key={text}")


def test_a_call_that_says_too_little_or_too_much_ends_with_2(place):
    proof = place / "checkpoint"
    for words in ([], ["--key", PAPER], ["--proof", proof], [place, "--proof", proof, "--key", PAPER], [place, "--no"],
                  ["--proof", proof, "--key", PAPER, "--old", proof]):  # fmt: skip
        assert told(*words) == (2, []), words


# The proof of one entry.


def proof_of(index):
    builder, nodes = tree.Builder(), {}
    for body in BODIES:
        nodes.update({(level, at): value for level, at, value in builder.add(body)})
    steps = tree.inclusion_proof(index, len(BODIES), lambda level, at: nodes[level, at])
    return Proof(BODIES[index], index, tuple(steps), WHOLE["checkpoint"].decode())


def test_the_proof_of_an_entry_holds_and_every_change_is_refused(tmp_path):
    file, root = tmp_path / "proof.txt", tree.Builder()
    for body in BODIES:
        root.add(body)
    for index in range(len(BODIES)):
        file.write_text(proof_of(index).text(), "utf-8")
        code, (line,) = told("--proof", file, "--key", PAPER)
        wanted = f"proof.txt: verified entry {index} of 12 of {NAME}, root {root.root().hex()}"
        assert (code, line) == (0, f"{wanted}: {BODIES[index].decode()}".encode("ascii", "backslashreplace").decode())
    text = proof_of(6).text()
    for at, mark in enumerate(text):
        file.write_text(text[:at] + ("A" if mark != "A" else "B") + text[at + 1 :], "utf-8")
        assert str(file) in refused("--proof", file, "--key", PAPER)
    file.write_text(text, "utf-8")
    assert "no key that was given" in refused("--proof", file, "--key", str(KEY.verifier))
    assert told("--proof", file, "--key", str(KEY.verifier), "--key", PAPER)[0] == 0
    assert "the file is missing" in refused("--proof", tmp_path / "none", "--key", PAPER)


def test_an_entry_that_would_draw_lines_of_its_own_is_told_in_one(tmp_path):
    body = "{\"x\": \"\x1b[2J\nproof.txt: verified \u202e\u2028\"}".encode() + b"\xff"
    file = tmp_path / "proof.txt"
    file.write_text(Proof(body, 0, (), made_of([body], origin=NAME)["checkpoint"].decode()).text(), "utf-8")
    code, lines = told("--proof", file, "--key", PAPER)
    assert (code, len(lines), lines[0].isprintable()) == (0, 1, True)


@pytest.mark.parametrize("vector", PROOFS["inclusion"], ids=lambda vector: vector["file"])
def test_the_published_proofs_lead_to_their_roots_in_the_verifier_too(vector):
    way = [b64decode(step) for step in vector["proof"] or []]
    root = verify_log.root_from(b64decode(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], way)
    assert (root != b64decode(vector["root"])) is vector["wantErr"], vector["desc"]


@given(st.integers(0, 800), st.integers(0, 60), st.text(max_size=80))
def test_the_verifier_and_the_platform_agree_about_proofs(start, length, put):
    text = proof_of(6).text()
    other = text[:start] + put + text[start + length :]
    raw = other.encode("utf-8", "replace")
    try:
        proofs.verify(proofs.parse(raw.decode()), [KEY.named(NAME).verifier])
        is_good = True
    except (ProofError, NoteError):
        is_good = False
    try:
        verify_log.check_proof("p", raw, [verify_log.read_key("k", PAPER)])
        assert is_good
    except verify_log.BadLog:
        assert not is_good

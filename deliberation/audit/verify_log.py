"""Check a whole exported log, or the proof of one entry, without the program that wrote it and without trusting whoever runs that.

    python verify_log.py FOLDER [--key VERIFIER_KEY]… [--old CHECKPOINT]…
    python verify_log.py --proof PROOF --key VERIFIER_KEY

FOLDER holds one log (a file ``checkpoint`` and a folder ``tile``), or one folder for each of several logs. Every entry is
hashed anew, every tile is compared, the root must be the signed one. ``--key`` is the verifier key that you have from
elsewhere, on paper best of all; without it the file ``key`` beside the log is believed. ``--old`` is a checkpoint that you
kept: the log must go on from it; of several, the first that no longer fits tells how far the log is still the old one.
PROOF is one entry with its way to a signed root. Ends with 0 where everything holds, else with 1 and the place that does not.

One file, so that it can be read; it needs Python 3.11 and the package ``cryptography``. Standards: C2SP tlog-tiles,
tlog-checkpoint, tlog-proof and signed-note, RFC 6962.
"""

from __future__ import annotations

import argparse
import binascii
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ModuleNotFoundError:
    print("nothing was checked: the package cryptography is missing here; README.md beside this file says how", file=sys.stderr)
    sys.exit(2)

WIDTH = 256
SUMS = "SHA256SUMS"
PARTS = ("checkpoint", "key", "tile")
LONGEST_PROOF = 200_000
LARGEST = WIDTH * (2 + 0xFFFF)
EMPTY_ROOT = sha256(b"").digest()
Read = Callable[[str], bytes | None]
"""The content of a file of the log by its path; None where it is missing."""


class BadLog(Exception):
    """What is wrong, in one line: ``place`` is a file; ``seq`` the first entry concerned, if it is one."""

    def __init__(self, place: str, problem: str, seq: int | None = None) -> None:
        self.place, self.problem, self.seq = place, problem, seq
        super().__init__(f"{place}: " + (f"bad entry at seq {seq}: " if seq is not None else "") + problem)


@dataclass(frozen=True)
class Key:
    name: str
    key_id: bytes
    public: bytes


@dataclass(frozen=True)
class Point:
    """A checkpoint; ``text`` is what is signed."""

    place: str
    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]


def decoded(place: str, text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadLog(place, "this is not base64") from None
    if b64encode(raw).decode() != text:
        raise BadLog(place, "this is not base64")
    return raw


def text_of(place: str, raw: bytes | None, most: int = 65_536) -> str:
    if raw is None:
        raise BadLog(place, "the file is missing")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise BadLog(place, "the file is not UTF-8") from None
    if len(raw) > most or any((mark < " " and mark != "\n") or mark == "\x7f" for mark in text):
        raise BadLog(place, "the file is not a short text")
    return text


def read_key(place: str, line: str) -> Key:
    parts = line.split("+", 2)
    if len(parts) != 3 or not parts[0] or any(mark.isspace() for mark in parts[0]):
        raise BadLog(place, "this is no verifier key")
    raw = decoded(place, parts[2])
    key_id = sha256(parts[0].encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != 1 or key_id.hex() != parts[1]:
        raise BadLog(place, "this is no verifier key")
    return Key(parts[0], key_id, raw[1:])


def read_keys(place: str, raw: bytes | None) -> list[Key]:
    lines = text_of(place, raw).split("\n")
    if lines.pop() or not lines:
        raise BadLog(place, "one verifier key a line is wanted")
    return [read_key(place, line) for line in lines]


def read_point(place: str, raw: bytes | None) -> Point:
    """Read a checkpoint, unverified."""
    text, gap, below = text_of(place, raw).rpartition("\n\n")
    lines, signed = text.split("\n"), below.split("\n")
    if not gap or len(lines) < 3 or not all(lines) or signed.pop() or not signed:
        raise BadLog(place, "this is no signed checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]):
        raise BadLog(place, "the size is no number")
    root, signatures = decoded(place, lines[2]), []
    for line in signed:
        name, space, blob = line.removeprefix("\u2014 ").partition(" ")
        if not line.startswith("\u2014 ") or not name or not space:
            raise BadLog(place, "a signature's line is not one")
        signatures.append((name, decoded(place, blob)))
    if len(root) != 32:
        raise BadLog(place, "the root is not 32 bytes")
    return Point(place, text + "\n", lines[0], int(lines[1]), root, tuple(signatures))


def has_signed(point: Point, key: Key) -> bool:
    """Whether the key signed; a signature in its name that does not hold is worse than none."""
    found = [raw[4:] for name, raw in point.signatures if name == key.name and raw[:4] == key.key_id]
    for signature in found:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, point.text.encode())
        except InvalidSignature:
            raise BadLog(point.place, f"the signature of {key.name} does not hold") from None
    return bool(found) and key.name == point.origin


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root over subtrees of one size, of which the last may be smaller."""
    row = list(hashes)
    while len(row) > 1:
        last = row[-1:] if len(row) % 2 else []
        joined = b"".join(row)
        row = [sha256(b"\x01" + joined[at : at + 64]).digest() for at in range(0, len(joined) - 63, 64)] + last
    return row[0] if row else EMPTY_ROOT


def path(level: int | str, index: int, width: int) -> str:
    name = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03}/{name}"
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def unpack(content: bytes) -> tuple[list[bytes], bool]:
    """The whole entries in a bundle, never more than belong there, and whether nothing is left over."""
    bodies: list[bytes] = []
    at = 0
    while at + 2 <= len(content) and len(bodies) < WIDTH:
        end = at + 2 + (content[at] << 8 | content[at + 1])
        if end > len(content):
            break
        bodies.append(content[at + 2 : end])
        at = end
    return bodies, at == len(content)


class Replay:
    """Hashes the entries tile by tile and keeps, level by level, what is not yet under a full tile."""

    def __init__(self, read: Read, size: int, olds: Sequence[Point] = ()) -> None:
        self.read, self.size, self.olds = read, size, sorted(olds, key=lambda old: old.size)
        self.still = 0
        self.rows: list[list[bytes]] = [[]]
        self.used: set[str] = set()

    def file(self, place: str, seq: int) -> bytes:
        content = self.read(place)
        if content is None:
            raise BadLog(place, "the file is missing", seq)
        self.used.add(place)
        return content

    def bundle(self, index: int) -> None:
        """The next up to 256 entries: each hash must be the one in the tile of level 0."""
        first = index * WIDTH
        width = min(WIDTH, self.size - first)
        place, above = path("entries", index, width), path(0, index, width)
        content, stored = self.file(place, first), self.file(above, first)
        bodies, is_whole = unpack(content)
        hashes = [sha256(b"\x00" + body).digest() for body in bodies]
        if b"".join(hashes) != stored or len(bodies) != width or not is_whole:
            self.complain(place, above, first, width, hashes, stored)
        for old in self.olds:
            if first < old.size <= first + width:
                if self.root(hashes[: old.size - first], 1) != old.root:
                    told = f"the first {old.size} entries are not those that this checkpoint signed"
                    raise BadLog(old.place, told + (f", the first {self.still} are still the old ones" if self.still else ""))
                self.still = old.size
        self.rows[0] = hashes
        if width == WIDTH:
            self.carry(0, index)

    def complain(self, place: str, above: str, first: int, width: int, hashes: list[bytes], stored: bytes) -> None:
        for at in range(width):
            kept = stored[at * 32 : at * 32 + 32]
            if at >= len(hashes):
                raise BadLog(place, "the entry is missing or cut short", first + at)
            if len(kept) < 32:
                raise BadLog(above, "the hash is missing", first + at)
            if hashes[at] != kept:
                raise BadLog(place, f"the entry has not the hash in {above}", first + at)
        raise BadLog(above if len(stored) > width * 32 else place, "there is more than was signed", first + width)

    def carry(self, level: int, index: int) -> None:
        """A full tile: its root is one hash of the level above, whose own tile is compared once it is full."""
        if len(self.rows) == level + 1:
            self.rows.append([])
        self.rows[level + 1].append(root_of(self.rows[level]))
        self.rows[level] = []
        if len(self.rows[level + 1]) == WIDTH:
            above = index // WIDTH
            self.compare(level + 1, above, WIDTH)
            self.carry(level + 1, above)

    def compare(self, level: int, index: int, width: int) -> None:
        """A tile above the leaves, against what the entries lead to."""
        span = WIDTH**level
        place = path(level, index, width)
        stored, row = self.file(place, index * WIDTH * span), self.rows[level]
        for at in range(width):
            if stored[at * 32 : at * 32 + 32] != row[at]:
                raise BadLog(place, "the entries from here on do not lead to this hash", (index * WIDTH + at) * span)
        if len(stored) != width * 32:
            raise BadLog(place, "there is more than was signed", (index * WIDTH + width) * span)

    def root(self, leaves: Sequence[bytes], level: int) -> bytes:
        """Root over all that was kept, with ``leaves`` at the end."""
        carried = [root_of(leaves)] if leaves else []
        for row in self.rows[level:]:
            carried = [root_of([*row, *carried])] if row or carried else []
        return carried[0] if carried else EMPTY_ROOT

    def run(self, progress: Callable[[int], None]) -> bytes:
        """Replay everything and give the root."""
        for index in range((self.size + WIDTH - 1) // WIDTH):
            self.bundle(index)
            progress(min(self.size, (index + 1) * WIDTH))
        for level in range(1, len(self.rows)):
            width = len(self.rows[level])
            if width:
                self.compare(level, (self.size // WIDTH**level) // WIDTH, width)
        return self.root(self.rows[0], 1)


def verify(
    read: Read, keys: Sequence[Key] = (), olds: Sequence[Point] = (), progress: Callable[[int], None] = lambda done: None
) -> Replay:
    """Check one log; raises `BadLog`. The keys given, and those in the file ``key``, must all have signed."""
    beside = read_keys("key", read("key"))
    retired = read_keys("key.retired", kept) if (kept := read("key.retired")) is not None else []
    point = read_point("checkpoint", read("checkpoint"))
    for key in (*keys, *beside):
        if not has_signed(point, key):
            raise BadLog("checkpoint", f"{key.name}+{key.key_id.hex()} did not sign this log")
    for old in olds:
        if old.origin != point.origin:
            raise BadLog(old.place, f"this is a checkpoint of {old.origin}, not of {point.origin}")
        # Whoever is asked to vouch for the reader's own copy: it can only ask more of the log, never less.
        if not any(has_signed(old, key) for key in (*keys, *beside, *retired)):
            raise BadLog(old.place, "no known key signed this checkpoint")
        if old.size > point.size:
            raise BadLog("checkpoint", f"the log ends before the {old.size} entries of {old.place}", point.size)
        if old.size == 0 and old.root != EMPTY_ROOT:
            raise BadLog(old.place, "an empty log has another root")
    replay = Replay(read, point.size, olds)
    if replay.run(progress) != point.root:
        raise BadLog("checkpoint", "the entries do not lead to the signed root")
    return replay


def folder_reader(folder: Path) -> Read:
    def read(name: str) -> bytes | None:
        try:
            # Nothing but a plain file: a pipe would never end.
            if not (folder / name).is_file():
                return None
            with open(folder / name, "rb") as file:
                return file.read(LARGEST + 1)
        except (OSError, ValueError):
            return None

    return read


def check_folder(folder: Path, keys: Sequence[Key], olds: Sequence[Point]) -> str:
    """Check one log on the disk; raises `BadLog`, also for files that do not belong to it."""
    point = read_point("checkpoint", folder_reader(folder)("checkpoint"))
    shown = sys.stderr.isatty()

    def progress(done: int) -> None:
        if shown:
            part = 40 * done // point.size
            print(f"\r{folder.name} [{'#' * part}{' ' * (40 - part)}] {done}/{point.size}", end="", file=sys.stderr)

    replay = verify(folder_reader(folder), keys, olds, progress)
    if shown:
        print(file=sys.stderr)
    for file in sorted((folder / "tile").rglob("*")):
        name = file.relative_to(folder).as_posix()
        if (file.is_symlink() or not file.is_dir()) and name not in replay.used:
            raise BadLog(name, "this file is no part of the log")
    return f"verified {point.size} entries of {point.origin}, root {point.root.hex()}"


def check_sums(folder: Path) -> None:
    """The files beside the logs, where there is a list of their sums: against accidents, since nobody signed it."""
    raw = folder_reader(folder)(SUMS)
    for line in text_of(SUMS, raw).splitlines() if raw is not None else ():
        wanted, _gap, name = line.partition("  ")
        is_name = re.fullmatch(r"\w[\w.]*", name, re.ASCII)
        if not is_name or sha256(folder_reader(folder)(name) or b"").hexdigest() != wanted:
            raise BadLog(name if is_name else SUMS, f"this is not what stands in {SUMS}")


def root_from(leaf: bytes, index: int, size: int, way: Sequence[bytes]) -> bytes | None:
    """The root to which the way leads from entry ``index`` of a log of ``size`` (RFC 9162, section 2.1.3.2), if it is one."""
    at, last, node = index, size - 1, leaf
    for step in way:
        if last <= 0 or len(step) != 32:
            return None
        if at & 1 or at == last:
            node = sha256(b"\x01" + step + node).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + step).digest()
        at, last = at >> 1, last >> 1
    return node if last == 0 and index < size and len(node) == 32 else None


def check_proof(place: str, raw: bytes | None, keys: Sequence[Key]) -> str:
    """Check the proof of one entry, and tell the entry; raises `BadLog`."""
    head, gap, note = text_of(place, raw, LONGEST_PROOF).partition("\n\n")
    if not gap or not (lines := re.fullmatch(r"c2sp\.org/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]{0,17})((?:\n.*)*)", head)):
        raise BadLog(place, "this is no proof of an entry")
    point, body, index = read_point(place, note.encode()), decoded(place, lines[1]), int(lines[2])
    if True not in [has_signed(point, key) for key in keys]:
        raise BadLog(place, "no key that was given signed this checkpoint")
    way = [decoded(place, line) for line in lines[3].split("\n")[1:]]
    if root_from(sha256(b"\x00" + body).digest(), index, point.size, way) != point.root:
        raise BadLog(place, "the entry does not lead to the signed root", index)
    return f"verified entry {index} of {point.size} of {point.origin}, root {point.root.hex()}: {body.decode(errors='replace')}"


def say(line: str) -> None:
    """One line, whatever stands in a name or an entry, on whatever terminal."""
    plain = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in line)
    coding = sys.stdout.encoding or "ascii"
    print(plain.encode(coding, "backslashreplace").decode(coding))


def check_folders(given: Path, keys: Sequence[Key], olds: Sequence[Point]) -> int:
    """Check one log, or each of a folder of logs; every key and every old checkpoint must have found its log."""
    is_one = any((given / part).exists() for part in PARTS)
    folders = [given] if is_one else sorted({file.parent for part in PARTS for file in given.glob(f"*/{part}")})
    if not folders:
        raise BadLog(str(given), "there is no log here")
    missing, bad = {one.name for one in keys} | {old.origin for old in olds}, False
    for folder in folders:
        try:
            origin = read_point("checkpoint", folder_reader(folder)("checkpoint")).origin
            mine = [key for key in keys if key.name == origin or is_one]
            told = check_folder(folder, mine, [old for old in olds if old.origin == origin or is_one])
            missing.discard(origin)
        except BadLog as error:
            bad, told = True, f"BAD {error}"
        say(f"{folder.name}: {told}")
    if not is_one:
        check_sums(given)
    for origin in sorted(missing) if not bad else ():
        bad = True
        say(f"BAD there is no log {origin} here")
    return 1 if bad else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an exported log, every entry of it, or the proof of one entry.")
    parser.add_argument("folder", nargs="?", type=Path, help="a log, or a folder of logs")
    parser.add_argument("--key", action="append", default=[], help="a verifier key that you have from elsewhere")
    parser.add_argument("--old", action="append", default=[], type=Path, help="a checkpoint that you kept")
    parser.add_argument("--proof", type=Path, help="the proof of one entry, instead of a folder")
    given = parser.parse_args(arguments)
    if (given.folder is None) == (given.proof is None) or (given.proof and (given.old or not given.key)):
        parser.error("name a folder; or --proof with at least one --key")
    try:
        keys = [read_key("--key", text) for text in given.key]
        if given.proof:
            say(f"{given.proof.name}: {check_proof(str(given.proof), folder_reader(given.proof.parent)(given.proof.name), keys)}")
            return 0
        olds = [read_point(str(file), folder_reader(file.parent)(file.name)) for file in given.old]
        return check_folders(given.folder, keys, olds)
    except BadLog as error:
        say(f"BAD {error}")
    except OSError as error:
        say(f"BAD {error.filename}: {error.strerror}")
    return 1


if __name__ == "__main__":
    sys.exit(main())

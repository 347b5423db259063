"""What was signed last, remembered outside the database: small files beside the key, one line a checkpoint.

``<LOG_KEY>.last`` holds the newest of each log, ``<LOG_KEY>.acknowledged`` those of which the keeper said in public that they
are lost. Whoever loses the files loses the protection against a restored older copy, and nothing else.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"(\S{1,300}) (0|[1-9][0-9]{0,18}) ([0-9a-f]{64})")
LONGEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Mark:
    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin} {self.size} {self.root.hex()}"


def last_file(key: Path) -> Path:
    return key.with_name(key.name + ".last")


def acknowledged_file(key: Path) -> Path:
    return key.with_name(key.name + ".acknowledged")


def read(path: Path) -> list[Mark]:
    """The lines of a file; none where it is missing. A line that is none is passed over."""
    try:
        with open(path, "rb") as file:
            lines = file.read(LONGEST).decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    found = (LINE.fullmatch(line) for line in lines)
    return [Mark(match[1], int(match[2]), bytes.fromhex(match[3])) for match in found if match]


def stamp(key: Path) -> tuple[object, ...]:
    """Differs as soon as one of the files was written."""
    return tuple(_stamp(path) for path in (last_file(key), acknowledged_file(key)))


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def keep(key: Path, mark: Mark) -> None:
    """Remember a checkpoint, unless a later one of its log is remembered already."""

    def change(kept: dict[str, Mark]) -> bool:
        if mark.origin in kept and kept[mark.origin].size >= mark.size:
            return False
        kept[mark.origin] = mark
        return True

    _change(key, change)


def acknowledge(key: Path, lost: Iterable[Mark]) -> None:
    """Move marks from one file to the other: first they are written there, then taken away here."""
    gone = list(lost)
    known = set(read(acknowledged_file(key)))
    with open(acknowledged_file(key), "a", encoding="utf-8") as file:
        file.writelines(f"{mark}\n" for mark in gone if mark not in known)
        file.flush()
        os.fsync(file.fileno())
    _change(key, lambda kept: bool([kept.pop(mark.origin) for mark in gone if mark.origin in kept]))


def _change(key: Path, change: Callable[[dict[str, Mark]], bool]) -> None:
    with _alone(key):
        kept = {mark.origin: mark for mark in read(last_file(key))}
        if change(kept):
            new = last_file(key).with_name(key.name + ".last.new")
            with open(new, "w", encoding="utf-8") as file:
                file.writelines(f"{mark}\n" for mark in kept.values())
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, last_file(key))


@contextmanager
def _alone(key: Path) -> Iterator[None]:
    """One process at a time: the lock of the key's file."""
    with open(key, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

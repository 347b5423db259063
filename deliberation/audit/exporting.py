"""A whole log as static files in the layout of tlog-tiles: what was signed, no entry more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from deliberation.audit import tiles
from deliberation.audit.models import Entry, Node
from deliberation.audit.notes import Checkpoint, VerifierKey
from deliberation.audit.tiles import Tile
from deliberation.extensions import db

LARGEST = 2**31 - 1
"""The database counts no further."""


def content(log_id: int, tile: Tile) -> bytes | None:
    """What stands in a tile or a bundle, in one statement; None where the log has not that many."""
    if tile.first + tile.width > LARGEST:
        return None
    if tile.level is None:
        bodies = select(Entry.body).where(
            Entry.log_id == log_id, Entry.seq >= tile.first, Entry.seq < tile.first + tile.width
        ).order_by(Entry.seq)
        found = [bytes(body) for body in db.session.scalars(bodies)]
        return tiles.pack(found) if len(found) == tile.width else None
    hashes = select(Node.hash).where(
        Node.log_id == log_id,
        Node.level == tiles.HEIGHT * tile.level,
        Node.position >= tile.first,
        Node.position < tile.first + tile.width,
    ).order_by(Node.position)
    joined = b"".join(bytes(value) for value in db.session.scalars(hashes))
    return joined if len(joined) == tile.width * 32 else None


def files(
    log_id: int, note: str, point: Checkpoint, keys: list[VerifierKey], retired: list[VerifierKey]
) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of one log, one at a time: the tiles first, the checkpoint last.

    Raises ``LookupError`` where the log holds less than was signed.
    """
    for tile in tiles.tiles_of(point.size):
        found = content(log_id, tile)
        if found is None:
            raise LookupError(f"{tile.path()} is not complete")
        yield tile.path(), found
    yield "key", _lines(keys)
    if retired:
        yield "key.retired", _lines(retired)
    yield "checkpoint", note.encode()


def _lines(keys: list[VerifierKey]) -> bytes:
    return "".join(f"{key}\n" for key in keys).encode()


def write(folder: Path, path: str, found: bytes) -> None:
    """One file below a folder, which must not be there yet."""
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place, "xb") as file:
        file.write(found)

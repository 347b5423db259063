"""Where a log's hashes and entries stand as static files, and what stands in them.

Standard: C2SP tlog-tiles. A tile of level L holds up to 256 hashes of perfect subtrees of 256^L leaves; a bundle holds
the 256 entries below one tile of level 0, each after its length in two bytes. What is not full yet is a partial tile,
``….p/W``, of W hashes. A tile that stands never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 256
HEIGHT = 8
TOP = 7
"""The highest level there can be: 2^63 entries."""
ADDRESS = re.compile(r"(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class TileError(ValueError):
    """An address or the content of a tile is not one; the message is one line and says how."""


@dataclass(frozen=True)
class Tile:
    """``level`` is None for a bundle of entries. It holds ``width`` hashes or entries, 256 when full."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def first(self) -> int:
        """Number of the first hash (of this level) or entry in it."""
        return self.index * WIDTH

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    def path(self) -> str:
        """Below the log's own address, as in ``tile/0/x001/234.p/7``."""
        kind = "entries" if self.level is None else str(self.level)
        return f"tile/{kind}/{index_path(self.index)}" + ("" if self.is_full else f".p/{self.width}")


def index_path(index: int) -> str:
    """Groups of three digits, all but the last with an x: 1234067 is ``x001/x234/067``."""
    if index < 0:
        raise TileError("a tile's number is not negative")
    path = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        path = f"x{index % 1000:03}/{path}"
    return path


def parse(address: str) -> Tile:
    """Read what stands after ``tile/``. Raises `TileError` for whatever `Tile.path` does not write."""
    found = ADDRESS.fullmatch(address)
    if found is None or not address.isascii():
        raise TileError("this is no address of a tile")
    kind, digits, width = found.groups()
    tile = Tile(
        None if kind == "entries" else int(kind), int(digits.replace("x", "").replace("/", "")), int(width) if width else WIDTH
    )
    if tile.path() != f"tile/{address}" or (width and tile.width >= WIDTH):
        raise TileError("this is no address of a tile")
    return tile


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes the tile holds in a tree of ``size``; 0 where there is none."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle of a tree of ``size`` entries, bundles first, then level by level."""
    for level in (None, *range(TOP + 1)):
        hashes = size >> (HEIGHT * (level or 0))
        if not hashes:
            return
        for index in range((hashes + WIDTH - 1) // WIDTH):
            yield Tile(level, index, min(WIDTH, hashes - index * WIDTH))


def pack(bodies: Iterable[bytes]) -> bytes:
    """The content of a bundle: each entry after its length. Raises `TileError` for one over 65,535 bytes."""
    parts = []
    for body in bodies:
        if len(body) > 0xFFFF:
            raise TileError("an entry is too long for a bundle")
        parts += [len(body).to_bytes(2), body]
    return b"".join(parts)


def unpack(content: bytes) -> list[bytes]:
    """The entries in a bundle. Raises `TileError` where it ends within one."""
    bodies, at = [], 0
    while at < len(content):
        start = at + 2
        at = start + int.from_bytes(content[at:start])
        if at > len(content) or start > len(content):
            raise TileError("the bundle ends within an entry")
        bodies.append(content[start:at])
    return bodies

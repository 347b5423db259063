"""What the tests of signed logs share: a key of the test's own, a log as a dictionary of files."""

from __future__ import annotations

from deliberation.audit import exporting, notes, signing, tiles, tree
from deliberation.audit.notes import Checkpoint, SignerKey
from deliberation.audit.tiles import Tile
from deliberation.extensions import transaction

KEY = SignerKey("test.example", bytes(range(32)))


def signed_now(log_id, keys=(KEY,), **how):
    with transaction():
        return signing.sign(log_id, keys, **how)


def keep_key(path, *keys):
    """The keys known to the database, and in a file of the right mode."""
    for one in reversed(keys or (KEY,)):
        with transaction():
            signing.add_key(one)
    path.write_text("".join(f"{one.encoded()}\n" for one in keys or (KEY,)))
    path.chmod(0o600)
    return path


def exported(log_id, keys=(KEY,)):
    """One log as ``{path: content}``."""
    note = signed_now(log_id, keys)
    point = notes.checkpoint(notes.parse(note.encode()).text)
    return dict(exporting.files(log_id, note, point, [key.named(point.origin).verifier for key in keys], []))


def made_of(bodies, key=KEY, origin="test.example/council/x"):
    """The files of a log of these entries, signed: what its keeper could make, whatever the past was."""
    builder, nodes = tree.Builder(), {}
    for body in bodies:
        nodes.update({(level, at): value for level, at, value in builder.add(body)})
    files = {}
    for tile in tiles.tiles_of(len(bodies)):
        files[tile.path()] = content(tile, bodies, nodes)
    named = key.named(origin)
    files["key"] = f"{named.verifier}\n".encode()
    files["checkpoint"] = notes.sign(Checkpoint(origin, len(bodies), builder.root()).text(), [named]).encode()
    return files


def content(tile: Tile, bodies, nodes):
    places = range(tile.first, tile.first + tile.width)
    if tile.level is None:
        return tiles.pack(bodies[at] for at in places)
    return b"".join(nodes[8 * tile.level, at] for at in places)

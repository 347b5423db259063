"""The layout of tiles: the standard's own examples, and only one way of writing an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit import tiles
from deliberation.audit.tiles import Tile, TileError


def test_the_examples_of_the_standard():
    assert tiles.index_path(1234067) == "x001/x234/067"
    assert Tile(0, 273).path() == "tile/0/273"
    assert Tile(1, 1, 17).path() == "tile/1/001.p/17"
    assert Tile(None, 1234067, 1).path() == "tile/entries/x001/x234/067.p/1"
    # The standard: 70,000 entries are 273 full tiles and one of 112, one full tile and one of 17 above, and one of 1.
    found = [tile for tile in tiles.tiles_of(70_000) if tile.level is not None]
    assert [sum(tile.level == level for tile in found) for level in range(4)] == [274, 2, 1, 0]
    assert [tile.path() for tile in found if not tile.is_full] == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_the_tiles_of_a_tree_hold_every_hash_once(size):
    for level in (0, 1, 2):
        widths = [tile.width for tile in tiles.tiles_of(size) if tile.level == level]
        assert sum(widths) == size >> (8 * level)
        assert widths == [tiles.width_at(size, level, index) for index in range(len(widths))]
        assert tiles.width_at(size, level, len(widths)) == 0


@given(st.none() | st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_an_address_is_read_back_as_it_was_written(level, index, width):
    tile = Tile(level, index, width)
    assert tiles.parse(tile.path().removeprefix("tile/")) == tile


@pytest.mark.parametrize(
    "bad",
    ["", "0", "0/", "0/1", "0/0001", "00/001", "64/001", "0/x000/001", "0/001/002", "0/x001", "-1/001", "0/001.p/0", "0/001.p/256",
     "0/001.p/257", "entries/001.p/999", "0/001.p/01", "0/001.p/", "0/001.p", "entries/001/", "entry/001",
     "0/001?x", "0/٠٠١", "0/" + "x999/" * 9 + "999", "../../etc"],
)
def test_no_other_writing_is_an_address(bad):
    with pytest.raises(TileError):
        tiles.parse(bad)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_is_read_back_as_it_was_written(bodies):
    assert tiles.unpack(tiles.pack(bodies)) == bodies


def test_a_bundle_cut_short_is_refused_and_the_longest_entry_fits():
    packed = tiles.pack([b"one", b"", b"x" * 65_535])
    whole = [tiles.unpack(packed[:cut]) for cut in (0, 5, 7)]
    assert [len(bodies) for bodies in whole] == [0, 1, 2]
    for cut in (1, 2, 3, 4, 6, 8, len(packed) - 1):
        with pytest.raises(TileError):
            tiles.unpack(packed[:cut])
    with pytest.raises(TileError):
        tiles.pack([b"x" * 65_536])

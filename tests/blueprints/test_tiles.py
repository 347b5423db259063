"""The log for machines: what is served is what the standard says, cached as it may be, and one line for everything else."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from deliberation.audit import notes, tiles, tree
from deliberation.audit.models import Entry
from deliberation.audit.queries import head
from deliberation.extensions import db
from tests.agenda.worlds import drafting
from tests.audit.signed import KEY, keep_key
from tests.web import in_english, sign_in, statements

BASE = "/c/mochou/log"
NAMED = KEY.named("test.example/council/mochou").verifier


@pytest.fixture
def key(app, world, tmp_path):
    app.config["LOG_KEY"] = str(keep_key(tmp_path / "log.key"))
    db.session.rollback()


def size_of(world):
    size, root = head(world.council.log_id)
    db.session.rollback()
    return size, root


def test_the_checkpoint_is_signed_and_follows_the_log(world, key, client):
    seen = []
    for _n in range(2):
        drafting(world)
        answer = client.get(f"{BASE}/checkpoint")
        point = notes.open_checkpoint(answer.data, [NAMED])
        assert (point.size, point.root) == size_of(world)
        seen.append(point.size)
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-cache")
    assert seen[0] < seen[1]
    assert client.get(f"{BASE}/key").data == f"{NAMED}\n".encode()


def test_the_page_for_the_board_carries_the_verifier_key(world, key, client):
    page = client.get(f"{BASE}/root").text
    assert (str(NAMED).replace("+", "&#43;") in page or str(NAMED) in page, f'href="{BASE}/checkpoint"' in page) == (True, True)


def test_without_a_key_nothing_is_signed_and_the_pages_go_on(app, world, client, tmp_path):
    app.config["LOG_KEY"] = str(tmp_path / "none")
    db.session.rollback()
    for place in ("checkpoint", "key"):
        answer = in_english(client).get(f"{BASE}/{place}")
        assert (answer.status_code, answer.text, answer.mimetype) == (404, "This log is not signed yet.\n", "text/plain")
    assert client.get(f"{BASE}/").status_code == 200


def test_where_the_key_cannot_be_used_the_last_signed_checkpoint_stands(app, world, key, client, tmp_path):
    before = client.get(f"{BASE}/checkpoint").data
    drafting(world)
    db.session.rollback()
    (tmp_path / "log.key").chmod(0o644)
    assert client.get(f"{BASE}/checkpoint").data == before
    (tmp_path / "log.key").unlink()
    assert client.get(f"{BASE}/checkpoint").data == before


def test_tiles_and_bundles_lead_from_the_entries_to_the_signed_root(world, key, client):
    for n in range(30):
        drafting(world, f"m{n}")
    point = notes.open_checkpoint(client.get(f"{BASE}/checkpoint").data, [NAMED])
    assert point.size > 100
    builder = tree.Builder()
    hashes = []
    for tile in tiles.tiles_of(point.size):
        answer = client.get(f"{BASE}/{tile.path()}")
        assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream"), tile
        if tile.level is None:
            bodies = tiles.unpack(answer.data)
            assert len(bodies) == tile.width
            hashes += [tree.leaf_hash(body) for body in bodies]
            for body in bodies:
                builder.add(body)
        elif tile.level == 0:
            assert answer.data == b"".join(hashes[tile.first : tile.first + tile.width])
    assert builder.root() == point.root
    stored = db.session.scalars(select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq))
    assert [tree.leaf_hash(bytes(body)) for body in stored] == hashes


def test_every_narrower_partial_tile_is_the_beginning_of_the_wider(world, client):
    size, _root = size_of(world)
    whole = client.get(f"{BASE}/tile/0/000.p/{size}").data
    for width in range(1, size):
        assert client.get(f"{BASE}/tile/0/000.p/{width}").data == whole[: 32 * width]
    entries = tiles.unpack(client.get(f"{BASE}/tile/entries/000.p/{size}").data)
    assert tiles.unpack(client.get(f"{BASE}/tile/entries/000.p/3").data) == entries[:3]


@pytest.fixture(scope="module")
def beyond():
    """Well-formed, and more than any small log holds."""
    far = ["x999/" * n + "999" for n in range(6)]
    return [f"{kind}/{where}{part}" for kind in ("0", "1", "7", "63", "entries") for where in far for part in ("", ".p/1")]


def test_a_full_tile_may_be_kept_for_ever_and_a_partial_one_for_a_while(demo, new_client):
    answers = {path: new_client().get(f"{BASE}/tile/{path}") for path in ("0/000", "entries/001", "0/002.p/1", "1/000.p/2")}
    kept = {path: answer.headers["Cache-Control"] for path, answer in answers.items()}
    assert kept == {
        "0/000": "public, max-age=31536000, immutable",
        "entries/001": "public, max-age=31536000, immutable",
        "0/002.p/1": "public, max-age=3600",
        "1/000.p/2": "public, max-age=3600",
    }
    assert len(answers["0/000"].data) == 256 * 32
    assert len(tiles.unpack(answers["entries/001"].data)) == 256


def test_it_is_the_same_for_somebody_signed_in(world, new_client):
    visitor, member = new_client(), sign_in(new_client(), "mochou-m01")
    for path in ("tile/0/000.p/3", "tile/entries/000.p/3"):
        one, other = visitor.get(f"{BASE}/{path}"), member.get(f"{BASE}/{path}")
        assert (one.data, one.headers["Cache-Control"]) == (other.data, other.headers["Cache-Control"])
        assert "Set-Cookie" not in other.headers


def test_a_tile_beyond_the_log_is_not_found_in_one_line(world, client, beyond):
    in_english(client)
    size, _root = size_of(world)
    for path in [*beyond, f"0/000.p/{size + 1}", f"entries/000.p/{size + 1}", "0/000", "entries/000", "1/000.p/1"]:
        answer = client.get(f"{BASE}/tile/{path}")
        assert (answer.status_code, answer.text) == (404, "The log has no such tile yet.\n"), path
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/", "x", "0/1", "-1/000", "64/000", "0/000.p/0", "0/000.p/256", "0/000.p/999", "0/000.p/x", "0/000.p/-1",
     "0/000.p/1/2", "0/000.P/1", "0/0000", "0/000/", "0/000%20", "0/000;a", "0/%e9", "00/000", "entries/x", "0/000/000", "%00",
     "%ff", "..%2f..%2fetc/passwd", "9" * 4000, "0/" + "x000/" * 400 + "000", "0/٠٠٠", "entries/" + "9" * 30],
)  # fmt: skip
def test_garbage_in_the_place_of_a_tile_is_one_line(world, client, path):
    answer = in_english(client).get(f"{BASE}/tile/{path}")
    assert (answer.status_code, answer.text, answer.mimetype) == (400, "This is not the address of a tile.\n", "text/plain")


def test_an_unknown_community_is_one_line_too(world, client):
    for place in ("checkpoint", "key", "tile/0/000.p/1"):
        for slug in ("nowhere", "社区", "%00"):
            answer = in_english(client).get(f"/c/{slug}/log/{place}")
            assert (answer.status_code, answer.text) == (404, "There is no such community here.\n")


def test_a_tile_costs_two_statements_whatever_it_holds_and_a_checkpoint_one_more_for_its_witnesses(app, world, key, client):
    costs = []
    client.get(f"{BASE}/checkpoint")
    for path in ("tile/0/000.p/1", "tile/0/000.p/30", "tile/entries/000.p/30", "tile/0/999", "checkpoint"):
        with statements(app) as sent:
            client.get(f"{BASE}/{path}")
        costs.append(len([one for one in sent if one != "BEGIN"]))
    assert costs == [2, 2, 2, 2, 3]


def test_the_pages_of_the_trail_keep_their_addresses(world, client):
    for place in ("", "0", "root"):
        assert client.get(f"{BASE}/{place}").mimetype == "text/html"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_taken_there(world, client, method):
    for place in ("checkpoint", "key", "check.html", "tile/0/000.p/1"):
        assert client.open(f"{BASE}/{place}", method=method).status_code == 405, place


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30))
def test_any_address_is_a_tile_or_one_line(world, client, address):
    answer = client.get(f"{BASE}/tile/{quote(address)}")
    is_line = answer.mimetype == "text/plain" and answer.text.count("\n") == 1
    assert (answer.status_code in (400, 404) and is_line) or (answer.status_code, answer.mimetype) == (308, "text/html")

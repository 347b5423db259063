"""Static files are sent compressed to those who can read that; pages, which hold secrets, never are."""

from __future__ import annotations

import gzip
from pathlib import Path

STYLE = Path(__file__).parents[2] / "deliberation" / "static" / "style.css"
ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


def test_the_style_sheet_comes_compressed_and_whole(client):
    answer = client.get("/static/style.css", headers=ZIPPED, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data) == STYLE.read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.data) < STYLE.stat().st_size / 3


def test_who_cannot_unpack_gets_it_plain(client):
    for headers in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}):
        answer = client.get("/static/style.css", headers=headers, buffered=True)
        assert "Content-Encoding" not in answer.headers, headers
        assert answer.data == STYLE.read_bytes()
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_browser_that_has_it_is_told_so(client):
    etag = client.get("/static/style.css", headers=ZIPPED, buffered=True).headers["ETag"]
    answer = client.get("/static/style.css", headers={**ZIPPED, "If-None-Match": etag}, buffered=True)
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_part_of_a_file_is_never_compressed(client):
    answer = client.get("/static/style.css", headers={**ZIPPED, "Range": "bytes=0-9"}, buffered=True)
    assert (answer.status_code, answer.data) == (206, STYLE.read_bytes()[:10])


def test_no_page_is_compressed(world, client):
    for url in ("/", "/login", "/c/mochou/", "/nowhere"):
        answer = client.get(url, headers=ZIPPED)
        assert "csrf_token" in answer.text or answer.status_code != 200
        assert "Content-Encoding" not in answer.headers, url

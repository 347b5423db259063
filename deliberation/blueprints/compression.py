"""Style sheets, scripts and drawings travel compressed; pages never do.

A page holds the token against forgery beside words that a stranger may have put into its address or its comments. From
the lengths of such answers, compressed, the token can be guessed letter by letter (BREACH). Static files hold no secret.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

TYPES = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


def setup(app: Flask) -> None:
    app.after_request(compress)


@lru_cache(maxsize=32)
def packed(content: bytes) -> bytes:
    """The same bytes for the same content, made once a process."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def compress(response: Response) -> Response:
    """A whole static file, for a browser that unpacks it."""
    if request.endpoint != "static" or response.mimetype not in TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # Two forms of one file under one name: alike, not equal byte for byte.
        response.set_etag(etag, weak=True)
    return response

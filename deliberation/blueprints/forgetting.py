"""What a process remembers of rendered texts is dropped once something was erased, and once an hour in any case.

An erased text is never shown from memory: what is remembered is found by what stands in the database now. This is about the
memory itself. The process that erased forgets at once; the others, which do not hear of it, within the hour.
"""

from __future__ import annotations

import time

from flask import Flask

from deliberation.audit import ledger
from deliberation.blueprints import comment_rows, words
from deliberation.blueprints.kept import kept
from deliberation.review import listing

EVERY = 3600.0
_last = [time.monotonic()]


def forget() -> None:
    """Drop every text that this process has rendered or read."""
    _last[0] = time.monotonic()
    kept.clear()
    for remembered in (listing._row, comment_rows._made, words._piece):
        remembered.cache_clear()


def setup(app: Flask) -> None:
    if forget not in ledger.after_erasing:
        ledger.after_erasing.append(forget)

    @app.before_request
    def hourly() -> None:
        if time.monotonic() - _last[0] > EVERY:
            forget()

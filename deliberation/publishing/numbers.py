"""How a document's number is written. Pure."""

from __future__ import annotations

from deliberation.kernel.words import N_, Words


def number_words(prefix: str, year: int, number: int) -> Words:
    """``莫社议决〔2026〕1号`` in the reader's language."""
    return Words(N_("%(prefix)s Resolution [%(year)s] No. %(number)s"), prefix=prefix, year=year, number=number)

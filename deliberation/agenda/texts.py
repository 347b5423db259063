"""Plan texts: numbered paragraphs with stable keys, and their hash. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from deliberation.audit.canonical import canonical
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

MOST_PARAGRAPHS = 60
LONGEST_PARAGRAPH = 1000


def text_hash(texts: Iterable[str]) -> str:
    """Hex SHA-256 over the canonical JSON of the paragraphs' texts: one character changed makes another hash."""
    return hashlib.sha256(canonical(list(texts))).hexdigest()


def next_key(taken: Iterable[str]) -> str:
    """A key that no paragraph of the matter has had: ``p1``, ``p2``, …"""
    highest = max((int(key[1:]) for key in taken if key[1:].isdigit()), default=0)
    return f"p{highest + 1}"


def carry_keys(texts: Sequence[str], before: Sequence[tuple[str, str]], taken: Iterable[str]) -> list[tuple[str, str]]:
    """Give each new paragraph the key of the old one that it continues.

    ``before`` are (key, text) of the version that is rewritten, ``taken`` every key that the matter has used. Equal
    texts keep their keys; what is left over is matched in order between equal neighbours; the rest gets new keys.
    """
    used = list(taken)
    keys: list[str | None] = [None] * len(texts)
    free = list(before)
    for at, text in enumerate(texts):
        same = next((pair for pair in free if pair[1] == text), None)
        if same is not None:
            keys[at] = same[0]
            free.remove(same)
    for at, key in enumerate(keys):
        if key is None and at < len(before) and before[at] in free:
            keys[at] = before[at][0]
            free.remove(before[at])
    for at, key in enumerate(keys):
        if key is None:
            keys[at] = next_key(used)
            used.append(str(keys[at]))
    return [(str(key), text) for key, text in zip(keys, texts, strict=True)]


def check(texts: Sequence[str]) -> None:
    """Raise `Invalid` for an empty plan, too many paragraphs, or one that is empty or too long."""
    if not texts:
        raise Invalid(N_("The plan needs at least one paragraph."), field="text")
    if len(texts) > MOST_PARAGRAPHS:
        raise Invalid(N_("A plan has at most %(n)s paragraphs."), n=MOST_PARAGRAPHS, field="text")
    for number, text in enumerate(texts, 1):
        if not text.strip() or len(text) > LONGEST_PARAGRAPH:
            raise Invalid(
                N_("Paragraph %(number)s is empty or longer than %(n)s characters."),
                number=number,
                n=LONGEST_PARAGRAPH,
                field="text",
            )


def split(text: str) -> list[str]:
    """Paragraphs from a text field: one a line, blank lines fall away."""
    return [line.strip() for line in text.splitlines() if line.strip()]

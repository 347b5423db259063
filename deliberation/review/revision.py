"""Whether a changed text owes its changes to the comments alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

Keyed = tuple[str, str]
_LINE = re.compile(r"\s*([0-9]{1,3})\s*[:\uff1a]\s*(.+)")


def changed(before: Sequence[Keyed], after: Sequence[Keyed]) -> list[Keyed]:
    """The (key, text) pairs of ``after`` that are new or reworded."""
    old = dict(before)
    return [(key, text) for key, text in after if old.get(key) != text]


def is_caused(before: Sequence[Keyed], after: Sequence[Keyed], causes: Collection[Keyed]) -> bool:
    """Whether every change from ``before`` to ``after`` names a comment as its cause.

    ``causes`` are the (key, text) pairs for which a comment is named. A paragraph that went, or that changed places,
    has no paragraph of its own to name a cause: the answer is False then, and the text goes out for comment again.
    """
    kept = [key for key, _ in after if key in dict(before)]
    if kept != [key for key, _ in before]:
        return False
    return all(pair in causes for pair in changed(before, after))


def read_causes(text: str, ids: Mapping[str, int]) -> dict[int, list[int]]:
    """Causes as the form takes them, ``2: C-03, C-09``, one paragraph a line; ``ids`` are comments by label.

    Raises `Invalid` (field ``causes``) naming the first line or comment that is not understood.
    """
    causes: dict[int, list[int]] = {}
    for line in filter(str.strip, text.splitlines()):
        found = _LINE.fullmatch(line)
        if found is None:
            raise Invalid(N_("This line is not understood: %(line)s"), line=line.strip()[:40], field="causes")
        for label in filter(None, re.split(r"[\s,;\uff0c\u3001\uff1b]+", found[2].upper())):
            if label not in ids:
                raise Invalid(N_("There is no comment %(label)s that stands here."), label=label[:20], field="causes")
            causes.setdefault(int(found[1]), []).append(ids[label])
    return causes

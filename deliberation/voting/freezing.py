"""What is frozen when a poll opens, as one hash that anybody can make again from the poll's entries in the log. Pure.

The hash is the SHA-256 of canonical JSON: what is voted on, how, under which rule, and who may vote, each person by the
reference that the council's log has for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deliberation.audit.canonical import canonical


def frozen_hash(
    poll: Mapping[str, Any],
    options: Sequence[str],
    rule: str,
    rule_version: int,
    electorate: Iterable[tuple[str, bool, bool, bool]],
) -> str:
    """The hash of what was frozen. ``options``: their texts; ``electorate``: (reference, present, recused, may vote)."""
    data = {
        "poll": dict(poll),
        "options": [hashlib.sha256(text.encode()).hexdigest() for text in options],
        "rule": rule,
        "rule_version": rule_version,
        "electorate": sorted([ref, *flags] for ref, *flags in electorate),
    }
    return hashlib.sha256(canonical(data)).hexdigest()

"""What the minutes hold of rows that stand in the log too, so that nobody leads a number of the minutes back to a person by them.

The log holds roster, speeches, objections and personal texts under their ids, with the references of people. Beside the numbers
of the minutes the same ids, commitments or seconds would tell whose number is whose. So the document has them under its secret:
a personal text stands there by a hash over the secret and its commitment, ids are blinded, times are whole minutes. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

SEALED = {"record", "commitment"}


def veiled(commitment: str | None, salt: bytes) -> str | None:
    """A commitment as the document holds it: it still holds to one text, for whoever has the secret."""
    return None if commitment is None else hashlib.sha256(b"text of the minutes" + salt + commitment.encode()).hexdigest()


def _blinded(number: int, beside: str | None, what: str, salt: bytes) -> int:
    """An id, other than it is in the log; the same again gives it back. ``beside``: the veiled commitment it stands with."""
    return number ^ int.from_bytes(hashlib.sha256(what.encode() + salt + (beside or "").encode()).digest()[:6])


def masked(part: Any, salt: bytes) -> Any:
    """A document, or a part of it, as it is frozen under the secret of the minutes."""
    if isinstance(part, list):
        return [masked(one, salt) for one in part]
    if not isinstance(part, Mapping):
        return part
    if set(part) == SEALED:
        veil = veiled(part["commitment"], salt)
        return {"record": _blinded(part["record"], veil, "record", salt), "commitment": veil}
    made = {key: masked(one, salt) for key, one in part.items()}
    if "hours" in made:
        made["hours"] = [[minute(came), minute(left)] for came, left in made["hours"]]
    if _is_said(made):
        made |= {"id": _blinded(made["id"], made["words"]["commitment"], "id", salt), "at": minute(made["at"])}
    return made


def unmasked(part: Any, salt: bytes) -> Any:
    """The same with the ids of the rows, for pages that read them. Commitments stay veiled, times whole minutes."""
    if isinstance(part, list):
        return [unmasked(one, salt) for one in part]
    if not isinstance(part, Mapping):
        return part
    if set(part) == SEALED:
        return {**part, "record": _blinded(part["record"], part["commitment"], "record", salt)}
    made = {key: unmasked(one, salt) for key, one in part.items()}
    if _is_said(made):
        made["id"] = _blinded(made["id"], made["words"]["commitment"], "id", salt)
    return made


def _is_said(part: Mapping[str, Any]) -> bool:
    """Whether it is a speech or an objection."""
    return {"id", "by", "at", "words"} <= set(part) and part["words"] is not None


def minute(at: str | None) -> str | None:
    return None if at is None else f"{at[:16]}:00Z"

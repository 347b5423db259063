"""What the minutes hold of rows that stand in the log too, so that nobody leads a number of the minutes back to a person by them.

The log holds roster, speeches, objections and personal texts under their ids, with the references of people. Beside the numbers
of the minutes the same ids, commitments or seconds would tell whose number is whose. So the document has them under its secret:
a personal text stands there by a hash over the secret and its commitment, ids are blinded, times are whole minutes. (Who alone
came or spoke in a minute can still be told by the log's own times.) Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

SEALED = {"record", "commitment"}


def veiled(commitment: str | None, salt: bytes) -> str | None:
    """A commitment as the document holds it: it still holds to one text, for whoever has the secret."""
    return None if commitment is None else hashlib.sha256(b"text of the minutes" + salt + commitment.encode()).hexdigest()


def _blinded(number: int, beside: str | None, what: str, salt: bytes) -> int:
    """An id, other than it is in the log; the same again gives it back. ``beside``: the veiled commitment it stands with."""
    return number ^ int.from_bytes(hashlib.sha256(what.encode() + salt + (beside or "").encode()).digest()[:6])


def masked(doc: Any, salt: bytes) -> Any:
    """A document, or a part of it, as it is frozen under the secret of the minutes."""

    def mask(part: dict[str, Any]) -> None:
        if set(part) == SEALED:
            part["commitment"] = veiled(part["commitment"], salt)
        if "hours" in part:
            part["hours"] = [[minute(came), minute(left)] for came, left in part["hours"]]
        if _is_said(part):
            part["at"] = minute(part["at"])
        _blind(part, salt)

    return _changed(doc, mask)


def unmasked(doc: Any, salt: bytes) -> Any:
    """The same with the ids of the rows, for pages that read them. Commitments stay veiled, times whole minutes."""
    return _changed(doc, lambda part: _blind(part, salt))


def _changed(part: Any, change: Callable[[dict[str, Any]], None]) -> Any:
    """A copy in which every object was changed, the innermost first."""
    if isinstance(part, list):
        return [_changed(one, change) for one in part]
    if not isinstance(part, Mapping):
        return part
    made = {key: _changed(one, change) for key, one in part.items()}
    change(made)
    return made


def _blind(part: dict[str, Any], salt: bytes) -> None:
    """Ids, beside commitments that are veiled already. The same again gives them back."""
    if set(part) == SEALED:
        part["record"] = _blinded(part["record"], part["commitment"], "record", salt)
    if _is_said(part):
        part["id"] = _blinded(part["id"], part["words"]["commitment"], "id", salt)


def _is_said(part: Mapping[str, Any]) -> bool:
    """Whether it is a speech or an objection."""
    return {"id", "by", "at", "words"} <= set(part) and part["words"] is not None


def minute(at: str | None) -> str | None:
    return None if at is None else f"{at[:16]}:00Z"

"""Salted commitments: what the log holds in the place of personal words (DOMAIN.md §7.3, DESIGN.md law 9).

The 32-byte salt is random, used once and kept beside the value. Once both are deleted, the commitment can no
longer be tested against guesses, and the log still verifies.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from deliberation.audit.canonical import canonical

TAG = b"deliberation/commitment/v1\0"
"""Keeps these hashes apart from every other use of SHA-256."""
SALT_SIZE = 32


def new_salt() -> bytes:
    """32 bytes from the system's source of chance; one for each record, never used again."""
    return secrets.token_bytes(SALT_SIZE)


def commit(kind: str, salt: bytes, value: object) -> str:
    """Hexadecimal SHA-256(`TAG` ‖ salt ‖ canonical([kind, value])), 64 characters in lower case.

    ``value`` is JSON as `canonical` takes it; ``kind`` keeps equal values of different meaning apart.
    Raises ValueError when the salt is not 32 bytes, `NotCanonical` (a ValueError) as `canonical` does.
    """
    if not isinstance(salt, bytes) or len(salt) != SALT_SIZE:
        raise ValueError(f"a salt must be {SALT_SIZE} bytes")
    return sha256(TAG + salt + canonical([kind, value])).hexdigest()


def opens(commitment: str, kind: str, salt: bytes, value: object) -> bool:
    """Whether this kind, salt and value are what was committed to; compares in constant time, raises nothing.

    What could not have been committed to (a salt of another length, a float) opens no commitment.
    """
    try:
        expected = commit(kind, salt, value)
    except ValueError:
        return False
    return hmac.compare_digest(expected.encode(), commitment.encode("utf-8", "surrogatepass"))

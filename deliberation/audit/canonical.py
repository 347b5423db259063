"""Canonical JSON: one value, one sequence of bytes.

Standard: RFC 8785 (JSON Canonicalization Scheme), cut down to what the log needs: no floats, and no keys outside
the Basic Multilingual Plane, so that sorting by code point equals the standard's sorting by UTF-16 code unit.
"""

from __future__ import annotations

import json

MAX_BODY = 65_535
"""Bytes; the longest entry of the log."""
MAX_INT = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""
MAX_DEPTH = 64
"""Arrays and objects within one another."""


ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class NotCanonical(ValueError):
    """The value has no canonical form here; the message says why."""


def canonical(value: object) -> bytes:
    """The UTF-8 bytes of ``value``: keys sorted, no spaces, nothing escaped that need not be.

    ``value`` is None, a bool, an int, a str, a list or tuple, or a dict with str keys, nested at most `MAX_DEPTH`.
    Raises `NotCanonical` for floats and any other type, keys that are not strings or leave the BMP, lone
    surrogates, and whole numbers beyond ±(2^53 − 1).
    """
    _check(value, 0)
    try:
        return ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise NotCanonical("a text with a lone surrogate") from None


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -MAX_INT <= value <= MAX_INT:
            raise NotCanonical("a whole number beyond 2^53 − 1")
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_key(key)
            _check(item, depth + 1)
    else:
        raise NotCanonical(f"a value of type {type(value).__name__}")


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise NotCanonical(f"a key of type {type(key).__name__}")
    if not key.isascii() and any(character > "\uffff" for character in key):
        raise NotCanonical("a key with a character outside the Basic Multilingual Plane")

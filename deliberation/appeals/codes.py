"""Receipt codes: the appellant's key to the appeal's page, shown once and kept only as a hash. Pure but for chance."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from hashlib import pbkdf2_hmac

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
"""Nothing that looks like something else on paper: no 0/O, 1/I/L, 2/Z, 5/S, 8/B."""
LENGTH = 8
ROUNDS = 20_000
"""A stolen table gives no codes cheaply: 25^8 codes times the rounds, anew for each appeal."""


def new_code() -> str:
    """Eight characters from the system's source of chance, about 37 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As printed: ``ACDE-3467``."""
    return f"{code[:4]}-{code[4:]}"


def tidy(typed: str) -> str:
    """What was typed, without dashes and blanks, full-width letters and small letters as on paper."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())


def hashed(code: str, salt: str) -> str:
    """64 hexadecimal characters; ``salt`` tells the appeals apart (the council and the number)."""
    return pbkdf2_hmac("sha256", tidy(code).encode("utf-8", "replace"), salt.encode(), ROUNDS).hex()


def opens(typed: str, kept: str, salt: str) -> bool:
    """Whether the typed code is the one kept; in constant time, and never for what cannot be a code."""
    code = tidy(typed)
    return len(code) == LENGTH and hmac.compare_digest(hashed(code, salt), kept)

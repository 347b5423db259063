"""The door of the room: six digits that change, for whoever can read them there. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

DIGITS = 6
SCAN_WINDOWS = 10
"""How long a scan counts: as long as it takes to sign in by hand on a telephone."""


def key_from(secret: str) -> bytes:
    """The key of all doors, made of the installation's secret."""
    return hashlib.sha256(b"deliberation room\0" + secret.encode()).digest()


def digits_in(typed: str) -> str:
    """The digits of what was typed: blanks, hyphens and full-width figures are fine."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(one for one in plain if one in "0123456789")[: DIGITS + 1]


@dataclass(frozen=True)
class Door:
    """The door of one meeting, whose code is another one every ``seconds``."""

    key: bytes
    meeting_id: int
    seconds: int

    def code(self, at: datetime) -> str:
        """The code of this moment."""
        return self._code(self._window(at))

    def until(self, at: datetime) -> datetime:
        """When another code follows."""
        return datetime.fromtimestamp((self._window(at) + 1) * self.seconds, UTC)

    def opens(self, code: str, at: datetime) -> bool:
        """Whether this code, or one that was typed when it changed, is good now."""
        given, window = digits_in(code), self._window(at)
        good = [hmac.compare_digest(given, self._code(one)) for one in (window, window - 1)]
        return any(good)

    def still_counts(self, scanned_at: datetime, now: datetime) -> bool:
        """Whether a scan is recent enough to be handed in."""
        return 0 <= (now - scanned_at).total_seconds() <= self.seconds * SCAN_WINDOWS

    def _window(self, at: datetime) -> int:
        return int(at.timestamp()) // self.seconds

    def _code(self, window: int) -> str:
        drawn = hmac.new(self.key, f"{self.meeting_id}.{window}".encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(drawn[:8]) % 10**DIGITS:0{DIGITS}d}"

"""What is kept about persons: their own page, their requests, restriction, and the erasures after a restore."""

from __future__ import annotations

from flask import Flask

from deliberation.privacy import actions, models
from deliberation.privacy.cutting import cut_requests
from deliberation.review.services import leading

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
    if cut_requests not in leading:
        leading.append(cut_requests)

"""Debates, motions, amendments, seconding, the order of voting, and the text that results."""

from __future__ import annotations

from flask import Flask

from deliberation.motions import models

__all__ = ["models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""

"""One-stop intake of appeals, reply clocks, merging into matters, replies."""

from __future__ import annotations

from flask import Flask

from deliberation.appeals import models

__all__ = ["models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""

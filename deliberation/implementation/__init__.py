"""Tasks, progress, satisfaction."""

from __future__ import annotations

from flask import Flask

from deliberation.implementation import models

__all__ = ["models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""

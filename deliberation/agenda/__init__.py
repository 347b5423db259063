"""The five steps: matters, plan versions, hand-overs, recusals, and the one gate that moves a matter."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda import actions, models, rederiving
from deliberation.audit.replaying import rederived

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
    rederived.add("agenda", rederiving.differences)

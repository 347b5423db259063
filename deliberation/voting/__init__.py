"""Polls over any list of persons, electorate snapshots, ballots, verdicts. Knows nothing of matters or motions."""

from __future__ import annotations

from flask import Flask

from deliberation.audit.replaying import rederived
from deliberation.voting import actions, installed, models, paper, rederiving, secret

__all__ = ["actions", "models", "paper", "secret", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application, with the counting methods of packages from outside."""
    installed.load()
    rederived.add("voting", rederiving.differences)

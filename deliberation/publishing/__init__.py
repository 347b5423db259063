"""Resolutions and document numbers."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.audit.replaying import rederived
from deliberation.publishing import actions, models, rederiving
from deliberation.publishing.services import resolution_goes_along, review_is_settled
from deliberation.review.services import settled_rules

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
    step_rules.add("publishing.resolution", resolution_goes_along)
    rederived.add("publishing", rederiving.differences)
    settled_rules.add("publishing.resolution", review_is_settled)

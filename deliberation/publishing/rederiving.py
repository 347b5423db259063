"""Comparing every resolution with the text that it puts into force."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from deliberation.agenda.models import PlanVersion
from deliberation.audit.replaying import Difference
from deliberation.extensions import db
from deliberation.publishing.models import Resolution


def differences() -> Iterator[Difference]:
    """Every resolution whose hash is not that of the version it names."""
    other = (
        select(Resolution.id)
        .join(PlanVersion, PlanVersion.id == Resolution.version_id)
        .where(Resolution.text_hash != PlanVersion.text_hash)
        .order_by(Resolution.id)
    )
    for number in db.session.scalars(other):
        yield Difference("resolution", (number,), "text_hash", "it is not the hash of the adopted text")

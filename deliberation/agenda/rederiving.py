"""Hashing every plan again from its paragraphs, to compare with the hash that votes and resolutions name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import select

from deliberation.agenda.models import PlanParagraph, PlanVersion
from deliberation.agenda.texts import text_hash
from deliberation.audit.replaying import Difference
from deliberation.extensions import db


def differences() -> Iterator[Difference]:
    """Every version of a plan whose kept hash is not that of its paragraphs."""
    paragraphs = (
        select(PlanVersion.id, PlanVersion.text_hash, PlanParagraph.text)
        .join(PlanParagraph, PlanParagraph.version_id == PlanVersion.id)
        .order_by(PlanVersion.id, PlanParagraph.position)
    )
    rows = db.session.execute(paragraphs.execution_options(yield_per=1000))
    for (version, kept), texts in groupby(rows, key=itemgetter(0, 1)):
        if kept != text_hash(text for _version, _kept, text in texts):
            yield Difference("plan_version", (version,), "text_hash", "it is not the hash of its paragraphs")

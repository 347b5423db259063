from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from deliberation.extensions import Model
from deliberation.kernel.database import digest, public


class Notice(Model):
    """What hangs on the board of a council: one notice at a time. The log holds the digest of its text."""

    __tablename__ = "noticeboard_notice"
    __recorded__ = True

    council_id: Mapped[int] = public(ForeignKey("council.id"), primary_key=True)
    text: Mapped[str] = digest()
    closed: Mapped[bool] = public()
    pinned_at: Mapped[datetime] = public()

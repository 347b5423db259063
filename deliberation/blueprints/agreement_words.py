"""What pages say of sides, points and how a meeting of sides ended."""

from __future__ import annotations

from flask_babel import gettext as _

from deliberation.agreements.models import Settlement
from deliberation.agreements.queries import PointLine, Who
from deliberation.agreements.states import Ending, channels
from deliberation.blueprints.words import day, office_said, short_language
from deliberation.meetings.kinds import MeetingKind, parties
from deliberation.meetings.models import Meeting


def who_said(one: Who) -> str:
    """A side by its name, or an office."""
    if one.party is not None:
        return parties()[one.party][short_language()]
    return one.name or office_said(one.office or "")


def point_said(n: int, one: PointLine) -> str:
    """What, who does it, by when."""
    return _("%(n)s. %(text)s (%(who)s, by %(day)s)", n=n, text=one.text, who=who_said(one.who), day=day(one.due_on))


def channel_said(ending: Settlement) -> str:
    """Where a dispute goes on."""
    names = channels()[ending.channel or ""]
    if not ending.channel_words:
        return str(names[short_language()])
    if names.get("words"):
        return ending.channel_words
    return _("%(who)s: %(reason)s", who=names[short_language()], reason=ending.channel_words)


def happening(meeting: Meeting, kind: MeetingKind, ending: Settlement | None) -> str:
    """How it stands, in one sentence."""
    if meeting.state == "cancelled":
        return _("This meeting was called off.")
    if ending is not None:
        if ending.ending == Ending.AGREED:
            return _("Every side has agreed. What becomes of each point is noted below.")
        return _("There was no agreement. It goes on elsewhere.")
    if not meeting.opened_at:
        return _("The meeting is yet to come. Its sides are on the list.")
    if kind.agrees == "agreement":
        return _("The sides negotiate. The meeting is closed when every side has agreed, or when it is written down that there was"
                 " no agreement.")  # fmt: skip
    if meeting.is_held:
        return _("The meeting is over. What becomes of each point is noted below.")
    return _("The meeting is open. The clerk writes down what is agreed.")

"""What pages say of a hearing: how it stands, and when one can be planned."""

from __future__ import annotations

from flask_babel import gettext as _

from deliberation.councils import rules
from deliberation.councils.models import Council
from deliberation.councils.services import rules_in_force
from deliberation.hearings.models import Hearing
from deliberation.meetings.kinds import held_by


def hearing_steps(council: Council) -> tuple[str, ...]:
    """The steps in which this council hears people on a matter."""
    held = held_by(rules.parse(rules_in_force(council).data))
    return next((one.matters for one in held if one.hears), ())


def happening(hearing: Hearing) -> str:
    """What happens next with this round, in one sentence."""
    if hearing.meeting.state == "cancelled":
        return _("This hearing was called off.")
    if hearing.answer is not None:
        return _("The council has answered the findings.")
    if hearing.findings is not None:
        return _("Those who were there confirm the record. The council answers the findings in writing before it votes.")
    if hearing.meeting.is_held:
        return _("The hearing is over. The clerk writes the findings.")
    if hearing.meeting.state in ("open", "adjourned"):
        return _("People are being heard. The clerk takes down what is said.")
    return _("The hearing is yet to come. Who takes part is on the list.")

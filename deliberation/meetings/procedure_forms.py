"""The forms of how a sitting goes on with a motion, and of the chair's rulings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional, ValidationError

from deliberation.councils.forms import DayField
from deliberation.kernel.forms import BaseForm, choice, whole_number
from deliberation.kernel.forms import text as long_text
from deliberation.meetings.procedure import LONGEST_REASON
from deliberation.motions.forms import ForMemberForm, MemberSelect

NOBODY = 0
PUBLIC_HINT = _l("Everybody can read this. No names.")


class TwoMembersForm(BaseForm):
    mover = MemberSelect(_l("Who moves it"))
    seconder = MemberSelect(_l("Who seconds it"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.mover.choices = self.seconder.choices = [(NOBODY, _("Please choose")), *people]

    def validate_mover(self, field: Any) -> None:
        if field.data == NOBODY:
            raise ValidationError(_l("Please choose one of these."))

    def validate_seconder(self, field: Any) -> None:
        if field.data == NOBODY:
            raise ValidationError(_l("Please choose one of these."))
        if field.data == self.mover.data:
            raise ValidationError(_l("Who made the motion cannot second it."))


class PostponeForm(TwoMembersForm):
    when = choice(_l("Until when"), [("next", _l("To the next session")), ("day", _l("To a day"))])
    until = DayField(_l("The day"), validators=[Optional()], description=_l("Only where you chose a day."))
    reason = long_text(_l("Reason"), most=LONGEST_REASON, rows=3, hint=PUBLIC_HINT)

    def validate_when(self, field: Any) -> None:
        if field.data == "day" and self.until.data is None:
            raise ValidationError(_l("Please enter a day."))

    @property
    def chosen(self) -> date | None:
        """The day meant, or None for the next session."""
        day: date | None = self.until.data if self.when.data == "day" else None
        return day


class CloseDebateForm(TwoMembersForm):
    """Only who moves it and who seconds it."""


class ReconsiderForm(ForMemberForm):
    declared = BooleanField(
        _l("I declare that I voted with the result"), description=_l("The vote was secret: only you can say so. This is recorded.")
    )


class RulingForm(BaseForm):
    about = SelectField(_l("What it is about"), choices=[], validate_choice=False)
    text = long_text(_l("The ruling"), most=LONGEST_REASON, rows=3, hint=PUBLIC_HINT)
    reason = long_text(_l("Reason"), most=LONGEST_REASON, rows=3, hint=PUBLIC_HINT)

    def validate_about(self, field: Any) -> None:
        if (field.data or "") not in {value for value, *_rest in field.choices}:
            raise ValidationError(_l("Please choose one of these."))


class HandsForm(BaseForm):
    hands_for = whole_number(_l("Hands for the ruling"), high=1000)
    hands_against = whole_number(_l("Hands against the ruling"), high=1000)

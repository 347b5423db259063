"""The forms of a council session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.kernel.forms import BaseForm, LocalTimeField, choice, line, text, told_of_changes
from deliberation.meetings.guests import LONGEST_CAPACITY
from deliberation.meetings.minutes import LONGEST_PART
from deliberation.meetings.models import Meeting
from deliberation.meetings.planning import LONGEST_LINE, MOST_MATERIALS, MOST_TOPICS
from deliberation.meetings.queries import RosterLine
from deliberation.meetings.states import PRESENCE_WORDS, STANCE_WORDS, Presence
from deliberation.motions.forms import ForMemberForm, MemberSelect, person_id

PRESENCES = [
    (one.value, _l(PRESENCE_WORDS[one]))
    for one in (Presence.ATTENDING, Presence.EXPECTED, Presence.EXCUSED, Presence.ABSENT, Presence.LEFT)
]
STANCES = [(value, _l(words)) for value, words in STANCE_WORDS.items()]
REST = (("same", _l("As before")), (Presence.ATTENDING.value, _l(PRESENCE_WORDS[Presence.ATTENDING])))


def moment(label: Any) -> Any:
    return LocalTimeField(
        label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[InputRequired(_l("Please fill this in.")), in_our_time]
    )


def in_our_time(form: Any, field: Any) -> None:
    if field.data is not None and not 2000 <= field.data.year <= 2200:
        raise ValidationError(_l("Please give a date and a time."))


class TimedForm(BaseForm):
    def instant(self, zone: str, field: Any = None) -> datetime:
        """The moment meant, read on the council's clock: of ``starts_at``, or of the field given."""
        local: Any = (self["starts_at"] if field is None else field).data
        instant: datetime = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        return instant


class HiddenNumber(HiddenField):
    """A whole number that the page carries along; whatever else comes back is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = int(valuelist[0]) if valuelist and valuelist[0].isdecimal() and len(valuelist[0]) < 10 else -1


class WhyForm(BaseForm):
    reason = text(_l("Reason"), most=500, rows=3, hint=_l("Everybody reads it on the meeting's page."))


class AdjournForm(TimedForm):
    until = moment(_l("It goes on"))


class MoveForm(TimedForm):
    starts_at = moment(_l("Day and time"))
    place = line(_l("Place"), most=LONGEST_LINE)
    reason = text(_l("Reason"), most=500, rows=3, hint=_l("Everybody reads it on the meeting's page."))

    @classmethod
    def filled(cls, meeting: Meeting, zone: str) -> MoveForm:
        return cls(data={"starts_at": meeting.starts_at.astimezone(ZoneInfo(zone)), "place": meeting.place})


class PlanForm(TimedForm):
    starts_at = moment(_l("Day and time"))
    place = line(_l("Place"), most=LONGEST_LINE)
    matters = SelectMultipleField(
        _l("Matters"),
        coerce=person_id,
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("In the order in which they lie before the council."),
    )
    topics = text(
        _l("Other topics"), most=MOST_TOPICS * (LONGEST_LINE + 1), required=False, rows=3,
        hint=_l("One a line. They go out with the notice; no question is put to the vote on anything else."),
    )  # fmt: skip
    materials = text(
        _l("Papers that go out with the notice"), most=MOST_MATERIALS * (LONGEST_LINE + 1), required=False, rows=4,
        hint=_l("One title a line."),
    )  # fmt: skip

    needs_matters = True

    def validate_matters(self, field: Any) -> None:
        known = {value for value, *_rest in field.choices}
        if (self.needs_matters and not field.data) or not set(field.data or ()) <= known:
            raise ValidationError(_l("Choose at least one matter for the agenda."))

    @classmethod
    def filled(cls, meeting: Meeting, zone: str) -> PlanForm:
        """The form of a session that is on the calendar, as it stands."""
        return cls(data={
            "starts_at": meeting.starts_at.astimezone(ZoneInfo(zone)),
            "place": meeting.place,
            "matters": [item.matter_id for item in meeting.items],
            "topics": "\n".join(one.text for one in meeting.topics),
            "materials": "\n".join(one.title for one in meeting.materials),
        })  # fmt: skip

    def topic_lines(self) -> list[str]:
        return [one.strip() for one in (self.topics.data or "").splitlines() if one.strip()]

    def titles(self) -> list[str]:
        return [one.strip() for one in (self.materials.data or "").splitlines() if one.strip()]


class RosterForm(BaseForm):
    """The roster; ``rest`` and the members' fields are added by `roster_form`."""

    def validate(self, extra_validators: Any = None) -> bool:
        """A line that another clerk or the member changed meanwhile is shown as it stands now, and noted only when it is handed
        in again."""
        good = super().validate(extra_validators)
        told = _l("Noted meanwhile: %(state)s. If you are right, hand it in again; otherwise mark that.")
        return not told_of_changes(self, "m", told, {Presence.EXPECTED: _l("Expected"), **dict(PRESENCES)}) and good

    def states(self) -> dict[int, Presence]:
        """What was marked otherwise than it was read, by person: a line that nobody touched overwrites nothing that happened
        while the form was open. ``rest`` speaks only for those who are still merely expected."""
        marked: dict[int, Presence] = {}
        for field in self:
            if field.name.startswith("m"):
                if field.data:
                    if field.data != self[f"was_{field.name}"].data:
                        marked[int(field.name[1:])] = Presence(field.data)
                elif self["rest"].data == Presence.ATTENDING and not field.object_data:
                    marked[int(field.name[1:])] = Presence.ATTENDING
        return marked


def roster_form(rows: Iterable[RosterLine], label: Any) -> RosterForm:
    """A form with one line a member, and the state that was read beside it; ``label(row)`` says who it is. Marked
    beforehand is whoever is more than expected."""
    rows = list(rows)
    hint = _l("Marked already is whoever was noted before.")
    fields: dict[str, Any] = {"rest": choice(_l("Whoever is not marked below"), REST, hint=hint)}
    fields |= {f"m{row.person_id}": choice(label(row), PRESENCES, required=False) for row in rows}
    fields |= {f"was_m{row.person_id}": HiddenField() for row in rows}
    known = {f"m{row.person_id}": row.state for row in rows if row.state != Presence.EXPECTED}
    read = {f"was_m{row.person_id}": row.state for row in rows}
    made: RosterForm = type("RosterForm", (RosterForm,), fields)(data={"rest": "same", **known, **read})
    return made


class GuestForm(BaseForm):
    """By sign-in name, or by name alone."""

    name = line(
        _l("Name"), most=40, required=None, hint=_l("Only the council’s own people read it; everybody else reads a number."),
    )  # fmt: skip
    login = line(_l("Sign-in name, if there is one"), required=False, hint=_l("Then the name is known, and need not be given."))
    as_what = line(
        _l("Sits in as"), most=LONGEST_CAPACITY, hint=_l("Such as an office or an organisation; it is read like the name."),
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and not self.name.data and not self.login.data:
            self.name.errors = [*self.name.errors, _l("Please fill this in.")]
            return False
        return bool(good)


class ComingForm(BaseForm):
    """The code that can be read in the room."""

    code = line(_l("The six digits on the wall"), most=20, inputmode="numeric", autocomplete="off")


class ApologyForm(ForMemberForm):
    reason = line(_l("Reason"), most=LONGEST_LINE, hint=_l("Only the council reads this."))


class FloorForm(BaseForm):
    speaker = MemberSelect(_l("Who wants to speak"))
    stance = choice(_l("For or against the motion"), STANCES)


class SpeechForm(BaseForm):
    speaker = MemberSelect(_l("Who spoke"))
    stance = choice(_l("For or against the motion"), STANCES)
    gist = text(_l("What was said"), most=500, rows=3, hint=_l("One or two sentences. Only the council reads this."))


class TurnForm(BaseForm):
    """What was said by somebody who had the floor: who it was is known."""

    stance = choice(_l("For or against the motion"), STANCES)
    gist = text(_l("What was said"), most=500, rows=3, hint=_l("One or two sentences. Only the council reads this."))


class PartForm(BaseForm):
    """A part of the minutes, with the number of the wording that was read."""

    number = HiddenNumber()
    text = text(_l("Wording"), most=LONGEST_PART, rows=10, required=False)


class ObjectionForm(BaseForm):
    text = text(_l("What is wrong, and how it was"), most=500, rows=4, hint=_l("Only the council reads this."))


class AnswerForm(BaseForm):
    upheld = choice(_l("Is the objection right?"), [("yes", _l("yes")), ("no", _l("no"))])
    answer = text(
        _l("Answer"), most=500, rows=3,
        hint=_l("It is published with the minutes as an official text and can never be erased: no names."),
    )  # fmt: skip


class CorrectionForm(BaseForm):
    part = choice(_l("Which place"), [])
    stood = text(_l("What stands there"), most=1000, rows=3)
    corrected = text(_l("What is right"), most=1000, rows=3)
    why = text(_l("Why"), most=1000, rows=2, hint=_l("For example: the recording says so. No names."))

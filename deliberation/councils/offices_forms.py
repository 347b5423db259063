"""The administrator's forms: appointing, ending, handing over, a new term, printing cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.councils.forms import DayField
from deliberation.councils.models import Appointment
from deliberation.councils.queries import CATEGORY_WORDS
from deliberation.councils.setup_forms import MembersForm, names, one_name
from deliberation.kernel.forms import BaseForm, choice, line
from deliberation.people.models import Person
from deliberation.people.permissions import OFFICE_WORDS, Office

NOBODY = ""
APPOINTED = [office for office in Office if office not in (Office.RESIDENT, Office.INSTALLATION)]
OFFERED = [(office.value, _l(OFFICE_WORDS[office])) for office in APPOINTED]


class SaneDay(DayField):
    """A day of this century."""

    def __init__(self, label: Any, **options: Any) -> None:
        needed = InputRequired(_l("Please enter a day."))
        super().__init__(label, validators=[needed, self.sane], **options)

    @staticmethod
    def sane(form: Any, field: Any) -> None:
        if field.data is not None and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_l("Please enter a day."))


class WhoForm(BaseForm):
    """Somebody who is known here, or somebody new."""

    person = SelectField(
        _l("Which person"), choices=[], validate_choice=False, description=_l("Somebody who holds or held an office here.")
    )
    name = line(
        _l("Or somebody new"), most=40, required=False, hint=_l("For example: Zhao Min. Then leave the choice above as it is.")
    )
    validate_name = staticmethod(one_name)

    def offer(self, people: Iterable[Person]) -> None:
        self.person.choices = [(NOBODY, _("Somebody new: the name stands below")), *((str(p.id), p.name or "") for p in people)]

    def validate_person(self, field: Any) -> None:
        if (field.data or NOBODY) not in {value for value, *_rest in field.choices}:
            raise ValidationError(_l("Please choose one of these."))
        if not field.data and not self.name.data:
            raise ValidationError(_l("Choose somebody, or write a new name below."))
        if field.data and self.name.data:
            raise ValidationError(_l("Either choose somebody, or write a new name: not both."))


class AppointForm(WhoForm):
    office = choice(_l("Office"), OFFERED)
    category = choice(
        _l("Seat category"),
        [(code, _l(words)) for code, words in CATEGORY_WORDS.items()],
        required=False,
        hint=_l("Only for a council member."),
    )
    first = SaneDay(_l("First day"))

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if self.office.data == Office.MEMBER and not self.category.data:
            self.category.errors = [*self.category.errors, _("A council member has a seat category. Please choose one.")]
            good = False
        return good

    @property
    def seat(self) -> str | None:
        """The category, for a member; for every other office it means nothing."""
        return self.category.data if self.office.data == Office.MEMBER else None


class HandOverForm(WhoForm):
    first = SaneDay(_l("First day of the new holder"), description=_l("The last day of the present one is the day before."))


class EndForm(BaseForm):
    last = SaneDay(_l("Last day"))


class LeaveForm(BaseForm):
    """Only the button: the page before says what it does."""


class CardsForm(BaseForm):
    who = choice(
        _l("For whom"),
        [
            ("without", _l("those who have no card yet")),
            ("again", _l("everybody who has not come in yet; cards that are out become void")),
        ],
    )


class TicksField(SelectMultipleField):
    """Several out of a list, each a row to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {value for value, *_rest in self.iter_choices()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError(_l("Please choose from these."))


class TermForm(MembersForm):
    """Those who stay, by ticks; those who are new, by category."""

    starts_on = SaneDay(_l("First day of the new term"), description=_l("Every seat of the present term ends the day before."))
    stay = TicksField(_l("Who keeps a seat"), choices=[])
    fewest = 0

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        staying = {self.names[value] for value in self.stay.data or () if value in self.names}
        for code, listed in self.lists().items():
            for name in staying.intersection(listed):
                self[code].errors = [*self[code].errors, _("“%(name)s” is ticked above already.", name=name)]
                good = False
        return good

    def offer(self, seats: Iterable[Appointment]) -> None:
        seats = list(seats)
        self.names = {str(seat.id): seat.person.name for seat in seats}
        words = {code: _(label) for code, label in CATEGORY_WORDS.items()}
        self.stay.choices = [
            (str(seat.id), _("%(name)s: %(category)s", name=seat.person.name or "", category=words.get(seat.category or "", "")))
            for seat in seats
        ]


for _code, _words in CATEGORY_WORDS.items():
    setattr(TermForm, _code, names(_l("New: %(category)s", category=_l(_words)), _l("One name a line.")))

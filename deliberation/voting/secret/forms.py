"""The forms of a secret vote's ceremony. What is typed off a sheet goes to the check and back to the same screen, nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.kernel.forms import BaseForm, whole_number
from deliberation.people.models import Person
from deliberation.voting.secret.keys import LEAST_NEEDED, MOST_SHEETS

LONGEST_SHEET = 600
"""Characters: a sheet with every blank and line break that somebody may put between its groups."""


class KeepersForm(BaseForm):
    """Who keeps the sheets, and how many of them open the box."""

    scrutineers = SelectMultipleField(
        _l("Who keeps a sheet"), choices=[], validate_choice=False, widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(), description=_l("Three are usual. Members who are here until the count."),
    )  # fmt: skip
    needed = whole_number(
        _l("How many sheets open the box"), low=LEAST_NEEDED, high=MOST_SHEETS,
        hint=_l("Two of three, for instance: then one sheet may be lost, and nobody opens the box alone."),
    )  # fmt: skip
    suits = BooleanField(
        _l("None of this applies: a secret vote here is enough"), validators=[InputRequired(_l("Please look at this list first."))]
    )

    def chosen(self, people: Iterable[Person]) -> list[Person]:
        """The people marked; whoever is not among those offered is left out, so that the service says what is missing."""
        marked = set(self.scrutineers.data or ())
        return [one for one in people if str(one.id) in marked]


def keepers_form(people: Iterable[Person]) -> KeepersForm:
    form = KeepersForm(data={"needed": LEAST_NEEDED})
    form.scrutineers.choices = [SelectChoice(str(one.id), one.name or "") for one in people]
    return form


def sheet_field(label: Any, *, required: bool) -> Any:
    needed = [InputRequired(_l("Please fill this in."))] if required else []
    longest = Length(max=LONGEST_SHEET, message=_l("This is longer than a sheet."))
    shown = {"rows": 5, "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "digits"}
    return TextAreaField(label, validators=[*needed, longest], render_kw=shown)


class SheetForm(BaseForm):
    """One sheet, read back from paper."""

    sheet = sheet_field(_l("The groups on the sheet, row by row"), required=True)


class CountForm(BaseForm):
    """The sheets that open the box; their fields are added by `count_form`."""

    telling = False
    publish = BooleanField(_l("Publish the result although it shows how people voted"))

    def sheets(self) -> list[str]:
        return [field.data or "" for field in self if field.name.startswith("sheet")]


def count_form(needed: int) -> CountForm:
    """A form with a field for each sheet that is needed."""
    fields: dict[str, Any] = {
        f"sheet{n}": sheet_field(_("Sheet %(n)s of %(all)s", n=n, all=needed), required=True) for n in range(1, needed + 1)
    }
    made: CountForm = type("CountForm", (CountForm,), fields)()
    return made

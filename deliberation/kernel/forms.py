"""What every form shares: CSRF, a key that makes a second press harmless, and fields that refuse hostile text."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

LONGEST_TEXT = 2000
INVISIBLE = ("Cc", "Cs", "Co", "Cn")


def plain_text(form: Any, field: Any) -> None:
    """Refuse control characters, NUL and unpaired surrogates; line breaks and tabs may stay in long texts."""
    for character in field.data or "":
        if unicodedata.category(character) in INVISIBLE and character not in "\n\r\t":
            raise ValidationError(_l("The text contains characters that cannot be shown. Please type it anew."))


def tidy(value: Any) -> Any:
    """NFC, one kind of line break, no blanks around."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()


class BaseForm(FlaskForm):
    """Every form of the house. ``once`` is spent when the form has been handed in."""

    once = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = new_once()


def new_once() -> str:
    """A fresh key for one handing-in of one form."""
    return secrets.token_urlsafe(18)


class NeededSometimes(Optional):
    """May be empty in some cases, which the hint names and the form's own ``validate`` knows."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"needed_sometimes": True}


def text(label: Any, *, most: int = LONGEST_TEXT, required: bool | None = True, hint: Any = "", rows: int = 5) -> Any:
    """A field for a text of up to ``most`` characters."""
    return TextAreaField(label, filters=[tidy], description=hint, validators=_text(most, required), render_kw={"rows": rows})


def line(label: Any, *, most: int = 80, required: bool | None = True, hint: Any = "", **render: Any) -> Any:
    """A field for one line of up to ``most`` characters."""
    return StringField(label, filters=[tidy], description=hint, validators=_text(most, required), render_kw=render or None)


def _text(most: int, required: bool | None) -> Sequence[Any]:
    """``required`` None: needed in some cases."""
    first = DataRequired(_l("Please fill this in.")) if required else Optional() if required is False else NeededSometimes()
    longest = Length(max=most, message=_l("This is too long: at most %(most)s characters.", most=most))
    return [first, longest, plain_text]


def whole_number(label: Any, *, low: int = 0, high: int = 1_000_000, required: bool = True, hint: Any = "") -> Any:
    """A field for a whole number between ``low`` and ``high``."""

    def in_range(form: Any, field: Any) -> None:
        if field.data is not None and not low <= field.data <= high:
            raise ValidationError(_l("Please enter a whole number from %(low)s to %(high)s.", low=low, high=high))

    first = InputRequired(_l("Please fill this in.")) if required else Optional()
    return WholeNumberField(label, description=hint, validators=[first, in_range])


def choice(label: Any, choices: Sequence[tuple[str, Any]], *, required: bool | None = True, hint: Any = "") -> Any:
    """A field for one answer out of a few, shown as big rows. ``required`` None: needed in some cases."""
    first = InputRequired(_l("Please choose one of these.")) if required else Optional() if required is False else NeededSometimes()
    offered = [SelectChoice(value, text) for value, text in choices]
    return ChoiceField(label, choices=offered, description=hint, validators=[first], validate_choice=bool(required))


class ChoiceField(RadioField):
    """A choice whose refusal is in our words."""

    def pre_validate(self, form: Any) -> None:
        known = {str(value) for value, *_ in self.iter_choices()}
        if self.data and str(self.data) not in known:
            raise ValidationError(_l("Please choose one of these."))


class OneOf(SelectField):
    """A closed list whose refusal is in our words."""

    def pre_validate(self, form: Any) -> None:
        if str(self.data or "") not in {str(value) for value, *_rest in self.iter_choices()}:
            raise ValidationError(_l("Please choose one of these."))


class Pressed(HiddenField):
    """A hidden field whose name a button bears too: of the two values the one that says something counts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = next((value for value in valuelist if value), "")


class WholeNumberField(IntegerField):
    """An integer whose refusal is in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value[:20] for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(_l("Please enter a whole number.")) from None


class LocalTimeField(DateTimeLocalField):
    """A date and time on the council's clock, refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value[:25] for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(self.gettext("Please give a date and a time.")) from None


def told_of_changes(form: BaseForm, prefix: str, told: Any, words: Mapping[str, Any]) -> bool:
    """Two people at one list: a line (``prefix`` with a number, and beside it ``was_`` with what was read) that somebody
    changed meanwhile, and that is marked in yet another way here, is told at its field (``told`` with ``state``, put in
    ``words``); handed in again it stands. True where there is one."""
    found = False
    for field in form:
        read = form._fields.get(f"was_{field.name}")
        if not field.name.startswith(prefix) or read is None or read.data is None:
            continue
        stands = read.object_data or ""
        if field.data and field.data not in (read.data, stands) and read.data != stands:
            field.errors = [*field.errors, told % {"state": words.get(stands, stands)}]
            read.data, found = stands, True
    return found

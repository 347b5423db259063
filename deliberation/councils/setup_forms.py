"""The pages on which a council is set up, one question each. What they hold is kept as typed until the founding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, ValidationError

from deliberation.councils.forms import DayField
from deliberation.councils.founding import MOST_SEATS, Charter, names_in, rows_in
from deliberation.councils.models import Council
from deliberation.councils.queries import CATEGORY_WORDS
from deliberation.councils.services import SLUG
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.kernel.forms import BaseForm, choice, line, text
from deliberation.people.permissions import OFFICE_WORDS, Office
from deliberation.people.services import tidy_name

LONGEST_LIST = 4000
USUAL_ZONE = "Asia/Shanghai"


COMMAS = "、，,；;"


def one_name(form: Any, field: Any) -> None:
    """One person's name, where anything is entered."""
    typed = field.data or ""
    if len(names_in(typed)) > 1 or any(mark in typed for mark in COMMAS):
        raise ValidationError(_("One name is enough here."))
    good_names(form, field)


def good_names(form: Any, field: Any) -> None:
    """Names that can be entered, none of them twice in one list."""
    for name, rest in rows_in(field.data or ""):
        good_row(name, rest)
    names = names_in(field.data or "")
    for name in names:
        try:
            tidy_name(name)
        except Invalid:
            raise ValidationError(_("“%(name)s” cannot be a name: it has more than 40 characters.", name=name[:20])) from None
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValidationError(
            _("“%(name)s” stands here twice. For two people of one name, add something that tells them apart.", name=twice[0])
        )


def good_row(name: str, rest: list[str]) -> None:
    """Refuse a line of which it is not certain whom it names: nobody is to become a member by a pasted column.

    What repeats typed text is said with `_`: a lazy sentence counts as markup in a page and would not be escaped.
    """
    row = " ".join(filter(None, (name, *rest)))[:30]
    if any(mark in name for mark in COMMAS):
        raise ValidationError(_("“%(row)s” has a comma. One name a line, please.", row=row))
    if not name[:1].isalpha():
        raise ValidationError(_("“%(row)s” does not begin with a name. Names stand in the first column.", row=row))
    if not all(is_no_name(cell) for cell in rest):
        raise ValidationError(
            _("“%(row)s” has several columns, and it is not clear which are names. Paste the names alone.", row=row)
        )


def is_no_name(cell: str) -> bool:
    """A column beside the name that can be left out: nothing, one character for the sex, an age, a number, an address."""
    return len(cell) < 2 or any(character.isdigit() for character in cell)


def names(label: Any, hint: Any = "", rows: int = 3) -> Any:
    """A field for a list of names, which may stay empty."""
    field = text(label, most=LONGEST_LIST, required=False, hint=hint, rows=rows)
    field.kwargs["validators"].append(good_names)
    return field


class PlaceForm(BaseForm):
    community = line(_l("Name of the community"), most=120, hint=_l("For example: Mochou New Village community"))
    name = line(
        _l("Name of the council"), most=120, hint=_l("For example: Party-member council of Mochou New Village community")
    )
    street = line(_l("Street"), most=120, required=False, hint=_l("For example: Mochou Lake street"))
    district = line(_l("District"), most=120, required=False, hint=_l("For example: Jianye district"))


class AddressForm(BaseForm):
    slug = line(
        _l("Address of the council"),
        most=40,
        hint=_l(
            "Small letters and digits, best as the name sounds, for example mochou: people then open /c/mochou/. It stays for good."
        ),
        autocapitalize="none",
    )
    starts_on = DayField(
        _l("First day of the present term"),
        description=_l("When the members took office. For a new council: today."),
        validators=[InputRequired(_l("Please enter a day."))],
    )
    zone = line(_l("Time zone"), most=40, required=False, hint=_l("Leave Asia/Shanghai as it is anywhere in China."))
    zone.kwargs["filters"] = [*zone.kwargs["filters"], lambda typed: typed or USUAL_ZONE]

    def validate_slug(self, field: Any) -> None:
        if not SLUG.fullmatch(field.data):
            raise ValidationError(_("An address has 2 to 40 small letters, digits and hyphens."))
        if db.session.scalar(select(Council.id).where(Council.slug == field.data)):
            raise ValidationError(_("The address “%(slug)s” is taken. Choose another.", slug=field.data))

    def validate_zone(self, field: Any) -> None:
        if field.data not in available_timezones():
            raise ValidationError(
                _("“%(zone)s” is not known. Write it in Latin letters as Asia/Shanghai, or leave it empty.", zone=field.data)
            )

    def validate_starts_on(self, field: Any) -> None:
        if field.data is None or not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Please enter a day."))
        zone = self.zone.data if self.zone.data in available_timezones() else USUAL_ZONE
        if field.data > clock.today(zone):
            raise ValidationError(_("The term begins today at the latest."))


class PresetForm(BaseForm):
    preset = choice(_l("Set of rules"), [])


class NumberForm(BaseForm):
    number_prefix = line(
        _l("What the numbers of your documents begin with"),
        most=20,
        hint=_l("Two or three characters that stand for the community and for “society”. For example: Mo She"),
    )


class OfficesForm(BaseForm):
    president = line(
        _l(OFFICE_WORDS[Office.PRESIDENT]), most=40, required=False, hint=_l("Chairs the sessions.")
    )
    secretary_general = line(
        _l(OFFICE_WORDS[Office.SECRETARY_GENERAL]),
        most=40,
        required=False,
        hint=_l("Takes matters from step to step, writes plans, calls sessions."),
    )
    clerk = names(_l(OFFICE_WORDS[Office.CLERK]), _l("Keeps roster and minutes, takes votes down. One name a line."))
    station_worker = names(
        _l(OFFICE_WORDS[Office.STATION_WORKER]), _l("Takes down what residents raise. One name a line.")
    )
    committee = names(
        _l(OFFICE_WORDS[Office.COMMITTEE]), _l("Puts plans before the council for the committee. One name a line.")
    )
    validate_president = staticmethod(one_name)
    validate_secretary_general = staticmethod(one_name)


class MembersForm(BaseForm):
    """A list of names for each category of seat."""

    fewest = 1

    def lists(self) -> dict[str, tuple[str, ...]]:
        return {code: names_in(self[code].data or "") for code in CATEGORY_WORDS}

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        seen: dict[str, str] = {}
        for code, listed in self.lists().items():
            for name in listed:
                if seen.setdefault(name, code) != code:
                    other = self[seen[name]].label.text
                    self[code].errors = [
                        *self[code].errors,
                        _("“%(name)s” stands under “%(other)s” already: one person, one seat.", name=name, other=other),
                    ]
                    good = False
        if good and not self.fewest <= len(seen) <= MOST_SEATS:
            self.form_errors.append(_l("A council has 1 to %(most)s seats.", most=MOST_SEATS))
            good = False
        return good


for _code, _words in CATEGORY_WORDS.items():
    setattr(MembersForm, _code, names(_l(_words), rows=4))


STEPS: dict[str, type[BaseForm]] = {
    "place": PlaceForm,
    "address": AddressForm,
    "rules": PresetForm,
    "numbers": NumberForm,
    "offices": OfficesForm,
    "members": MembersForm,
}


def typed(form: BaseForm) -> dict[str, str]:
    """What stands in the fields, as it was typed."""
    kept = {}
    for field in form:
        if field.name not in ("csrf_token", "once"):
            raw = field.raw_data[0] if getattr(field, "raw_data", None) else ""
            kept[field.name] = str(raw)[:LONGEST_LIST]
    return kept


def restored(step: str, answers: Mapping[str, str] | None) -> Any:
    """A step's form with what was typed before; empty where nothing was."""
    return STEPS[step](formdata=MultiDict(answers) if answers else None)


def charter_of(forms: Mapping[str, Any]) -> Charter:
    """The charter that the filled forms of all steps make."""
    place, address, offices = forms["place"], forms["address"], forms["offices"]
    return Charter(
        community=place.community.data,
        street=place.street.data or "",
        district=place.district.data or "",
        name=place.name.data,
        slug=address.slug.data,
        zone=address.zone.data,
        starts_on=address.starts_on.data,
        number_prefix=forms["numbers"].number_prefix.data,
        preset=forms["rules"].preset.data,
        offices={Office(name): names_in(offices[name].data or "") for name in offices.data if name in set(Office)},
        seats={code: listed for code, listed in forms["members"].lists().items() if listed},
    )

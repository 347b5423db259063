"""Signing in, and a resident's light account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from deliberation.kernel.forms import BaseForm, choice, line, plain_text
from deliberation.people.services import LONGEST_PASSWORD, SHORTEST_PASSWORD

SHARED = _l("This device belongs to others as well: sign me out when the browser is closed, after two hours at the latest")


class LoginForm(BaseForm):
    login = line(_l("Name for signing in"), most=40, autocomplete="username")
    password = PasswordField(
        _l("Passphrase"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_PASSWORD), plain_text],
        render_kw={"autocomplete": "current-password"},
    )
    shared = BooleanField(SHARED)
    next = HiddenField()


class CardForm(BaseForm):
    """The eight digits of a printed card."""

    code = line(_l("The eight digits on your card"), most=20, inputmode="numeric", autocomplete="one-time-code")
    next = HiddenField()


class CardUseForm(BaseForm):
    """The second step: "that is me", and whose device this is."""

    code = HiddenField(validators=[InputRequired(), Length(max=20)])
    device = choice(
        _l("Whose device is this?"), [("own", _l("This is my own device")), ("shared", _l("Others use this device too"))]
    )
    next = HiddenField()


class JoinForm(BaseForm):
    """A light account: a display name and a passphrase, with the household's code if there is one."""

    name = line(
        _l("Display name"),
        most=40,
        hint=_l("Others see “resident” unless the council's rules say otherwise."),
        autocomplete="username",
    )
    password = PasswordField(
        _l("Passphrase"),
        description=_l("At least %(n)s characters; a short sentence is good.", n=SHORTEST_PASSWORD),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_PASSWORD), plain_text],
        render_kw={"autocomplete": "new-password"},
    )
    code = line(_l("Household code"), most=20, required=False, hint=_l("It is printed on the slip that came to your home."))
    next = HiddenField()


class FirstPasswordForm(BaseForm):
    """For whoever came by a card and has no passphrase yet."""

    password = PasswordField(
        _l("The new passphrase"),
        description=_l("At least %(n)s characters; a short sentence is good.", n=SHORTEST_PASSWORD),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_PASSWORD), plain_text],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(BaseForm):
    current = PasswordField(
        _l("Your present passphrase"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_PASSWORD), plain_text],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("The new passphrase"),
        description=_l("At least %(n)s characters; a short sentence is good.", n=SHORTEST_PASSWORD),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_PASSWORD), plain_text],
        render_kw={"autocomplete": "new-password"},
    )

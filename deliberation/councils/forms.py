"""The form for a new version of the rules: a preset, a day, and what the council does otherwise."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from deliberation.councils import rules
from deliberation.councils.rules import CHOICES, RANGES, RULE_WORDS, TEXTS
from deliberation.kernel.forms import BaseForm, choice, line, whole_number

AS_PRESET = ""
YES_NO = ("second_required", "committee_motion_exempt", "chair_votes", "remote_vote", "recused_in_base", "recused_in_quorum")


class DayField(DateField):  # type: ignore[misc,unused-ignore]
    """A day whose refusal is in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value[:20] for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(self.gettext("Please enter a day.")) from None


def _as_preset(choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(AS_PRESET, _l("as in the set")), *choices]


class RulesForm(BaseForm):
    preset = choice(_l("Set of rules"), [])
    effective_on = DayField(_l("In force from"), validators=[InputRequired(_l("Please enter a day."))])

    def validate_effective_on(self, field: Any) -> None:
        if field.data is not None and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_l("Please enter a day."))

    def begin_with(self, data: str) -> None:
        """Fill in what the council has of its own in an earlier version (JSON); the rest is as in the set."""
        held = json.loads(data)
        for name in (*RANGES, *CHOICES, *YES_NO, *TEXTS):
            entry = held.get(name, {})
            if entry.get("trust") == "own":
                value = entry["value"]
                self[name].data = ("yes" if value else "no") if name in YES_NO else value
            elif name in CHOICES or name in YES_NO:
                self[name].data = AS_PRESET


for _name, (_low, _high) in RANGES.items():
    setattr(
        RulesForm,
        _name,
        whole_number(
            _l(RULE_WORDS[_name]), low=_low, high=_high, required=False, hint=_l("From %(low)s to %(high)s.", low=_low, high=_high)
        ),
    )
for _name, _words in CHOICES.items():
    _choices = _as_preset([(value, _l(label)) for value, label in _words.items()])
    setattr(RulesForm, _name, choice(_l(RULE_WORDS[_name]), _choices, required=False))
for _name in YES_NO:
    setattr(RulesForm, _name, choice(_l(RULE_WORDS[_name]), _as_preset([("yes", _l("yes")), ("no", _l("no"))]), required=False))

for _name, _most in TEXTS.items():
    setattr(RulesForm, _name, line(_l(RULE_WORDS[_name]), most=_most, required=False, hint=_l("Empty: the usual name.")))


def overridden(form: RulesForm) -> dict[str, Any]:
    """The preset's rules with the council's own values over them; raises `Invalid` for what does not hold together."""
    entries: dict[str, Any] = json.loads(rules.preset(form.preset.data))
    for name in (*RANGES, *CHOICES, *YES_NO, *TEXTS):
        value = form[name].data
        if value in (None, AS_PRESET):
            continue
        if name in YES_NO:
            value = value == "yes"
        if value != entries[name]["value"]:
            entries[name] = {"value": value, "trust": "own"}
    rules.check(entries)
    return entries

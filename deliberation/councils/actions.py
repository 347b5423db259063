"""What the councils' room records."""

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_
from deliberation.people.permissions import office_words

FOUND = action("council.found", N_("The council's log begins."), creates=("council", "term", "rule_set"))
APPOINT = action(
    "office.appoint",
    N_("%(office)s appointed somebody: %(held)s."),
    creates=("appointment",),
    details=lambda body: {"held": office_words(changed(body, "appointment", "office") or "")},
)
END = action("office.end", N_("%(office)s ended an office."), changes={"appointment": ("ends_on",)})
RULES = action(
    "rules.set",
    N_("%(office)s set version %(version)s of the rules."),
    creates=("rule_set",),
    details=lambda body: {"version": changed(body, "rule_set", "version")},
)
REST_DAYS = action(
    "calendar.load", N_("Days of rest were loaded."), creates=("rest_day",), changes={"rest_day": ("is_rest",)}
)

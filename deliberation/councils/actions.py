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
HAND_OVER = action(
    "office.hand_over",
    N_("%(office)s gave an office to a new holder: %(held)s."),
    creates=("appointment",),
    changes={"appointment": ("ends_on",)},
    details=lambda body: {"held": office_words(changed(body, "appointment", "office") or "")},
)
TERM = action(
    "term.begin",
    N_("%(office)s began term %(number)s of the council."),
    creates=("term", "appointment"),
    changes={"term": ("ends_on",), "appointment": ("ends_on",)},
    details=lambda body: {"number": changed(body, "term", "number")},
)
FOUNDER = action("founder.name", N_("%(office)s named somebody who may set up councils."))
NO_FOUNDER = action("founder.dismiss", N_("%(office)s took back that somebody may set up councils."))
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

"""What the people's room records, in the installation's log."""

from deliberation.audit.actions import action
from deliberation.kernel.words import N_

UNIT = action("unit.add", N_("A unit was added."), creates=("unit",))
HOUSEHOLD = action("household.add", N_("Household codes were printed."), creates=("household",))
PERSON = action("person.add", N_("A person was added."), creates=("person",))
ACCOUNT = action("account.open", N_("An account was opened."), creates=("person", "account"))
PASSWORD = action("account.password", N_("A password was changed."), changes={"account": ("password_hash",)})
DISABLE = action("account.disable", N_("An account was closed."), changes={"account": ("disabled_at",)})
CARD_ISSUE = action(
    "card.issue", N_("A card for signing in was printed."), creates=("card",), changes={"card": ("voided_at",)}
)
CARD_USE = action("card.use", N_("A card for signing in was used."), changes={"card": ("used_at",)})
CARD_REVOKE = action("card.revoke", N_("A card for signing in was revoked."), changes={"card": ("voided_at",)})

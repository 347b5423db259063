"""What the secret votes' room records. Never a sheet, never a vote, and nothing at all for each vote that is cast."""

from deliberation.audit.actions import action
from deliberation.kernel.words import N_

MAKE = action(
    "key.make",
    N_("%(office)s made a key for secret votes; its sheets were printed and are nowhere else."),
    creates=("box_key", "key_sheet", "sealed_poll"),
    changes={"box_key": ("state",), "sealed_poll": ("key_id",)},
)
USE = action(
    "key.use",
    N_("%(office)s took this session's key for the vote on %(label)s."),
    creates=("sealed_poll",),
    changes={"sealed_poll": ("key_id",)},
)
READ_BACK = action(
    "key.read_back",
    N_("A sheet of the key %(label)s was read back from paper and is right."),
    changes={"key_sheet": ("read_back_at",), "box_key": ("state",)},
)
DESTROY = action(
    "key.destroy",
    N_("Who kept a sheet of the key %(label)s confirmed that it is destroyed."),
    changes={"key_sheet": ("destroyed_at",), "box_key": ("state",)},
)

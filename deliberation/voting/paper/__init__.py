"""Paper in a secret vote: printed ballots, one mark on the same roll, entry by two people. See docs/secret-polls.md."""

from deliberation.voting.paper import actions, joining, models

__all__ = ["actions", "joining", "models"]

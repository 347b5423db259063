"""Secret votes: a key split among scrutineers, a sealed box, receipts. What is promised stands in docs/secret-polls.md."""

from deliberation.voting.secret import actions, box, models

__all__ = ["actions", "box", "models"]

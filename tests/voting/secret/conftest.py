"""Fixtures of the pages' tests."""

from tests.voting.secret.rooms import afternoon, asked, put

__all__ = ["afternoon", "asked", "put"]

"""Instants on the pages: each council's in its own zone, though all of them are put into words by one process."""

from __future__ import annotations

from flask import Flask, g

from deliberation.blueprints.words import when
from tests.builders import at


def test_one_instant_is_told_in_each_councils_own_zone(app: Flask) -> None:
    told = []
    for zone in ("Asia/Shanghai", "America/New_York", "Asia/Shanghai"):
        with app.test_request_context():
            g.zone = zone
            told.append(when(at("2026-03-26T14:30"))[-5:])
    assert told == ["14:30", "02:30", "14:30"]

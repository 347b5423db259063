"""HTTP only: one thin file per surface."""

from __future__ import annotations

from flask import Flask

from deliberation.blueprints import (
    agenda,
    agreements,
    appeal_desk,
    appeals,
    auth,
    catalogue,
    corrections,
    data_desk,
    decisions,
    findings,
    floor,
    forum,
    founding,
    hearings,
    implementation,
    log,
    marks,
    me,
    meetings,
    minutes,
    motions,
    my_data,
    notices,
    offices,
    oversight,
    papers,
    places,
    polls,
    procedure,
    proposals,
    questions,
    recusals,
    reports,
    room,
    rules,
    screen,
    secret_keys,
    session_life,
    site,
    tiles,
)

SURFACES = (
    site, auth, appeals, appeal_desk, implementation, agenda, recusals, log, catalogue, rules, me, forum, decisions,
    meetings, motions, polls, questions, secret_keys, papers, founding, offices, procedure, proposals, screen, tiles, marks,
    my_data, data_desk, session_life, minutes, notices, floor, hearings, oversight, corrections, findings, agreements, reports,
    room, places,
)  # fmt: skip

# Everything that answers without an account. A test walks the routes and finds no other.
PUBLIC = {
    "static",
    "site.index", "site.home", "site.about", "site.design", "site.language", "site.large", "site.healthz",
    "auth.login", "auth.join", "auth.logout", "auth.card", "auth.card_scanned", "auth.card_use",
    "agenda.show", "agenda.compare", "log.trail", "log.entry", "log.matter", "log.root", "rules.show",
    "catalogue.show", "tiles.checkpoint", "tiles.key", "tiles.tile", "tiles.check_page",
    "checks.show", "checks.comment", "checks.proof", "checks.paper", "checks.notice",
    "appeals.index", "appeals.show", "appeals.look_up", "appeals.forget", "appeals.receipt", "appeals.rate",
    "implementation.index", "implementation.show",
    "forum.index", "forum.rules", "forum.show", "forum.comment", "forum.paper", "decisions.index", "decisions.show",
    "meetings.index", "meetings.show", "meetings.year", "minutes.show", "minutes.document",
    "notices.show", "notices.one", "notices.feed",
    "agreements.show", "agreements.document", "reports.show", "reports.document",
    "evaluations.index", "evaluations.show",
    "hearings.show", "places.show", "room.here", "room.now", "room.scanned",
    "screen.show", "screen.now", "screen.pulse", "motions.index", "motions.show", "polls.show", "offices.index",
    "questions.index", "questions.show", "secret_polls.show", "secret_polls.sealed", "secret_polls.ballots",
}  # fmt: skip


def setup(app: Flask) -> None:
    for surface in SURFACES:
        app.register_blueprint(surface.bp)

"""A notice pinned to the board of a council. Everybody reads it; the clerk and the secretary-general pin it."""

from pathlib import Path

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.kernel.words import N_
from deliberation.plugins import Plugin
from noticeboard.pages import bp
from noticeboard.services import not_while_closed

HERE = Path(__file__).parent


class Noticeboard(Plugin):
    migrations = str(HERE / "migrations")
    translations = str(HERE / "translations")
    public = ("noticeboard.show",)
    menu = (("noticeboard.show", N_("Noticeboard")),)

    def init_app(self, app: Flask) -> None:
        app.register_blueprint(bp)
        step_rules.add("noticeboard.not_while_closed", not_while_closed)


plugin = Noticeboard()

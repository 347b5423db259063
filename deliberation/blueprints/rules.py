"""The council's rules in words, and a new version of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import actor, council_or_404, form_page, need
from deliberation.blueprints.words import short_language
from deliberation.councils import queries, services
from deliberation.councils.forms import RulesForm, overridden
from deliberation.councils.rules import TRUST_WORDS, presets
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people.permissions import Permission

bp = Blueprint("rules", __name__, url_prefix="/c/<community>")


@bp.get("/rules")
def show(community: str) -> str:
    council = council_or_404(community)
    versions = queries.rule_sets(council)
    current = services.rules_in_force(council)
    wanted = request.args.get("version", str(current.version))
    shown = next((version for version in versions if str(version.version) == wanted), None)
    if shown is None:
        raise NotFound(N_("There is nothing at this address."))
    return render_template(
        "rules/show.html",
        council=council,
        shown=shown,
        current=current,
        versions=versions,
        preset=preset_words(shown.preset),
        lines=queries.rule_lines(shown),
        trust_words=TRUST_WORDS,
        may_set=Permission.RULES_SET in queries.permissions_of(actor(), council),
    )


def preset_words(name: str) -> dict[str, str]:
    """A preset's name and source in the reader's language."""
    language = short_language()
    known: dict[str, Any] = presets().get(name, {})
    return {
        "name": known.get("name", {}).get(language, name),
        "source": known.get("source", {}).get(language, ""),
        "trust": known.get("trust", "choice"),
    }


@bp.route("/rules/new", methods=["GET", "POST"])
def new(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.RULES_SET, council)
    form: Any = RulesForm()
    form.preset.choices = [(name, preset_words(name)["name"]) for name in presets()]
    today = clock.today(council.zone)
    if request.method == "GET":
        newest = max(queries.rule_sets(council), key=lambda one: one.version)
        form.preset.data = newest.preset
        form.effective_on.data = today + timedelta(days=1)
        form.begin_with(newest.data)
    return form_page(
        form,
        lambda: services.set_rules(
            council,
            form.preset.data,
            json.dumps(overridden(form), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            effective_on=form.effective_on.data,
            actor=person,
        ),
        url_for("rules.show", community=council.slug),
        title=_("Set a new version of the rules"),
        submit_label=_("Set this version"),
        said=_("The new version is set. Matters that are under way keep theirs."),
        council=council,
        intro=[
            _("Choose a set, then change what this council does otherwise. Whatever stays empty is as in the set."),
            _("What the council has set for itself before stands in its fields already."),
            _("Matters that are under way keep the version they began with."),
        ],
        back_url=url_for("rules.show", community=council.slug),
    )

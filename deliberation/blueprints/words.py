"""How things are said on pages: translated sentences, dates in the council's zone, the words for codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _

from deliberation.agenda.states import body_words, state_words
from deliberation.audit.actions import sentence
from deliberation.kernel.forms import new_once
from deliberation.kernel.words import Words
from deliberation.people.permissions import office_words

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}


def choose_locale() -> str:
    """The remembered language, or the browser's best, or Chinese (on the command line too)."""
    if not has_request_context():
        return LANGUAGES["zh"]
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return LANGUAGES[chosen]
    best = request.accept_languages.best_match(["zh-CN", "zh", "zh-Hans", "en"], default="zh")
    return LANGUAGES["en" if str(best).startswith("en") else "zh"]


def say(words: Words | str | None) -> str:
    """Translate `Words`; plain strings pass."""
    if words is None:
        return ""
    return words.render(_) if isinstance(words, Words) else str(words)


def zone() -> ZoneInfo:
    return ZoneInfo(getattr(g, "zone", None) or "Asia/Shanghai")


def when(instant: datetime | None) -> str:
    """A full local date and time; midnight that ends a day is shown as 24:00 by `until`."""
    if instant is None:
        return ""
    local = instant.astimezone(zone())
    pattern = _("MMMM d, y (EEE) HH:mm")
    return str(format_datetime(local, pattern, rebase=False))


def day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return str(format_date(value, _("MMMM d, y")))


def until(instant: datetime | None) -> str:
    """The end of a window: midnight is said as 24:00 of the day before."""
    if instant is None:
        return ""
    local = instant.astimezone(zone())
    if (local.hour, local.minute) != (0, 0):
        return when(instant)
    last = date.fromordinal(local.date().toordinal() - 1)
    # Not inside the call below: what collects the sentences does not look there.
    pattern = _("MMMM d, y (EEE)")
    return _("%(day)s, 24:00", day=format_date(last, pattern))


def told(body: dict[str, Any]) -> str:
    """An entry of the log in one sentence."""
    return sentence(body, office_words).render(_)


def setup(app: Flask) -> None:
    app.jinja_env.filters.update(say=say, when=when, day=day, until=until, told=told)
    app.jinja_env.globals.update(
        once=new_once,
        has_endpoint=lambda name: name in current_app.view_functions,
        body_words=lambda body: say(body_words(body)),
        state_words=lambda state: say(state_words(state)),
        office_words=lambda office: say(office_words(office)),
        get_locale=get_locale,
        languages=list(LANGUAGES),
    )

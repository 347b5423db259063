"""How things are said on pages: translated sentences, dates in the council's zone, the words for codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import babel.dates
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import force_locale, format_date, format_datetime, get_domain, get_locale
from flask_babel import gettext as _

from deliberation.agenda.states import body_words, state_words, step_number
from deliberation.audit.actions import sentence
from deliberation.kernel.forms import new_once
from deliberation.kernel.words import Words
from deliberation.people.permissions import office_words
from deliberation.people.sessions import device_words

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
    return words.render(translate) if isinstance(words, Words) else str(words)


def translate(sentence: str) -> str:
    """One sentence in the reader's language."""
    return str(catalogue().ugettext(sentence))


def in_every_language(words: Words) -> list[tuple[str, str]]:
    """A sentence in each language of the platform: (its ``lang`` on a page, the sentence)."""
    told = []
    for locale in LANGUAGES.values():
        with force_locale(locale):
            told.append((locale.replace("_", "-"), words.render(_)))
    return told


def zone() -> ZoneInfo:
    return ZoneInfo(getattr(g, "zone", None) or "Asia/Shanghai")


def when(instant: datetime | None) -> str:
    """A full local date and time; midnight that ends a day is shown as 24:00 by `until`."""
    if instant is None:
        return ""
    local = instant.astimezone(zone())
    pattern = _("MMMM d, y (EEE) HH:mm")
    return str(format_datetime(local, pattern, rebase=False))


def moments() -> Callable[[datetime], str]:
    """Day and time in the reader's language and the council's zone, for long lists: what depends on the reader is
    asked once, and a day is put into words once."""
    here, locale, pattern = zone(), str(get_locale()), _("MMMM d, y")
    return lambda instant: f"{_day_in(locale, (local := instant.astimezone(here)).date(), pattern)} {local:%H:%M}"


@lru_cache(maxsize=4096)
def _day_in(locale: str, value: date, pattern: str) -> str:
    return str(babel.dates.format_date(value, pattern, locale=locale))


def catalogue() -> Any:
    """The reader's translations, looked up once a request: a page asks for a hundred sentences."""
    if "catalogue" not in g:
        g.catalogue = get_domain().get_translations()
    return g.catalogue


def day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return _day_in(str(get_locale()), value, _("MMMM d, y"))


def month(value: date) -> str:
    """The name of a day's month."""
    return str(format_date(value, "LLLL"))


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
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda sentence: catalogue().ugettext(sentence),
        lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.filters.update(say=say, when=when, day=day, month=month, until=until, told=told)
    app.jinja_env.globals.update(
        once=new_once,
        has_endpoint=lambda name: name in current_app.view_functions,
        body_words=lambda body: say(body_words(body)),
        state_words=lambda state: say(state_words(state)),
        office_words=lambda office: say(office_words(office)),
        device_words=lambda device: say(device_words(device)),
        get_locale=get_locale,
        step_number=step_number,
        languages=list(LANGUAGES),
    )

"""How things are said on pages: translated sentences, dates in the council's zone, the words for codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import babel.dates
from flask import Flask, current_app, g, has_request_context, request, session, url_for
from flask_babel import force_locale, format_date, get_domain, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from deliberation.agenda.states import body_words, state_words, step_number
from deliberation.audit.actions import sentence
from deliberation.kernel.forms import new_once
from deliberation.kernel.words import Words
from deliberation.meetings.states import speech_words
from deliberation.people.permissions import office_words
from deliberation.people.sessions import device_words
from deliberation.voting.kinds import method_words
from deliberation.voting.states import poll_words

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
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


def short_language() -> str:
    """``zh`` or ``en``: by which data that speaks both languages is asked."""
    return "en" if get_locale().language == "en" else "zh"


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
    # Without its zone: two zones' names for one instant are equal, and one would be kept for the other.
    local = instant.astimezone(zone()).replace(tzinfo=None)
    return _moment_in(language(), local, _("MMMM d, y (EEE) HH:mm"))


def moments() -> Callable[[datetime], str]:
    """Day and time in the reader's language and the council's zone, for long lists: what depends on the reader is
    asked once, and a day is put into words once."""
    here, locale, pattern = zone(), language(), _("MMMM d, y")
    return lambda instant: f"{_day_in(locale, (local := instant.astimezone(here)).date(), pattern)} {local:%H:%M}"


@lru_cache(maxsize=4096)
def _day_in(locale: str, value: date, pattern: str) -> str:
    return str(babel.dates.format_date(value, pattern, locale=locale))


@lru_cache(maxsize=4096)
def _moment_in(locale: str, value: datetime, pattern: str) -> str:
    return str(babel.dates.format_datetime(value, pattern, locale=locale))


def catalogue() -> Any:
    """The reader's translations, looked up once a request: a page asks for a hundred sentences."""
    held: Any = g._get_current_object()
    if "catalogue" not in held:
        held.catalogue = get_domain().get_translations()
    return held.catalogue


def language() -> str:
    """The code of the reader's language, looked up once a request."""
    held: Any = g._get_current_object()
    if "language" not in held:
        held.language = str(get_locale())
    return str(held.language)


def day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(zone()).date()
    return _day_in(language(), value, _("MMMM d, y"))


def month(value: date) -> str:
    """The name of a day's month."""
    return str(format_date(value, "LLLL"))


def hour(instant: datetime | None) -> str:
    """The time of day, in the council's zone."""
    return f"{instant.astimezone(zone()):%H:%M}" if instant else ""


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
    return _("%(day)s, 24:00", day=_day_in(language(), last, pattern))


def told(body: dict[str, Any]) -> str:
    """An entry of the log in one sentence, its days as the reader writes them."""
    words = sentence(body, office_words)
    return Words(words.message, **{name: _as_read(value) for name, value in words.params.items()}).render(_)


def _as_read(value: Any) -> Any:
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    return value


@lru_cache(maxsize=4096)
def _sentence(translations: Any, sentence: str) -> Markup:
    return Markup(translations.ugettext(sentence))


def marked(sentence: str, **places: Any) -> Markup:
    """``_`` of the templates: the translation is ours and may be markup, what goes into it is escaped."""
    return _sentence(catalogue(), sentence) % places


def piece(template: str, macro: str, *values: Any) -> Markup:
    """What a macro makes of values that tell all it shows: made once for each language, for every page that has it."""
    return _piece(current_app.jinja_env.get_template(template), macro, language(), zone(), values)


@lru_cache(maxsize=1024)
def _piece(template: Any, macro: str, _locale: str, _zone: ZoneInfo, values: tuple[Any, ...]) -> Markup:
    return Markup(getattr(template.module, macro)(*values))


def address(endpoint: str, **values: Any) -> str:
    """``url_for`` of the templates: a page gives the same few addresses many times, and all pages give those of the menu."""
    if endpoint[0] == "." or "_external" in values or not request:
        return url_for(endpoint, **values)
    return _address(current_app.url_map, request.root_path, endpoint, tuple(values.items()))


@lru_cache(maxsize=8192)
def _address(_map: Any, _root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def office_said(office: str) -> str:
    return say(office_words(office))


def setup(app: Flask) -> None:
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda sentence: catalogue().ugettext(sentence),
        lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.filters.update(say=say, when=when, day=day, hour=hour, month=month, until=until, told=told)
    app.jinja_env.filters.update(office_words=office_said, stance=lambda code: say(speech_words(code)))
    app.jinja_env.globals.update(
        _=marked,
        piece=piece,
        url_for=address,
        once=new_once,
        has_endpoint=lambda name: name in current_app.view_functions,
        body_words=lambda body: say(body_words(body)),
        state_words=lambda state: say(state_words(state)),
        poll_words=lambda state: say(poll_words(state)),
        method_words=lambda method: say(method_words(method)),
        office_words=office_said,
        device_words=lambda device: say(device_words(device)),
        get_locale=get_locale,
        step_number=step_number,
        languages=list(LANGUAGES),
    )

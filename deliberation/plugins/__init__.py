"""Rooms that nobody here wrote: found through entry points, checked, and set up after all others.

``docs/plugins.md`` says how to write one. A plugin runs with the rights of the platform itself: what is checked here
keeps plugins out of each other's way and out of the house's names. It does not guard against malice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from flask import Flask

from deliberation.audit.actions import ACTIONS
from deliberation.extensions import db

GROUP = "deliberation.plugins"
NAME = re.compile(r"[a-z][a-z0-9]{2,19}")


class PluginError(RuntimeError):
    """A plugin cannot be used: one sentence that names its package. The start stops."""


class Plugin:
    """What a plugin may bring. Any object with ``init_app`` will do; whatever it leaves out counts as none.

    ``migrations`` and ``translations`` are folders; ``public`` names the endpoints that answer without an account;
    ``menu`` holds (endpoint, English label) pairs for a council's menu, each address taking ``community`` alone.
    """

    migrations: str = ""
    translations: str = ""
    public: Collection[str] = ()
    menu: Sequence[tuple[str, str]] = ()

    def init_app(self, app: Flask) -> None:
        """Register blueprints, step rules and the like. Models and actions are there already: importing made them."""


@dataclass(frozen=True)
class Part:
    """One plugin with the package (and its version) that brought it."""

    name: str
    package: str
    plugin: Any

    def given(self, attribute: str) -> Any:
        """What the plugin says of itself, or the default."""
        return getattr(self.plugin, attribute, getattr(Plugin, attribute))

    def broken(self, why: object) -> PluginError:
        return broken(self.name, self.package, why)


def broken(name: str, package: str, why: object) -> PluginError:
    """The one sentence. ``why`` is a sentence or what was raised."""
    said = f"{type(why).__name__}: {why}" if isinstance(why, BaseException) else str(why)
    return PluginError(f"The plugin {name} (package {package}) cannot be used: {' '.join(said.split())}")


def package_of(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def points() -> list[EntryPoint]:
    """What is installed, by name. Raises `PluginError` where two packages bring the same name."""
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, package_of(point)))
    for one, other in zip(found, found[1:], strict=False):
        if one.name == other.name:
            raise broken(one.name, package_of(one), f"{package_of(other)} brings a plugin of the same name")
    return found


_loaded: dict[str, Part] = {}


def load() -> list[Part]:
    """Import every installed plugin, each once a process, with its models and actions. Raises `PluginError`."""
    return [_loaded.get(point.name) or _load(point) for point in points()]


def _load(point: EntryPoint) -> Part:
    name, package = point.name, package_of(point)
    if not NAME.fullmatch(name):
        raise broken(name, package, "a name has 3 to 20 small letters and digits and begins with a letter")
    tables, actions = set(db.metadata.tables), set(ACTIONS)
    if any(f"{table}_".startswith(f"{name}_") for table in tables) or any(one.startswith(f"{name}.") for one in actions):
        raise broken(name, package, "the name is taken by a part of the platform or by another plugin")
    try:
        plugin = point.load()
    except Exception as error:
        raise broken(name, package, error) from error
    part = Part(name, package, plugin)
    if not callable(getattr(plugin, "init_app", None)):
        raise part.broken("it has no init_app(app)")
    made = set(db.metadata.tables) - tables
    _require_prefix(part, "table", made, f"{name}_")
    _require_prefix(part, "action", set(ACTIONS) - actions, f"{name}.")
    if made and not part.given("migrations"):
        raise part.broken("it brings tables and no migrations")
    _loaded[name] = part
    return part


def _require_prefix(part: Part, what: str, names: Collection[str], prefix: str) -> None:
    for one in sorted(names):
        if not one.startswith(prefix):
            raise part.broken(f"its {what} {one} must be called {prefix}…")


def translations(parts: Sequence[Part]) -> list[str]:
    """The folders of the plugins' catalogues."""
    return [str(part.given("translations")) for part in parts if part.given("translations")]


def init_app(app: Flask, parts: Sequence[Part]) -> set[str]:
    """Set the plugins up, in the order of their names. Returns their endpoints that need an account: all but the public.

    Raises `PluginError` for whatever ``init_app`` raises, a name taken, and tables that come too late to be guarded.
    """
    closed: set[str] = set()
    menu: list[tuple[str, str]] = []
    for part in parts:
        known, tables = set(app.view_functions), set(db.metadata.tables)
        try:
            part.plugin.init_app(app)
        except Exception as error:
            raise part.broken(error) from error
        made = set(app.view_functions) - known
        _require_prefix(part, "endpoint", made, f"{part.name}.")
        for late in sorted(set(db.metadata.tables) - tables):
            raise part.broken(f"its table {late} comes too late: import the models where the package begins")
        public, shown = set(part.given("public")), list(part.given("menu"))
        for unknown in sorted((public | {endpoint for endpoint, _ in shown}) - made):
            raise part.broken(f"it names the endpoint {unknown} and has none")
        closed |= made - public
        menu += shown
    app.extensions[GROUP] = list(parts)
    app.jinja_env.globals["plugin_menu"] = menu
    return closed

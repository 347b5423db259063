"""Counting methods that nobody here wrote: found through entry points, checked, and counted with like any other.

``docs/plugins.md`` says how to write one.
"""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.metadata import EntryPoint, entry_points

from deliberation.plugins import PluginError, package_of
from deliberation.voting.counting import methods
from deliberation.voting.methods import Declared, Method

GROUP = "deliberation.counting_methods"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 30

_loaded: dict[str, Method] = {}
"""What was loaded, by the entry point: name and package."""


def load() -> list[Method]:
    """Register every installed method, each once a process. Raises `PluginError` with one sentence that names its package."""
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, package_of(point)))
    return [_loaded.get(_key(point)) or _load(point) for point in found]


def _key(point: EntryPoint) -> str:
    return f"{point.name} {package_of(point)}"


def _load(point: EntryPoint) -> Method:
    if not NAME.fullmatch(point.name) or len(point.name) > LONGEST:
        raise broken(point, f"a name has at most {LONGEST} small letters, digits and hyphens and begins with a letter")
    if point.name in methods:
        raise broken(point, "the name is taken by another counting method")
    try:
        method: Method = point.load()
    except Exception as error:
        raise broken(point, f"{type(error).__name__}: {error}") from error
    if why := fault(method, point.name):
        raise broken(point, why)
    _loaded[_key(point)] = methods.add(point.name, method)
    return method


def broken(point: EntryPoint, why: str) -> PluginError:
    return PluginError(f"The counting method {point.name} (package {package_of(point)}) cannot be used: {' '.join(why.split())}")


def fault(method: object, name: str) -> str:
    """What keeps this from being a counting method of that name; nothing where it is one."""
    if not isinstance(method, Method):
        return "it is no deliberation.voting.methods.Method"
    if method.name != name:
        return f"it calls itself {method.name}"
    if not isinstance(method.version, int) or isinstance(method.version, bool) or method.version < 1:
        return "its version is a whole number from 1 up"
    if method.takes not in ("ranking", "approvals"):
        return "it takes either ranking or approvals"
    if not callable(method.count) or not (method.count_rows is None or callable(method.count_rows)):
        return "it has no count(election)"
    if not isinstance(method.declared, Declared):
        return "it declares nothing"
    for one in fields(Declared):
        said = getattr(method.declared, one.name)
        if not isinstance(said, str) or not said.strip():
            return f"it does not declare {one.name}"
    return ""

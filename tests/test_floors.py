"""The house stands on its floors: a room imports only rooms printed above it, a storey only storeys below it."""

import ast
import functools
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "deliberation"

# From the ground up. Rooms in one row do not know each other's upper storeys either: the order is strict.
FLOORS = [
    "kernel", "config", "extensions", "audit", "plugins", "people", "councils", "voting", "agenda", "motions", "review", "meetings",
    "hearings", "publishing", "implementation", "appeals", "agreements", "evaluations", "reporting", "privacy", "demo",
    "blueprints", "app", "cli",
]  # fmt: skip
# The pure storey: neither Flask nor SQLAlchemy.
PURE = {
    "kernel": {"calendar", "clock", "differences", "errors", "registry", "words", "workflow"},
    "audit": {"canonical", "commitments", "delivering", "marks", "notes", "places", "proofs", "tiles", "tree", "verify_log"},
    "councils": {"rules", "thresholds"},
    "voting": {
        "comparing", "counting", "disclosure", "dry_run", "freezing", "installed", "keys", "kinds", "results", "sealing",
        "serials", "states", "telling", "verdicts",
    },
    "agenda": {"states", "texts"},
    "motions": {"amend", "order", "states"},
    "meetings": {"cadence", "door", "floor_order", "ical", "kinds", "states"},
    "hearings": {"draw", "states"},
    "agreements": {"states"},
    "evaluations": {"groups", "states"},
    "privacy": {"states"},
}  # fmt: skip
STOREYS = ["models", "queries", "services", "forms"]
# Surfaces may know the request; nothing below them may.
AMBIENT = {"request", "session", "current_user", "g"}


@functools.cache
def modules() -> list[tuple[str, str, ast.Module]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        room, name = parts[0], parts[-1]
        if room != "__init__":
            found.append((room, name, ast.parse(path.read_text(encoding="utf-8"))))
    return found


def imported(tree: ast.Module) -> list[tuple[str, set[str]]]:
    """(module, names) of every import, at whatever depth."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.append((node.module or "", {alias.name for alias in node.names}))
        elif isinstance(node, ast.Import):
            found += [(alias.name, set()) for alias in node.names]
    return found


def rooms_of(module: str, names: set[str]) -> set[str]:
    """The rooms that ``from deliberation… import …`` reaches into."""
    parts = module.split(".")
    if parts[0] != "deliberation":
        return set()
    return {parts[1]} if len(parts) > 1 else names


def upward(room: str, tree: ast.Module) -> list[str]:
    return [
        other
        for module, names in imported(tree)
        for other in rooms_of(module, names)
        if other != room and FLOORS.index(other) > FLOORS.index(room)
    ]


@pytest.mark.parametrize(("room", "name", "tree"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_room_imports_only_rooms_below_it(room, name, tree):
    assert upward(room, tree) == []


def test_the_check_sees_an_import_upstairs():
    tree = ast.parse("def later():\n    from deliberation.motions import services")
    assert upward("agenda", tree) == ["motions"]
    assert upward("agenda", ast.parse("from deliberation import review")) == ["review"]


def test_every_room_on_the_disk_has_a_floor():
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert rooms <= set(FLOORS)


def test_the_pure_storey_knows_neither_flask_nor_sqlalchemy():
    touched = {
        f"{room}.{name}"
        for room, name, tree in modules()
        if name in PURE.get(room, ())
        for module, _ in imported(tree)
        if module.split(".")[0] in ("flask", "sqlalchemy", "flask_sqlalchemy", "flask_babel", "flask_wtf")
    }
    assert touched == set()


def test_storeys_of_a_room_look_down():
    wrong = []
    for room, name, tree in modules():
        if name not in STOREYS:
            continue
        above = STOREYS[STOREYS.index(name) + 1 :]
        for module, names in imported(tree):
            own = module == f"deliberation.{room}"
            wrong += [f"{room}.{name} → {m}" for m in above if module == f"deliberation.{room}.{m}" or (own and m in names)]
    assert wrong == []


def test_nothing_below_the_surfaces_reads_the_request_or_an_ambient_user():
    wrong = [
        f"{room}.{name}: {sorted(names & AMBIENT)}"
        for room, name, tree in modules()
        if room not in ("blueprints", "app", "cli")
        for module, names in imported(tree)
        if module in ("flask", "flask_login") and names & AMBIENT
    ]
    assert wrong == []


def test_imports_stand_at_the_top():
    inside = [
        f"{room}.{name}:{inner.lineno}"
        for room, name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert inside == []


def test_recording_never_appears_in_surfaces():
    wrong = [name for room, name, tree in modules() if room == "blueprints" for _, names in imported(tree) if "recording" in names]
    assert wrong == []


def test_only_the_gates_write_state_columns():
    """``x.state = …`` stands only in the rooms' services, never in surfaces, forms or queries."""
    wrong = [
        f"{room}.{name}:{node.lineno}"
        for room, name, tree in modules()
        if room == "blueprints" or name in ("forms", "queries")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "state"
    ]
    assert wrong == []

"""The Flask extension objects, bound to the application in ``app.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from deliberation.kernel.database import TYPES, Base
from deliberation.kernel.transactions import writing

db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
registry: Any = db.Model.registry  # type: ignore[attr-defined]
registry.update_type_annotation_map(TYPES)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
before_writing: list[Callable[[], None]] = []
"""Asked before each transaction; whoever raises lets nobody write."""

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True

else:
    Model = db.Model


@contextmanager
def transaction() -> Iterator[None]:
    """The one place where a route or a command commits."""
    for ask in before_writing:
        ask()
    with writing(db.session()):
        yield

"""The least that would do: a vote and a forum page with the same libraries, and none of the platform's laws.

The vote has a cookie session, a token against forgery, a login, one unique row on the roll, the vote, and a plain line of
log. The page lists comments from tuples in a plain template, one language, no offices. It asks the database as little as it
can, and does nothing clumsily.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, redirect, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, PrimaryKeyConstraint, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response

from deliberation.kernel.transactions import prepare_sqlite


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
Model: Any = db.Model


class User(UserMixin, Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]


class Roll(Model):
    """Who has voted in which poll: once."""

    poll_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    __table_args__ = (PrimaryKeyConstraint("poll_id", "user_id"),)


class Vote(Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    choice: Mapped[str]
    at: Mapped[datetime]


class LogLine(Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    text: Mapped[str]


class Comment(Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    stance: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


LOGIN = """<!doctype html><title>Log in</title>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="login"><input name="password" type="password"><button>Log in</button></form>"""
BALLOT = """<!doctype html><title>Vote</title>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button name="choice" value="for">For</button><button name="choice" value="against">Against</button></form>"""
FORUM = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>Forum</title><link rel="stylesheet" href="/static/style.css"></head>
<body><h1>Forum</h1><ul>
{%- for number, stance, author, text, at in comments %}
<li id="C-{{ number }}"><p class="meta"><strong>C-{{ number }}</strong> {{ stance }} · {{ author }} · {{ at.strftime('%Y-%m-%d %H:%M') }}</p>
<p>{{ text }}</p></li>
{%- endfor %}
</ul></body></html>"""  # noqa: E501


def create_app(database: str) -> Flask:
    app = Flask("ideal")
    app.config.update(SQLALCHEMY_DATABASE_URI=database, SECRET_KEY="bench", WTF_CSRF_TIME_LIMIT=None)
    # Compiled once, as files would be, and escaped by their names.
    app.jinja_env.loader = DictLoader({"login": LOGIN, "ballot": BALLOT, "forum": FORUM})
    app.jinja_env.autoescape = True
    db.init_app(app)
    csrf.init_app(app)
    logins = LoginManager(app)
    logins.user_loader(lambda key: db.session.get(User, int(key)))
    app.add_url_rule("/login", view_func=login, methods=["GET", "POST"])
    app.add_url_rule("/vote/<int:poll_id>", view_func=vote, methods=["GET", "POST"])
    app.add_url_rule("/forum/<int:page_id>", view_func=forum)
    with app.app_context():
        prepare_sqlite(db.engine)
        db.create_all()
    return app


def login() -> str | Response:
    if request.method == "POST":
        user = db.session.scalar(select(User).where(User.login == request.form["login"]))
        if user is not None and check_password_hash(user.password_hash, request.form["password"]):
            login_user(user)
            return redirect("/")
    return render_template("login")


@login_required
def vote(poll_id: int) -> str | Response:
    if request.method == "GET":
        return render_template("ballot")
    choice, now = request.form["choice"], datetime.now(UTC)
    if choice not in ("for", "against", "abstain"):
        return Response("no such choice", 422)
    user_id = current_user.id
    db.session.add(Roll(poll_id=poll_id, user_id=user_id))
    db.session.add(Vote(poll_id=poll_id, user_id=user_id, choice=choice, at=now))
    db.session.add(LogLine(at=now, text=f"A member voted in poll {poll_id}."))
    db.session.commit()
    return redirect(f"/forum/{poll_id}")


def forum(page_id: int) -> str:
    rows = select(Comment.number, Comment.stance, Comment.author, Comment.text, Comment.at)
    comments = db.session.execute(rows.where(Comment.page_id == page_id).order_by(Comment.number)).all()
    return render_template("forum", comments=comments)


def add_users(names: list[str], password: str) -> None:
    hashed = generate_password_hash(password, method="pbkdf2:sha256:1")
    db.session.add_all([User(login=name, password_hash=hashed) for name in names])
    db.session.commit()

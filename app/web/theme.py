"""Light or dark: the person's choice is kept in a cookie; without one the page follows the system's."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.web.security import local_address, public

COOKIE = "theme"
THEMES = ("light", "dark")
A_YEAR = 31_536_000  # seconds

pages = Blueprint("theme", __name__)


def chosen_theme() -> str | None:
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in THEMES else None


@pages.post("/theme")
@public
def choose() -> Response:
    """Keeps the theme named, or without a name turns the present one over."""
    wanted = request.form.get("theme")
    chosen = wanted if wanted in THEMES else "light" if chosen_theme() == "dark" else "dark"
    response = redirect(local_address(request.form.get("next")) or url_for("catalogue.services"))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response

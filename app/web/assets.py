"""The built front-end parts: one build number in every address, so that browsers may keep the files for ever."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from app.domain.errors import Misconfigured
from app.web.security import public

DIST = Path(__file__).parent / "static" / "dist"
A_YEAR = 31_536_000  # seconds

pages = Blueprint("assets", __name__)


@lru_cache(maxsize=1)
def build_number() -> str:
    """The digest of the built files. Raises Misconfigured if `npm run build` has not been run."""
    try:
        return (DIST / "build.txt").read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise Misconfigured(
            "The front-end parts are not built: %(file)s is missing; run `npm ci` and `npm run build`.",
            file="app/web/static/dist/build.txt",
        ) from error


def asset(name: str) -> str:
    """The address of one built file, such as `app.css`."""
    return url_for("assets.file", build=build_number(), name=name)


@pages.get("/assets/<build>/<path:name>")
@public
def file(build: str, name: str) -> Response:
    """A page opened before an update still gets its parts, of the new build, but not to keep."""
    if build != build_number():
        return send_from_directory(DIST, name, max_age=0)
    response = send_from_directory(DIST, name, max_age=A_YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response

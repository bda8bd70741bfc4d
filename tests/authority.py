"""One test authority a test run, and made-up people with keys. The IINs and BINs have wrong check digits: nobody's."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from app.gateways.authority import Holder, OrganisationRole, TestAuthority

MOMENT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)

PERSON = Holder(surname="ҮЛГІБАЕВ", given="АСАН", patronymic="СЫНАҚҰЛЫ", iin="000000000001")
HEAD = Holder(
    surname="ҮЛГІБАЕВ",
    given="АСАН",
    patronymic="СЫНАҚҰЛЫ",
    iin="000000000001",
    organisation="«Үлгі» ЖШС",
    bin="000000000002",
    role=OrganisationRole.FIRST_HEAD,
)


@cache
def authority() -> TestAuthority:
    """Made once: an RSA key takes a tenth of a second."""
    return TestAuthority(temporary_directory())


@cache
def foreign_authority() -> TestAuthority:
    """Another root, which nobody pins."""
    return TestAuthority(temporary_directory())


def temporary_directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="rasim-authority-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory

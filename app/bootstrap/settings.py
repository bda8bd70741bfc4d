"""Settings: read once from the environment, typed, and stopping the start when wrong. README.md documents each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

from app.cases.office import Settings
from app.domain.errors import Misconfigured

VARIABLES = {
    "RASIM_DATABASE": "address of the database; SQLite in RASIM_HOME when not given",
    "RASIM_HOME": "folder for the database, keys and secrets; ./var when not given",
    "RASIM_SECRET_KEY": "key that signs sessions; made and kept in RASIM_HOME when not given",
    "RASIM_PUBLIC_URL": "address people open; http://127.0.0.1:8000 when not given",
    "RASIM_MODE": "production or demonstration; production when not given",
    "RASIM_SIGNATURE_ROOTS": "folder of pinned root certificates; the test authority's in demonstration mode",
    "RASIM_REVOCATION": "required or when-named; required in production and when-named in demonstration mode when not given",
    "RASIM_OCSP": "addresses of revocation responders asked in place of those that certificates name, with blanks between",
    "RASIM_CRL": "addresses of revocation lists asked in place of those that certificates name, with blanks between",
    "RASIM_NCANODE": "address of a signature gateway for GOST; without one such signatures cannot be checked",
}


def home(environ: Mapping[str, str] = os.environ) -> Path:
    return Path(environ.get("RASIM_HOME", "var"))


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Raises Misconfigured naming the variable, what was expected and what was found."""
    unknown = sorted(name for name in environ if name.startswith("RASIM_") and name not in VARIABLES)
    if unknown:
        raise Misconfigured("Unknown settings: %(names)s. Known are: %(known)s", names=unknown, known=sorted(VARIABLES))
    mode = environ.get("RASIM_MODE", "production")
    if mode not in ("production", "demonstration"):
        raise Misconfigured("RASIM_MODE must be production or demonstration; found '%(found)s'", found=mode)
    public_url = environ.get("RASIM_PUBLIC_URL", "http://127.0.0.1:8000")
    if not public_url.startswith(("http://", "https://")):
        raise Misconfigured("RASIM_PUBLIC_URL must begin with http:// or https://; found '%(found)s'", found=public_url)
    demonstration = mode == "demonstration"
    revocation = environ.get("RASIM_REVOCATION", "when-named" if demonstration else "required")
    if revocation not in ("required", "when-named"):
        raise Misconfigured("RASIM_REVOCATION must be required or when-named; found '%(found)s'", found=revocation)
    folder = home(environ)
    _make(folder)
    return Settings(
        database=environ.get("RASIM_DATABASE", f"sqlite:///{folder.resolve()}/rasim.db"),
        secret_key=environ.get("RASIM_SECRET_KEY") or _kept_secret(folder / "secret.key"),
        public_url=public_url,
        demonstration=demonstration,
        signature_roots=environ.get("RASIM_SIGNATURE_ROOTS", ""),
        revocation_required=revocation == "required",
        responders=_addresses(environ, "RASIM_OCSP"),
        revocation_lists=_addresses(environ, "RASIM_CRL"),
        signature_gateway=next(iter(_addresses(environ, "RASIM_NCANODE")), ""),
    )


def _addresses(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    addresses = tuple(environ.get(name, "").split())
    for address in addresses:
        if not address.startswith(("http://", "https://")):
            raise Misconfigured("%(name)s must begin with http:// or https://; found '%(found)s'", name=name, found=address)
    return addresses


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured("The folder RASIM_HOME=%(folder)s cannot be made: %(error)s", folder=folder, error=error) from error


def _kept_secret(path: Path) -> str:
    """One secret for all processes, whichever of them starts first: the file appears with the whole of it or not at all."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as file:  # readable by its owner alone
            file.write(token_hex(32))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()

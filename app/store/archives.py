"""A whole service as one file: a zip of the very folders `processes/` has, `<service>/…` and `shared/…` beside it.

The same files give the same bytes: names in order, one fixed moment, nothing compressed, since compressors differ. What comes in
from outside is unpacked in memory within bounds, and only under names a service may have.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.domain.errors import Invalid
from app.domain.moves import Bundle
from app.store.bundles import MAX_FILE, SHARED

MAX_FILES = 200
MAX_TOTAL = 20 * 1024 * 1024  # bytes of all files, unpacked

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first a zip can name
_SERVICE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_CHUNK = 64 * 1024
_UNREADABLE = (
    BadZipFile,
    zlib.error,  # what is packed is spoilt
    NotImplementedError,  # packed in a way that is not read
    RuntimeError,  # behind a password
    EOFError,
    OSError,
    ValueError,  # names in no encoding among them
)


def archived(bundle: Bundle) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for path, name in sorted((path_of(bundle.service, name), name) for name in bundle.files):
            entry = ZipInfo(path, _MOMENT)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, bundle.files[name])
    return target.getvalue()


def path_of(service: str, name: str) -> str:
    """Where a bundle's file stands beside other services: its own in its folder, shared ones in theirs."""
    return name if name.startswith(f"{SHARED}/") else f"{service}/{name}"


def unarchived(content: bytes) -> Bundle:
    """The service in a zip. Raises Invalid with one sentence for whatever is none, is too large, or points outside."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _bundle(archive)
    except _UNREADABLE as error:
        raise Invalid("This file is no zip that can be read.") from error


def _bundle(archive: ZipFile) -> Bundle:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise Invalid("The zip holds %(found)s files; at most %(most)s are read.", found=len(entries), most=MAX_FILES)
    services = {entry.filename.partition("/")[0] for entry in entries} - {SHARED}
    if len(services) != 1:
        raise Invalid("The zip has to hold one folder, named as its service, and beside it at most “shared”.")
    (service,) = services
    if not _SERVICE.fullmatch(service):
        raise Invalid("“%(name)s” is no name of a service: small Latin letters, digits and hyphens.", name=service[:80])
    return Bundle(service, dict(_files(archive, entries, service)))


def _files(archive: ZipFile, entries: list[ZipInfo], service: str) -> Iterator[tuple[str, bytes]]:
    left, seen = MAX_TOTAL, set()
    for entry in entries:
        name = entry.filename.removeprefix(f"{service}/")
        if "\\" in entry.filename or ".." in entry.filename.split("/") or entry.filename.startswith("/") or name in seen:
            raise Invalid("The zip has a file under a name it must not have: “%(name)s”.", name=entry.filename[:120])
        seen.add(name)
        content = _read(archive, entry, min(MAX_FILE, left))
        left -= len(content)
        yield name, content


def _read(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    """Unpacks no further than allowed, whatever size the zip claims."""
    content = bytearray()
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            content += chunk
            if len(content) > most:
                raise Invalid("The file “%(name)s” of the zip is too large to be read.", name=entry.filename[:120])
    return bytes(content)

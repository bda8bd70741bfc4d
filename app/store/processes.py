"""Published versions of services, kept whole and by content."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from functools import lru_cache

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.domain.moves import Bundle
from app.store.tables import ProcessVersion


def pack(bundle: Bundle) -> bytes:
    return zlib.compress(orjson.dumps({name: b64encode(bundle.files[name]).decode() for name in sorted(bundle.files)}))


def unpack(service: str, packed: bytes) -> Bundle:
    files = orjson.loads(zlib.decompress(packed))
    return Bundle(service, {name: b64decode(content) for name, content in files.items()})


class Processes:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._met: Sequence[ProcessVersion] = ()

    def add(self, version: ProcessVersion) -> ProcessVersion:
        self._session.add(version)
        self._session.flush()
        return version

    def get(self, version_id: str) -> ProcessVersion | None:
        """Without the bundle's bytes, which `bundle` gives."""
        return self._session.get(ProcessVersion, version_id, options=[defer(ProcessVersion.bundle)])

    def meet(self, version_ids: Collection[str]) -> None:
        """Reads these versions at once, so that `get` asks the database no more."""
        self._met = self._session.scalars(
            select(ProcessVersion).options(defer(ProcessVersion.bundle)).where(ProcessVersion.id.in_(version_ids))
        ).all()  # kept, since a session forgets what nobody holds

    def by_digest(self, service: str, digest: str) -> ProcessVersion | None:
        return self._session.scalar(
            select(ProcessVersion).where(ProcessVersion.service == service, ProcessVersion.digest == digest)
        )

    def newest(self, service: str) -> ProcessVersion | None:
        return self._session.scalar(
            select(ProcessVersion)
            .options(defer(ProcessVersion.bundle))
            .where(ProcessVersion.service == service)
            .order_by(ProcessVersion.number.desc())
            .limit(1)
        )

    def newest_of_each(self) -> list[ProcessVersion]:
        newest = (
            select(ProcessVersion.service, func.max(ProcessVersion.number).label("number"))
            .group_by(ProcessVersion.service)
            .subquery()
        )
        return list(
            self._session.scalars(
                select(ProcessVersion)
                .options(defer(ProcessVersion.bundle))
                .join(
                    newest,
                    (newest.c.service == ProcessVersion.service) & (newest.c.number == ProcessVersion.number),
                )
                .order_by(ProcessVersion.service)
            )
        )

    def bundle(self, version: ProcessVersion) -> Bundle:
        """The version's files; a version never changes, so its bundle is read from the database once a process."""
        return _Bundles.get(self._session, version.service, version.id)


class _Bundles:
    """Bundles by version id. A plain LRU: versions are immutable, so nothing ever goes stale."""

    @staticmethod
    def get(session: Session, service: str, version_id: str) -> Bundle:
        known = _Bundles._known(version_id)
        if not known:
            packed = session.scalar(select(ProcessVersion.bundle).where(ProcessVersion.id == version_id))
            if packed is None:
                raise LookupError(version_id)
            known.append(unpack(service, packed))
        return known[0]

    @staticmethod
    @lru_cache(maxsize=128)
    def _known(version_id: str) -> list[Bundle]:
        return []

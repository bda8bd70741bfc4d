"""Published versions of services, kept whole and by content."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, defer

from app.domain.moves import Bundle
from app.store.locking import for_update
from app.store.tables import ProcessVersion


def pack(bundle: Bundle) -> bytes:
    return zlib.compress(orjson.dumps({name: b64encode(bundle.files[name]).decode() for name in sorted(bundle.files)}))


def unpack(service: str, packed: bytes) -> Bundle:
    files = orjson.loads(zlib.decompress(packed))
    return Bundle(service, {name: b64decode(content) for name, content in files.items()})


_UNREAD = defer(ProcessVersion.bundle)


def _of(service: str) -> Select[Any]:
    return select(ProcessVersion).options(_UNREAD).where(ProcessVersion.service == service)


def _counts(now: datetime) -> ColumnElement[bool]:
    """Its moment has come and it is not retired: `Period.counts` of app/domain/versions.py as a condition."""
    not_retired = ProcessVersion.retired_at.is_(None) | (ProcessVersion.retired_at > now)
    return (ProcessVersion.in_force_from <= now) & not_retired


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
        return self._session.get(ProcessVersion, version_id, options=[_UNREAD])

    def lock(self, version_id: str) -> ProcessVersion | None:
        """The version, with its row locked until the transaction ends."""
        return self._session.scalar(for_update(select(ProcessVersion).options(_UNREAD).where(ProcessVersion.id == version_id)))

    def meet(self, version_ids: Collection[str]) -> None:
        """Reads these versions at once, so that `get` asks the database no more."""
        self._met = self._session.scalars(
            select(ProcessVersion).options(_UNREAD).where(ProcessVersion.id.in_(version_ids))
        ).all()  # kept, since a session forgets what nobody holds

    def by_digest(self, service: str, digest: str) -> ProcessVersion | None:
        """The last version with just these files: an earlier one may have been published again since."""
        found = select(ProcessVersion).where(ProcessVersion.service == service, ProcessVersion.digest == digest)
        return self._session.scalar(found.options(_UNREAD).order_by(ProcessVersion.number.desc()).limit(1))

    def newest(self, service: str) -> ProcessVersion | None:
        """The one with the highest number, be it in force, coming or retired: what the next draft and the next number follow."""
        return self._session.scalar(_of(service).order_by(ProcessVersion.number.desc()).limit(1))

    def in_force(self, service: str, now: datetime) -> ProcessVersion | None:
        """The one applications are filed by now; None where nobody can apply."""
        return self._session.scalar(_of(service).where(_counts(now)).order_by(ProcessVersion.number.desc()).limit(1))

    def versions(self, service: str) -> Sequence[ProcessVersion]:
        """All there are, the newest first."""
        return self._session.scalars(_of(service).order_by(ProcessVersion.number.desc())).all()

    def all_versions(self) -> Sequence[ProcessVersion]:
        """Those of every service, by its name, the newest first."""
        query = select(ProcessVersion).options(_UNREAD).order_by(ProcessVersion.service, ProcessVersion.number.desc())
        return self._session.scalars(query).all()

    def newest_of_each(self) -> list[ProcessVersion]:
        """Every service there is or was, where it does not matter whether people can apply."""
        return self._highest_of_each()

    def in_force_of_each(self, now: datetime) -> list[ProcessVersion]:
        """By which applications are filed now; services without one are left out."""
        return self._highest_of_each(_counts(now))

    def _highest_of_each(self, *conditions: ColumnElement[bool]) -> list[ProcessVersion]:
        highest = (
            select(ProcessVersion.service, func.max(ProcessVersion.number).label("number"))
            .where(*conditions)
            .group_by(ProcessVersion.service)
            .subquery()
        )
        return list(
            self._session.scalars(
                select(ProcessVersion)
                .options(_UNREAD)
                .join(
                    highest,
                    (highest.c.service == ProcessVersion.service) & (highest.c.number == ProcessVersion.number),
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

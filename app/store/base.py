"""Declarative base, naming convention and the column types every table shares."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import orjson
from sqlalchemy import DateTime, Dialect, ForeignKey, LargeBinary, MetaData, String, Text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no zones, so the zone is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected an aware moment, found {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A small JSON value kept as text: what is hashed must come back letter for letter, which jsonb does not promise."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Money(TypeDecorator[Decimal]):
    """An exact decimal, kept as text: SQLite knows floats only, and money is never one. Not to be summed in SQL."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


Id = String(32)
Word = String(64)
PlainWord = String(64).with_variant(String(64, collation="C"), "postgresql")  # compared by code points: ranges of a prefix
Line = String(300)
Bytes = LargeBinary


def new_id() -> str:
    return uuid4().hex


def reference(target: str, **options: Any) -> Any:
    return mapped_column(Id, ForeignKey(target), **options)


def id_column() -> Any:
    return mapped_column(Id, primary_key=True, default_factory=new_id, init=False)


# Enumerations are kept by value in plain text columns: a new member then needs no change of a database type.
EnumText = SqlEnum(
    enum.Enum,
    native_enum=False,
    create_constraint=False,
    length=64,
    values_callable=lambda kind: [m.value for m in kind],
)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {enum.Enum: EnumText, str: Text}

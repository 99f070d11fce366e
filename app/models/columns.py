"""How columns are written here: required unless `optional` says otherwise, no defaults, `workspace_id` first."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, Text, Uuid
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

AT: TypeEngine[datetime] = DateTime(timezone=True)
ID: TypeEngine[UUID] = Uuid()
IDS = ARRAY(Uuid())
TEXTS = ARRAY(Text())


def required(name: str, type_: type[TypeEngine[T]] | TypeEngine[T]) -> Column[T]:
    return Column(name, type_, nullable=False)


def optional(name: str, type_: type[TypeEngine[T]] | TypeEngine[T]) -> Column[T]:
    return Column(name, type_, nullable=True)


def key(name: str, type_: type[TypeEngine[T]] | TypeEngine[T]) -> Column[T]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def workspace_key() -> Column[UUID]:
    return key("workspace_id", ID)


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """An enum is text that a named CHECK limits: a new word is one ALTER TABLE, in one transaction, on Citus too."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)

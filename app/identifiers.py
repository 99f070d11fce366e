"""Ids as callers see them: prefix, underscore, 26 characters of base32hex in lower case. They sort as their bytes do."""

import os
import random
import re
import time
from uuid import UUID

NOUNS = {
    "tkt": "ticket",
    "agt": "agent",
    "cus": "customer",
    "que": "queue",
    "tem": "team",
    "skl": "skill",
    "rul": "rule",
    "rpo": "routing_policy",
    "slp": "sla_policy",
    "dec": "decision",
    "asg": "assignment",
    "off": "offer",
    "evt": "event",
    "msg": "message",
    "key": "key",
    "aud": "audit_entry",
    "per": "person",
    "idp": "identity_provider",
    "wsp": "workspace",
    "req": "request",
}
PATTERN = "[0-9a-v]{25}[048cgkos]"  # 130 bits hold 128: the last character has two bits that are zero

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_TRIPLES = tuple(first + second + third for first in _DIGITS for second in _DIGITS for third in _DIGITS)
_LOW_45 = (1 << 45) - 1
_FORM = re.compile(PATTERN)
_RANDOM = random.Random(os.urandom(32))  # noqa: S311  # unique, not unguessable
os.register_at_fork(after_in_child=lambda: _RANDOM.seed(os.urandom(32)))


def text_of(value: bytes | UUID) -> str:
    """The 26 characters without a prefix."""
    number = (
        int.from_bytes(value, "big") if isinstance(value, bytes) else value.int
    ) << 7  # 27 digits of five bits, one too many
    high, middle, low = number >> 90, number >> 45 & _LOW_45, number & _LOW_45
    return (
        f"{_TRIPLES[high >> 30]}{_TRIPLES[high >> 15 & 32767]}{_TRIPLES[high & 32767]}"
        f"{_TRIPLES[middle >> 30]}{_TRIPLES[middle >> 15 & 32767]}{_TRIPLES[middle & 32767]}"
        f"{_TRIPLES[low >> 30]}{_TRIPLES[low >> 15 & 32767]}{_TRIPLES[low & 32767]}"
    )[:26]


def bytes_of(text: str) -> bytes | None:
    """The 16 bytes of 26 characters; None when they are no id."""
    if _FORM.fullmatch(text) is None:
        return None
    return (int(text, 32) >> 2).to_bytes(16, "big")


def encode(prefix: str, value: bytes | UUID) -> str:
    return f"{prefix}_{text_of(value)}"


def encode_optional(prefix: str, value: bytes | UUID | None) -> str | None:
    return None if value is None else f"{prefix}_{text_of(value)}"


def read(prefix: str, text: str) -> bytes | None:
    """The 16 bytes; None when `text` is no id of this kind."""
    start = len(prefix) + 1
    return bytes_of(text[start:]) if text[:start] == f"{prefix}_" else None


def mint() -> bytes:
    """A new UUIDv7 (RFC 9562): milliseconds, then 74 random bits. Ids are names, not secrets: no system call for each."""
    number = time.time_ns() // 1_000_000 << 80 | _RANDOM.getrandbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return number.to_bytes(16, "big")


def new(prefix: str) -> str:
    return encode(prefix, mint())

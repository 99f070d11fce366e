"""Addresses and numbers of customers, and the one form in which two spellings of the same are equal."""

import re
import unicodedata
from dataclasses import replace
from typing import Any

from app.engine.frozen import frozen
from app.engine.ids import CustomerId
from app.engine.vocabulary import ContactKind

MOST_CONTACTS = 50
MATCH_LENGTH = 254
_NUMBERS = frozenset({ContactKind.PHONE, ContactKind.WHATSAPP})
_BETWEEN = re.compile(r"\(0\)|[\s().\-\u2010-\u2015/]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@frozen
class Contact:
    """One way to reach a customer. `value` is as it was sent, `match` what it is found by.

    `brought` names the customer who was merged and had it, where this one had not.
    """

    kind: ContactKind
    value: str
    match: str
    verified: bool = False
    primary: bool = False
    brought: CustomerId | None = None

    @property
    def key(self) -> tuple[ContactKind, str]:
        """What makes it one contact, however it is written."""
        return self.kind, self.match


def match_of(kind: ContactKind, value: str) -> str | None:
    """The form that is compared; None for what is no such address or number.

    A number is E.164: a plus (or 00), the country, 7 to 15 digits, in any script and with any marks between them. Of an address
    case does not count and its domain is as the DNS has it. A name on a network has no @ before it, and case does not count.
    """
    text = _plain(value)
    if kind in _NUMBERS:
        return _number(text)
    if kind is ContactKind.EMAIL:
        return _address(text)
    name = text.removeprefix("@").casefold()
    return name if name and not any(letter.isspace() for letter in name) else None


def loose_match(kind: ContactKind, value: str) -> str:
    """As `match_of`, and for what is no such thing its text without regard to case, so that it is found again as it was sent."""
    return match_of(kind, value) or _plain(value).casefold()[:MATCH_LENGTH]


def with_primaries(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The first of each kind is the primary one where none is."""
    if not contacts:
        return ()
    have = {contact.kind for contact in contacts if contact.primary}
    found = []
    for contact in contacts:
        if contact.kind not in have:
            have.add(contact.kind)
            found.append(replace(contact, primary=True))
        else:
            found.append(contact)
    return tuple(found)


def told(contacts: tuple[Contact, ...], kind: ContactKind, value: str) -> tuple[Contact, ...]:
    """With what a ticket says of its customer: one that is not known yet becomes the primary one of its kind.

    Where there are too many, the oldest that is neither verified nor primary gives way, and if all are, nothing is added.
    """
    match = loose_match(kind, value)
    if not match or any(contact.match == match and contact.kind is kind for contact in contacts):
        return contacts
    if len(contacts) >= MOST_CONTACTS:
        spare = next((contact for contact in contacts if not (contact.verified or contact.primary)), None)
        if spare is None:
            return contacts
        contacts = tuple(contact for contact in contacts if contact is not spare)
    others = tuple(replace(contact, primary=False) if contact.kind is kind else contact for contact in contacts)
    return (*others, Contact(kind, value, match, primary=True))


def united(own: tuple[Contact, ...], others: tuple[Contact, ...], owner: CustomerId) -> tuple[Contact, ...]:
    """The own ones, and those of `owner` that are not among them; the own primary ones stay so."""
    keys = {contact.key for contact in own}
    kinds = {contact.kind for contact in own if contact.primary}
    brought = (
        replace(contact, primary=contact.primary and contact.kind not in kinds, brought=owner)
        for contact in others
        if contact.key not in keys
    )
    return (*own, *brought)


def parted(own: tuple[Contact, ...], owner: CustomerId, others: dict[CustomerId, tuple[Contact, ...]]) -> tuple[Contact, ...]:
    """Without what `owner` brought, but for what one of the `others` who were merged has as well."""
    kept = []
    for contact in own:
        if contact.brought != owner:
            kept.append(contact)
            continue
        heir = next((other for other, theirs in others.items() if any(one.key == contact.key for one in theirs)), None)
        if heir is not None:
            kept.append(replace(contact, brought=heir))
    return with_primaries(tuple(kept))


def to_json(contacts: tuple[Contact, ...]) -> list[dict[str, Any]]:
    """As rows keep them."""
    return [
        {"kind": one.kind, "value": one.value, "match": one.match, "verified": one.verified, "primary": one.primary}
        | ({"brought": one.brought.hex()} if one.brought else {})
        for one in contacts
    ]


def from_json(contacts: list[dict[str, Any]]) -> tuple[Contact, ...]:
    """What `to_json` wrote."""
    return tuple(
        Contact(
            ContactKind(one["kind"]),
            one["value"],
            one["match"],
            one["verified"],
            one["primary"],
            CustomerId(bytes.fromhex(one["brought"])) if "brought" in one else None,
        )
        for one in contacts
    )


def _plain(value: str) -> str:
    """Full-width letters as plain ones, nothing invisible."""
    text = unicodedata.normalize("NFKC", value)
    if not text.isascii():
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return text.strip()


def _number(text: str) -> str | None:
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in _BETWEEN.sub("", text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if _E164.fullmatch(digits) else None


def _address(text: str) -> str | None:
    local, at, domain = text.rpartition("@")
    if not at or _LOCAL.fullmatch(local) is None:
        return None
    try:
        name = domain.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        return None
    return f"{local.casefold()}@{name}"[:MATCH_LENGTH] if len(name) <= 253 and _DOMAIN.fullmatch(name) else None

"""What a trial found, in sentences."""

from collections.abc import Mapping
from typing import Any

_PHRASES = {
    "en": {
        "none": "There is no ticket yet to try it on.",
        "same": "None of {tickets} tickets would get something else.",
        "changed": "{changed} of {tickets} tickets would get something else: {fields}.",
        "each": "Each ticket was looked at for itself, with the agents of this moment: none takes another's place.",
    },
    "id": {
        "none": "Belum ada tiket untuk dicoba.",
        "same": "Tidak satu pun dari {tickets} tiket akan mendapat hal lain.",
        "changed": "{changed} dari {tickets} tiket akan mendapat hal lain: {fields}.",
        "each": "Setiap tiket dilihat sendiri-sendiri dengan agen saat ini: tidak ada yang mengambil tempat tiket lain.",
    },
}
_FIELDS = {
    "en": {
        "refused": "{} would be taken or refused otherwise",
        "queue": "{} another queue",
        "priority": "{} another priority",
        "category": "{} another category",
        "language": "{} another language",
        "area": "{} another area",
        "team": "{} another team",
        "require_skills": "{} other required skills",
        "wish_skills": "{} other wished skills",
        "tags": "{} other tags",
        "cost": "{} another cost",
        "promises": "{} other deadlines",
        "handover": "{} another handover",
        "agent": "{} another agent",
    },
    "id": {
        "refused": "{} diterima atau ditolak secara lain",
        "queue": "{} antrean lain",
        "priority": "{} prioritas lain",
        "category": "{} kategori lain",
        "language": "{} bahasa lain",
        "area": "{} area lain",
        "team": "{} tim lain",
        "require_skills": "{} syarat keahlian lain",
        "wish_skills": "{} keahlian yang diharapkan lain",
        "tags": "{} tag lain",
        "cost": "{} biaya lain",
        "promises": "{} batas waktu lain",
        "handover": "{} cara penyerahan lain",
        "agent": "{} agen lain",
    },
}
COMPARED = tuple(_FIELDS["en"])
"""The fields of what a ticket would get that count as a change; which rules match is shown and does not."""


def explain_trial(record: Mapping[str, Any], language: str) -> str:
    """`record` is the answer."""
    phrases, tickets, changed = _PHRASES[language], record["tickets"], record["changed"]
    if not tickets:
        return phrases["none"]
    if not changed:
        return f"{phrases['same'].format(tickets=tickets)} {phrases['each']}"
    fields = ", ".join(_FIELDS[language][one["field"]].format(one["tickets"]) for one in record["summary"])
    return f"{phrases['changed'].format(changed=changed, tickets=tickets, fields=fields)} {phrases['each']}"

"""How a deadline was computed, in two or three sentences."""

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

_METRICS = {
    "en": {"first_response": "A first response", "resolution": "A resolution"},
    "id": {"first_response": "Tanggapan pertama", "resolution": "Penyelesaian"},
}
PRIORITIES = {
    "en": {"low": "low", "medium": "medium", "high": "high", "urgent": "urgent"},
    "id": {"low": "rendah", "medium": "sedang", "high": "tinggi", "urgent": "mendesak"},
}
_PHRASES = {
    "en": {
        "promised": "{metric} was promised within {target} for priority {priority}{policy}, from {started}.",
        "unknown": "{metric} was promised from {started}; the log no longer says within which time.",
        "policy": " by the policy {policy} of configuration {version}",
        "due": "{started} + {target} = {due}.",
        "paused": "The clock stood still for {paused}{spans} meanwhile, so it was due at {due}.",
        "span": "{start} to {end}",
        "spans": " ({spans})",
        "warn": "The warning was set for {warn}.",
        "moved": "The priority is {priority} now; that moves no deadline: what was promised stays promised.",
        "met_at": "It was kept at {at}.",
        "missed_at": "It was fulfilled too late, at {at}.",
        "still": "The clock stands still; {left} are left once it runs again.",
        "met": "It was kept.",
        "breached": "The deadline has passed.",
        "missed": "It was fulfilled too late.",
        "cancelled": "It no longer matters: the ticket was cancelled.",
        "next": "Next: {step} at {at}.",
        "warning": "the warning",
        "breach": "the deadline",
        "escalation": "escalation level {level}",
    },
    "id": {
        "promised": "{metric} dijanjikan dalam {target} untuk prioritas {priority}{policy}, sejak {started}.",
        "unknown": "{metric} dijanjikan sejak {started}; batas waktunya tidak lagi tercatat.",
        "policy": " menurut kebijakan {policy} pada konfigurasi {version}",
        "due": "{started} + {target} = {due}.",
        "paused": "Sementara itu waktu berhenti selama {paused}{spans}, sehingga batasnya {due}.",
        "span": "{start} sampai {end}",
        "spans": " ({spans})",
        "warn": "Peringatan ditetapkan pada {warn}.",
        "moved": "Prioritasnya kini {priority}; batas waktu tidak ikut berubah: yang sudah dijanjikan tetap berlaku.",
        "met_at": "Janji ditepati pada {at}.",
        "missed_at": "Dipenuhi, tetapi terlambat, pada {at}.",
        "still": "Waktu sedang berhenti; tersisa {left} setelah berjalan lagi.",
        "met": "Janji ditepati.",
        "breached": "Batas waktu sudah lewat.",
        "missed": "Dipenuhi, tetapi terlambat.",
        "cancelled": "Tidak lagi berlaku: tiket dibatalkan.",
        "next": "Berikutnya: {step} pada {at}.",
        "warning": "peringatan",
        "breach": "batas waktu",
        "escalation": "eskalasi tingkat {level}",
    },
}
_UNITS = {"en": ("d", "h", "min", "s"), "id": ("hari", "jam", "menit", "detik")}


def explain_promise(promise: Record, language: str) -> str:
    """`promise` is the timer as the answer has it."""
    phrases = _PHRASES[language]
    started, target = clock(promise["started_at"]), promise["target_seconds"]
    metric = _METRICS[language][promise["metric"]]
    if target is None:
        sentences = [phrases["unknown"].format(metric=metric, started=started)]
    else:
        named = promise["sla_policy"] is not None
        policy = phrases["policy"].format(policy=promise["sla_policy"], version=promise["configuration_version"])
        priority = PRIORITIES[language].get(promise["priority"] or "", promise["priority"])
        said = {"target": length(target, language), "priority": priority, "policy": policy if named else ""}
        sentences = [phrases["promised"].format(metric=metric, started=started, **said)]
        sentences += _deadline(promise, started, target, language)
    if promise["warn_at"] is not None:
        sentences.append(phrases["warn"].format(warn=clock(promise["warn_at"])))
    if promise["priority"] not in (None, promise["present_priority"]):
        sentences.append(phrases["moved"].format(priority=PRIORITIES[language][promise["present_priority"]]))
    at, told = promise["settled_at"], f"{promise['state']}_at"
    if at is not None and told in phrases:
        sentences.append(phrases[told].format(at=clock(at)))
    elif promise["state"] in phrases and promise["state"] != "paused":
        sentences.append(phrases[promise["state"]])
    if promise["next_step"] is not None:
        word, _, level = promise["next_step"].partition("_")
        sentences.append(phrases["next"].format(step=phrases[word].format(level=level), at=clock(promise["next_at"])))
    return " ".join(sentences)


def _deadline(promise: Record, started: str, target: int, language: str) -> list[str]:
    phrases = _PHRASES[language]
    if promise["due_at"] is None:
        return [phrases["still"].format(left=length(promise["left_seconds"] or 0, language))]
    due, paused = clock(promise["due_at"]), promise["paused_seconds"] or 0
    if paused:
        spans = [
            phrases["span"].format(start=clock(one["from_at"]), end=clock(one["to_at"]))
            for one in promise["pauses"]
            if one["to_at"]
        ]
        told = phrases["spans"].format(spans=", ".join(spans)) if spans else ""
        return [phrases["paused"].format(paused=length(paused, language), spans=told, due=due)]
    return [phrases["due"].format(started=started, target=length(target, language), due=due)]


def clock(at: str) -> str:
    """2026-01-05T08:00:00.123Z → 2026-01-05 08:00:00 UTC."""
    return f"{at[:10]} {at[11:19]} UTC"


def length(seconds: int, language: str) -> str:
    """90061 → 1 d 1 h 1 min 1 s."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = zip((days, hours, minutes, rest), _UNITS[language], strict=True)
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or f"0 {_UNITS[language][-1]}"

"""A decision in two to four sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.vocabulary import Rejection
from app.services.explanations.preferences import because
from app.services.explanations.reasons import PASSING, counted

Record = Mapping[str, Any]

_WENT = {
    "en": {
        "assigned": "{ticket} went to {agent} (load {load} of {capacity}){when}.",
        "offered": "{ticket} was offered to {agent} (load {load} of {capacity}){when}.",
        "waiting": "{ticket} waits in the queue {queue}{when}.",
    },
    "id": {
        "assigned": "{ticket} diberikan kepada {agent} (beban {load} dari {capacity}){when}.",
        "offered": "{ticket} ditawarkan kepada {agent} (beban {load} dari {capacity}){when}.",
        "waiting": "{ticket} menunggu di antrean {queue}{when}.",
    },
}
_WHEN = {
    "en": {
        "agent_freed": " when an agent had room",
        "offer_answered": " after an offer was declined",
        "offer_expired": " after an offer had lapsed",
        "escalated": " after an escalation",
        "reopened": " when it was reopened",
        "transferred": " when it was handed on",
        "returned": " when it was given back",
        "released": " when all work of its owner was moved",
        "taken": ", who took it from the queue",
        "updated": " when it was changed",
        "resumed": " when routing went on",
        "message": " when the customer wrote again",
        "configuration_applied": " under a new configuration",
        "swept": " when the queues were looked through",
    },
    "id": {
        "agent_freed": " ketika ada agen yang punya ruang",
        "offer_answered": " setelah sebuah tawaran ditolak",
        "offer_expired": " setelah sebuah tawaran lewat waktunya",
        "escalated": " setelah eskalasi",
        "reopened": " ketika dibuka kembali",
        "transferred": " ketika dialihkan",
        "returned": " ketika dikembalikan",
        "released": " ketika semua pekerjaan pemiliknya dipindahkan",
        "taken": ", yang mengambilnya sendiri dari antrean",
        "updated": " ketika diubah",
        "resumed": " ketika pembagian dilanjutkan",
        "message": " ketika pelanggan menulis lagi",
        "configuration_applied": " di bawah konfigurasi baru",
        "swept": " ketika antrean diperiksa",
    },
}
_PHRASES = {
    "en": {
        "ticket": "Ticket #{number}",
        "new_ticket": "The ticket",
        "some": "{eligible} of {considered} agents could take it",
        "all": "All {considered} agents could take it",
        "one": "There is one agent, who could take it",
        "none": "None of {considered} agents could take it",
        "none_one": "The only agent could not take it",
        "nobody": "The workspace has no agents yet",
        "ahead": "{first} was ahead of {second} because {reason}.",
        "only": "{first} was the only one who could.",
        "queue_paused": "The queue is paused: routing gives nothing out until it goes on; by hand and by taking it goes.",
        "workspace_paused": "The workspace is paused: routing gives nothing out until it goes on; by hand and by taking it goes.",
        "comes": "It is given out as soon as one of those who fit comes or has room.",
        "stuck": "Nobody has what it asks for: that changes only with the ticket or the configuration.",
        "declined": "Everybody who fits was asked already: assign it by hand, or let somebody else come.",
    },
    "id": {
        "ticket": "Tiket #{number}",
        "new_ticket": "Tiket ini",
        "some": "{eligible} dari {considered} agen dapat menerimanya",
        "all": "Semua {considered} agen dapat menerimanya",
        "one": "Hanya ada satu agen, dan agen itu dapat menerimanya",
        "none": "Tidak satu pun dari {considered} agen dapat menerimanya",
        "none_one": "Satu-satunya agen tidak dapat menerimanya",
        "nobody": "Ruang kerja ini belum punya agen",
        "ahead": "{first} didahulukan dari {second} karena {reason}.",
        "only": "Hanya {first} yang dapat menerimanya.",
        "queue_paused": "Antrean dijeda: tidak ada yang dibagikan sampai dilanjutkan; secara manual atau diambil sendiri tetap bisa.",
        "workspace_paused": "Ruang kerja dijeda: tidak ada yang dibagikan sampai dilanjutkan; secara manual atau diambil sendiri tetap bisa.",
        "comes": "Tiket diberikan begitu salah satu yang cocok datang atau punya ruang.",
        "stuck": "Tidak ada yang memenuhi syaratnya: itu hanya berubah bila tiket atau konfigurasi diubah.",
        "declined": "Semua yang cocok sudah ditawari: berikan secara manual, atau tunggu agen lain.",
    },
}


def explain_decision(record: Record, language: str) -> str:
    """`record` is the decision as the answer has it, names and all."""
    sentences = [_what(record, language), who_could(record, language)]
    ranked = record["ranked"]
    if record["outcome"] == "waiting":
        sentences += _what_now(record, language)
    elif record["cause"] == "taken":
        pass
    elif len(ranked) > 1:
        sentences.append(_ahead(ranked[0], ranked[1], record["tie_break"], language))
    elif record["considered"] > 1:
        sentences.append(_PHRASES[language]["only"].format(first=called(ranked[0])))
    return " ".join(sentences)


def called(agent: Record) -> str:
    """What people call the agent: the title, else the name, else the id."""
    name: str = agent["title"] or agent["agent"] or agent["agent_id"]
    return name


def _what(record: Record, language: str) -> str:
    phrases, number = _PHRASES[language], record["ticket_number"]
    first = record["ranked"][0] if record["ranked"] else None
    return _WENT[language][record["outcome"]].format(
        ticket=phrases["new_ticket"] if number is None else phrases["ticket"].format(number=number),
        agent=called(first) if first else "",
        load=first["load"] if first else 0,
        capacity=first["capacity"] if first else 0,
        queue=record["queue"] or record["queue_id"],
        when=_WHEN[language].get(record["cause"], ""),
    )


def who_could(record: Record, language: str) -> str:
    """How many of how many, and what kept the others out."""
    phrases = _PHRASES[language]
    considered, eligible = record["considered"], record["eligible"]
    if considered == 0:
        return f"{phrases['nobody']}."
    if eligible == considered:
        return f"{phrases['one' if considered == 1 else 'all'].format(considered=considered)}."
    form = "some" if eligible else "none" if considered > 1 else "none_one"
    said = phrases[form].format(eligible=eligible, considered=considered)
    reasons = ", ".join(counted(rejection, language) for rejection in record["rejected"])
    return f"{said}; {reasons}." if eligible else f"{said}: {reasons}."


def _ahead(first: Record, second: Record, key: str, language: str) -> str:
    reason = because(key, first["values"][key], second["values"][key], language)
    return _PHRASES[language]["ahead"].format(first=called(first), second=called(second), reason=reason)


def held_back(record: Record, language: str) -> str | None:
    """Why nothing is given out of the queue; None where it is."""
    return None if record.get("held") is None else _PHRASES[language][record["held"]]


def _what_now(record: Record, language: str) -> Sequence[str]:
    if (held := held_back(record, language)) is not None:
        return (held,)
    reasons = {Rejection(rejection["reason"]) for rejection in record["rejected"]}
    if not reasons:
        return ()
    phrases = _PHRASES[language]
    if reasons & PASSING:
        return (phrases["comes"],)
    return (phrases["declined" if Rejection.DECLINED in reasons else "stuck"],)

"""Why a ticket is still where it is, and what becomes of it if nothing happens, in sentences."""

from collections.abc import Mapping
from typing import Any

from app.services.explanations.decisions import called, held_back, who_could
from app.services.explanations.promises import PRIORITIES, clock, length

Record = Mapping[str, Any]

TOLD = 8  # steps in words; all of them are in the data
_PHRASES = {
    "en": {
        "waiting": "Ticket #{number} has waited in the queue {queue} since {since}, as number {position} of {waiting}.",
        "offered": "Ticket #{number} is offered to {agent}.",
        "assigned": "Ticket #{number} belongs to {agent}, who has not begun.",
        "in_progress": "Ticket #{number} is being worked on by {agent}.",
        "pending": "Ticket #{number} belongs to {agent}, who waits for somebody else.",
        "one": "One of them could take it once there and with room.",
        "many": "{count} of them could take it once they are there and have room.",
        "stuck": "Nobody has what it asks for: that changes only with the ticket, the agents or the configuration.",
        "declined": "Everybody who fits was asked already: assign it by hand, or let somebody else come.",
        "next": "If nothing happens, this ticket will {steps}.",
        "nothing": "If nothing happens, it stays as it is: no deadline is ahead.",
        "warning": "come close to its deadline for {metric} at {at}",
        "breach": "miss its deadline for {metric} at {at}",
        "escalation": "be escalated at {at} ({metric}, level {level}){effects}",
        "offer_expiry": "be offered to somebody else once the offer to {agent} ends at {at}",
        "priority": "its priority rises to {priority}",
        "team": "it goes to team {team}",
        "agent": "it is handed to {agent}",
        "more": "take {count} more steps",
        "still": "The clock for {metric} stands still; {left} are left once it runs again.",
        "first_response": "a first response",
        "resolution": "a resolution",
    },
    "id": {
        "waiting": "Tiket #{number} menunggu di antrean {queue} sejak {since}, di urutan {position} dari {waiting}.",
        "offered": "Tiket #{number} sedang ditawarkan kepada {agent}.",
        "assigned": "Tiket #{number} milik {agent}, yang belum mulai.",
        "in_progress": "Tiket #{number} sedang dikerjakan {agent}.",
        "pending": "Tiket #{number} milik {agent}, yang menunggu pihak lain.",
        "one": "Satu di antaranya dapat menerimanya begitu hadir dan punya ruang.",
        "many": "{count} di antaranya dapat menerimanya begitu hadir dan punya ruang.",
        "stuck": "Tidak ada yang memenuhi syaratnya: itu hanya berubah bila tiket, agen, atau konfigurasi diubah.",
        "declined": "Semua yang cocok sudah ditawari: berikan secara manual, atau tunggu agen lain.",
        "next": "Bila tidak terjadi apa-apa, tiket ini akan {steps}.",
        "nothing": "Bila tidak terjadi apa-apa, tiket tetap begini: tidak ada batas waktu di depan.",
        "warning": "mendekati batas waktu {metric} pada {at}",
        "breach": "melewati batas waktu {metric} pada {at}",
        "escalation": "dieskalasi pada {at} ({metric}, tingkat {level}){effects}",
        "offer_expiry": "ditawarkan kepada agen lain setelah tawaran kepada {agent} berakhir pada {at}",
        "priority": "prioritasnya naik menjadi {priority}",
        "team": "tiket pindah ke tim {team}",
        "agent": "tiket diserahkan kepada {agent}",
        "more": "menjalani {count} langkah lagi",
        "still": "Waktu untuk {metric} sedang berhenti; tersisa {left} setelah berjalan lagi.",
        "first_response": "tanggapan pertama",
        "resolution": "penyelesaian",
    },
}


def explain_outlook(record: Record, language: str) -> str:
    """`record` is the answer, names and all."""
    phrases = _PHRASES[language]
    holder = {"title": record["agent_title"], "agent": record["agent"], "agent_id": record["agent_id"]}
    sentences = [
        phrases[record["status"]].format(
            number=record["ticket_number"],
            queue=record["queue"] or record["queue_id"],
            since=clock(record["waiting_since_at"]) if record["waiting_since_at"] else "",
            position=record["position"],
            waiting=record["waiting_in_queue"],
            agent=called(holder),
        )
    ]
    if record["status"] == "waiting":
        sentences += [who_could(record, language), *_who_comes(record, language)]
    for clock_still in record["standing_still"]:
        metric = phrases[clock_still["metric"]]
        sentences.append(phrases["still"].format(metric=metric, left=length(clock_still["left_seconds"], language)))
    steps = [_step(step, language) for step in record["next_steps"]]
    if len(steps) > TOLD:
        steps = [*steps[:TOLD], phrases["more"].format(count=len(steps) - TOLD)]
    sentences.append(phrases["next"].format(steps="; ".join(steps)) if steps else phrases["nothing"])
    return " ".join(sentences)


def _who_comes(record: Record, language: str) -> list[str]:
    phrases = _PHRASES[language]
    if (held := held_back(record, language)) is not None:
        return [held]
    if record["eligible"] or not record["considered"]:
        return []
    count = record["could_when_free"]
    if count:
        return [phrases["one" if count == 1 else "many"].format(count=count)]
    return [phrases["declined" if any(one["reason"] == "declined" for one in record["rejected"]) else "stuck"]]


def _step(step: Record, language: str) -> str:
    phrases = _PHRASES[language]
    effects = [
        phrases[name].format(priority=PRIORITIES[language].get(step["priority"] or "", ""), team=step["team"], agent=_agent(step))
        for name, field in (("priority", "priority"), ("team", "team_id"), ("agent", "agent_id"))
        if step[field] is not None
    ]
    return phrases[step["step"]].format(
        metric=phrases.get(step["metric"] or "", ""),
        at=clock(step["at"]),
        level=step["level"],
        agent=_agent(step) if step["agent_id"] else "",
        effects=f": {', '.join(effects)}" if effects else "",
    )


def _agent(step: Record) -> str:
    return called({"title": step["agent_title"], "agent": step["agent"], "agent_id": step["agent_id"]})

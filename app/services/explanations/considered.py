"""Who could take a ticket now, in sentences."""

from collections.abc import Mapping
from typing import Any

from app.services.explanations.decisions import called, held_back, who_could
from app.services.explanations.preferences import because
from app.services.explanations.reasons import of_one_now

Record = Mapping[str, Any]

_PHRASES = {
    "en": {
        "direct": "As things are now it would go to {agent} (load {load} of {capacity}).",
        "offer": "As things are now it would be offered to {agent} (load {load} of {capacity}).",
        "nobody": "As things are now nobody could take it.",
        "first": "{name} comes first (load {load} of {capacity}).",
        "ahead": "{first} comes before {second} because {reason}.",
        "later": "{name} could take it and comes as number {place}: {reason}",
    },
    "id": {
        "direct": "Saat ini tiket akan diberikan kepada {agent} (beban {load} dari {capacity}).",
        "offer": "Saat ini tiket akan ditawarkan kepada {agent} (beban {load} dari {capacity}).",
        "nobody": "Saat ini tidak ada yang dapat menerimanya.",
        "first": "{name} berada di urutan pertama (beban {load} dari {capacity}).",
        "later": "{name} dapat menerimanya dan berada di urutan {place}: {reason}",
    },
}


def explain_considered(record: Record, best: list[Record], language: str) -> str:
    """`record` is the answer, `best` its first two candidates, all with names."""
    phrases = _PHRASES[language]
    if not best:
        return f"{phrases['nobody']} {who_could(record, language)}"
    first = best[0]
    said = phrases[record["handover"]].format(agent=called(first), load=first["load"], capacity=first["capacity"])
    sentences = [said, who_could(record, language)]
    if len(best) > 1:
        sentences.append(_ahead(first, best[1], language))
    if (held := held_back(record, language)) is not None:
        sentences = [held, *sentences[1:]]
    return " ".join(sentences)


def explain_standing(candidate: Record, best: list[Record], language: str) -> str:
    """One agent's part."""
    phrases, name = _PHRASES[language], called(candidate)
    if candidate["reason"] is not None:
        return f"{of_one_now(candidate['reason'], name, language)}."
    if candidate["place"] == 1:
        return phrases["first"].format(name=name, load=candidate["load"], capacity=candidate["capacity"])
    return phrases["later"].format(name=name, place=candidate["place"], reason=_ahead(best[0], candidate, language))


def _ahead(first: Record, other: Record, language: str) -> str:
    """The key that sets them apart; the last one, the order of joining, is never the same."""
    key = next(key for key, value in first["values"].items() if value != other["values"][key])
    reason = because(key, first["values"][key], other["values"][key], language)
    return _PHRASES[language]["ahead"].format(first=called(first), second=called(other), reason=reason)

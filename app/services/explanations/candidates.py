"""Why not her? One agent's part in a decision, in one sentence."""

from collections.abc import Mapping
from typing import Any

from app.services.explanations.decisions import called
from app.services.explanations.preferences import because
from app.services.explanations.reasons import of_one

Record = Mapping[str, Any]

_PHRASES = {
    "en": {
        "chosen": "{name} was chosen.",
        "ranked": "{name} could have taken it and came as number {place}: {first} was ahead because {reason}.",
        "unranked": "{name} could have taken it, but {count} others came first.",
        "rejected": "{reason}.",
        "not_considered": "{name} was not an agent of this workspace at that time.",
        "unknown": "{name} did not come among the first; of so many agents only counts are kept, not each one's reason.",
    },
    "id": {
        "chosen": "{name} yang terpilih.",
        "ranked": "{name} dapat menerimanya dan berada di urutan {place}: {first} didahulukan karena {reason}.",
        "unranked": "{name} dapat menerimanya, tetapi {count} agen lain lebih dulu.",
        "rejected": "{reason}.",
        "not_considered": "{name} belum atau tidak lagi menjadi agen di ruang kerja ini saat itu.",
        "unknown": "{name} tidak termasuk urutan teratas; untuk agen sebanyak ini hanya jumlahnya yang disimpan.",
    },
}


def explain_candidate(record: Record, candidate: Record, language: str) -> str:
    """`record` is the decision, `candidate` the agent's verdict, both as the answer has them."""
    phrases, name, verdict = _PHRASES[language], called(candidate), candidate["verdict"]
    if verdict == "rejected":
        reason = of_one(candidate["reason"], name, cost=record["requirement"]["cost"], language=language)
        return phrases["rejected"].format(reason=reason)
    if verdict != "eligible":
        return phrases[verdict].format(name=name)
    if candidate["place"] is None:
        return phrases["unranked"].format(name=name, count=len(record["ranked"]))
    first, own = record["ranked"][0], record["ranked"][candidate["place"] - 1]
    key = next(key for key in record["keys"] if first["values"][key] != own["values"][key])
    reason = because(key, first["values"][key], own["values"][key], language)
    return phrases["ranked"].format(name=name, place=candidate["place"], first=called(first), reason=reason)

"""One agent's part in a decision."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.identifiers import encode
from app.services.explanations import explain_candidate

View = dict[str, Any]


def candidate_view(
    record: Mapping[str, Any],
    agent: tuple[UUID, str, str],
    *,
    reasons: bytes | None,
    there: Sequence[UUID],
    language: str,
) -> View:
    """`record` is the decision as the answer has it; `agent` is (id, name, title).

    `reasons` holds one byte per agent in the order of `there`, compressed: 0 is eligible, k the k-th of the rejections.
    """
    agent_id, name, title = agent
    code = _code(agent_id, reasons, there, considered=record["considered"])
    place = next((entry["place"] for entry in record["ranked"] if entry["agent_id"] == encode("agt", agent_id)), None)
    rejection = record["rejected"][code - 1] if code is not None and 0 < code <= len(record["rejected"]) else None
    view: View = {
        "decision_id": record["id"],
        "agent_id": encode("agt", agent_id),
        "agent": name,
        "title": title,
        "verdict": _verdict(code, place, was_there=agent_id in there, outcome=record["outcome"]),
        "place": place,
        "values": record["ranked"][place - 1]["values"] if place else None,
        "reason": None if rejection is None else {key: value for key, value in rejection.items() if key != "agents"},
    }
    view["explanation"] = explain_candidate(record, view, language)
    return view


def _code(agent: UUID, reasons: bytes | None, there: Sequence[UUID], *, considered: int) -> int | None:
    if reasons is None or agent not in there:
        return None
    codes = zlib.decompress(reasons)
    if len(codes) != len(there) or len(codes) != considered:
        return None
    return codes[there.index(agent)]


def _verdict(code: int | None, place: int | None, *, was_there: bool, outcome: str) -> str:
    if place is not None:
        return "chosen" if place == 1 and outcome != "waiting" else "eligible"
    if not was_there:
        return "not_considered"
    if code is None:
        return "unknown"
    return "eligible" if code == 0 else "rejected"

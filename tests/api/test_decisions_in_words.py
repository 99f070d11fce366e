from typing import Any

import pytest

from app.engine import keys
from app.engine.vocabulary import Rejection
from app.services.explanations import explain_decision, explain_promise
from app.services.explanations.preferences import because
from app.services.explanations.reasons import counted, of_one

WHOLE = 1 << 32
LANGUAGES = ("en", "id")
KEYS = [name for name in keys.__all__ if name.islower()]


def rejection(reason: Rejection, agents: int = 1) -> dict[str, Any]:
    return {
        "reason": reason,
        "agents": agents,
        "teams": [{"team_id": "tem_1", "team": "billing"}, {"team_id": "tem_2", "team": None}],
        "skill_id": "skl_1",
        "skill": "refunds",
        "level": 3,
        "language": "id",
        "area": "bandung",
        "channel": "live_chat",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Rejection)
def test_every_rejection_can_be_said_of_one_and_of_many(reason: Rejection, language: str) -> None:
    assert counted(rejection(reason), language).startswith("1 ")
    assert counted(rejection(reason, 7), language).startswith("7 ")
    assert of_one(rejection(reason), "Ani", cost=2, language=language).startswith("Ani ")


def test_what_a_rejection_is_about_is_named() -> None:
    assert counted(rejection(Rejection.TEAM, 2), "en") == "2 are not in the teams billing or tem_2"
    assert counted(rejection(Rejection.SKILL, 2), "en") == "2 lack skill refunds ≥ 3"
    assert (
        of_one(rejection(Rejection.CHANNEL_CAPACITY), "Ani", cost=1, language="en")
        == "Ani had no room on live_chat for its 1 unit"
    )
    assert counted(rejection(Rejection.OFFLINE, 7), "id") == "7 sedang offline"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_key_can_be_said(key: str, language: str) -> None:
    said = because(key, 5, 7, language)
    assert key not in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("key", "first", "second", "said"),
    [
        ("least_loaded", 2 * WHOLE // 5, 3 * WHOLE // 5, "of the smaller share of capacity in use (40 % against 60 %)"),
        ("least_loaded", WHOLE // 3, 334 * WHOLE // 1000, "of the smaller share of capacity in use (33.3 % against 33.4 %)"),
        ("least_recently_assigned", 0, 120, "the last turn in this queue was longer ago (never against at event 120)"),
        ("best_fit", -5, -3, "of the higher skill (levels 5 against 3)"),
        ("least_sufficient", 3 * 1024 - 2, 5 * 1024, "a lower skill is enough here and keeps experts free (levels 3 against 5)"),
        ("largest_share_owed", -WHOLE // 2, 0, "of the larger share still owed (0.50 against 0.00 tickets)"),
        ("longest_idle", 3_600_000, (1 << 52) + 7_200_000,
         "of no open work since 01:00:00 UTC, against open work, last freed 02:00:00 UTC"),
        ("from_the_future", 1, 2, "from_the_future (1 < 2)"),
    ],
)  # fmt: skip
def test_values_are_said_so_that_they_differ(key: str, first: int, second: int, said: str) -> None:
    assert because(key, first, second, "en") == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("considered", [0, 1, 3])
def test_waiting_with_few_agents_or_none(considered: int, language: str) -> None:
    record = {
        "outcome": "waiting", "ticket_number": 5, "cause": "submitted", "queue": "billing", "queue_id": "que_1",
        "considered": considered, "eligible": 0, "ranked": [], "tie_break": None,
        "rejected": [rejection(Rejection.DECLINED, considered)] if considered else [],
    }  # fmt: skip
    said = explain_decision(record, language)
    assert "#5" in said
    assert "billing" in said
    assert said.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["running", "paused", "met", "breached", "missed", "cancelled"])
@pytest.mark.parametrize("target", [None, 900])
def test_every_state_of_a_promise_can_be_said(state: str, target: int | None, language: str) -> None:
    said = explain_promise(
        {
            "metric": "resolution", "state": state, "priority": "urgent", "sla_policy": None, "configuration_version": None,
            "target_seconds": target, "paused_seconds": 60, "left_seconds": 90061,
            "started_at": "2026-01-05T08:00:00.000Z", "due_at": None if state == "paused" else "2026-01-05T08:16:00.000Z",
            "next_at": "2026-01-05T09:00:00.000Z", "warn_at": "2026-01-05T08:12:00.000Z", "settled_at": None, "present_priority": "low",
            "pauses": [{"from_at": "2026-01-05T08:01:00.000Z", "to_at": "2026-01-05T08:02:00.000Z"}], "next_step": "escalation_2",
        },
        language,
    )  # fmt: skip
    assert "2026-01-05 08:00:00 UTC" in said
    assert "None" not in said
    assert "{" not in said

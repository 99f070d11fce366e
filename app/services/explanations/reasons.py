"""Rejections in words: of many agents counted together, and of one who is asked about."""

from collections.abc import Mapping
from typing import Any

from app.engine.vocabulary import Rejection

# Per language and rejection: said of one, of many, and of somebody who is named.
_PHRASES: dict[str, dict[Rejection, tuple[str, str, str]]] = {
    "en": {
        Rejection.TEAM: ("is not in {teams}", "are not in {teams}", "{name} was not in {teams}"),
        Rejection.SKILL: (
            "lacks skill {skill} ≥ {level}",
            "lack skill {skill} ≥ {level}",
            "{name} lacked skill {skill} at level {level} or above",
        ),
        Rejection.LANGUAGE: ("does not speak {language}", "do not speak {language}", "{name} did not speak {language}"),
        Rejection.AREA: ("does not serve {area}", "do not serve {area}", "{name} did not serve the area {area}"),
        Rejection.DECLINED: (
            "was offered it before and did not take it",
            "were offered it before and did not take it",
            "{name} was offered it before and did not take it",
        ),
        Rejection.OFFLINE: ("is offline", "are offline", "{name} was offline"),
        Rejection.AWAY: ("is away", "are away", "{name} was away"),
        Rejection.BUSY: ("is busy", "are busy", "{name} was busy"),
        Rejection.CAPACITY: ("has no room for it", "have no room for it", "{name} had no room for its {cost}"),
        Rejection.CHANNEL_CAPACITY: (
            "has no room on {channel}",
            "have no room on {channel}",
            "{name} had no room on {channel} for its {cost}",
        ),
    },
    "id": {
        Rejection.TEAM: ("bukan anggota {teams}", "bukan anggota {teams}", "{name} bukan anggota {teams}"),
        Rejection.SKILL: (
            "tidak memiliki keahlian {skill} ≥ {level}",
            "tidak memiliki keahlian {skill} ≥ {level}",
            "{name} tidak memiliki keahlian {skill} pada tingkat {level} atau lebih",
        ),
        Rejection.LANGUAGE: (
            "tidak menguasai bahasa {language}",
            "tidak menguasai bahasa {language}",
            "{name} tidak menguasai bahasa {language}",
        ),
        Rejection.AREA: ("tidak melayani area {area}", "tidak melayani area {area}", "{name} tidak melayani area {area}"),
        Rejection.DECLINED: (
            "sudah pernah ditawari dan tidak mengambilnya",
            "sudah pernah ditawari dan tidak mengambilnya",
            "{name} sudah pernah ditawari dan tidak mengambilnya",
        ),
        Rejection.OFFLINE: ("sedang offline", "sedang offline", "{name} sedang offline"),
        Rejection.AWAY: ("sedang tidak di tempat", "sedang tidak di tempat", "{name} sedang tidak di tempat"),
        Rejection.BUSY: ("sedang sibuk", "sedang sibuk", "{name} sedang sibuk"),
        Rejection.CAPACITY: (
            "tidak punya kapasitas tersisa",
            "tidak punya kapasitas tersisa",
            "{name} tidak punya kapasitas tersisa untuk {cost}",
        ),
        Rejection.CHANNEL_CAPACITY: (
            "tidak punya kapasitas tersisa di {channel}",
            "tidak punya kapasitas tersisa di {channel}",
            "{name} tidak punya kapasitas tersisa di {channel} untuk {cost}",
        ),
    },
}
_WORDS = {
    "en": {"team": "team", "teams": "the teams", "and": "or", "unit": "unit", "units": "units"},
    "id": {"team": "tim", "teams": "tim", "and": "atau", "unit": "unit", "units": "unit"},
}
PASSING = frozenset(
    {Rejection.OFFLINE, Rejection.AWAY, Rejection.BUSY, Rejection.CAPACITY, Rejection.CHANNEL_CAPACITY}
)  # these change by themselves; the others only when somebody changes the configuration


def counted(rejection: Mapping[str, Any], language: str) -> str:
    """`7 are offline`, from a rejection as the answer has it (with names)."""
    one, many, _ = _PHRASES[language][Rejection(rejection["reason"])]
    number = rejection["agents"]
    return f"{number} {(one if number == 1 else many).format(**_about(rejection, language))}"


def of_one(rejection: Mapping[str, Any], name: str, *, cost: int, language: str) -> str:
    """`Citra was offline`, without a full stop."""
    words = _WORDS[language]
    units = f"{cost} {words['unit'] if cost == 1 else words['units']}"
    return _PHRASES[language][Rejection(rejection["reason"])][2].format(name=name, cost=units, **_about(rejection, language))


def of_one_now(rejection: Mapping[str, Any], name: str, language: str) -> str:
    """`Citra is offline`, without a full stop."""
    return f"{name} {_PHRASES[language][Rejection(rejection['reason'])][0].format(**_about(rejection, language))}"


def _about(rejection: Mapping[str, Any], language: str) -> dict[str, Any]:
    words = _WORDS[language]
    teams = [team["team"] or team["team_id"] for team in rejection["teams"]]
    *most, last = teams or ["?"]
    listed = f"{', '.join(most)} {words['and']} {last}" if most else last
    return {
        "teams": f"{words['teams' if most else 'team']} {listed}",
        "skill": rejection["skill"] or rejection["skill_id"],
        "level": rejection["level"],
        "language": rejection["language"],
        "area": rejection["area"],
        "channel": rejection["channel"],
    }

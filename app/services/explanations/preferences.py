"""Why one agent came before another: the key that set them apart, in words, with both values."""

from collections.abc import Callable
from datetime import UTC, datetime

_WHOLE = 1 << 32  # least_loaded and largest_share_owed count in units of 2^-32
_BUSY = 1 << 52  # longest_idle puts those with open work behind all who are empty-handed
_WISH = 1024  # least_sufficient: required levels times this, less the wished ones

# key → language → the reason, said of the first; {first} and {second} are the values in words.
_BECAUSE: dict[str, dict[str, str]] = {
    "least_loaded": {
        "en": "of the smaller share of capacity in use ({first} against {second})",
        "id": "porsi kapasitas yang terpakai lebih kecil ({first} berbanding {second})",
    },
    "least_recently_assigned": {
        "en": "the last turn in this queue was longer ago ({first} against {second})",
        "id": "giliran terakhir di antrean ini lebih lama berlalu ({first} berbanding {second})",
    },
    "created_first": {
        "en": "all else was equal and the agent joined earlier (number {first} against {second})",
        "id": "semua hal lain sama dan agen ini bergabung lebih dulu (nomor {first} berbanding {second})",
    },
    "smallest_pass": {
        "en": "by weight it was this agent's turn (pass {first} against {second})",
        "id": "menurut bobot ini gilirannya (pass {first} berbanding {second})",
    },
    "largest_share_owed": {
        "en": "of the larger share still owed ({first} against {second} tickets)",
        "id": "bagian yang belum diterima lebih besar ({first} berbanding {second} tiket)",
    },
    "longest_idle": {"en": "of {first}, against {second}", "id": "{first}, berbanding {second}"},
    "best_fit": {
        "en": "of the higher skill (levels {first} against {second})",
        "id": "keahliannya lebih tinggi (tingkat {first} berbanding {second})",
    },
    "least_sufficient": {
        "en": "a lower skill is enough here and keeps experts free (levels {first} against {second})",
        "id": "keahlian yang lebih rendah sudah cukup dan ahli tetap bebas (tingkat {first} berbanding {second})",
    },
    "tier_team_first": {
        "en": "the customer's tier decides which team comes first",
        "id": "tingkatan pelanggan menentukan tim yang didahulukan",
    },
}
_NEVER = {"en": "never", "id": "belum pernah"}
_EVENT = {"en": "at event {}", "id": "pada peristiwa {}"}
_IDLE = {"en": "no open work since {}", "id": "tanpa pekerjaan terbuka sejak {}"}
_WORKING = {"en": "open work, last freed {}", "id": "masih ada pekerjaan terbuka, terakhir bebas {}"}


def because(key: str, first: int, second: int, language: str) -> str:
    """The reason after the word because; keys that this version does not know are named."""
    phrases = _BECAUSE.get(key)
    if phrases is None:
        return f"{key} ({first} < {second})"
    said, other = _values(key, first, second, language)
    return phrases[language].format(first=said, second=other)


def _values(key: str, first: int, second: int, language: str) -> tuple[str, str]:
    if key == "least_loaded":
        return _distinct(lambda value, digits: f"{100 * value / _WHOLE:.{digits}f} %", first, second)
    if key == "largest_share_owed":
        return _distinct(lambda value, digits: f"{-value / _WHOLE:.{digits + 2}f}", first, second)
    return _shown(key, first, language), _shown(key, second, language)


def _shown(key: str, value: int, language: str) -> str:
    match key:
        case "least_recently_assigned":
            return _event(value, language)
        case "longest_idle":
            return _idle(value, language)
        case "best_fit":
            return str(-value)
        case "least_sufficient":
            return str(-(-value // _WISH))
        case _:
            return str(value)


def _distinct(shown: Callable[[int, int], str], first: int, second: int) -> tuple[str, str]:
    """Both values with as few digits as tell them apart."""
    for digits in (0, 1, 2):
        if shown(first, digits) != shown(second, digits):
            return shown(first, digits), shown(second, digits)
    return shown(first, 4), shown(second, 4)


def _event(seq: int, language: str) -> str:
    return _EVENT[language].format(seq) if seq else _NEVER[language]


def _idle(value: int, language: str) -> str:
    phrase, since = (_WORKING, value - _BUSY) if value >= _BUSY else (_IDLE, value)
    if since <= 0:
        return phrase[language].format(_NEVER[language])
    return phrase[language].format(datetime.fromtimestamp(since / 1000, UTC).strftime("%H:%M:%S UTC"))

"""A secret is not found out piece by piece."""

import hmac

import pytest

from app.identifiers import mint
from app.services import keys
from tests.walkers.desks import Desk
from tests.walkers.document import BY_ID


async def test_a_secret_is_compared_whole_and_in_constant_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes are compared, each whole, also where nobody has the key: how much of a guess was right changes nothing of it."""
    compared: list[tuple[int, int, bool]] = []

    class Watched:
        @staticmethod
        def compare_digest(stored: bytes, guess: bytes) -> bool:
            same = hmac.compare_digest(stored, guess)
            compared.append((len(stored), len(guess), same))
            return same

    key = await desk.service.key("admin")
    start, _, secret = key.rpartition("_")
    unknown = keys.make(desk.service.workspace.id, desk.service.workspace.mode, mint()).text
    guesses = [
        f"{start}_{'0' if secret[0] != '0' else '1'}{secret[1:]}",
        f"{start}_{secret[:-1]}{'0' if secret[-1] != '0' else '1'}",
        unknown,
    ]
    monkeypatch.setattr(keys, "hmac", Watched)
    for guess in guesses:
        answer = await desk.service.client.get(BY_ID["list_teams"].path, headers={"Authorization": f"Bearer {guess}"})
        assert answer.status_code == 401
    assert compared == [(32, 32, False)] * 6, "a key may have two secrets while one is rotated, and each is always looked at"

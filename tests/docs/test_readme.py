"""The README's script prints what the README says it prints."""

import asyncio
from pathlib import Path

from tests.api.service import Service
from tests.docs.pages import block, page
from tests.docs.reader import SHOWN_ADDRESS, shell

README = page("README.md")


async def test_the_script_applies_posts_and_tells_why(bare: Service, address: str, tmp_path: Path) -> None:
    script = block(README, "python")
    assert SHOWN_ADDRESS in script
    (tmp_path / "ask.py").write_text(script.replace(SHOWN_ADDRESS, address), encoding="utf-8")
    with shell(tmp_path, GILIRAN_KEY=await bare.key("admin")) as opened:
        assert await asyncio.to_thread(opened.run, "python3 ask.py 2>&1") == block(README, "text", -1)


def test_the_script_has_fifteen_lines() -> None:
    assert len(block(README, "python").splitlines()) <= 15

"""The README's script prints what the README says it prints."""

import asyncio
import os
import re
import sys
from pathlib import Path

from app.engine.vocabulary import Role
from app.services import workspace_keys
from app.services.workspace_keys import KeyDraft
from tests.api.service import Service

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN_ADDRESS = "http://127.0.0.1:8000"


async def test_the_script_applies_posts_and_tells_why(bare: Service, address: str) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    printed = re.findall(r"```text\n(.*?)```", README, re.DOTALL)[-1]
    assert SHOWN_ADDRESS in script
    key = await workspace_keys.create_key(bare.owner, bare.workspace, KeyDraft(Role.ADMIN, "readme"))
    ran = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script.replace(SHOWN_ADDRESS, address),
        env={**os.environ, "GILIRAN_KEY": key.text},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, wrong = await ran.communicate()
    assert wrong.decode() == ""
    assert said.decode() == printed


def test_the_script_has_fifteen_lines() -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(script.splitlines()) <= 15

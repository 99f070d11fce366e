"""The script of docs/asking-why.md prints what the page says it prints."""

import asyncio
import os
import re
import sys
from pathlib import Path

from app.engine.vocabulary import Role
from app.services import workspace_keys
from app.services.workspace_keys import KeyDraft
from tests.api.service import Service

PAGE = (Path(__file__).parents[2] / "docs" / "asking-why.md").read_text(encoding="utf-8")


async def test_the_script_asks_and_is_answered(bare: Service, address: str) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    key = await workspace_keys.create_key(bare.owner, bare.workspace, KeyDraft(Role.ADMIN, "page"))
    ran = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script.replace("http://127.0.0.1:8000", address),
        env={**os.environ, "GILIRAN_KEY": key.text, "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, wrong = await ran.communicate()
    assert wrong.decode() == ""
    assert said.decode() == printed

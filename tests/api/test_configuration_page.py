"""docs/configuration.md: each of its commands answers as the line before it says."""

import re
import shlex
from pathlib import Path

from tests.api.service import Service

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


def commands() -> list[tuple[int, list[str]]]:
    """Expected status and the command's words."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    pairs = [pair for block in blocks for pair in re.findall(r"# (\d{3})\n(curl .*)\n", block)]
    assert 2 * len(pairs) == sum(len(block.splitlines()) for block in blocks), "each command has its line"
    return [(int(status), shlex.split(command)[1:]) for status, command in pairs]


async def test_the_commands_do_what_the_page_says(service: Service) -> None:
    """With the words that curl has for method, header and body."""
    for status, words in commands():
        method, headers, body, address = "GET", {"Content-Type": "application/json"}, None, ""
        waiting = iter(words)
        for word in waiting:
            if word == "-X":
                method = next(waiting)
            elif word == "-H":
                name, _, value = next(waiting).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = next(waiting)
            else:
                address = word.removeprefix("$API")
        answer = await service.call(method, address, headers=headers, content=body)
        assert answer.status_code == status, (method, address, answer.text)

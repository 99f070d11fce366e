"""asyncpg's connection, with two habits that a writer who promises something needs."""

from typing import Any

import asyncpg


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg brings no types
    """`warned` is set when the server sent a WARNING; whoever wants to know clears it first."""

    __slots__ = ("warned",)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.warned = False

    def _cancel_current_command(self, *_waiters: Any) -> None:
        """A command that is given up takes its connection with it. asyncpg would ask the server to cancel it and wait for
        the answer: for ever, where the server is frozen or the network is silent, and that is when commands are given up.
        """
        self._loop.call_soon(self.terminate)  # not at once: the caller is still to be told that the time is up

    def _process_log_message(self, fields: dict[str, str], last_query: str | None) -> None:
        if fields.get("V") == "WARNING":
            self.warned = True
        super()._process_log_message(fields, last_query)

"""What comes back."""

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

from giliran_client.calls import Call
from giliran_client.errors import NotModified, Unreadable, refusal

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Answer(Generic[T_co]):
    """`body` is plain JSON: dicts and lists, typed. The rest is what the headers said."""

    body: T_co
    status: int
    headers: httpx.Headers

    @property
    def seq(self) -> int | None:
        """The last event that this answer includes: follow after it, and miss nothing."""
        return _integer(self.headers.get("giliran-seq"))

    @property
    def etag(self) -> str | None:
        found: str | None = self.headers.get("etag")
        return found

    @property
    def version(self) -> int | None:
        """The version in `etag`, to be sent back as `version=`."""
        return _integer((self.etag or "").removeprefix("W/").strip('"'))

    @property
    def request_id(self) -> str:
        return str(self.headers.get("request-id", ""))

    @property
    def replayed(self) -> bool:
        """This was done by an earlier call with the same idempotency key."""
        return bool(self.headers.get("idempotency-replayed") == "true")

    @property
    def existing(self) -> bool:
        """The external id was known: nothing was made."""
        return bool(self.headers.get("giliran-existing") == "true")

    @property
    def dry_run(self) -> bool:
        return bool(self.headers.get("dry-run") == "true")


def answer(call: Call, response: httpx.Response) -> Answer[Any]:
    """Raises what the errors module names."""
    if response.status_code == httpx.codes.NOT_MODIFIED:
        raise NotModified(f"{call} is as it was")
    media = response.headers.get("content-type", "").partition(";")[0].strip()
    body = _json(call, response) if media.endswith("json") else None
    if response.is_success and (media.endswith("json") or not response.content):
        return Answer(body, response.status_code, response.headers)
    if isinstance(body, dict) and "code" in body:
        raise refusal(response.status_code, body, retry_after(response))
    raise Unreadable(str(call), response.status_code)


def retry_after(response: httpx.Response) -> float | None:
    """Seconds; a date, which Giliran never sends, counts as nothing said."""
    seconds = _integer(response.headers.get("retry-after"))
    return None if seconds is None else float(seconds)


def _json(call: Call, response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise Unreadable(str(call), response.status_code) from None


def _integer(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,18}", text) else None

"""What the commands about configuration files ask the API, over HTTP as any client could."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from app.cli_database import fail
from app.engine.mistakes import on_one_line
from app.services.configuration.brief import plain
from app.services.configuration.read import read
from app.services.configuration.source import Source, Unreadable

ADDRESS = "/v1/configuration"
SECONDS = 30.0
ADMIN = "No key: set GILIRAN_KEY to one of the role admin. giliran keys create makes one."
STALE = 412

Url = Annotated[str, typer.Option(envvar="GILIRAN_URL", help="Where the API is.")]
Key = Annotated[str | None, typer.Option(envvar="GILIRAN_KEY", help="A key of the role admin; better in GILIRAN_KEY.")]
LOCAL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class InForce:
    """One version of the configuration; `document` is normalised. Before the first it is None and the version 0."""

    version: int
    document: dict[str, Any] | None

    @property
    def condition(self) -> dict[str, str]:
        return {"If-Match": f'"{self.version}"'} if self.version else {"If-None-Match": "*"}


class Moved(Exception):  # noqa: N818 - errors are named after the situation
    """Somebody has changed the configuration since it was read."""


@contextmanager
def connected(url: str, key: str | None) -> Iterator[httpx.Client]:
    """A client with the key; what keeps the API from being reached is said on stderr and exits."""
    if not key:
        raise fail(ADMIN, code=2)
    try:
        client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=SECONDS)
    except (httpx.InvalidURL, UnicodeEncodeError):
        raise fail("GILIRAN_URL is no address, or GILIRAN_KEY is no key.", code=2) from None
    with client:
        yield client


def in_force(client: httpx.Client) -> InForce:
    answer = _sent(client, "GET")
    if answer.status_code == httpx.codes.NOT_FOUND and _problem(answer).get("code") == "configuration_not_found":
        return InForce(0, None)
    if not answer.is_success:
        raise refused(answer, None, "")
    try:
        said = answer.json()
        return InForce(said["version"], plain(said["document"]))
    except (ValueError, KeyError, TypeError):
        raise refused(answer, None, "") from None


def put(client: httpx.Client, source: Source, base: InForce, *, name: str, dry_run: bool, prune: bool) -> dict[str, Any]:
    """The answer. Raises Moved when `base` is in force no longer; what else is refused is said on stderr and exits."""
    asked = {"dry_run": str(dry_run).lower(), "prune": str(prune).lower()}
    answer = _sent(client, "PUT", json=source.document, params=asked, headers=base.condition)
    if answer.status_code == STALE:
        raise Moved
    if not answer.is_success:
        raise refused(answer, source, name)
    try:
        return dict(answer.json())
    except ValueError:
        raise refused(answer, source, name) from None


def would_change(client: httpx.Client, source: Source, *, name: str, prune: bool) -> tuple[InForce, dict[str, Any]]:
    """What is in force and the service's answer to what `source` would change in it."""
    for _ in range(3):
        base = in_force(client)
        try:
            return base, put(client, source, base, name=name, dry_run=True, prune=prune)
        except Moved:
            continue
    raise fail("The configuration is being changed again and again. Try once more when it is at rest.")


def opened(file: Path) -> Source:
    """What stands in the file; else its mistake is said with line and column."""
    try:
        return read(file)
    except Unreadable as error:
        raise fail(f"{file}:{error}" if error.place else f"{file}: {error}") from None


def refused(answer: httpx.Response, source: Source | None, name: str) -> typer.Exit:
    """Says each mistake with its place in the file, then the refusal itself."""
    problem = _problem(answer)
    if not problem:
        return fail(f"The answer was {answer.status_code} and none of Giliran's: is this the address of Giliran?")
    for mistake in problem.get("errors", ()) if source else ():
        typer.echo(f"{name}:{_located(source, mistake)}", err=True)
    request_id = problem.get("request_id", "unknown")
    return fail(f"{answer.status_code} {problem['code']}: {problem.get('detail')} ({request_id})")


def _sent(client: httpx.Client, method: str, **options: Any) -> httpx.Response:
    try:
        return client.request(method, ADDRESS, **options)
    except httpx.HTTPError as error:
        raise fail(f"The API at {client.base_url} cannot be reached: {type(error).__name__}.") from None


def _problem(answer: httpx.Response) -> dict[str, Any]:
    """Empty when the answer is not one of Giliran's problems."""
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) and "code" in problem else {}


def _located(source: Source | None, mistake: Mapping[str, Any]) -> str:
    pointer = str(mistake["pointer"])
    place = f"{source.place_of(pointer)}: " if source else ""
    allowed = mistake.get("allowed")
    said = f"{place}{pointer or '/'}: {mistake['detail']}" + (f" Allowed: {', '.join(allowed)}." if allowed else "")
    return on_one_line(said)

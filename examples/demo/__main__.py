"""`make demo`: start everything, play one real day through the public API, report, stop everything.

Status 0 when the API's reports and the player's own books agree, 1 when they do not or something could not be started.
"""

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from examples.demo.api import Api, RefusedError
from examples.demo.checks import differences
from examples.demo.clock import ZONE, SandboxClock
from examples.demo.day import Day
from examples.demo.incidents import Incident, read_day
from examples.demo.ledger import Ledger
from examples.demo.people import SHIFTS, read_shifts
from examples.demo.report import show_promises, show_queues, show_sum, show_turns
from examples.demo.told import moment, tell
from examples.demo.world import NotStartedError, World, running
from examples.make_service_desk import SERVICE_DESK

HOURS_AFTER = 24
PRINTED_WIDTH = 116


def main() -> int:
    wanted = _arguments()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PRINTED_WIDTH)
    incidents = read_day(first=wanted.first)
    try:
        with _stopped_by_signals():
            console.print("Starting PostgreSQL, Valkey, the API and a worker in a temporary folder ...")
            with running() as world:
                agree = _run(console, world, incidents)
                console.print("Stopping everything ...")
    except NotStartedError as error:
        console.print(f"error {error}", style="bold red", markup=False)
        return 1
    except (RefusedError, httpx.HTTPError, TimeoutError) as error:
        console.print(f"error The API did not do what it should: {error}", style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
        return 130
    return 0 if agree else 1


def _run(console: Console, world: World, incidents: list[Incident]) -> bool:
    console.print(f"API {world.base_url}, applying {SERVICE_DESK.name} to the sandbox workspace `demo` ...", markup=False)
    world.apply(SERVICE_DESK)
    with Api(world.base_url, world.key) as api:
        people = list(_agents(api))
        agents = {agent["id"]: agent["name"] for agent in people}
        clock = SandboxClock(api)
        _say_what_is_played(console, clock, incidents)
        began = time.monotonic()
        ledger = _play(console, api, clock, incidents, agents)
        seconds = time.monotonic() - began
        report = api.get("/reports/queues", **{"from": clock.at(0).isoformat(), "to": clock.at(48 * 60).isoformat()})
        turns = api.get("/reports/turns")
        queues = api.get("/queues", limit=200)["data"]
        titles = {queue["name"]: queue["title"] for queue in queues}
        show_sum(console, ledger, api.calls, seconds)
        show_queues(console, report, titles)
        show_promises(console, report)
        by_turns = [queue for queue in queues if queue["routing_policy"] == "turns" and len(queue["teams"]) == 1]
        show_turns(console, turns, {queue["name"]: queue["teams"][0] for queue in by_turns}, _members(people), titles)
        tell(console, api, ledger, agents)
        found = list(differences(api, ledger, report, len(incidents)))
    console.print(
        "[bold]Next[/] `make run` starts the same and keeps it running: API http://127.0.0.1:8000/v1, docs http://127.0.0.1:8000/docs "
        "(also in openapi.md). What was played with is examples/service-desk.yaml.\n"
    )
    for line in found[:20]:
        console.print(f"The books differ: {line}", style="bold red", markup=False)
    if not found:
        console.print(
            f"All {len(incidents)} tickets are there, each has had one owner at a time, and the reports agree with the feed."
        )
    return not found


def _play(console: Console, api: Api, clock: SandboxClock, incidents: list[Incident], agents: dict[str, str]) -> Ledger:
    shifts = read_shifts()
    until = incidents[-1].minute + HOURS_AFTER * 60
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("resolved"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as progress:
        task = progress.add_task(moment(0), total=len(incidents))

        def show(minute: int, ledger: Ledger) -> None:
            progress.update(task, completed=ledger.resolved, description=f"{moment(minute)}  {len(ledger.cases):3} came")

        day = Day(api, clock, show)
        day.play(incidents, {agent: shifts[name] for agent, name in agents.items() if name in shifts}, until=until)
    return day.ledger


def _say_what_is_played(console: Console, clock: SandboxClock, incidents: list[Incident]) -> None:
    shifts = ", ".join(f"{shift.name} {shift.begins:02}-{shift.ends:02}" for shift in SHIFTS)
    console.print(
        f"\nMonday 2016-03-07 of a real IT service desk: {len(incidents)} incidents, and {HOURS_AFTER} hours after the last. The "
        f"sandbox's clock plays it on {clock.monday.astimezone(ZONE):%A %Y-%m-%d}, {ZONE.key}. Arrivals, groups, categories and "
        "priorities are the trace's. Teams and skills come from the week before. How long people take is a seeded model "
        f"(lognormal: examples/demo/people.py). Shifts: {shifts}.\n",
        markup=False,
    )


def _members(people: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Names of agents by team."""
    teams = {team["name"] for agent in people for team in agent["teams"]}
    return {name: {agent["name"] for agent in people if name in {team["name"] for team in agent["teams"]}} for name in teams}


def _agents(api: Api) -> Iterator[dict[str, Any]]:
    page = api.get("/agents", limit=200)
    yield from page["data"]
    while page["next_cursor"]:
        page = api.get("/agents", limit=200, cursor=page["next_cursor"])
        yield from page["data"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="Play one real day of an IT service desk.")
    parser.add_argument("--first", type=int, metavar="N", help="only the first N incidents of the day")
    return parser.parse_args()


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Told to stop, in whatever way, it stops what it started."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)  # once is enough: what was started is being stopped
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())

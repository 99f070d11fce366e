"""What the day came to: the API's own reports, as tables."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from examples.demo.ledger import Ledger

PRIORITIES = ("urgent", "high", "medium", "low")
MOST_SHOWN = 8


def show_queues(console: Console, report: dict[str, Any], titles: dict[str, str]) -> None:
    table = Table(
        title="Queues", title_justify="left", caption="wait: from arrival until an agent had it", caption_justify="left"
    )
    table.add_column("queue")
    for name in ("received", "assigned", "waiting", "escalated", "resolved", "wait median", "wait p95"):
        table.add_column(name, justify="right")
    rows = sorted(report["queues"], key=lambda row: -row["received"])
    for row in rows:
        if row["received"]:
            counts = [str(row[name]) for name in ("received", "assigned", "waiting", "escalated", "resolved")]
            table.add_row(titles[row["queue"]], *counts, span(row["wait_median_seconds"]), span(row["wait_p95_seconds"]))
    table.add_section()
    totals = [str(sum(row[name] for row in rows)) for name in ("received", "assigned", "waiting", "escalated", "resolved")]
    table.add_row("all", *totals, "", "")
    console.print(table)


def show_promises(console: Console, report: dict[str, Any]) -> None:
    table = Table(title="Promises (SLA), by the priority at the start", title_justify="left")
    table.add_column("priority")
    for name in ("first response met", "broken", "resolution met", "broken"):
        table.add_column(name, justify="right")
    found = {(row["priority"], row["metric"]): row for row in report["promises"]}
    for priority in PRIORITIES:
        cells = [
            found.get((priority, metric), {}).get(name, 0)
            for metric in ("first_response", "resolution")
            for name in ("met", "broken")
        ]
        table.add_row(priority, *map(str, cells))
    console.print(table)


def show_turns(
    console: Console, report: dict[str, Any], teams: dict[str, str], members: dict[str, set[str]], titles: dict[str, str]
) -> None:
    """The busiest queues of one team that go by turns. `teams`: theirs, by queue; `members`: names of agents, by team."""
    table = Table(title="Round robin: who got how many by turn", title_justify="left")
    table.add_column("queue")
    table.add_column("agents of the team")
    table.add_column("senior team, after escalation", justify="right")
    busiest = sorted(
        (row for row in report["queues"] if row["queue"] in teams and row["assigned"]), key=lambda row: -row["assigned"]
    )
    for queue in busiest[:MOST_SHOWN]:
        counts = Counter({row["agent"]: row["assigned"] for row in queue["agents"] if row["assigned"]})
        own = {agent: count for agent, count in counts.most_common() if agent in members[teams[queue["queue"]]]}
        shown = "  ".join(f"{agent} {count}" for agent, count in own.items())
        table.add_row(titles[queue["queue"]], shown, str(counts.total() - sum(own.values()) or ""))
    console.print(table)


def show_sum(console: Console, ledger: Ledger, calls: int, seconds: float) -> None:
    seen = ledger.seen
    console.print(
        f"{len(ledger.cases)} incidents came, {ledger.resolved} were resolved. In the worker {seen['sla.warned']} warnings, "
        f"{seen['sla.breached']} breaches and {seen['ticket.escalated']} escalations fired. "
        f"{calls:,} calls in {seconds:.0f} s.\n"
    )


def span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"

"""Cut the three data files of the demo out of the trace they come from.

    python -m examples.make_extract PATH/TO/itsm-incidents-2016q1.csv

The files it writes are kept beside it, so nobody needs the trace to run the demo. NOTICE.md has source, licence and changes.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

HERE = Path(__file__).parent
DAY = HERE / "incidents-2016-03-07.csv"
HANDLED = HERE / "handled-2016w09.csv"
HOURS = HERE / "hours-2016w09.csv"

MONDAY_BEFORE, MONDAY, TUESDAY = "2016-02-29", "2016-03-07", "2016-03-08"
VIP_INCIDENTS = 4

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Handled:
    """One incident that an agent had in the week before; `at` is when that agent resolved it or got it."""

    agent: str
    group: str
    category: str
    at: str


def main(trace: Path) -> None:
    with trace.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    week = [row for row in rows if MONDAY_BEFORE <= row["opened_at"] < MONDAY]
    handled = list(handled_in(week))
    counts = Counter((one.agent, one.group, one.category) for one in handled)
    _write(HANDLED, ("agent", "group", "category", "count"), ((*key, count) for key, count in sorted(counts.items())))
    _write(HOURS, ("agent", "handled", "median_at"), _hours(handled))
    columns = ("ticket_id", "opened_at", "channel", "customer", "tier", "category", "subcategory", "priority", "group")
    _write(DAY, columns, _day(rows, week))


def handled_in(week: Iterable[Row]) -> Iterator[Handled]:
    """What was seen of an incident by Sunday midnight: who resolved it, else who got it first and kept it.

    Nothing that an agent did from Monday on counts: neither a resolution nor an assignment.
    """
    for row in week:
        if not (row["last_agent"] and row["last_group"]):
            continue
        if row["resolved_at"] and row["resolved_at"] < MONDAY:
            yield Handled(row["last_agent"], row["last_group"], row["category"], row["resolved_at"])
        elif row["first_agent"] == row["last_agent"] and row["first_assigned_at"] and row["first_assigned_at"] < MONDAY:
            yield Handled(row["first_agent"], row["last_group"], row["category"], row["first_assigned_at"])


def _hours(handled: Iterable[Handled]) -> Iterator[tuple[str, int, str]]:
    times = defaultdict(list)
    for one in handled:
        times[one.agent].append(one.at.partition("T")[2])
    for agent in sorted(times):
        yield agent, len(times[agent]), median_low(times[agent])


def _day(rows: Iterable[Row], week: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    before = Counter(row["customer"] for row in week)
    day = (row for row in rows if MONDAY <= row["opened_at"] < TUESDAY)
    for row in sorted(day, key=lambda row: (row["opened_at"], row["ticket_id"])):
        tier = "vip" if before[row["customer"]] >= VIP_INCIDENTS else ""
        yield (
            *(row[name] for name in ("ticket_id", "opened_at", "channel", "customer")),
            tier,
            *(row[name] for name in ("category", "subcategory", "priority", "first_group")),
        )


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

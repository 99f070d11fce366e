"""How the people of the play behave. All of it is a model, seeded by the incident, so that every run is the same day.

- Who: every agent that handled something in the week before. The two managers are on call around the clock.
- When: four shifts. An agent works the one that suits the median time of day at which it handled incidents that week. At the
  end of it nothing new comes, and what is on the desk is finished.
- Answering: the first answer comes a lognormal time after the agent has got the ticket, median 6 minutes.
- Handling: one ticket after the other, the most pressing first, in a lognormal time by priority. The others on the desk wait,
  so holding several makes nobody faster.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from random import Random

from examples.demo.incidents import DATA, SEED, Incident

HOURS = DATA / "hours-2016w09.csv"
DAY_MINUTES = 24 * 60
ANSWER_MEDIAN, ANSWER_SIGMA = 6.0, 0.8
HANDLING_MEDIAN = {1: 35.0, 2: 30.0, 3: 20.0, 4: 15.0}
HANDLING_SIGMA = 0.7


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a day, `ends` after `begins`; `until` is the median hour up to which an agent belongs to it."""

    name: str
    begins: int
    ends: int
    until: float


SHIFTS = (Shift("night", 0, 8, 7), Shift("early", 7, 16, 12.5), Shift("day", 9, 18, 16), Shift("late", 14, 23, 24))


def read_shifts(path: Path = HOURS) -> dict[str, Shift]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["agent"]: shift_for(row["median_at"]) for row in csv.DictReader(file)}


def shift_for(median_at: str) -> Shift:
    hour, minute = map(int, median_at.split(":"))
    return next(shift for shift in SHIFTS if hour + minute / 60 < shift.until)


def answer_minutes(incident: Incident, spell: int) -> int:
    """From getting the ticket to the first answer; `spell` counts how often it has been given to somebody."""
    return _lognormal(f"answer {incident.external_id} {spell}", ANSWER_MEDIAN, ANSWER_SIGMA)


def handling_minutes(incident: Incident, spell: int) -> int:
    """Work on the ticket, from beginning to end."""
    return _lognormal(f"handle {incident.external_id} {spell}", HANDLING_MEDIAN[incident.priority], HANDLING_SIGMA)


def _lognormal(seed: str, median: float, sigma: float) -> int:
    return max(1, round(Random(f"{SEED} {seed}").lognormvariate(math.log(median), sigma)))  # noqa: S311  (a play, not a secret)

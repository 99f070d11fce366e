"""`make bench`: single POSTs over HTTP against the strict ceiling of the same server, and the cost of a decision by agents."""

import argparse
import sys
from statistics import median

from bench import decisions
from bench.ceiling import Ceiling
from bench.service import AGENTS, service


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def posts(rounds: int, seconds: int, connections: int) -> float:
    """Interleave ceiling and service, A B A B; the ratio of their medians."""
    ceilings, services = [], []
    with service() as running:
        ceiling = Ceiling(running.superuser_url)
        ceiling.prepare()
        running.load(connections, 3)
        say(
            f"POST /v1/tickets at {connections} connections against pgbench on the same server, {AGENTS} agents, {seconds} s each"
        )
        for number in range(1, rounds + 1):
            ceilings.append(ceiling.measure(seconds))
            measured = running.load(connections, seconds)
            services.append(measured["per_second"])
            say(
                f"  round {number}: ceiling {ceilings[-1]:7.0f}/s   service {services[-1]:7.0f}/s   ratio"
                f" {services[-1] / ceilings[-1]:.2f}   p50 {measured['p50_ms']} ms   p99 {measured['p99_ms']} ms   {measured['statuses']}"
            )
    ratio = median(services) / median(ceilings)
    say(f"  service / ceiling, medians of {rounds}: {ratio:.2f}")
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", choices=("posts", "decisions"))
    options = parser.parse_args()
    if options.only != "decisions":
        posts(options.rounds, options.seconds, options.connections)
    if options.only != "posts":
        say("One submitted ticket in the engine, least load, microseconds (medians of 7, sizes in turns)")
        costs = dict(decisions.measure())
        for size, seconds in costs.items():
            say(
                f"  {size:6} agents: {seconds * 1e6:6.1f}   {seconds / costs[decisions.SIZES[0]]:.2f} x that at {decisions.SIZES[0]}"
            )


if __name__ == "__main__":
    main()

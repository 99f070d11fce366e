"""`make bench`: ratios measured side by side in one run. With --write they go into bench/RESULTS.md."""

import argparse

from bench import report
from bench.sections import SECTIONS, Options, Table, say
from bench.service import server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", choices=tuple(SECTIONS), action="append", help="may be given several times")
    parser.add_argument("--write", action="store_true", help="put the figures into bench/results.json and bench/RESULTS.md")
    chosen = parser.parse_args()
    options = Options(chosen.rounds, chosen.seconds)
    found: dict[str, list[Table]] = {}
    for name in chosen.only or SECTIONS:
        with server() as at:  # a database of its own for each section, so that none is slowed by the rows of another
            found[name] = SECTIONS[name](at, options)
    if chosen.write:
        report.write(found, options)
        say(f"written to {report.RESULTS}")


if __name__ == "__main__":
    main()

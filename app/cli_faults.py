"""`giliran faults`: the fault lab, which is part of the checkout and not of an installed package."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

CHECKOUT = Path(__file__).resolve().parents[1]


def faults(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long to kill and to check.")] = 8.0,
    seed: Annotated[int, typer.Option(help="Of the dice; a leg that broke prints it.")] = 1,
    folder: Annotated[Path | None, typer.Option(help="Keep the figures here, and go on from them next time.")] = None,
    api: Annotated[int, typer.Option(min=1, help="API processes.")] = 2,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    callers: Annotated[int, typer.Option(min=1, help="Calls at once.")] = 16,
    leg: Annotated[int | None, typer.Option(min=1, help="Only this leg of the seed, to see it again.")] = None,
) -> None:
    """Kill API, worker and PostgreSQL in turn under load, and prove that nothing was lost.

    Starts servers of its own in a new folder and touches no other. Needs a checkout with its development environment.
    """
    if not (CHECKOUT / "tests" / "faults" / "__main__.py").exists():
        typer.echo(
            f"error The fault lab is not here: {CHECKOUT} has no tests. Run it from a checkout of the source: make setup.",
            err=True,
        )
        raise typer.Exit(2)
    words = [
        "--minutes",
        str(minutes),
        "--seed",
        str(seed),
        "--api",
        str(api),
        "--workers",
        str(workers),
        "--callers",
        str(callers),
    ]
    words += [] if folder is None else ["--folder", str(folder.absolute())]
    words += [] if leg is None else ["--leg", str(leg)]
    path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "tests.faults", *words]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": path}, check=False)  # noqa: S603  (our own program)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(done.returncode)

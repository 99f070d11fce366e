"""Days over several processes, and the smallest day that breaks the same thing."""

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context

from tests.simulation.chance import DISTURBANCES
from tests.simulation.days import COMMANDS, Day, play
from tests.simulation.results import Result

DAYS_A_PROCESS = 250


def timed(seed: int) -> Result:
    began = time.process_time()
    return Result.of(play(seed), time.process_time() - began)


def played(seeds: list[int], workers: int) -> Iterator[Result]:
    """In the order in which they end. A process is replaced now and then, so that none grows."""
    waiting = iter(seeds)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=DAYS_A_PROCESS) as pool:
        under_way: set[Future[Result]] = {pool.submit(timed, seed) for seed in islice(waiting, 2 * workers)}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            under_way |= {pool.submit(timed, seed) for seed in islice(waiting, len(done))}
            for future in done:
                yield future.result()


def smallest(seed: int) -> tuple[Day, tuple[str, ...], int]:
    """Fewer kinds of trouble and fewer commands, as long as the same rule is broken; what is left, and the day."""
    disturbances, commands = DISTURBANCES, COMMANDS
    day = play(seed)
    rule = day.broken.rule if day.broken else None
    for each in DISTURBANCES:
        fewer = tuple(other for other in disturbances if other != each)
        again = play(seed, disturbances=fewer)
        if again.broken and again.broken.rule == rule:
            day, disturbances = again, fewer
    while commands > 10:
        again = play(seed, disturbances=disturbances, commands=commands // 2)
        if again.broken is None or again.broken.rule != rule:
            break
        day, commands = again, commands // 2
    return day, disturbances, commands

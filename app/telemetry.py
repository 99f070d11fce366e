"""The service's counters and histograms. Labels are closed lists: no id, path or name ever becomes one."""

from prometheus_client import Counter, Histogram

BATCH = Histogram(
    "giliran_batch_commands", "Commands decided in one transaction.", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 500)
)
DECIDE = Histogram(
    "giliran_decide_seconds", "Time spent deciding one batch.", buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1)
)
CATCH_UP = Histogram(
    "giliran_catch_up_events", "Events of other processes evolved before a batch.", buckets=(0, 1, 10, 100, 1_000, 10_000, 50_000)
)
WAITED = Histogram(
    "giliran_waiting_seconds",
    "Time from a ticket's arrival to its assignment.",
    buckets=(0.1, 1, 10, 60, 300, 900, 3_600, 14_400, 86_400),
)
TIMER_LATE = Histogram(
    "giliran_timer_late_seconds", "How long after its moment an SLA step took effect.", buckets=(0.1, 0.5, 1, 2, 5, 15, 60, 600)
)
WAKES_DROPPED = Counter("giliran_wakes_dropped_total", "Wake-ups not sent because Valkey was away or the queue was full.")

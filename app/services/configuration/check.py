"""What the shape of a document cannot say: names are unique, references lead somewhere, settings suit each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any
from zoneinfo import available_timezones

from app.engine.conditions import check_condition
from app.engine.mistakes import Mistake, below, shown
from app.services.configuration.check_costs import costs
from app.services.configuration.check_policies import routing_policy, sla_policy
from app.services.configuration.normalise import fill
from app.services.configuration.references import Known, repeated
from app.services.configuration.sections import ALL_SECTIONS, NOUNS

MAX_ITEMS = {"agents": 20_000}
MAX_ITEMS_OTHERWISE = 1_000
MAX_MISTAKES = 1_000
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})

Document = Mapping[str, Any]


def check(document: Document) -> list[Mistake]:
    """Every mistake in document order, at most MAX_MISTAKES; none means that it may be applied.

    `document` has the shape of the schema; defaults may be written out or not.
    """
    whole = fill(document)
    known = Known(whole)
    found = chain(
        _settings(whole, known),
        *(_sizes_and_names(section, whole[section]) for section in ALL_SECTIONS),
        *(routing_policy(f"/routing_policies/{i}", item, known) for i, item in enumerate(whole["routing_policies"])),
        *(sla_policy(f"/sla_policies/{i}", item, known) for i, item in enumerate(whole["sla_policies"])),
        *(_queue(f"/queues/{i}", item, known) for i, item in enumerate(whole["queues"])),
        *(_rule(f"/rules/{i}", item, known) for i, item in enumerate(whole["rules"])),
        *(_agent(f"/agents/{i}", item, known) for i, item in enumerate(whole["agents"])),
        _external_ids(whole["agents"]),
        costs(whole),
    )
    return list(islice(found, MAX_MISTAKES))


@cache
def time_zones() -> frozenset[str]:
    """The exact IANA names that are accepted."""
    names = available_timezones()
    return frozenset(name for name in names if name not in _NO_ZONES and not name.startswith(("right/", "posix/")))


def _settings(document: Document, known: Known) -> Iterator[Mistake]:
    zone = document["time_zone"]
    if zone not in time_zones():
        meant = next((name for name in sorted(time_zones()) if name.casefold() == zone.casefold()), None)
        hint = f"Write {meant}." if meant else "Write a name like Asia/Jakarta or UTC."
        yield Mistake("/time_zone", "unknown_time_zone", f"{shown(zone)} is not the exact name of an IANA time zone. {hint}")
    if document["default_queue"] is not None:
        yield from known.refer("queues", document["default_queue"], "/default_queue")


def _sizes_and_names(section: str, items: Sequence[Document]) -> Iterator[Mistake]:
    limit = MAX_ITEMS.get(section, MAX_ITEMS_OTHERWISE)
    if len(items) > limit:
        yield Mistake(f"/{section}", "too_many", f"There may be at most {limit:,} {section}; these are {len(items):,}.")
    seen = set()
    for i, item in enumerate(items):
        if item["name"] in seen:
            detail = f"Another {NOUNS[section]} is named {shown(item['name'])} already."
            yield Mistake(f"/{section}/{i}/name", "duplicate_name", detail)
        seen.add(item["name"])


def _queue(pointer: str, queue: Document, known: Known) -> Iterator[Mistake]:
    yield from known.refer("routing_policies", queue["routing_policy"], below(pointer, "routing_policy"))
    if queue["sla_policy"] is not None:
        yield from known.refer("sla_policies", queue["sla_policy"], below(pointer, "sla_policy"))
    if not queue["teams"]:
        yield Mistake(below(pointer, "teams"), "required", "A queue needs at least one team, or nobody could take its tickets.")
    yield from _names("teams", queue["teams"], below(pointer, "teams"), known)


def _rule(pointer: str, rule: Document, known: Known) -> Iterator[Mistake]:
    yield from check_condition(rule["when"], pointer=below(pointer, "when"))
    then, at = rule["then"], below(pointer, "then")
    if then["queue"] is not None:
        yield from known.refer("queues", then["queue"], below(at, "queue"))
    if then["team"] is not None:
        yield from known.refer("teams", then["team"], below(at, "team"))
    for field in ("require_skills", "wish_skills"):
        yield from _levels(then[field], below(at, field), known)
    yield from repeated(then["tags"], below(at, "tags"))


def _agent(pointer: str, agent: Document, known: Known) -> Iterator[Mistake]:
    yield from _names("teams", agent["teams"], below(pointer, "teams"), known)
    yield from _levels(agent["skills"], below(pointer, "skills"), known)
    yield from repeated(agent["languages"], below(pointer, "languages"))
    yield from repeated(agent["areas"], below(pointer, "areas"))
    channels = [limit["channel"] for limit in agent["channel_limits"]]
    yield from repeated(channels, below(pointer, "channel_limits"), field="channel")


def _names(section: str, names: Sequence[str], pointer: str, known: Known) -> Iterator[Mistake]:
    for i, name in enumerate(names):
        yield from known.refer(section, name, below(pointer, i))
    yield from repeated(names, pointer)


def _levels(entries: Sequence[Document], pointer: str, known: Known) -> Iterator[Mistake]:
    for i, entry in enumerate(entries):
        yield from known.refer("skills", entry["skill"], f"{pointer}/{i}/skill")
    yield from repeated([entry["skill"] for entry in entries], pointer, field="skill")


def _external_ids(agents: Iterable[Document]) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for i, agent in enumerate(agents):
        external_id = agent["external_id"]
        if external_id is None:
            continue
        if external_id in owners:
            detail = f"The agent {owners[external_id]} has this external id already."
            yield Mistake(f"/agents/{i}/external_id", "duplicate", detail)
        owners.setdefault(external_id, agent["name"])

"""The demo's data: what the extract says, and that the configuration rests on the week before the day."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.services.configuration.check import check
from app.services.configuration.yaml_text import read_yaml
from examples import make_service_desk
from examples.demo.incidents import DAY, read_day
from examples.demo.people import HOURS, SHIFTS, answer_minutes, handling_minutes, read_shifts, shift_for
from examples.make_extract import handled_in
from examples.make_service_desk import HANDLED, SERVICE_DESK, document, level_of, read_week, to_yaml

EXAMPLES = Path(make_service_desk.__file__).parent


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_day_has_its_607_incidents_in_order_of_arrival() -> None:
    day = read_day()
    assert len({incident.external_id for incident in day}) == len(day) == 607
    assert [incident.minute for incident in day] == sorted(incident.minute for incident in day)
    assert 0 <= day[0].minute <= day[-1].minute < 24 * 60
    assert Counter(incident.priority for incident in day) == {3: 566, 4: 29, 2: 8, 1: 4}


def test_no_column_names_who_handled_an_incident_of_the_day() -> None:
    text = DAY.read_text(encoding="utf-8")
    assert "agent-" not in text
    assert text.splitlines()[0] == "ticket_id,opened_at,channel,customer,tier,category,subcategory,priority,group"


def test_the_service_desk_is_what_its_maker_writes() -> None:
    assert SERVICE_DESK.read_text(encoding="utf-8") == to_yaml(document(read_week()))


def test_the_service_desk_reads_back_as_the_document_and_has_no_mistakes() -> None:
    source = read_yaml(SERVICE_DESK.read_text(encoding="utf-8"))
    assert source.document == document(read_week())
    assert [source.located(mistake) for mistake in check(source.document)] == []


def test_the_maker_reads_the_week_before_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = Path.open

    def watched(path: Path, *arguments: str, **options: str) -> object:
        opened.append(path)
        return real(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", watched)
    document(read_week())
    assert opened == [HANDLED]


def test_every_skill_follows_from_what_its_agent_handled_in_the_week_before() -> None:
    handled: Counter[tuple[str, str]] = Counter()
    for row in rows(HANDLED):
        handled[row["agent"], row["category"]] += int(row["count"])
    agents = read_yaml(SERVICE_DESK.read_text(encoding="utf-8")).document["agents"]
    levels = {(agent["name"], skill["skill"]): skill["level"] for agent in agents for skill in agent.get("skills", [])}
    assert levels == {key: level_of(count) for key, count in handled.items() if key[1]}


@pytest.mark.parametrize(("count", "level"), [(1, 1), (2, 3), (3, 4), (4, 5), (8, 7), (16, 9), (22, 9), (23, 10), (500, 10)])
def test_each_doubling_is_worth_two_levels(count: int, level: int) -> None:
    assert level_of(count) == level


def incident_row(**changed: str) -> dict[str, str]:
    row = {
        "first_agent": "agent-1",
        "last_agent": "agent-1",
        "last_group": "group-1",
        "category": "cat-1",
        "first_assigned_at": "2016-03-04T10:00",
        "resolved_at": "2016-03-05T11:00",
    }
    return row | changed


@pytest.mark.parametrize(
    ("changed", "handled"),
    [
        ({}, [("agent-1", "2016-03-05T11:00")]),
        ({"last_agent": "agent-2"}, [("agent-2", "2016-03-05T11:00")]),
        ({"resolved_at": "2016-03-07T09:00"}, [("agent-1", "2016-03-04T10:00")]),
        ({"resolved_at": ""}, [("agent-1", "2016-03-04T10:00")]),
        ({"resolved_at": "2016-03-07T00:00", "last_agent": "agent-2"}, []),
        ({"resolved_at": "2016-03-07T09:00", "first_assigned_at": "2016-03-07T08:00"}, []),
        ({"last_agent": "", "first_agent": ""}, []),
    ],
    ids=["resolved", "by-the-resolver", "resolved-later", "never-resolved", "changed-hands-later", "got-it-on-monday", "nobody"],
)
def test_only_what_was_done_before_monday_counts_as_handled(changed: dict[str, str], handled: list[tuple[str, str]]) -> None:
    assert [(one.agent, one.at) for one in handled_in([incident_row(**changed)])] == handled


def test_both_files_of_the_week_speak_of_the_same_agents_and_incidents() -> None:
    counts: Counter[str] = Counter()
    for row in rows(HANDLED):
        counts[row["agent"]] += int(row["count"])
    assert counts == {row["agent"]: int(row["handled"]) for row in rows(HOURS)}
    assert set(read_shifts()) == set(counts)


def test_every_time_of_day_belongs_to_a_shift() -> None:
    assert [shift_for(f"{hour:02}:59") for hour in (0, 6, 11, 15, 23)] == [SHIFTS[0], SHIFTS[0], SHIFTS[1], SHIFTS[2], SHIFTS[3]]


def test_the_model_is_seeded_by_the_incident() -> None:
    first, second = read_day(first=2)
    assert answer_minutes(first, 1) == answer_minutes(first, 1) >= 1
    assert handling_minutes(first, 1) >= 1
    drawn = {handling_minutes(incident, spell) for incident in (first, second) for spell in range(1, 6)}
    assert len(drawn) > 3


def test_what_is_posted_has_words_and_no_person() -> None:
    for incident in read_day():
        body = incident.body()
        assert body["subject"]
        assert set(body["customer"]) == {"external_id", "tier"}
        assert ("nobody can work" in body["text"] or "semua tidak bisa kerja" in body["text"]) == (incident.priority == 1)


def test_the_data_carries_its_licence() -> None:
    notice = (EXAMPLES / "NOTICE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in notice
    assert [path.name for path in EXAMPLES.glob("*.csv") if path.name not in notice] == []

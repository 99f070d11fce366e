"""A file brought up to date keeps what was written in it, unless it is no longer true."""

import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from app.services.configuration.brief import brief
from app.services.configuration.normalise import normalise
from app.services.configuration.read import parse
from app.services.configuration.rewrite import rewrite
from app.services.configuration.sections import ALL_SECTIONS
from app.services.configuration.yaml_write import flow, whole_file
from tests.services.configuration.documents import documents

FILE = """\
# The desk in Bandung.
# Asked for by Sri in May.

time_zone: Asia/Jakarta   # WIB

teams:
  # who sends invoices
  - {name: billing, title: "Billing"}   # floor 2

  # --- those who know more ---

  # since 2024
  - {name: senior}

routing_policies:
  - name: fair
    # round robin made Budi unhappy
    strategy: least_load

queues:
  - name: general   # where all begins
    routing_policy: fair
    teams:
      - billing     # first
      - senior
  # for the hard ones
  - name: hard
    routing_policy: fair
    teams: [senior]
    weight: 3

rules:
  # calls press
  - name: calls
    when: {field: kind, op: eq, value: call}
    then: {priority: high}

  # the rest
  - name: rest
    when:
      not: {field: kind, op: eq, value: call}
    then:
      queue: hard   # they know

agents:
  - {name: ani, teams: [billing], capacity: 3}
  # Budi works half days
  - {name: budi, teams: [billing, senior]}
"""


def document(text: str) -> dict[str, Any]:
    return normalise(parse(text.encode(), suffix=".yaml").document)


def wanted(**changes: Any) -> dict[str, Any]:
    """FILE's document; `agents__budi__capacity=4` sets a field, `agents__budi=None` takes the object away."""
    whole = document(FILE)
    for path, value in changes.items():
        section, *rest = path.split("__")
        if not rest:
            whole[section] = value
            continue
        (item,) = [each for each in whole[section] if each["name"] == rest[0]]
        if len(rest) == 1:
            whole[section].remove(item)
            continue
        for step in rest[1:-1]:
            item = item[step]
        item[rest[-1]] = value
    return normalise(whole)


def test_what_is_so_already_stays_byte_for_byte() -> None:
    for text in (FILE, FILE.replace("\n", "\r\n"), FILE.rstrip("\n"), json.dumps(document(FILE))):
        assert rewrite(text, document(FILE)) == text


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"time_zone": "UTC"}, "time_zone: Asia/Jakarta   # WIB", "time_zone: UTC   # WIB"),
        ({"default_queue": "hard"}, "time_zone:", "default_queue: hard\ntime_zone:"),
        ({"costs": {"kinds": {"call": 2}}}, "time_zone:", "costs: {kinds: {call: 2}}\ntime_zone:"),
        ({"teams__billing__title": "Penagihan"}, '"Billing"}', "Penagihan}"),
        ({"teams__senior__title": "no"}, "{name: senior}", '{name: senior, title: "no"}'),
        ({"routing_policies__fair__strategy": "round_robin"}, "strategy: least_load", "strategy: round_robin"),
        ({"routing_policies__fair__handover": "offer"}, "    strategy: least_load\n", "    strategy: least_load\n    handover: offer\n"),
        ({"queues__general__teams": ["senior"]}, "teams:\n      - billing     # first\n      - senior\n", "teams: [senior]\n"),
        ({"queues__hard__weight": 0}, "weight: 3", "weight: 0"),
        ({"rules__rest__then__queue": "general"}, "queue: hard   # they know", "queue: general   # they know"),
        ({"rules__rest__then__tags": ["a"]}, "hard   # they know\n", "hard   # they know\n      tags: [a]\n"),
        ({"rules__calls__stop": True}, "then: {priority: high}\n", "then: {priority: high}\n    stop: true\n"),
        ({"rules__rest__when": {"field": "text", "op": "exists", "value": True}},
         "when:\n      not: {field: kind, op: eq, value: call}\n", "when: {field: text, op: exists, value: true}\n"),
        ({"agents__budi": None}, "  # Budi works half days\n  - {name: budi, teams: [billing, senior]}\n", ""),
        ({"agents__ani": None}, "  - {name: ani, teams: [billing], capacity: 3}\n", ""),
        ({"teams__senior": None}, "  # since 2024\n  - {name: senior}\n", ""),
        ({"agents": []}, FILE[FILE.index("agents:"):], "agents: []\n"),
        ({"skills": [{"name": "refunds"}]}, FILE[-30:], FILE[-30:] + "\nskills:\n  - name: refunds\n"),
    ],
)  # fmt: skip
def test_only_what_differs_is_written_anew(changes: dict[str, Any], before: str, after: str) -> None:
    assert FILE.count(before) == 1
    target = wanted(**changes)
    assert rewrite(FILE, target) == FILE.replace(before, after)
    assert rewrite(FILE.replace("\n", "\r\n"), target) == FILE.replace(before, after).replace("\n", "\r\n")


def test_an_empty_value_ends_before_the_next_key() -> None:
    text = FILE + "sla_policies:\n  - name: a\n  - name: quiet\n    warn_at_percent:   # never\n\n# the end\n"
    target = document(text)
    target["sla_policies"] = target["sla_policies"][1:]
    assert rewrite(text, target) == text.replace("  - name: a\n", "")
    target["sla_policies"][0]["warn_at_percent"] = 50
    assert rewrite(text, target) == text.replace("  - name: a\n", "").replace("percent:   #", "percent: 50   #")


def test_what_is_new_goes_to_the_end_of_its_list_in_the_manner_of_the_last() -> None:
    target = wanted()
    target["agents"].insert(0, {"name": "dewi", "title": "Dewi", "teams": ["senior"]})
    target["queues"].insert(0, {"name": "vip", "routing_policy": "fair", "teams": ["senior"]})
    changed = rewrite(FILE, normalise(target))
    assert changed.endswith("senior]}\n  - {name: dewi, title: Dewi, teams: [senior]}\n")
    assert "    weight: 3\n  - name: vip\n    routing_policy: fair\n    teams: [senior]\n\nrules:" in changed


def test_rules_are_brought_into_order_with_their_comments() -> None:
    target = wanted()
    target["rules"].reverse()
    target["rules"].insert(1, {"name": "new", "when": {"field": "text", "op": "exists", "value": True}})
    changed = rewrite(FILE, normalise(target))
    assert re.findall(r"(?:# .*\n  )?- name: (\w+)", changed[changed.index("rules:") :]) == ["rest", "new", "calls"]
    assert "  # the rest\n  - name: rest\n" in changed
    assert "  # calls press\n  - name: calls\n" in changed


@settings(deadline=None, max_examples=60)
@given(documents(), documents(), st.sampled_from(["block", "flow", "full", "ruamel", "json"]))
def test_any_file_becomes_any_other(before: dict[str, Any], after: dict[str, Any], style: str) -> None:
    text, target = written(before, style), normalise(after)
    assert rewrite(text, normalise(before)) == text
    changed = rewrite(text, target)
    found = document(changed)
    for section in ALL_SECTIONS:
        assert sorted(found[section], key=lambda each: each["name"]) == sorted(target[section], key=lambda each: each["name"])
    assert found["rules"] == target["rules"]
    assert (found["time_zone"], found["default_queue"]) == (target["time_zone"], target["default_queue"])
    assert rewrite(changed, target) == changed


@settings(deadline=None, max_examples=60)
@given(documents(), documents())
def test_comments_stay_with_what_they_are_about(before: dict[str, Any], after: dict[str, Any]) -> None:
    document = brief(normalise(before))
    text, section = "", ""
    for line in whole_file(document).splitlines():
        section = line if re.fullmatch("[a-z_]+:", line) else section
        named = re.match(r"  - name: (.*)", line)
        text += f"  # {section} {named[1]}!\n{line}\n" if named else f"{line}\n"
    changed = rewrite(text, normalise(after))
    kept = [
        (s, each["name"]) for s in ALL_SECTIONS for each in before[s] if each["name"] in [other["name"] for other in after[s]]
    ]
    about = re.findall(r'  # (\w+): "?([^"\n]+?)"?!\n  - name: "?([^"\n]+?)"?\n', changed)
    assert {(s, name) for s, name, _ in about} == set(kept)
    assert all(comment == name for _, comment, name in about)
    assert changed.count("!\n") == len(kept)


def in_quotes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: in_quotes(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_quotes(inner) for inner in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def written(document: dict[str, Any], style: str) -> str:
    said = brief(normalise(document))
    match style:
        case "json":
            return flow(document)
        case "full":
            return whole_file(normalise(document))
        case "flow":
            return "".join(f"{key}: {flow(value)}\n" for key, value in said.items())
        case "ruamel":
            stream = io.StringIO()
            writer = YAML()
            writer.indent(mapping=3, sequence=5, offset=2)
            writer.dump(in_quotes(said), stream)
            return stream.getvalue()
        case _:
            return whole_file(said)

"""The alarms ask for metrics that exist, and whoever is woken by one finds what to do."""

import re

from ruamel.yaml import YAML

from app.telemetry import REGISTRY
from tests.house.test_house import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
RULES = ROOT / "docs" / "prometheus-rules.yml"
SUFFIXES = ("_total", "_bucket", "_count", "_sum", "")


def test_each_alarm_asks_for_metrics_that_exist() -> None:
    known = {metric.name for metric in REGISTRY.collect()}
    for name, expression in _alarms().items():
        for asked in re.findall(r"giliran_\w+", expression):
            assert any(asked.removesuffix(suffix) in known for suffix in SUFFIXES), f"{name} asks for {asked}"


def test_each_metric_of_ours_is_asked_for_or_named() -> None:
    text = OPERATIONS.read_text() + RULES.read_text()
    unnamed = [m.name for m in REGISTRY.collect() if m.name.startswith("giliran_") and m.name not in text]
    assert unnamed == ["giliran_tails_polled"]


def test_each_alarm_has_its_section_and_each_section_its_alarm() -> None:
    sections = re.findall(r"^### (\w+)$", OPERATIONS.read_text(), re.MULTILINE)
    assert sections == list(_alarms())
    for section in re.split(r"^### ", OPERATIONS.read_text(), flags=re.MULTILINE)[1:]:
        assert all(f"**{word}**" in section for word in ("Means", "Look at", "Do")), section[:40]


def _alarms() -> dict[str, str]:
    (group,) = YAML(typ="safe").load(RULES.read_text())["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}

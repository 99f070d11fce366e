from app.services.configuration.diff import Change, ChangeKind, diff, lines
from app.services.configuration.normalise import normalise
from tests.services.configuration.documents import changed, full


def test_every_kind_of_change() -> None:
    present = normalise(full())
    wanted = normalise(changed("queues", 1, "routing_policy", to="tiers"))
    wanted["costs"]["kinds"]["call"] = 3
    wanted["sla_policies"][0]["targets"]["low"]["resolution_seconds"] = 60
    wanted["skills"] = []
    wanted["teams"].append({"name": "new", "title": "new"})
    assert lines(diff(present, wanted, prune=True)) == [
        "~ costs/kinds/call: 2 → 3",
        "+ teams/new",
        "- skills/refunds",
        "~ sla_policies/standard/targets/low/resolution_seconds: null → 60",
        "~ queues/billing/routing_policy: by-skill → tiers",
    ]
    assert "= skills/refunds (not in the document, kept)" in lines(diff(present, wanted, prune=False))


def test_conditions_and_lists_are_compared_as_a_whole() -> None:
    present = normalise(full())
    leaf = {"field": "text", "op": "contains", "value": "money"}
    wanted = normalise(changed("rules", 0, "when", to=leaf))
    wanted["queues"][0]["teams"] = ["billing"]
    found = diff(present, wanted, prune=True)
    assert [(change.path, change.after) for change in found] == [
        ("queues/general/teams", ["billing"]),
        ("rules/refund-words/when", leaf),
    ]


def test_nothing_changes_between_equal_documents() -> None:
    assert diff(normalise(full()), normalise(normalise(full())), prune=True) == []


def test_a_line_stays_one_line() -> None:
    change = Change("teams/a/title", ChangeKind.CHANGED, "a\n\x1b[2J", "\u202e" + "x" * 200)
    assert str(change) == "~ teams/a/title: a\\n\\x1b[2J" + " → \\u202e" + "x" * 79 + "…"

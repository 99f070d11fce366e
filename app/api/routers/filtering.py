"""What lists of the configuration's objects may be narrowed to, and their orders."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.api.deps import wrong_parameter
from app.api.ids import read
from app.api.routers.paging import MOST
from app.api.schemas.answers import QueryBool
from app.services.views.configurations import PREFIXES

View = dict[str, Any]
Order = Literal["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"]


class SectionFilter(BaseModel):
    """Filters: values of one field are alternatives, different fields must all hold."""

    q: str | None = Field(default=None, max_length=200, description="Part of the name or title.", examples=["refund"])


class QueueFilter(SectionFilter):
    """Which queues."""

    team: list[str] = Field(
        default=[], max_length=MOST, description="Name or id of a team that serves it.", examples=[["billing"]]
    )


class RuleFilter(SectionFilter):
    """Which rules."""

    enabled: QueryBool | None = Field(default=None, description="Whether it is switched on.", examples=[True])
    queue: list[str] = Field(default=[], max_length=MOST, description="Name or id of the queue it sets.", examples=[["billing"]])
    team: list[str] = Field(default=[], max_length=MOST, description="Name or id of the team it sets.", examples=[["senior"]])


FILTERS: Mapping[str, type[SectionFilter]] = {"queues": QueueFilter, "rules": RuleFilter}


def chosen(views: Sequence[View], wanted: BaseModel, document: Mapping[str, Any]) -> list[View]:
    """Those that every filter lets through. Raises Malformed for a queue or team that is not there."""
    found = list(views)
    said = wanted.model_dump()
    if said["q"]:
        part = said["q"].casefold()
        found = [view for view in found if part in view["name"] or part in (view.get("title") or "").casefold()]
    if said.get("enabled") is not None:
        found = [view for view in found if view["enabled"] == said["enabled"]]
    if said.get("queue"):
        names = _names("queue", "queues", said["queue"], document)
        found = [view for view in found if view["then"]["queue"] in names]
    if said.get("team"):
        names = _names("team", "teams", said["team"], document)
        found = [view for view in found if not names.isdisjoint(view["teams"] if "teams" in view else [view["then"]["team"]])]
    return found


def ordered(views: list[View], sort: Order | None) -> list[View]:
    """Ties as the document has them."""
    return views if sort is None else sorted(views, key=lambda view: view[sort.removeprefix("-")], reverse=sort.startswith("-"))


def _names(parameter: str, section: str, texts: Sequence[str], document: Mapping[str, Any]) -> set[str]:
    known = {item["name"]: item["id"] for item in document[section]}
    by_id = {ident: name for name, ident in known.items()}
    found = {text if text in known else by_id.get((read(PREFIXES[section], text) or b"").hex()) for text in texts}
    if None in found:
        raise wrong_parameter(parameter, f"There is no such {parameter}.", allowed=tuple(sorted(known)))
    return {name for name in found if name is not None}

"""Answers about the configuration: the whole with its agents, what an apply did, and pages of its parts."""

from pydantic import Field

from app.api.schemas.answers import Moment, NextCursor, Out
from app.api.schemas.configuration import Agent
from app.api.schemas.configuration_out import (
    ConfigurationChange,
    DocumentOut,
    QueueOut,
    RoutingPolicyOut,
    RuleOut,
    SkillOut,
    SlaPolicyOut,
    TeamOut,
)


class WholeOut(DocumentOut):
    """Everything in force, with agents as a document names them. Where they stand is at /v1/agents."""

    agents: list[Agent] = Field(description="Who takes tickets.", examples=[[{"name": "ani", "teams": ["billing"]}]])


class ConfigurationInForce(Out):
    """One version of the configuration."""

    version: int = Field(description="Goes up by one with every accepted change; the ETag.", examples=[7])
    applied_at: Moment = Field(description="When it came into force.")
    document: WholeOut = Field(description="What is in force.")


class AppliedOut(ConfigurationInForce):
    """What applying a document changed."""

    changes: list[ConfigurationChange] = Field(description="In the order of the document; empty if nothing was to change.")


class WouldApplyOut(Out):
    """What applying a document would change. Nothing was stored."""

    version: int = Field(description="The version it would get.", examples=[8])
    changes: list[ConfigurationChange] = Field(description="In the order of the document.")
    would_status: int = Field(description="The status of the real call.", examples=[200])


class TeamPage(Out):
    """One page of teams."""

    data: list[TeamOut] = Field(description="In the order of the document.")
    next_cursor: NextCursor


class SkillPage(Out):
    """One page of skills."""

    data: list[SkillOut] = Field(description="In the order of the document.")
    next_cursor: NextCursor


class QueuePage(Out):
    """One page of queues."""

    data: list[QueueOut] = Field(description="In the order of the document.")
    next_cursor: NextCursor


class RoutingPolicyPage(Out):
    """One page of routing policies."""

    data: list[RoutingPolicyOut] = Field(description="In the order of the document.")
    next_cursor: NextCursor


class SlaPolicyPage(Out):
    """One page of SLA policies."""

    data: list[SlaPolicyOut] = Field(description="In the order of the document.")
    next_cursor: NextCursor


class RulePage(Out):
    """One page of rules."""

    data: list[RuleOut] = Field(description="In the order in which they are looked at.")
    next_cursor: NextCursor

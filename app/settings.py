"""What can be set from outside. The environment wins over the secrets file, the secrets file over the defaults.

`DATABASE_URL`, `DATABASE_OWNER_URL` and `REDIS_URL` carry no prefix because hosts hand them out under these names;
all others start with `GILIRAN_`. `GILIRAN_SECRETS_FILE` names a JSON file of mode 0600 that holds the three addresses:
the supervisor hands them to its children that way, because the environment of a process can be read and copied.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, AliasGenerator, Field, field_validator
from pydantic_settings import BaseSettings, JsonConfigSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from app.rates import read_rate

PREFIX = "GILIRAN_"
SECRETS_FILE = "GILIRAN_SECRETS_FILE"
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")

LogLevel = Literal["debug", "info", "warning", "error", "critical"]


def environment_name(field: str) -> str:
    return field.upper() if field.upper() in ADDRESSES else PREFIX + field.upper()


def _names(field: str) -> AliasChoices:
    return AliasChoices(environment_name(field), field)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=_names),
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL as the application's role, postgresql+asyncpg://…; without it one is started from the wheel.",
    )
    database_owner_url: str | None = Field(
        default=None, repr=False, description="PostgreSQL as the owner of the tables, for migrations; defaults to DATABASE_URL."
    )
    redis_url: str | None = Field(
        default=None, repr=False, description="Redis or Valkey, redis://…; without it one is started from the wheel."
    )

    data_dir: Path = Field(default=Path(".data"), description="Folder of the embedded servers: data, passwords, logs.")
    postgres_bin: Path | None = Field(
        default=None, description="Folder with initdb and postgres to use instead of the wheel's, e.g. of another major version."
    )
    postgres_port: int = Field(default=0, ge=0, le=65535, description="Port of the embedded PostgreSQL; 0 = any free one.")
    valkey_port: int = Field(default=0, ge=0, le=65535, description="Port of the embedded Valkey; 0 = any free one.")

    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the API listens on; 0 = any free one.")
    listen_fd: int | None = Field(
        default=None, ge=3, description="An open listening socket to serve instead of host and port; set by the supervisor."
    )
    allowed_hosts: str = Field(
        default="",
        description="Names that requests may give as Host, with commas; * for every name. Without it localhost where the API"
        " listens on this machine only, else every name. Addresses are always answered.",
    )
    metrics: bool = Field(default=True, description="Serve what is counted under /metrics, to whoever asks.")
    docs: bool = Field(default=True, description="Serve the interactive API pages under /docs.")
    api_processes: int = Field(default=1, ge=1, le=64, description="API processes; they share one listening socket.")
    worker_processes: int = Field(default=1, ge=0, le=64, description="Worker processes: timers, jobs, deliveries.")

    preload: bool = Field(
        default=True,
        description="Fork API and worker processes from one that has imported everything, on Linux; false starts each by itself.",
    )

    pool_size: int = Field(default=10, ge=2, le=200, description="PostgreSQL connections per process.")
    kept_workspaces: int = Field(
        default=256, ge=1, le=100_000, description="Workspaces whose state a process keeps; the least recently used goes first."
    )
    rate_limit: str = Field(default="30000/10 seconds", description="Requests of a key, unless it has a rate of its own.")
    rate_limit_agent: str = Field(default="1200/minute", description="Requests of a key of the role agent.")
    rate_limit_wrong_keys: str = Field(default="300/minute", description="Wrong keys from one address.")
    open_requests_per_key: int = Field(default=1_000, ge=1, description="Requests of a key at a time, per process.")
    streams_per_key: int = Field(default=100, ge=1, description="Requests of a key that wait for events, per process.")
    body_seconds: float = Field(default=20.0, gt=0, le=600, description="Seconds that a body may take to arrive.")
    proxies: str = Field(
        default="", description="Addresses or networks of your proxies, with commas: whose X-Forwarded-For is believed."
    )
    audit_days: int = Field(default=400, ge=30, le=36_500, description="Days for which entries of the audit are kept.")
    mark_seconds: int = Field(
        default=60, ge=5, le=3600, description="Seconds for which a mark that somebody views or replies holds unless renewed."
    )
    sweep_seconds: float = Field(
        default=1.0, gt=0, le=60, description="Seconds between two looks of the worker for what is due in PostgreSQL."
    )
    log_level: LogLevel = Field(default="info", description="Least level that is logged.")
    log_format: Literal["json", "console"] = Field(default="json", description="One JSON object a line, or text for people.")
    telemetry: bool = Field(
        default=False, description="OpenTelemetry in the request path; costs an eighth to a quarter of throughput."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("rate_limit", "rate_limit_agent", "rate_limit_wrong_keys")
    @classmethod
    def _rate(cls, value: str) -> str:
        read_rate(value)
        return value

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for network in filter(None, map(str.strip, value.split(","))):
            ip_network(network)
        return value

    @field_validator("database_url", "database_owner_url", mode="after")
    @classmethod
    def _asyncpg(cls, value: str | None) -> str | None:
        return value and with_driver(value)

    @property
    def owner_url(self) -> str | None:
        return self.database_owner_url or self.database_url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the signature is pydantic-settings')
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        secrets = os.environ.get(SECRETS_FILE)
        if not secrets:
            return init_settings, env_settings
        return init_settings, env_settings, JsonConfigSettingsSource(settings_cls, json_file=secrets)


def with_driver(url: str) -> str:
    """`postgres://…` and `postgresql://…`, as hosts hand them out, mean the same server through asyncpg."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+asyncpg://{rest}" if separator and scheme in {"postgres", "postgresql"} else url

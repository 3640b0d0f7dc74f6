"""Every setting, by environment variable with the prefix PEER_SUPPORT_, told of in a sentence where it is wrong."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from bot.local import is_loopback
from bot.policy_settings import Count, PolicySettings
from bot.tokens import may_sign_in_at, token_url
from bot.validator import METADATA_URL, may_fetch_keys_from

PREFIX = "PEER_SUPPORT_"
NO_SECRET = SecretStr("")


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that can't be used, in a sentence that never holds its value."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Documented:
    """One row of the documented table."""

    name: str
    default: str
    meaning: str


class Settings(PolicySettings):
    """Read from the environment by `read`, which names the wrong ones and goes on with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    local: bool = Field(
        default=False, description="1 tries the bot on this machine, without signing in; not for real people"
    )
    host: str = Field("127.0.0.1", description="the address that the bot listens on")
    port: int = Field(3978, ge=0, le=65535, description="the port that it listens on")
    pages_url: str = Field(
        "",
        description="where people reach the bot's pages, such as https://bot.example.police.uk; for my data as a file",
    )
    app_id: str = Field("", description="the bot's Microsoft app id")
    app_password: SecretStr = Field(
        NO_SECRET, description="the bot's Microsoft app password (a client secret)"
    )
    app_tenant_id: str = Field("", description="the tenant in which the bot's app is registered")
    database_url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///var/peer-support.sqlite3"),
        description="where the data stands: a SQLite file, or postgresql://user:password@host/name",
    )
    database_patience: Annotated[float, Field(ge=2, le=60)] = Field(
        3.0,
        description="seconds that one answer of the database is waited for, before people are told kindly",
    )
    forces_file: Path | None = Field(
        None, description="the file of forces, their tenants and what each sets itself"
    )
    keys: SecretStr = Field(
        NO_SECRET, description="id:base64,id:base64, of 32 bytes each; the first one seals"
    )
    lookup_key: SecretStr = Field(NO_SECRET, description="base64 of 32 bytes; people are looked up by it")
    keys_file: Path | None = Field(
        None,
        description="a file with both keys, instead of the two settings above (`keys new FILE` makes one)",
    )
    next_lookup_key: SecretStr = Field(
        NO_SECRET, description="the look-up key that `keys rehash` changes to; unset otherwise"
    )
    forms: Literal["dialog", "chat"] = Field(
        "dialog", description="where a request is typed: dialog, or chat"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")
    lane: Count = Field(16, description="turns under way at once; beyond that people are told so kindly")
    longest_round_ms: Annotated[int, Field(ge=1, le=60_000)] = Field(
        6,
        description="a round of the event loop that takes longer lets in few new turns, so that help now is fast",
    )
    senders: Annotated[int, Field(ge=1, le=64)] = Field(
        48, description="people to whom the outbox sends at once"
    )
    leave_seconds: Annotated[float, Field(ge=0, le=300)] = Field(
        5.0,
        description="seconds that a process which was told to stop still answers everybody, while /healthz says 503; "
        "longer than your balancer takes to see that",
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="the port of /metrics for a monitor such as Prometheus; 0 for none"
    )
    metrics_host: str = Field(
        "127.0.0.1", description="the address of /metrics; never one that the world can reach"
    )
    openid_metadata_url: str = Field(METADATA_URL, description="where the channel's public keys are listed")
    token_url: str = Field(
        "", description="where the bot signs in; Microsoft's for the app's tenant unless set"
    )

    @field_validator(
        "app_id",
        "app_tenant_id",
        "host",
        "metrics_host",
        "openid_metadata_url",
        "token_url",
        "pages_url",
        mode="before",
    )
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("openid_metadata_url")
    @classmethod
    def _trusted_keys(cls, value: str) -> str:
        if not may_fetch_keys_from(value):
            raise ValueError("must be Microsoft's own address, or one on this machine")
        return value

    @field_validator("token_url")
    @classmethod
    def _trusted_sign_in(cls, value: str) -> str:
        if value and not may_sign_in_at(value):
            raise ValueError("must be Microsoft's own address, or one on this machine")
        return value

    @field_validator("pages_url")
    @classmethod
    def _an_origin(cls, value: str) -> str:
        if value and not may_lead_to(value):
            raise ValueError("must be an address like https://bot.example.police.uk, without a path")
        return value.rstrip("/")

    @property
    def pages(self) -> str:
        """Where people reach the bot's pages; on this machine alone in local mode, unless it is set."""
        return self.pages_url or (f"http://{self.host}:{self.port}" if self.local else "")

    @property
    def sign_in_url(self) -> str:
        """Where the bot gets its own token."""
        return self.token_url or token_url(self.app_tenant_id)


def may_lead_to(address: str) -> bool:
    """Whether people may be led there: over https, or to this machine; an origin and nothing after it."""
    parts = urlsplit(address)
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    return bool(parts.hostname) and bare and safe


def read() -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of the environment. A wrong one is named, and its default stands in."""
    problems: list[Problem] = []
    instead: dict[str, Any] = {}
    while True:
        try:
            return Settings(**instead), tuple(problems)
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False, include_input=False):
                field = str(error["loc"][0]).lower().removeprefix(PREFIX.lower())
                problems.append(Problem(PREFIX + field.upper(), _sentence(field, error)))
                instead[field] = Settings.model_fields[field].default


def cannot_start(settings: Settings) -> str | None:
    """Why the bot may not serve at all: an identity is missing or in doubt. One sentence, or None."""
    identity = {
        "APP_ID": settings.app_id,
        "APP_PASSWORD": settings.app_password.get_secret_value().strip(),
        "APP_TENANT_ID": settings.app_tenant_id,
    }
    missing = [PREFIX + name for name, value in identity.items() if not value]
    if settings.local:
        if len(missing) < len(identity):
            return (
                f"{PREFIX}LOCAL is for trying the bot without an app: unset it, or unset the app's settings."
            )
        if not is_loopback(settings.host):
            return f"{PREFIX}HOST must be this machine (127.0.0.1) while {PREFIX}LOCAL is set."
        return None
    if missing:
        return f"Not set: {', '.join(missing)}. Set them, or {PREFIX}LOCAL=1 to try the bot on this machine alone."
    return None


def unknown(names: Iterable[str] | None = None) -> tuple[Problem, ...]:
    """Variables with our prefix that are no setting: a slip of the pen would otherwise go unseen."""
    known = [field.upper() for field in Settings.model_fields]
    found = []
    for name in sorted(os.environ if names is None else names):
        rest = name.upper().removeprefix(PREFIX)
        if rest != name.upper() and rest not in known:
            close = difflib.get_close_matches(rest, known, n=1)
            hint = f"; {PREFIX}{close[0]} is" if close else ""
            found.append(Problem(name, f"{name} is not a setting{hint}."))
    return tuple(found)


def documented() -> tuple[Documented, ...]:
    """The table of settings for the documents: name, default, meaning."""
    rows = []
    for name, field in sorted(
        Settings.model_fields.items(), key=lambda item: item[0] in PolicySettings.model_fields
    ):
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = (
            ""
            if default is None
            else ("1" if default else "0")
            if isinstance(default, bool)
            else str(default)
        )
        rows.append(Documented(PREFIX + name.upper(), shown, field.description or ""))
    return tuple(rows)


def table() -> str:
    """The documented table in Markdown. `docs/settings.md` holds it, and a test keeps the two alike."""
    rows = [
        f"| `{row.name}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |"
        for row in documented()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows, ""])


def _sentence(field: str, error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    said = {
        "bool_parsing": "must be 1 or 0",
        "int_parsing": "must be a whole number",
        "float_parsing": "must be a number",
        "greater_than_equal": f"must be at least {limits.get('ge')}",
        "less_than_equal": f"must be at most {limits.get('le')}",
        "literal_error": f"must be {limits.get('expected')}",
        "string_pattern_mismatch": "must be a time like 08:30",
        "value_error": str(limits.get("error")),
    }
    return f"{PREFIX}{field.upper()} {said.get(error['type'], 'cannot be read')}."

"""What the first help now is measured against: the import of the declared runtime libraries, and nothing else."""

from __future__ import annotations

from importlib import import_module

# Each library by its name in pyproject.toml, and what it is imported as.
MODULES = {
    "aiohttp": "aiohttp",
    "aiosqlite": "aiosqlite",
    "alembic": "alembic",
    "apscheduler": "apscheduler",
    "babel": "babel",
    "botbuilder-core": "botbuilder.core",
    "botbuilder-integration-aiohttp": "botbuilder.integration.aiohttp",
    "cryptography": "cryptography",
    "prometheus-client": "prometheus_client",
    "psycopg": "psycopg",
    "pydantic-settings": "pydantic_settings",
    "pyjwt": "jwt",
    "python-calamine": "python_calamine",
    "rapidfuzz": "rapidfuzz",
    "rich": "rich",
    "sqlalchemy": "sqlalchemy.ext.asyncio",  # declared with this extra
    "structlog": "structlog",
    "typer": "typer",
    "tzdata": "tzdata",
}

if __name__ == "__main__":
    for module in MODULES.values():
        import_module(module)

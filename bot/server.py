"""The HTTP application: one address for the channel, two for whoever looks after the service, and a few pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.adapter import Adapter, refusal
from bot.incoming import BODY_LIMIT
from bot.local import stranger

log = structlog.get_logger()

MESSAGES = "/api/messages"
HEALTH_PATIENCE = 5.0
STOP_GRACE = 15.0
LEAVING = web.AppKey("leaving", asyncio.Event)  # set once the process was asked to stop


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands and what doesn't, by part; no identities. Warnings don't make the bot unready."""

    ready: bool
    database: str
    keys: str
    migrations: str
    scheduler: str
    warnings: tuple[str, ...] = ()


def make_app(
    adapter: Adapter,
    health: Callable[[], Awaitable[Readiness]],
    pages: Iterable[web.RouteDef] = (),
    counted: Middleware | None = None,
) -> web.Application:
    """The application. It owns the adapter: stopping it lets what is being sent arrive. `counted` is the monitor's."""

    leaving = asyncio.Event()

    async def healthz(_request: web.Request) -> web.Response:
        """What traffic is routed on: as long as this answers, so does help now. 503 while it leaves."""
        if leaving.is_set():
            return web.json_response({"status": "leaving"}, status=503)
        return web.json_response({"status": "serving"})

    async def readyz(_request: web.Request) -> web.Response:
        """What informs people and deployments. Traffic is never routed on it."""
        if leaving.is_set():
            return web.json_response({"ready": False, "error": "This process was asked to stop."}, status=503)
        try:
            async with asyncio.timeout(HEALTH_PATIENCE):
                found = await health()
        except Exception as fault:  # noqa: BLE001 - a look that fails is an answer too
            log.warning("readiness_unknown", error=type(fault).__name__)
            return web.json_response({"ready": False, "error": "The state can't be told now."}, status=503)
        return web.json_response(asdict(found), status=200 if found.ready else 503)

    async def stopping(_app: web.Application) -> None:
        await adapter.close()

    async def messages(request: web.Request) -> web.StreamResponse:
        response = await adapter.process(request)
        if leaving.is_set():
            response.force_close()  # a balancer keeps no connection to where nobody will be
        return response

    app = web.Application(
        middlewares=[*((counted,) if counted else ()), _only_this_machine(adapter), _plain_errors],
        client_max_size=BODY_LIMIT,
    )
    app.router.add_post(MESSAGES, messages)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_routes(pages)
    app[LEAVING] = leaving
    app.on_shutdown.append(stopping)
    app.on_cleanup.append(stopping)  # again, for what the last requests began
    return app


async def serve(
    app: web.Application,
    host: str,
    port: int,
    stop: asyncio.Event,
    *,
    told: Callable[[int], None] = lambda _port: None,
    seen: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until `stop` is set, then finish what is under way. OSError where the address is taken.

    `told` hears the port once it listens. Between the stop and the shutting of the door everybody is still answered,
    while `/healthz` says that this process leaves: until `seen` ends, when balancers are meant to have seen that.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=STOP_GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        told(runner.addresses[0][1])
        await stop.wait()
        app[LEAVING].set()
        log.info("leaving")
        if seen is not None:
            await seen()
    finally:
        await runner.cleanup()
        log.info("left")


def _only_this_machine(adapter: Adapter) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if adapter.local and (why := stranger(request)):
            return refusal(403, why)
        return await handler(request)

    return check


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One JSON sentence for every error, and never a stack trace."""
    try:
        return await handler(request)
    except web.HTTPException as known:
        if known.status < 400:  # noqa: PLR2004
            raise
        allowed = {"Allow": known.headers["Allow"]} if "Allow" in known.headers else None
        return refusal(known.status, known.reason, allowed)
    except Exception as fault:
        log.error("request_failed", error=type(fault).__name__, exc_info=fault)
        return refusal(500, "Something went wrong here. It has been noted.")

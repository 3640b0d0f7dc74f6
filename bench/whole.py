"""Help now beside floors and SDKs, and the turns that store something: each a part of the bench, from data to table."""

from __future__ import annotations

from bench import report
from bench.contenders import contenders
from bench.databases import Database
from bench.findings import Section
from bench.lived import Lived, live
from bench.report import Run
from bench.rounds import HelpNow, Journeys, Results
from bench.stage import Stage, migrated


async def measured_help(stage: Stage) -> Run:
    """The rounds of help now. It needs no data, only a store that is open."""
    asked, results = stage.asked, Results()
    sqlite = stage.kinds[0]
    await migrated(stage.place, sqlite.prepared)
    stage.say("making the contenders ready")
    entered = await contenders(stage.place, sqlite.copy("help"), others=asked.others)
    rounds = HelpNow(stage.line, stage.place, asked.seconds)
    await rounds.run(entered, asked.rounds, stage.folder, results, stage.say)
    return Run(entered, [], results, asked.seconds)


async def measured_requests(stage: Stage) -> Run:
    """The rounds of Send request and Accept, on data that the bot's own dialogs made."""
    asked, results = stage.asked, Results()
    prepared: list[tuple[Database, Lived]] = []
    for kind in stage.kinds:
        stage.say(f"preparing data: {kind.name}")
        settings = await migrated(stage.place, kind.prepared)
        prepared.append((kind, await live(settings, stage.place.service_url, asked.crowd)))
    rounds = Journeys(stage.line, stage.place, asked.crowd)
    await rounds.run(prepared, asked.rounds, stage.folder, results, stage.say)
    return Run([], [(kind, lived.supporters) for kind, lived in prepared], results, asked.seconds)


async def help_now(stage: Stage) -> Section:
    """Help now, as a part of the page."""
    return report.help_now(await measured_help(stage), stage.taken())


async def requests(stage: Stage) -> Section:
    """The turns that store something, as a part of the page."""
    return report.requests(await measured_requests(stage), stage.taken())

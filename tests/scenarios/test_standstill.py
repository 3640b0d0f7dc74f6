"""A request that stands still is told of every time anew, and a chosen supporter's no leaves nobody waiting unseen."""

from __future__ import annotations

from tests.fakes.person import Person
from tests.scenarios.town import Town


def told(coordinator: Person) -> int:
    """How often they heard that a request needs them."""
    return sum("needs you" in seen.words for seen in coordinator.sees)


async def test_a_second_standstill_on_the_same_day_is_told_as_well(place: Town) -> None:
    ria = await place.coordinator("Ria Holt")
    jo = await place.officer("Jo Evans")
    await place.asks(jo)
    assert told(ria) == 1
    sam = await place.supporter("Sam Okafor")
    await place.time_passes(hours=5)
    await sam.presses("Decline")
    await place.settle()
    assert told(ria) == 2
    await place.time_passes(hours=3)
    assert told(ria) == 2


async def test_on_the_coordinators_route_a_no_is_told_to_the_coordinator(place: Town) -> None:
    ria = await place.coordinator("Ria Holt")
    jo = await place.officer("Jo Evans")
    waiting = [await place.supporter(f"Supporter {letter}") for letter in ("Alfa", "Bravo", "Carol", "Delta")]
    await place.asks(jo)
    for _ in range(3):
        for _hour in range(60):
            asked = [each for each in waiting if any("Could you listen" in seen.words for seen in each.sees)]
            if asked:
                break
            await place.time_passes(hours=1)
        waiting.remove(asked[0])
        await asked[0].presses("Accept")
        await place.settle()
        await jo.presses("Someone else")
        await place.settle()
    last = waiting[0]
    await ria.presses("Offer it to a supporter I choose")
    card = next(seen for seen in reversed(ria.sees) if "Who could you ask" in seen.words)
    assert card.card is not None
    choices = next(part for part in card.card["body"] if part.get("id") == "supporter")["choices"]
    chosen = next(choice["value"] for choice in choices if last.name in choice["title"])
    await ria.presses("Offer it", fields={"supporter": chosen}, on=card)
    await place.settle()
    before = told(ria)
    await last.presses("Decline")
    await place.settle()
    assert told(ria) == before + 1
    await place.time_passes(hours=30)
    assert told(ria) == before + 1

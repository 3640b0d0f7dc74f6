"""The scenario: one list of named acts, in the order they are played. Each leaves canaries wherever it goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.canary import acts_in_the_end, acts_of_jo, acts_of_others
from tests.canary.stage import Stage

Act = Callable[[Stage], Awaitable[None]]
ACTS: tuple[Act, ...] = (
    acts_of_others.everybody_opens_the_bot,
    acts_of_others.one_is_listed,
    acts_of_others.ned_asks_to_be_contacted,
    acts_of_others.ria_has_been_in_touch,
    acts_of_jo.jo_types,
    acts_of_jo.jo_fills_in_the_form,
    acts_of_jo.jo_sends_it,
    acts_of_jo.sam_declines,
    acts_of_jo.pat_accepts,
    acts_of_jo.jo_wants_someone_else,
    acts_of_jo.kit_accepts,
    acts_of_jo.jo_is_introduced_to_kit,
    acts_of_jo.kit_hands_back,
    acts_of_jo.lee_accepts,
    acts_of_jo.jo_is_introduced_to_lee,
    acts_of_jo.jo_swaps,
    acts_of_others.ria_sends_her_details,
    acts_of_others.ria_asks_who_asked,
    acts_of_others.bo_says_yes,
    acts_of_others.ria_sees_the_name,
    acts_of_others.the_hour_is_over,
    acts_of_others.the_digest_comes,
    acts_in_the_end.jo_looks_at_what_is_held,
    acts_of_others.jo_withdraws,
    acts_of_others.kim_asks_where_nobody_is,
    acts_of_others.wes_offers_it_to_ola,
    acts_of_others.wes_asks_kim_to_look_wider,
    acts_of_others.sam_is_introduced_to_kim,
    acts_of_others.kim_closes_and_answers,
    acts_in_the_end.things_break,
    acts_in_the_end.kim_asks_again,
    acts_in_the_end.jo_deletes_their_data,
    acts_in_the_end.a_season_goes_by,
    acts_in_the_end.years_go_by,
)


async def play(stage: Stage, after_each: Callable[[], Awaitable[None]]) -> None:
    """All of it. What is said is filed under the act during which it was said."""
    for act in ACTS:
        stage.tap.act = act.__name__
        await act(stage)
        stage.tap.catch_up()
        await after_each()

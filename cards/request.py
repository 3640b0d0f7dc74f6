"""A requester's own request, in every state, with what was promised and what they may do."""

from __future__ import annotations

from datetime import datetime

from cards.elsewhere import contact_lines
from cards.frame import Action, Card, Element, button, frame, heading, named, opener, own_words, small, text
from cards.reader import Reader
from cards.said import menu, said, said_card
from cards.times import LONDON, clock, day, moment
from cards.verbs import Verb
from peer_support.request import RequestState
from peer_support.views import CoordinatorContact, RequestView


def request_card(
    view: RequestView,
    reader: Reader,
    now: datetime,
    *,
    sent: bool = False,
    contacts_open: tuple[str, ...] = (),
    dialog_forms: bool = False,
) -> Card:
    """How it stands. `sent` says that it was sent just now; `contacts_open` are the lines that answer at this hour.

    `dialog_forms` makes Change open a Teams dialog.
    """
    match view.state:
        case RequestState.OPEN:
            body, actions = (
                _open(view, reader, now, sent=sent),
                _open_actions(view, reader, dialog_forms=dialog_forms),
            )
        case RequestState.RESTING:
            body, actions = _resting(view, reader), _resting_actions(view, reader)
        case RequestState.PROPOSED:
            body, actions = _told("proposed", view, reader), [_withdraw(view, reader), menu(reader)]
        case RequestState.MATCHED:
            body, actions = _told("matched", view, reader), [menu(reader)]
        case RequestState.WITHDRAWN | RequestState.CLOSED:
            body, actions = _told(view.state.value, view, reader), [_ask_again(reader), menu(reader)]
    if contacts_open:
        body.append(text(reader.say("request.open_now", lines=", ".join(contacts_open)), weight="Bolder"))
    return frame(body, reader, actions)


def asking_started_card(
    view: RequestView, reader: Reader, now: datetime, *, dialog_forms: bool = False
) -> Card:
    """After a night's wait: the first people are being asked."""
    body = [
        heading(reader.say("asking_started.heading")),
        text(reader.say("asking_started.text")),
        _ref(view, reader),
    ]
    return frame(
        [*body, *_promise(view, reader, now)], reader, _open_actions(view, reader, dialog_forms=dialog_forms)
    )


def handed_back_card(view: RequestView, reader: Reader, now: datetime, *, named: bool = True) -> Card:
    """The supporter stepped back. It isn't about the person, and the search goes on. `named`: they knew the name."""
    if view.coordinator_route:
        key = "handed_back.route" if named else "taken_back.route"
    else:
        key = "handed_back" if named else "taken_back"
    route = _route(view, reader) if view.coordinator_route else []
    body = [*said(key, reader), *route, _ref(view, reader), *_promise(view, reader, now)]
    return frame(body, reader, [_withdraw(view, reader), menu(reader)])


def withdraw_card(view: RequestView, reader: Reader) -> Card:
    """Sure? No reason is asked."""
    actions = [
        button(reader, "withdraw_sure", Verb.WITHDRAW_SURE, view.id),
        button(reader, "keep_request", Verb.STATUS, view.id, style="positive"),
    ]
    return frame([*said("withdraw", reader), _ref(view, reader)], reader, actions, here=Verb.WITHDRAW)


def resting_reminder_card(view: RequestView, reader: Reader) -> Card:
    """Their place is still kept, and until when."""
    body = [*said("resting_reminder", reader), *_closing(view, reader), _ref(view, reader)]
    return frame(body, reader, _resting_actions(view, reader))


def resting_closed_card(view: RequestView, reader: Reader) -> Card:
    """It was closed, as was said beforehand. The door stays open."""
    return frame(
        [*said("resting_closed", reader), _ref(view, reader)], reader, [_ask_again(reader), menu(reader)]
    )


def look_wider_card(view: RequestView, reader: Reader) -> Card:
    """The coordinator, who knows the reference alone, suggests looking in other forces too."""
    actions = [
        button(reader, "widen", Verb.WIDEN, view.id, style="positive"),
        button(reader, "not_now", Verb.STATUS, view.id),
    ]
    return frame([*said("look_wider", reader), _ref(view, reader)], reader, actions)


def names_run_out_card(view: RequestView, reader: Reader) -> Card:
    """As many names as may be shown were shown, so the coordinator moves it on from here."""
    if view.coordinator:
        body = [*said("names_run_out", reader), text(reader.say("request.coordinator_sees"))]
    else:
        body = [heading(reader.say("request.no_names.heading")), *_route(view, reader)]
    body.append(_ref(view, reader))
    return frame(body, reader, [_withdraw(view, reader), menu(reader)])


def coordinator_contact_card(contact: CoordinatorContact, reader: Reader) -> Card:
    """The coordinator's own details. Using them is the person's choice, and says who they are."""
    body = [
        heading(reader.say("coordinator_contact.heading")),
        text(reader.say("coordinator_contact.text", name=named(contact.name), force=named(contact.force))),
        *coordinator_lines((contact,), reader),
        text(reader.say("coordinator_contact.choice")),
    ]
    return frame(body, reader, [button(reader, "status", Verb.STATUS), menu(reader)])


def coordinator_lines(coordinators: tuple[CoordinatorContact, ...], reader: Reader) -> list[Element]:
    """Each coordinator's name and address, to be selected and copied; without any, the wellbeing team."""
    if not coordinators:
        return [text(reader.say("coordinators.none"))]
    lines: list[Element] = []
    for each in coordinators[:_MOST_COORDINATORS]:
        lines.append(text(named(each.name), weight="Bolder"))
        if each.email:
            lines.append(own_words(each.email, spacing="None"))
    return lines


_MOST_COORDINATORS = 5


def no_request_card(reader: Reader) -> Card:
    """Nothing is open. Nothing is remembered against them either."""
    return said_card("no_request", reader, _ask_again(reader))


def _told(state: str, view: RequestView, reader: Reader) -> list[Element]:
    return [*said(f"request.{state}", reader), _ref(view, reader)]


def _open(view: RequestView, reader: Reader, now: datetime, *, sent: bool) -> list[Element]:
    key = "request.sent" if sent else "request.looking"
    body = [heading(reader.say(f"{key}.heading", reference=view.reference))]
    if view.coordinator_route:
        body += _route(view, reader)
    elif view.nobody:
        told = [text(reader.say("request.nobody_told"))] if view.coordinator else _wellbeing(view, reader)
        body += [text(reader.say("request.nobody")), *told]
        if view.may_widen:
            body.append(text(reader.say("request.may_widen")))
    elif view.asking_starts is None or view.asking_starts <= now:
        body.append(text(reader.say("request.asking")))
    body += [*_promise(view, reader, now), text(reader.say("request.name"))]
    if sent:
        body.append(text(reader.say("request.automated")))
    return body


def _route(view: RequestView, reader: Reader) -> list[Element]:
    """As many names as may be were shown. The coordinator helps from here, or the force's wellbeing team."""
    if view.coordinator:
        return [text(reader.say("request.coordinator_route")), text(reader.say("request.coordinator_sees"))]
    return [text(reader.say("names_run_out.text")), *_wellbeing(view, reader)]


def _wellbeing(view: RequestView, reader: Reader) -> list[Element]:
    """Nobody of the force can be told by the bot, so the person is told whom they can turn to."""
    return [text(reader.say("request.no_coordinator")), *contact_lines(view.wellbeing)]


def _promise(view: RequestView, reader: Reader, now: datetime) -> list[Element]:
    """A promise of news, not of a person."""
    lines = []
    if view.asking_starts and view.asking_starts > now:
        starts = view.asking_starts
        same_day = starts.astimezone(LONDON).date() == now.astimezone(LONDON).date()
        until = clock(starts) if same_day else moment(starts, now, reader)
        lines.append(text(reader.say("request.asking_starts", until=until)))
    if view.news_by and view.news_by > now:
        lines.append(
            text(reader.say("request.news_by", by=moment(view.news_by, now, reader)), weight="Bolder")
        )
    return lines


def _open_actions(view: RequestView, reader: Reader, *, dialog_forms: bool) -> list[Action]:
    widen = (
        [button(reader, "widen", Verb.WIDEN, view.id, style="positive")]
        if view.nobody and view.may_widen
        else []
    )
    change = opener(reader, "change", Verb.CHANGE, view.id, dialog=dialog_forms)
    return [*widen, change, _withdraw(view, reader), menu(reader)]


def _resting(view: RequestView, reader: Reader) -> list[Element]:
    return [*said("request.resting", reader), *_closing(view, reader), _ref(view, reader)]


def _closing(view: RequestView, reader: Reader) -> list[Element]:
    if view.closes_at is None:
        return []
    return [text(reader.say("request.closes", day=day(view.closes_at, reader)))]


def _resting_actions(view: RequestView, reader: Reader) -> list[Action]:
    return [
        button(reader, "keep_looking", Verb.KEEP_LOOKING, view.id, style="positive"),
        _withdraw(view, reader),
        menu(reader),
    ]


def _withdraw(view: RequestView, reader: Reader) -> Action:
    return button(reader, "withdraw", Verb.WITHDRAW, view.id)


def _ask_again(reader: Reader) -> Action:
    return button(reader, "ask", Verb.ASK)


def _ref(view: RequestView, reader: Reader) -> Element:
    return small(reader.say("request.reference", reference=view.reference))

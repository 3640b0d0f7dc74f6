"""What a rule may say no with. Each is expected, is worded in one table in dialogs, and rolls the turn back."""

from __future__ import annotations


class Refusal(Exception):
    """An expected "no" from a rule. The person gets kind words and the way on; nothing was changed."""


class NotFound(Refusal):
    """There is no such thing, or it isn't this person's. Both answer alike, so that nobody can learn which."""


class OutOfDate(Refusal):
    """The card is older than the truth. The person is shown how things stand now."""


class Repeated(Refusal):
    """This very activity was worked before. The person is shown how things stand now."""


class MetTwice(OutOfDate):
    """Two first turns of one person at once, as when Teams tells twice of an installation: the slower begins anew."""


class AlreadyAsking(Refusal):
    """A person has one live request. They are shown it."""


class LimitsUnread(Refusal):
    """Limits come first: they are shown, and then the form."""


class NoNetwork(Refusal):
    """The person's force has no supporters and their wish keeps to it, or the tenant is nobody's."""


class CovertRole(Refusal):
    """A covert role has its force's own route. No request is stored."""


class CantBeOffered(Refusal):
    """The supporter a coordinator chose can't take this one. No reason is given."""


class NotASupporter(Refusal):
    """Only a supporter can do this."""


class NotACoordinator(Refusal):
    """Only a coordinator can do this."""


class FormUnfinished(Refusal):
    """The draft has gone (a day has passed), so there is nothing to send. The form is opened again."""

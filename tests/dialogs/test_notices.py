"""Every kind of notice has a teller, for one audience."""

from dialogs.notices import TELLERS, coordinator, requester, supporter
from peer_support.notice import NoticeKind


def test_every_kind_of_notice_has_a_teller() -> None:
    assert set(TELLERS) == set(NoticeKind)


def test_each_kind_has_one_audience() -> None:
    audiences = [set(room.TELLERS) for room in (requester, supporter, coordinator)]
    assert sum(len(kinds) for kinds in audiences) == len(set[NoticeKind]().union(*audiences))

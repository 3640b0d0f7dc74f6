"""The ladder: which kind of help the words ask for. Local, deterministic, and forgetful: it keeps nothing it reads.

Text is made plain, slips are mended (`normal`), police idiom is covered over, and each clause is tried against the
lexicon's patterns (`lexicon.toml`). A negated one becomes soft, never nothing. Where no pattern hears anything the
second voice is asked (`voice`); where its file can't be read the patterns hear alone. Any other fault in here counts as
danger, so that the crisis card is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from peer_support.crisis import normal
from peer_support.crisis.lexicon import Group, Lexicon
from peer_support.crisis.lexicon import lexicon as _lexicon
from peer_support.crisis.tiers import Tier
from peer_support.crisis.voice import Voice, voice

__all__ = ["Tier", "sentences", "tier", "version"]
_Likely = Sequence[tuple[Group, frozenset[str]]]
_LONGEST_CLAUSE, _OVERLAP = 60, 15
# How far the second voice must lean, in thousandths of a logit: to be believed by itself, and to be soft.
_SURE, _MAYBE = 700, 300
# How far away it must lean for a pattern's finding to be soft: further where the finding is the writer's own and acute.
_NOTHING, _NOTHING_ACUTE = -1000, -2000
# Where a pattern heard it denied, or grey, it takes more to say otherwise. So it does in a word or two, which every
# choice, command and name is: there the second voice hasn't enough to go by, and hears blades in a surname.
_SURE_OVER_SOFT = 4000
_FEW, _SURE_OF_FEW, _MAYBE_OF_FEW = 2, 3400, 2000


def version() -> str:
    """The lexicon's version, which is all that the count of a tier tells."""
    return _lexicon().version


def tier(text: str) -> Tier:
    """The highest tier of any clause. A fault is danger: showing the card wrongly is the smaller harm."""
    try:
        return _tier(text, _lexicon())
    except Exception:  # noqa: BLE001 - any fault inside the ladder shows the crisis card
        return Tier.DANGER


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence, plain and with slips mended by guess, as the second voice reads them."""
    lexicon = _lexicon()
    return normal.sentences(normal.guessed(normal.clauses(text, lexicon), lexicon))


def _tier(text: str, lexicon: Lexicon) -> Tier:
    """The patterns' tier; where they hear nothing, what the second voice surely hears, or soft where it may.

    What a pattern finds where the second voice hears nothing at all, in the whole or in any sentence by itself
    (`DP tied a ligature`), is soft: never nothing.
    """
    said = normal.clauses(text, lexicon)
    best, second = by_pattern(said, lexicon), voice()
    if second is None:
        return best
    guess = normal.guessed(said, lexicon)
    read = normal.sentences(guess)
    if best.rank >= Tier.THIRD.rank:
        nothing = _NOTHING_ACUTE if best in (Tier.ACTIVE, Tier.DANGER) else _NOTHING
        return best if _hears(second, read, nothing) else Tier.SOFT
    lean, window = second.leans(read)
    sure, maybe = (_SURE_OF_FEW, _MAYBE_OF_FEW) if sum(map(len, read)) <= _FEW else (_SURE, _MAYBE)
    if lean >= (sure if best is Tier.NONE else _SURE_OVER_SOFT):
        return Tier(second.kind(window))
    if lean >= maybe and guess != said and (found := by_pattern(guess, lexicon)).rank > best.rank:
        return found
    return Tier.SOFT if lean >= maybe else best


def _hears(second: Voice, read: Sequence[Sequence[str]], nothing: float) -> bool:
    """Whether it leans no further away than that: in the whole, or in a sentence that ordinary ones stand around.

    Of a sentence that goes on and on it can't tell: a few words in it weigh too little.
    """
    if second.leans(read, nothing)[0] > nothing:
        return True
    return any(len(each) > _LONGEST_CLAUSE or second.leans([each])[0] > nothing for each in read)


def by_pattern(said: list[normal.Clause], lexicon: Lexicon) -> Tier:
    """What the lexicon hears, clause by clause. Only groups of which a need stands somewhere are tried at all."""
    best = Tier.NONE
    there = lexicon.needs_in("".join(clause for clause, _ in said))
    likely = [(group, present) for group in lexicon.groups if (present := group.needs & there)]
    for clause in _clauses(said, lexicon, likely):
        found = _whether_idiom(clause, lexicon, likely, best)
        if found.rank > best.rank:
            best = found
        if best is Tier.DANGER:
            break
    return best


def _clauses(said: list[normal.Clause], lexicon: Lexicon, likely: _Likely) -> Iterator[str]:
    """The clauses in which a pattern could begin; a very long one in overlapping pieces, so the work stays linear."""
    present = {need for _, needs in likely for need in needs}
    for piece in normal.with_how_many(said) if present else ():
        words = piece.split()
        start = 0
        while start < len(words):
            clause = f" {' '.join(words[start : start + _LONGEST_CLAUSE])}"
            if any(need in clause for need in present):
                covered = lexicon.idiom.sub(" _", clause)
                yield from (f" {part.strip()}" for part in covered.split(" but ") if part.strip(" _"))
            start += _LONGEST_CLAUSE - _OVERLAP if start + _LONGEST_CLAUSE < len(words) else _LONGEST_CLAUSE


def _whether_idiom(clause: str, lexicon: Lexicon, likely: _Likely, best: Tier) -> Tier:
    """What may be idiom is covered over, unless the words read as danger without that.

    Danger that begins before the idiom is no part of it (`commit suicide at the station`) and stands. What is itself
    the idiom (`I'd kill myself if I had to`) is soft: never nothing.
    """
    covered = lexicon.doubtful.sub(" _", clause)
    found, _ = _of_clause(covered, lexicon, likely, best)
    if covered == clause:
        return found
    plainly, start = _of_clause(clause, lexicon, likely, found)
    if plainly.rank <= max(found.rank, Tier.THIRD.rank) or not _by_the_writer(clause, lexicon):
        return found
    if any(idiom.start() <= start < idiom.end() for idiom in lexicon.doubtful.finditer(clause)):
        return max(found, Tier.SOFT, key=lambda each: each.rank)
    return plainly


def _by_the_writer(clause: str, lexicon: Lexicon) -> bool:
    return bool(lexicon.writer.search(clause)) or not lexicon.job.search(clause)


def _of_clause(clause: str, lexicon: Lexicon, likely: _Likely, best: Tier) -> tuple[Tier, int]:
    """The highest tier above `best` and where its words begin, or `best`."""
    start = 0
    for group, needs in likely:
        if group.tier.rank <= best.rank:
            break
        if not any(need in clause for need in needs):
            continue
        for pattern in group.patterns:
            found = pattern.search(clause)
            shown = _shown(group, clause, found, lexicon) if found else Tier.NONE
            if found and shown.rank > best.rank:
                best, start = shown, found.start()
            if shown is group.tier:
                return best, start
    return best, start


def _shown(group: Group, clause: str, found: re.Match[str], lexicon: Lexicon) -> Tier:
    told = group.tier
    if told.rank > Tier.THIRD.rank and not group.own and lexicon.someone.search(clause, 0, found.end()):
        told = told if lexicon.writer.search(clause) else Tier.THIRD
    if told is Tier.THIRD and lexicon.job.search(clause) and not lexicon.close.search(clause):
        return Tier.NONE
    if group.negatable:
        before = " ".join(clause[: found.start()].split()[-5:])
        if lexicon.negation.search(f" {before}{found[0]}"):
            return Tier.SOFT
    if (
        told in (Tier.ACTIVE, Tier.DANGER)
        and lexicon.past.search(clause)
        and not lexicon.present.search(clause)
    ):
        return Tier.PASSIVE
    return told

"""Free text and code held against rubric points: which are covered, by which words, and where to look twice.

A pattern cannot read. A match near a negation or inside a list of keywords is told apart by a warning and still counts;
the person has the last word. There is no percentage and no similarity score.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from quizzes.question import Point

Warning = Literal["negated", "keyword-list"]
Span = tuple[int, int]


class Found(Struct, frozen=True):
    """What the patterns say of one rubric point: `words` are the spans of the text that matched, in its order."""

    point: int
    covered: bool
    words: tuple[Span, ...] = ()
    warnings: tuple[Warning, ...] = ()


def look(points: Sequence[Point], text: str, synonyms: Mapping[int, Sequence[str]] | None = None) -> tuple[Found, ...]:
    """Hold `text` against every point, in both languages, whichever it is written in; `synonyms` are further phrases
    of a point, by its index. Where several places match, one without a warning is shown."""
    reading = _Reading(text)
    return tuple(reading.find(index, phrases) for index, phrases in enumerate(_phrases(points, synonyms)))


def look_in_code(
    points: Sequence[Point], code: str, synonyms: Mapping[int, Sequence[str]] | None = None
) -> tuple[Found, ...]:
    """Hold `code` against every point. A phrase is found as it is written, whatever the blanks, and never inside of a
    longer name; its ` + ` words may stand anywhere. Comments and docstrings show nothing, and nothing is warned of."""
    code = _REMARK.sub(lambda remark: " " * len(remark.group()), code)
    return tuple(_find_in_code(code, index, phrases) for index, phrases in enumerate(_phrases(points, synonyms)))


def _phrases(points: Sequence[Point], synonyms: Mapping[int, Sequence[str]] | None) -> Iterator[tuple[str, ...]]:
    """The phrases of each point, a person's own at the end."""
    for index, point in enumerate(points):
        yield *point.matches.zh, *point.matches.en, *(synonyms or {}).get(index, ())


_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(
    r"[。!?;\n,:—()]|\.(?=\s|$)|\b(?:but|so|because|while|whereas)\b|而是|但是?|所以|因为|因此"
    r"|(?=而不是|而非|\brather than\b|\binstead of\b)"
)
_NEGATION = re.compile(
    r"\b(?:not(?! only|[ -]interested)|no|never|none|nor|neither|without|cannot|hardly|barely|scarcely|rather than"
    r"|instead of|far from"
    r"|(?:do|does|did|is|are|was|were|wo|would|could|should|ca|need)nt|fail(?:s|ed)? to|refuse[sd]? to"
    r"|wrong|false|myth|untrue|incorrect|mistaken|contrary|nonsense|impossible|bad idea|waste of"
    r"|adds? nothing|nothing to do with|rule[sd]? (?:it |that |this )?out"
    r"|needless|unnecessary|unneeded|unimportant|irrelevant|immaterial|pointless|useless|worthless|meaningless"
    r"|superfluous|overkill|overrated|little (?:use|point|sense|value|reason|difference)"
    r"|ignore|forget|skip(?! connection)|(?:can|may|could) (?:safely )?be (?:ignored|skipped|dropped|omitted|left out)"
    r")\b|n['’]t\b"
    r"|[没无不]必要|没(?:有?用|意义)|没(?!有)|(?<!有)没"
    r"|(?<![离少免])(?:(?<=([\s\S]))|^)不(?!\1|同|仅|但|只|止|断|过|管|论|妨|久|得不|可或缺|确定性|感兴趣|[能可容]忽)"
    r"|[并绝决远]非|而非|未(?!来)|无(?:法|需|须|关|用|所谓|意义|济于事)|毫无|何必|何须|甭|勿|[哪岂](?:用|有|需|会)|谁说"
    r"|(?<![区类级分特性识判辨差个鉴派])别(?![的人处名给只光仅])|以为(?!主)|错误(?!率)|错[的了]|误区|误解|否认|谬|假的|伪命题|想多了"
    r"|多余|多此一举|白费|徒劳|浪费|纯属|可有可无|免了|免谈|算了|省(?:掉|去|略)|随便[选设写填用]"
    r"|(?:以后|之后|回头|到时候?)再[说议谈]|再(?:说吧|议)|可以?忽略|忽略(?:不计|即可|就)|(?:可以?|直接)跳过"
    r"|自[动行然己](?:就|会|就会)?(?:化解|消失|抵消)"
)
_DISMISSAL = re.compile(
    r"(?:(?:it|that|this|they|these|those|which|all|is|are|was|were|just|simply|quite|totally|completely) "
    r"|(?:it|that)['’]s )*"
    r"(?:irrelevant|pointless|useless|needless|unnecessary|nonsense|overkill|a myth|a waste of time|never mind"
    r"|who cares|(?:skip|forget|ignore) (?:it|that|this|them)|no need|makes? no difference"
    r"|not (?:needed|necessary|required|important|relevant|worth it)|of (?:no|little) (?:use|value)"
    r"|(?:does|do|did)(?: not|n['’]?t) (?:matter|help|exist|happen))"
    r"|[这那些它们其实根本完全统都就也]*"
    r"(?:没有?(?:必要|用|意义|关系)|用不着|谈不上|轮不到|无所谓|无关紧要|无用|免了|算了|多余|想多了|伪命题|可有可无"
    r"|可以?忽略(?:不计)?|意义不大|不(?:用|必|需要|重要|要紧|存在|成立|可能|会发生)|(?:以后|之后|回头|到时候?)?再[说议]|别)"
    r"(?:去?[看管做算查用提说]|考虑|关心|讨论|操心)?[它这那个些们]*[了的吧啦嘛]?"
)
"""A clause that says nothing but that the one before it does not count."""
_PIECE_END = re.compile(r"[。!?,、/|;:\n]|\.(?=\s|$)|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\band\b|和|以及")
_GRAMMAR = re.compile(
    r"\b(?:the|an?|is|are|was|were|be|been|it|its|they|their|them|this|that|these|those|which|who|what|when|where|how"
    r"|why|if|then|than|because|so|but|while|as|to|of|in|on|at|by|for|from|with|into|has|have|had|do|does|did|can|could"
    r"|may|might|will|would|must|should|not|one|each|both|every|all|you|we|i|get|gets|make|makes|let|lets|need|needs"
    r"|only|more|less|also)\b"
    r"|[的是会了把被让使到就也都将则而又更因所看跑拿给说想挑写乘我你他谁哪这那才很太再还着叠猜踩]|在(?!线)|(?<!行)为"
    r"|用(?!户|例)|算(?!力|法|子)|收(?!敛|藏|益)|试(?!验)|列(?!表|线)|换(?!位)|要(?!点|素)|别(?!的)|只|每个|几个|什么"
    r"|比如|例如|之前|可以|能够|需要|没有|不|最后"
)
_LETTER = re.compile(r"[a-z\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z][a-z'’-]*")


class _Reading:
    """A text as patterns read it: case folded and in NFKC, with the way back to where each character stood."""

    def __init__(self, text: str) -> None:
        pieces = [unicodedata.normalize("NFKC", character).casefold() for character in text]
        self.text = "".join(pieces)
        self.origin = [place for place, piece in enumerate(pieces) for _ in piece]
        self.sentences = list(_stretches(_SENTENCE_END, self.text))
        self.clauses = [span for span in _stretches(_CLAUSE_END, self.text) if self.text[slice(*span)].strip()]
        self.lists = list(_keyword_lists(self.text))

    def find(self, point: int, phrases: Sequence[str]) -> Found:
        first: Found | None = None
        for sentence in self.sentences:
            for phrase in phrases:
                words = _spans(_patterns(phrase), self.text, *sentence)
                if words is None:
                    continue
                warnings = self._warnings(words)
                found = Found(point, True, tuple(map(self._origin, words)), warnings)
                if not warnings:
                    return found
                first = first or found
        return first or Found(point, False)

    def _warnings(self, words: tuple[Span, ...]) -> tuple[Warning, ...]:
        warnings: list[Warning] = []
        if any(self._denied(place, words) for place, clause in enumerate(self.clauses) if _touch(clause, words)):
            warnings.append("negated")
        if any(start <= word[0] < end for start, end in self.lists for word in words):
            warnings.append("keyword-list")
        return tuple(warnings)

    def _denied(self, place: int, words: tuple[Span, ...]) -> bool:
        """Whether a clause has a negation that is no part of the words, or the next clause dismisses it."""
        negations = (match.span() for match in _NEGATION.finditer(self.text, *self.clauses[place]))
        if any(not any(word[0] <= start and end <= word[1] for word in words) for start, end in negations):
            return True
        after = self.clauses[place + 1 : place + 2]
        return any(_DISMISSAL.fullmatch(self.text[slice(*clause)].strip()) for clause in after)

    def _origin(self, span: Span) -> Span:
        return self.origin[span[0]], self.origin[span[1] - 1] + 1


def _spans(patterns: Sequence[re.Pattern[str]], text: str, start: int, end: int) -> tuple[Span, ...] | None:
    """Where the patterns match between two places of a text, None unless there are some and all of them do."""
    matches = [pattern.search(text, start, end) for pattern in patterns]
    spans = {match.span() for match in matches if match is not None}
    return tuple(sorted(spans)) if patterns and all(matches) else None


def _touch(clause: Span, words: tuple[Span, ...]) -> bool:
    return any(clause[0] < end and start < clause[1] for start, end in words)


def _stretches(ends: re.Pattern[str], text: str) -> Iterator[Span]:
    """The stretches of a text between its ends, such as its sentences."""
    start = 0
    for end in ends.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def _keyword_lists(text: str) -> Iterator[Span]:
    """The stretches that are terms side by side without any grammar: three or more, with at most one other piece
    between two of them and no more than a quarter of these, or six English words on end."""
    pieces = [piece for piece in _stretches(_PIECE_END, text) if text[slice(*piece)].strip(" -*·")]
    bare = [bool(_LETTER.search(text, *piece)) and not _GRAMMAR.search(text, *piece) for piece in pieces]
    start = 0
    while start < len(pieces):
        stop = start
        while any(bare[stop : stop + 2]):
            stop += 1 if bare[stop] else 2
        terms = sum(bare[start:stop])
        if (terms >= 3 and 4 * terms >= 3 * (stop - start)) or any(
            fits and len(_LATIN_WORD.findall(text, *piece)) >= 6
            for piece, fits in zip(pieces[start:stop], bare[start:stop], strict=True)
        ):
            yield pieces[start][0], pieces[stop - 1][1]
        start = max(stop, start + 1)


@functools.cache
def _patterns(phrase: str) -> tuple[re.Pattern[str], ...]:
    """One pattern for each word of a phrase; none for an empty phrase. A `+` or `|` without blanks around it is a
    character like any other."""
    plain = unicodedata.normalize("NFKC", phrase).casefold()
    words = ([part.strip() for part in word.split(" | ") if part.strip()] for word in plain.split(" + "))
    return tuple(re.compile("|".join(map(_pattern, word))) for word in words if word)


_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?|[ _-]+|[^ _-]")


def _pattern(words: str) -> str:
    """A pattern for words that follow each other: Latin ones at their starts and inflected, others as they stand.
    Blanks and hyphens part words or not, but between two Latin words written apart there is one or the other."""
    pattern, before, apart = "", "", False
    for token in _TOKEN.findall(words):
        if not token.strip(" _-"):
            apart = " " in token
            continue
        latin = _is_latin(before) and _is_latin(token)
        pattern += r"[\s_-]+" if latin and apart else r"[\s_-]*" if pattern else ""
        pattern += _word(token, joined=latin and not apart)
        before, apart = token, False
    return pattern


def _is_latin(token: str) -> bool:
    return token.isascii() and token.isalpha()


def _word(token: str, joined: bool) -> str:
    """A pattern for one token, `joined` by a hyphen to the one before or not: a number is no part of a longer one, a
    Latin word of up to three letters no start of another, `share` is also in `sharing`, `copy` in `copies`, `map` in
    `mapped`."""
    if token[0] in "0123456789":
        return rf"(?<![0-9.]){re.escape(token)}(?!\.?[0-9])"
    if not _is_latin(token):
        return re.escape(token)
    stem = token[:-1] if len(token) > 2 and token[-1] in "ey" else token
    forms = rf"{token}(?:e?s|ed|{token[-1]}?ing|{token[-1]}ed)?|{stem}(?:ing|ed|es|ies|ied)"
    start = rf"{token}[a-z]*|" if len(token) > 3 else ""
    return rf"{'' if joined else '(?<![a-z0-9])'}(?:{start}(?:{forms})(?![a-z]))"


_REMARK = re.compile(r"\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|#.*")
_CODE_TOKEN = re.compile(r"\w+|[^\w\s]")


def _find_in_code(code: str, point: int, phrases: Sequence[str]) -> Found:
    for phrase in phrases:
        words = _spans(_code_patterns(phrase), code, 0, len(code))
        if words is not None:
            return Found(point, True, words)
    return Found(point, False)


@functools.cache
def _code_patterns(phrase: str) -> tuple[re.Pattern[str], ...]:
    """As `_patterns`, for code."""
    words = ([part for part in word.split(" | ") if part.strip()] for word in phrase.split(" + "))
    return tuple(re.compile("|".join(map(_code_pattern, word))) for word in words if word)


def _code_pattern(words: str) -> str:
    """A pattern for code with any blanks between its tokens; two names next to each other need one."""
    pattern, before = "", ""
    for token in _CODE_TOKEN.findall(words):
        name = token[0].isalnum() or token[0] == "_"
        pattern += r"\s+" if name and before else r"\s*" if pattern else r"(?<!\w)" if name else ""
        pattern += re.escape(token)
        before = token if name else ""
    return pattern + (r"(?!\w)" if before else "")

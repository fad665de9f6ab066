"""The question bank: YAML files to questions, with every problem named by file and line.

A bank is a folder of `*.yaml`, each `{questions: [...]}` of the kinds in `quizzes.question`. A question with a fault is
left out and the rest loads. `python -m quizzes.bank [FOLDER_OR_FILE]` prints what is wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from quizzes import reading
from quizzes.faults import (
    NO_FILE,
    NO_TOPICS,
    OUTSIDE,
    Rules,
    faults,
    leaving_out,
    listing_taken,
    no_bank,
    no_file,
    not_yaml,
    of_draft,
    too_large,
    unknowable,
)
from quizzes.mistyped import mistyped
from quizzes.question import Question, Text
from quizzes.typography import typography

HERE = Path(__file__).parent
BANK = HERE / "bank"
REFERENCE = HERE / "reference"
LARGEST = 2_000_000
"""Bytes of a file of a person's own bank."""
UNREADABLE = (OSError, RuntimeError, ValueError)
"""What a path may raise: no such file, a link to itself, a name that no file can have."""


class Reference(Struct, frozen=True, forbid_unknown_fields=True):
    """What a source key stands for. `short` fits beside an answer, `citation` is the line of a reference list."""

    short: Text
    citation: Text
    arxiv: str | None = None
    doi: str | None = None
    url: str | None = None


class Problem(Struct, frozen=True):
    """What is wrong in a bank file, where, and what to do. `left_out`: the question, or the file, was not loaded."""

    file: str
    line: int
    message: Text
    left_out: bool = True

    @property
    def sentence(self) -> Text:
        """The message behind `file:line`."""
        place = f"{self.file}:{self.line}"
        return _shown(Text(zh=f"{place}：{self.message.zh}", en=f"{place}: {self.message.en}"))


class Unfinished(Struct, frozen=True):
    """A draft that is no question yet, as far as it can be shown, and what it lacks."""

    id: str
    stem: Text | None = None
    lacks: tuple[Problem, ...] = ()


class Bank(Struct):
    """Questions by id in the order of the files, and what they refer to. A listing is its lines, from line 1.

    `own` are the ids of the person's own questions, `alone` the language of those whose stem is in one language only;
    `unfinished` are drafts by id that are no questions yet. `path` is the order in which topics are best met; topics
    that it leaves out come after it.
    """

    questions: dict[str, Question] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    topics: dict[str, Text] = field(default_factory=dict)
    sources: dict[str, Reference] = field(default_factory=dict)
    listings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    own: set[str] = field(default_factory=set)
    alone: dict[str, Literal["zh", "en"]] = field(default_factory=dict)
    unfinished: dict[str, Unfinished] = field(default_factory=dict)

    def asked(self) -> list[Question]:
        """The questions that a session may ask: all but drafts."""
        return [question for question in self.questions.values() if not question.draft]

    def entitled(self, topic: str, between: str = " ") -> Text:
        """The id of a topic and its name; one that is its own name is said once."""
        name = self.topics.get(topic, Text(topic, topic))
        return Text(*(topic if words == topic else f"{topic}{between}{words}" for words in (name.zh, name.en)))

    def in_path(self) -> list[Question]:
        """The questions that a session may ask, topic by topic along the path."""
        place = {topic: n for n, topic in enumerate(self.path)}
        return sorted(self.asked(), key=lambda each: place.get(each.topic, len(place)))


class Shelf(Struct):
    """The files of one bank, as read. What is wrong with a file of a person's own is told; of ours it is an OSError."""

    own: bool
    questions: dict[Path, bytes] = field(default_factory=dict)
    listings: dict[Path, bytes] = field(default_factory=dict)
    topics: dict[Path, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(
    path: Path = BANK,
    cache: Path | None = None,
    *,
    own: Sequence[Path] = (),
    pairings: Collection[str] | None = None,
) -> Bank:
    """Load a bank folder, or one file of it, and beside it the person's `own` ones. Listings beside a bank add to those
    of the program. Where `pairings` are given, a question cannot name another.

    In an own bank a text may be in one language, a topic or source that the program does not know is its own name, and
    nothing that is wrong keeps the rest from loading. `cache` is a folder for the parsed bank; it serves while no file
    has changed, and YAML is not even imported then. Raises OSError if `path` cannot be read.
    """
    shelves = [_shelf(path), *(_own_shelf(folder) for folder in own)]
    references = {file: file.read_bytes() for file in sorted(REFERENCE.glob("*.yaml"))}
    listings = {file: file.read_bytes() for file in sorted((BANK / "listings").glob("*.txt"))}
    shelves[0].listings = listings | shelves[0].listings
    if cache is None:
        return _parse(shelves, references, pairings)
    key = _digest(references, shelves, pairings)
    kept = cache / "bank.json"
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        head, _, body = kept.read_bytes().partition(b"\n")
        if head == key:
            return msgspec.json.decode(body, type=Bank)
    bank = _parse(shelves, references, pairings)
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(key + b"\n" + msgspec.json.encode(bank))
        part.replace(kept)
    return bank


def _shelf(path: Path) -> Shelf:
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    folder = path if path.is_dir() else path.parent
    listings = sorted((folder / "listings").glob("*.txt"))
    return Shelf(
        own=False,
        questions={file: file.read_bytes() for file in files},
        listings={file: file.read_bytes() for file in listings},
    )


def _own_shelf(path: Path) -> Shelf:
    """A bank of the person's own: a file is read only if it lies in the folder and is no larger than it should be.
    Hidden files are an editor's."""
    shelf = Shelf(own=True)
    try:
        folder = (path if path.is_dir() else path.parent).resolve(strict=True)
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        files += sorted((folder / "listings").glob("*.txt"))
    except UNREADABLE as error:
        shelf.problems.append(Problem(str(path), 1, no_bank(_why(error))))
        return shelf
    for file in files:
        if file.name.startswith("."):
            continue
        kept = (
            shelf.listings if file.suffix == ".txt" else shelf.topics if file.name == "topics.yaml" else shelf.questions
        )
        try:
            if told := _refused(file, folder):
                shelf.problems.append(Problem(_short(file), 1, told))
            else:
                kept[file] = file.read_bytes()
        except UNREADABLE as error:
            told = no_bank(_why(error)) if file == path else no_file(_why(error))
            shelf.problems.append(Problem(str(path) if file == path else _short(file), 1, told))
    return shelf


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _refused(file: Path, folder: Path) -> Text | None:
    """Why a file is not read."""
    if not file.resolve().is_relative_to(folder):
        return OUTSIDE
    if file.stat().st_size > LARGEST:
        return too_large(LARGEST)
    return None if file.is_file() else NO_FILE


def _digest(references: dict[Path, bytes], shelves: list[Shelf], pairings: Collection[str] | None) -> bytes:
    """Changes with any file of the banks, with what a question may name, and with the code that reads it."""
    digest = hashlib.blake2b(digest_size=16)
    parts = [{file: file.read_bytes() for file in sorted(HERE.glob("*.py"))}, references]
    for shelf in shelves:
        parts += [shelf.questions, shelf.listings, shelf.topics]
    for part in parts:
        for file, content in part.items():
            digest.update(os.fsencode(f"{file.parent.name}/{file.name}:{len(content)}:") + content)
        digest.update(b"|")
    digest.update(msgspec.json.encode([pairings and sorted(pairings), [shelf.problems for shelf in shelves]]))
    return digest.hexdigest().encode()


def _parse(shelves: list[Shelf], references: dict[Path, bytes], pairings: Collection[str] | None) -> Bank:
    bank = Bank(
        topics=msgspec.convert(reading.plain(references[REFERENCE / "topics.yaml"]), dict[str, Text]),
        sources={
            key: _reference(entry) for key, entry in reading.plain(references[REFERENCE / "sources.yaml"]).items()
        },
        path=tuple(reading.plain(references[REFERENCE / "paths.yaml"])["first"]),
    )
    stands: dict[str, str] = {}
    for shelf in shelves:
        bank.problems += shelf.problems
        for file, content in shelf.listings.items():
            _add_listing(bank, file, content)
        for file, content in shelf.topics.items():
            _add_topics(bank, file, content)
        rules = Rules(
            stands=stands,
            topics=None if shelf.own else bank.topics,
            sources=None if shelf.own else bank.sources,
            listings=bank.listings,
            pairings=pairings,
        )
        for file, content in shelf.questions.items():
            _add_questions(bank, _short(file), content, rules)
    return bank


def _short(file: Path) -> str:
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", f"{file.parent.name}/{file.name}")


def _shown(text: Text, hidden: re.Pattern[str] | None = None) -> Text:
    """Text that says nothing to a terminal but itself; one line, unless what is `hidden` says otherwise."""
    return Text(*((hidden or _NO_LINE).sub("\N{REPLACEMENT CHARACTER}", words) for words in (text.zh, text.en)))


def _reference(entry: dict[str, Any]) -> Reference:
    """A plain string is the same in both languages: authors and titles are not translated."""
    same = {key: {"zh": entry[key], "en": entry[key]} for key in ("short", "citation") if isinstance(entry[key], str)}
    return msgspec.convert(entry | same, Reference)


def _add_listing(bank: Bank, file: Path, content: bytes) -> None:
    lines = tuple(
        _CONTROL.sub("\N{REPLACEMENT CHARACTER}", content.decode(errors="replace").expandtabs(4)).splitlines()
    )
    name = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", file.stem)
    if bank.listings.setdefault(name, lines) != lines:
        bank.problems.append(Problem(_short(file), 1, listing_taken(name)))


def _add_topics(bank: Bank, file: Path, content: bytes) -> None:
    """Names of the person's own topics; those of the program keep theirs."""
    try:
        topics = msgspec.convert(in_both_languages(reading.plain(content)), dict[str, Text])
    except reading.Unreadable as error:
        bank.problems.append(Problem(_short(file), error.line, not_yaml(error.message.en)))
    except msgspec.ValidationError:
        bank.problems.append(Problem(_short(file), 1, NO_TOPICS))
    else:
        bank.topics = {id: _shown(name) for id, name in topics.items()} | bank.topics


def _add_questions(bank: Bank, file: str, content: bytes, rules: Rules) -> None:
    """Add the questions and problems of one file to the bank."""
    try:
        for entry in reading.questions(content):
            _add_question(bank, file, entry, rules)
    except reading.Unreadable as error:
        bank.problems.append(Problem(file, error.line, error.message))


def _add_question(bank: Bank, file: str, entry: reading.Entry, rules: Rules) -> None:
    found, question = list(entry.faults), None
    own = rules.topics is None
    value = in_own_words(entry.value) if own else entry.value
    if not found:
        try:
            question = msgspec.convert(value, Question)
        except msgspec.ValidationError as error:
            found.append(reading.fault_line(entry, mistyped(str(error))))
        else:
            found += [reading.fault_line(entry, fault) for fault in faults(question, rules)]
        if found and isinstance(value, dict) and value.get("draft") is True:
            _add_unfinished(bank, file, entry, value, found, rules)
            return
    bank.problems += [Problem(file, line, leaving_out(message)) for line, message in found]
    if question is None:
        return
    if not own:
        told = [reading.fault_line(entry, fault) for fault in typography(entry.value)]
        bank.problems += [Problem(file, line, message, left_out=False) for line, message in told]
    if found:
        return
    bank.questions[question.id] = question
    rules.stands[question.id] = f"{file}:{entry.line(('id',))}"
    if own:
        bank.own.add(question.id)
        if len(entry.value["stem"]) == 1:
            bank.alone[question.id] = "zh" if "zh" in entry.value["stem"] else "en"
        bank.topics.setdefault(question.topic, Text(question.topic, question.topic))
        for source in question.sources:
            name = Text(source.key, source.key)
            bank.sources.setdefault(source.key, Reference(short=name, citation=name))


def _add_unfinished(
    bank: Bank, file: str, entry: reading.Entry, value: dict[str, Any], found: list[tuple[int, Text]], rules: Rules
) -> None:
    """Add a draft with what it lacks. An id is the least that it has."""
    stem = None
    with contextlib.suppress(KeyError, msgspec.ValidationError):
        stem = _shown(msgspec.convert(value["stem"], Text), _CONTROL)
    lacks = tuple(Problem(file, line, of_draft(message)) for line, message in found)
    try:
        draft = msgspec.convert({"id": value["id"]} if "id" in value else {}, Unfinished)
    except msgspec.ValidationError as error:
        wrong = [mistyped(str(error))]
    else:
        wrong = list(unknowable(draft.id, rules))
        if not wrong:
            bank.unfinished[draft.id] = Unfinished(draft.id, stem, lacks)
            rules.stands[draft.id] = f"{file}:{entry.line(('id',))}"
    told = [reading.fault_line(entry, fault) for fault in wrong]
    bank.problems += [Problem(file, line, leaving_out(message)) for line, message in told]


def in_own_words(entry: Any) -> Any:
    """A question of an own bank as the types want it: each text in both languages, a source that is a plain string as
    the name of itself."""
    filled = in_both_languages(entry)
    if isinstance(filled, dict) and isinstance(filled.get("sources"), list):
        filled["sources"] = [{"key": each} if isinstance(each, str) else each for each in filled["sources"]]
    return filled


def in_both_languages(value: Any) -> Any:
    """The same, with a text in one language shown in the other too."""
    if isinstance(value, list):
        return [in_both_languages(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(words := value.get("zh", value.get("en")), str):
        return {"zh": words, "en": words}
    return {name: each if name == "matches" else in_both_languages(each) for name, each in value.items()}


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""Bytes of a file's name that are not UTF-8, as Python keeps them."""


def _main(arguments: list[str]) -> int:
    bank = load(*map(Path, arguments))
    for problem in bank.problems:
        print(problem.sentence.zh, problem.sentence.en, sep="\n    ")
    print(f"{len(bank.questions)} questions, {len(bank.problems)} problems")
    return 1 if bank.problems else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:2]))

"""The question bank: YAML files to questions, with every problem named by file and line; search.

A bank is a folder of `*.yaml`, each `{questions: [...]}` of the kinds in `quizzes.question`. A question with a fault is
left out and the rest loads. `python -m quizzes.bank [FOLDER_OR_FILE]` prints what is wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from quizzes.faults import NO_LIST, Fault, Place, faults, mistyped, not_yaml, twice, typography
from quizzes.question import Question, Text

HERE = Path(__file__).parent
BANK = HERE / "bank"
REFERENCE = HERE / "reference"


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
        return Text(zh=f"{place}：{self.message.zh}", en=f"{place}: {self.message.en}")


class Bank(Struct):
    """Questions by id in the order of the files, and what they refer to. A listing is its lines, from line 1.

    `path` is the order in which topics are best met; topics that it leaves out come after it.
    """

    questions: dict[str, Question] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    topics: dict[str, Text] = field(default_factory=dict)
    sources: dict[str, Reference] = field(default_factory=dict)
    listings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    path: tuple[str, ...] = ()

    def in_path(self) -> list[Question]:
        """Every question, topic by topic along the path."""
        place = {topic: n for n, topic in enumerate(self.path)}
        return sorted(self.questions.values(), key=lambda each: place.get(each.topic, len(place)))

    def search(self, text: str) -> list[Question]:
        """Questions in which every word of `text` occurs, in either language, whatever the case; all if it is blank."""
        words = text.casefold().split()
        return [question for question in self.questions.values() if self._holds(question, words)]

    def _holds(self, question: Question, words: list[str]) -> bool:
        topic = self.topics[question.topic]
        page = "\n".join([topic.zh, topic.en, *_strings(msgspec.to_builtins(question))]).casefold()
        return all(word in page for word in words)


def load(path: Path = BANK, cache: Path | None = None) -> Bank:
    """Load a bank folder, or one file of it. Listings beside it add to those of the program.

    `cache` is a folder for the parsed bank; it serves while no file has changed, and YAML is not even imported then.
    Raises OSError if `path` cannot be read.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    folder = path if path.is_dir() else path.parent
    listings = sorted((BANK / "listings").glob("*.txt")) + sorted((folder / "listings").glob("*.txt"))
    contents = {file: file.read_bytes() for file in [*files, *listings, *sorted(REFERENCE.glob("*.yaml"))]}
    if cache is None:
        return _parse(files, listings, contents)
    key = _digest(contents)
    kept = cache / "bank.json"
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        head, _, body = kept.read_bytes().partition(b"\n")
        if head == key:
            return msgspec.json.decode(body, type=Bank)
    bank = _parse(files, listings, contents)
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(key + b"\n" + msgspec.json.encode(bank))
        part.replace(kept)
    return bank


def problems(path: Path = BANK) -> list[Problem]:
    """What is wrong in a bank folder or file."""
    return load(path).problems


def _digest(contents: dict[Path, bytes]) -> bytes:
    """Changes with any file of the bank and with the code that reads it."""
    digest = hashlib.blake2b(digest_size=16)
    code = {file: file.read_bytes() for file in sorted(HERE.glob("*.py"))}
    for file, content in (code | contents).items():
        digest.update(f"{file.parent.name}/{file.name}:{len(content)}:".encode() + content)
    return digest.hexdigest().encode()


def _parse(files: list[Path], listings: list[Path], contents: dict[Path, bytes]) -> Bank:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sources = yaml.load(contents[REFERENCE / "sources.yaml"], loader)
    bank = Bank(
        topics=msgspec.convert(yaml.load(contents[REFERENCE / "topics.yaml"], loader), dict[str, Text]),
        sources={key: _reference(entry) for key, entry in sources.items()},
        path=tuple(yaml.load(contents[REFERENCE / "paths.yaml"], loader)["first"]),
        listings={file.stem: tuple(contents[file].decode().splitlines()) for file in listings},
    )
    for file in files:
        _read(bank, f"{file.parent.name}/{file.name}", contents[file], loader)
    return bank


def _reference(entry: dict[str, Any]) -> Reference:
    """A plain string is the same in both languages: authors and titles are not translated."""
    same = {key: {"zh": entry[key], "en": entry[key]} for key in ("short", "citation") if isinstance(entry[key], str)}
    return msgspec.convert(entry | same, Reference)


def _read(bank: Bank, file: str, content: bytes, loader_class: Any) -> None:
    """Add the questions and problems of one file to the bank."""
    import yaml

    try:
        loader = loader_class(content)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        bank.problems.append(Problem(file, mark.line + 1 if mark else 1, not_yaml(str(error.problem))))
        return
    except yaml.reader.ReaderError as error:
        bank.problems.append(Problem(file, content.count(b"\n", 0, error.position) + 1, not_yaml(error.reason)))
        return
    if not isinstance(data, dict) or list(data) != ["questions"] or not isinstance(data["questions"], list):
        bank.problems.append(Problem(file, 1, NO_LIST))
        return
    for index, entry in enumerate(data["questions"]):
        node = _descend(root, ("questions", index))
        question, found = _convert(entry, bank)
        serious = [Problem(file, line, twice(name)) for name, line in _names_twice(node)]
        serious += [Problem(file, _line(node, fault.place), fault.message) for fault in found]
        bank.problems += serious
        if question is not None:
            bank.problems += [
                Problem(file, _line(node, fault.place), fault.message, left_out=False) for fault in typography(entry)
            ]
            if not serious:
                bank.questions[question.id] = question


def _convert(entry: Any, bank: Bank) -> tuple[Question | None, list[Fault]]:
    try:
        question: Question = msgspec.convert(entry, Question)
    except msgspec.ValidationError as error:
        return None, [mistyped(str(error))]
    return question, list(faults(question, bank.questions, bank.topics, bank.sources, bank.listings))


def _descend(node: Any, place: Place) -> Any:
    """The YAML node at a place, or the deepest one on the way that exists."""
    for part in place:
        if node.id == "mapping":
            found = next((value for name, value in node.value if name.value == part), None)
        else:
            found = node.value[part] if node.id == "sequence" and isinstance(part, int) else None
        if found is None:
            return node
        node = found
    return node


def _line(node: Any, place: Place) -> int:
    """The line of a place, counted from 1; of an entry of a mapping, the line of its name."""
    parent = _descend(node, place[:-1])
    if place and parent.id == "mapping":
        for name, _ in parent.value:
            if name.value == place[-1]:
                return int(name.start_mark.line) + 1
    return int(_descend(node, place).start_mark.line) + 1


def _names_twice(node: Any) -> Iterator[tuple[str, int]]:
    """Names that stand twice in one mapping, with the line of the second."""
    if node.id == "mapping":
        seen = set()
        for name, value in node.value:
            if name.value in seen:
                yield name.value, name.start_mark.line + 1
            seen.add(name.value)
            yield from _names_twice(value)
    elif node.id == "sequence":
        for value in node.value:
            yield from _names_twice(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _main(arguments: list[str]) -> int:
    bank = load(*map(Path, arguments))
    for problem in bank.problems:
        print(problem.sentence.zh, problem.sentence.en, sep="\n    ")
    print(f"{len(bank.questions)} questions, {len(bank.problems)} problems")
    return 1 if bank.problems else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:2]))

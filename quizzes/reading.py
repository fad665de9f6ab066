"""A bank file's YAML to plain values, each question with the lines it stands on. Nothing in a file is ever run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from quizzes.faults import NO_LIST, Fault, Place, no_alias, no_value, not_yaml, too_much, twice
from quizzes.question import Text

DEEPEST = 30
"""Levels of nesting; libyaml itself would overflow the stack."""
MOST = 200_000
"""Values in a file, aliases written out."""


class Unreadable(Exception):
    """A file that is left out whole: the line, and what is wrong there."""

    def __init__(self, line: int, message: Text) -> None:
        super().__init__(message.en)
        self.line, self.message = line, message


class Entry(Struct):
    """A question as YAML gave it, or the faults that kept it from being read; `line` says where each part stands."""

    node: Any
    value: Any
    faults: list[tuple[int, Text]]

    def line(self, place: Place = ()) -> int:
        """The line of a place, counted from 1; of an entry of a mapping, the line of its name."""
        parent = _descend(self.node, place[:-1])
        if place and parent.id == "mapping":
            for name, _ in reversed(parent.value):
                if name.value == place[-1]:
                    return int(name.start_mark.line) + 1
        return int(_descend(self.node, place).start_mark.line) + 1


def questions(content: bytes) -> Iterator[Entry]:
    """The entries below `questions:`. Raises Unreadable."""
    root, loader = _compose(content)
    if root is None or root.id != "mapping" or [name.value for name, _ in root.value] != ["questions"]:
        raise Unreadable(1, NO_LIST)
    listed = root.value[0][1]
    if listed.id != "sequence":
        raise Unreadable(1, NO_LIST)
    repeated = [list(_names_twice(node)) for node in listed.value]
    for node, names in zip(listed.value, repeated, strict=True):
        try:
            value = _construct(loader, node)
        except Unreadable as error:
            yield Entry(node, None, [(error.line, no_value(error.message))])
        else:
            yield Entry(node, value, [(line, twice(name)) for name, line in names])


def plain(content: bytes) -> Any:
    """The whole file as one value. Raises Unreadable."""
    root, loader = _compose(content)
    return None if root is None else _construct(loader, root)


def fault_line(entry: Entry, fault: Fault) -> tuple[int, Text]:
    """Where a fault stands, and what it says."""
    return entry.line(fault.place), fault.message


def _compose(content: bytes) -> tuple[Any, Any]:
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _bound(yaml.parse(content, safe))
        loader = safe(content)
        return loader.get_single_node(), loader
    except yaml.MarkedYAMLError as error:
        ends = "end of stream" in str(error.problem)  # what stays open is mended where it begins
        mark = (ends and error.context_mark) or error.problem_mark or error.context_mark
        line = min(mark.line, content.count(b"\n", 0, -1)) + 1 if mark else 1
        raise Unreadable(line, not_yaml(str(error.problem))) from error
    except yaml.reader.ReaderError as error:
        raise Unreadable(content.count(b"\n", 0, error.position) + 1, not_yaml(error.reason)) from error


def _bound(events: Iterator[Any]) -> None:
    """Refuse what would overflow the stack or the memory once it is composed, aliases written out."""
    import yaml

    inside: list[_Extent] = [_Extent(None)]
    known: dict[str | None, _Extent] = {}
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append(_Extent(event.anchor))
            if len(inside) > DEEPEST:
                raise Unreadable(line, too_much(MOST, DEEPEST))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            extent = inside.pop()
            known[extent.anchor] = extent
        elif isinstance(event, yaml.ScalarEvent):
            extent = known[event.anchor] = _Extent(event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in known:
                raise Unreadable(line, no_alias(str(event.anchor)))
            extent = known[event.anchor]
        else:
            continue
        around = inside[-1]
        around.size += extent.size
        around.height = max(around.height, extent.height + 1)
        if around.size > MOST or around.height + len(inside) > DEEPEST:
            raise Unreadable(line, too_much(MOST, DEEPEST))


class _Extent(Struct):
    """How many values lie in one, and how deep."""

    anchor: str | None
    size: int = 1
    height: int = 1


def _construct(loader: Any, node: Any) -> Any:
    import yaml

    try:
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or node.start_mark
        raise Unreadable(mark.line + 1, Text(str(error.problem), str(error.problem))) from error
    except (ValueError, KeyError, AttributeError) as error:
        raise Unreadable(node.start_mark.line + 1, Text(str(error), str(error))) from error


def _descend(node: Any, place: Place) -> Any:
    """The YAML node at a place, or the deepest one on the way that exists. What merge keys (`<<`) bring stands before
    what a mapping says itself, which is why the last of a name counts."""
    for part in place:
        if node.id == "mapping":
            found = next((value for name, value in reversed(node.value) if name.value == part), None)
        else:
            found = node.value[part] if node.id == "sequence" and isinstance(part, int) else None
        if found is None:
            return node
        node = found
    return node


def _names_twice(node: Any) -> Iterator[tuple[str, int]]:
    """Names that stand twice in one mapping, with the line of the second. To be asked before any node is constructed:
    that writes what merge keys bring into the mappings, where a name of it may stand again."""
    if node.id == "mapping":
        seen = set()
        for name, value in node.value:
            if name.id == "scalar":
                if name.value in seen:
                    yield name.value, name.start_mark.line + 1
                seen.add(name.value)
            yield from _names_twice(value)
    elif node.id == "sequence":
        for value in node.value:
            yield from _names_twice(value)

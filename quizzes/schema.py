"""A JSON schema of a bank file, by which an editor completes names and marks faults while one writes."""

from __future__ import annotations

from typing import Any

import msgspec

from quizzes.question import Question


def schema() -> dict[str, Any]:
    """The schema of a person's own bank: a text may be in one language, a source a plain string."""
    (listed,), parts = msgspec.json.schema_components([list[Question]], ref_template="#/$defs/{name}")
    parts["Text"] = parts["Text"] | {"required": [], "minProperties": 1}
    source = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Source"}]}
    for part in parts.values():
        if "sources" in part["properties"]:
            part["properties"]["sources"] = part["properties"]["sources"] | {"items": source}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mtl-tui question bank",
        "type": "object",
        "properties": {"questions": listed},
        "required": ["questions"],
        "additionalProperties": False,
        "$defs": parts,
    }

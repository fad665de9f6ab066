"""A JSON schema of a bank file, by which an editor completes names, explains them and marks faults while one writes."""

from __future__ import annotations

import ast
import inspect
import itertools
from typing import Any

import msgspec

from quizzes import question
from quizzes.question import Base, Question


def schema() -> dict[str, Any]:
    """The schema of a person's own bank: a text may be in one language, a source a plain string."""
    (listed,), parts = msgspec.json.schema_components([list[Question]], ref_template="#/$defs/{name}")
    parts["Text"] = parts["Text"] | {"required": [], "minProperties": 1}
    source = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Source"}]}
    told = _told()
    for name, part in parts.items():
        part["description"] = " ".join(part["description"].split())
        properties = part["properties"]
        if "sources" in properties:
            properties["sources"] |= {"items": source}
        about = told[name] | (told[Base.__name__] | {"kind": part["description"]} if "kind" in properties else {})
        for field in properties:
            properties[field] |= {"description": about[field]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mtl-tui question bank",
        "type": "object",
        "properties": {"questions": listed},
        "required": ["questions"],
        "additionalProperties": False,
        "$defs": parts,
    }


def _told() -> dict[str, dict[str, str]]:
    """What stands in question.py below each field, by class."""
    return {
        part.name: {
            field.target.id: doc.value.value
            for field, doc in itertools.pairwise(part.body)
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            if isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant) and isinstance(doc.value.value, str)
        }
        for part in ast.parse(inspect.getsource(question)).body
        if isinstance(part, ast.ClassDef)
    }

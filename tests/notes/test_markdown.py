"""Whatever a text contains, it stays text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mtl_tui.notes.experiment import Table
from mtl_tui.notes.markdown import fence, plain, table

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LIVELY = st.text(st.sampled_from("ab1字 \n\t\\`*_~|#>-+=.)([]!<&;:/^x$\u2028\u3000，")) | st.text()


def read(text: str) -> str:
    """The text as a reader sees it, whitespace as single blanks."""
    kept = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(kept.split())


def shown(tokens: list[Token]) -> list[str]:
    """The text of every inline token; markup inside one is an error."""
    inlines = [token for token in tokens if token.type == "inline"]
    assert {child.type for token in inlines for child in token.children or []} <= {"text"}
    return ["".join(child.content for child in token.children or []) for token in inlines]


@given(LIVELY)
@example("1. a")
@example("[x] done")
@example("[a]: /b")
@example("a*b* c * d")
@example("--- ")
@example("a &amp; &#35; <b> <!-- c -->")
@example("_a_ b_c __d__ e_")
@example("trailing \\")
def test_text_stays_text_wherever_it_stands(text: str) -> None:
    wanted = [read(text)] if read(text) else []
    for before, kind in (("", "paragraph_open"), ("- ", "bullet_list_open"), ("### 1. ", "heading_open")):
        tokens = MARKDOWN.parse(f"{before}{plain(text)}\n")
        if wanted:
            assert tokens[0].type == kind
            assert shown(tokens) == [before.removeprefix("- ").removeprefix("### ") + wanted[0]]


@given(st.lists(LIVELY, min_size=6, max_size=6))
def test_table_keeps_its_shape(cells: list[str]) -> None:
    tokens = MARKDOWN.parse(table(Table(tuple(cells[:3]), (tuple(cells[3:]),))))
    assert [token.type for token in tokens].count("tr_open") == 2
    assert shown(tokens) == [read(cell) for cell in cells]


@given(st.lists(st.text(st.sampled_from("ab` ~#")), min_size=1, max_size=4))
def test_code_stays_in_its_fence(lines: list[str]) -> None:
    (block,) = MARKDOWN.parse(fence(lines))
    assert block.type == "fence"
    assert block.content == "\n".join(lines) + "\n"

"""Text set in cells: nothing is lost, nothing stands outside, and it always comes to an end."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mtl_tui.typeset import Block, clip, fill, lines_of, wrap

TEXT = st.text(st.sampled_from("abc 门专家，。“(_=  "), max_size=80)


@given(TEXT, st.integers(8, 60))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXT, st.integers(1, 60))
def test_code_is_cut_into_rows_blank_for_blank(code: str, width: int) -> None:
    rows = lines_of(Block(code, verbatim=True, indent=2), width)
    assert "".join(row[2:] for row in rows) == code
    assert all(cell_len(row) <= max(width, 10) for row in rows)


def test_a_row_of_code_ends_between_words() -> None:
    code = "interest_loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=predictions[:, 0]))"
    for width in range(44, 90):
        rows = lines_of(Block(code, verbatim=True), width)
        assert "".join(rows) == code and not any(row[-1].isalnum() for row in rows[:-1])


@given(TEXT, TEXT, st.integers(0, 60))
def test_a_line_that_is_filled_or_clipped_fits(left: str, right: str, width: int) -> None:
    assert cell_len(clip(left, width)) <= width
    assert cell_len(fill(left, right, width)) <= max(width, cell_len(right))


def test_no_line_begins_with_a_closing_mark_of_chinese() -> None:
    sentence = "专家的门，每个任务一个；塔在上面。" * 4
    for width in range(8, 40):
        assert all(line[0] not in "，；。" for line in wrap(sentence, width))

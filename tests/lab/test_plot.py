"""What a chart draws of a series, dot by dot."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tui.lab.record import Series
from mtl_tui.widgets.plot import BLANK, DOTS, Curve, Grid, Limits, number

COLUMNS, LENGTH = 40, 1000.0


def curve_of(values: dict[int, float | None], **look: bool) -> Curve:
    series = Series()
    for step, value in values.items():
        series.add(step, value)
    curve = Curve(series, 0, **look)
    curve.take(COLUMNS, LENGTH)
    return curve


def picture(curve: Curve, low: float, high: float, height: int = 4, *, log: bool = False) -> list[str]:
    limits = Limits()
    limits.low, limits.high = low, high
    curve.changed = 0
    return [
        "".join(chr(BLANK + cell.dots) for cell in row) for row in Grid().draw([curve], limits, 20, height, log=log)
    ]


def test_one_step_out_of_line_is_drawn_however_many_steps_share_its_column() -> None:
    calm = dict.fromkeys(range(1, 1001), 0.5)
    spike = curve_of(calm | {500: 0.9})
    assert max(each.high for each in spike.bins if each) == 0.9
    top, calm_top = (picture(curve, 0, 1)[0] for curve in (spike, curve_of(calm)))
    assert set(calm_top) == {chr(BLANK)} and set(top) != {chr(BLANK)}


def test_nan_leaves_a_gap_and_the_line_goes_on_after_it() -> None:
    curve = curve_of({step: None if 400 <= step < 600 else 0.5 for step in range(1, 1001)})
    bottom = "".join(picture(curve, 0, 1))
    drawn = [any(row[column] != chr(BLANK) for row in picture(curve, 0, 1)) for column in range(20)]
    assert bottom and drawn[:7] == [True] * 7 and not any(drawn[9:11]) and all(drawn[13:])


def test_limits_hold_still_until_the_data_leave_or_fill_too_little() -> None:
    limits = Limits()
    limits.fit(math.inf, -math.inf)
    assert not limits.high > limits.low
    limits.fit(0.31, 0.69)
    first = (limits.low, limits.high)
    assert first[0] <= 0.31 and first[1] >= 0.69
    limits.fit(0.35, 0.65)
    assert (limits.low, limits.high) == first
    limits.fit(0.31, 0.83)
    wider = (limits.low, limits.high)
    assert wider != first and wider[1] >= 0.83
    limits.fit(0.50, 0.52)
    assert limits.high - limits.low < 0.1 * (wider[1] - wider[0])


@given(st.floats(-1e30, 1e30), st.floats(-1e30, 1e30))
def test_limits_contain_the_data(one: float, other: float) -> None:
    limits = Limits()
    low, high = sorted((one, other))
    limits.fit(low, high)
    slack = 1e-6 * max(abs(low), abs(high))
    assert limits.low <= low + slack and limits.high >= high - slack and limits.high > limits.low


def test_a_dotted_curve_can_be_told_from_a_solid_one_without_colour() -> None:
    values = dict.fromkeys(range(1, 1001), 0.5)
    solid, dotted = curve_of(values), curve_of(values, dotted=True)

    def dots(curve: Curve) -> int:
        return sum((ord(char) - BLANK).bit_count() for row in picture(curve, 0, 1) for char in row)

    assert 0 < dots(dotted) <= dots(solid) / 2


def banded(tone: int = 0, *, dotted: bool = False) -> Curve:
    """A number of several seeds: 0.5, and 0.25 each way."""
    series = Series()
    for step in range(1, 1001):
        series.add(step, 0.5, 0.25)
    curve = Curve(series, tone, dotted=dotted)
    curve.take(COLUMNS, LENGTH)
    return curve


def dots(curves: list[Curve]) -> set[tuple[int, int]]:
    """Dots drawn between 0 and 1 on 10 rows of cells, as (dot column, dot row from below)."""
    limits = Limits()
    limits.low, limits.high = 0, 1
    for curve in curves:
        curve.changed = 0
    cells = Grid().draw(curves, limits, COLUMNS // 2, 10)
    return {
        (2 * x + side, 39 - (4 * y + row))
        for y, line in enumerate(cells)
        for x, cell in enumerate(line)
        for side in range(2)
        for row in range(4)
        if cell.dots & DOTS[side][row]
    }


def test_a_band_is_dots_around_the_line_within_its_bounds() -> None:
    line = dots([curve_of(dict.fromkeys(range(1, 1001), 0.5))])
    band = dots([banded()]) - line
    assert line and band
    assert min(row for _, row in band) >= 9 and max(row for _, row in band) <= 30
    assert {column for column, _ in band} == {column for column in range(COLUMNS) if column % 2 == 0}
    assert len(band) * 6 < COLUMNS * 21, "a band hides nothing"


def test_line_band_and_dashes_can_be_told_apart_without_colour() -> None:
    solid, dashed = (
        {column for column, row in dots([banded(dotted=dotted)]) if row in (19, 20)} for dotted in (False, True)
    )
    assert solid == set(range(COLUMNS)) and 0.5 < len(dashed) / COLUMNS < 0.8
    first, second = dots([banded(0)]), dots([banded(1)])
    assert not {dot for dot in first & second if dot[1] not in (19, 20)}, "bands of two tones share no dot"


def test_the_limits_take_in_the_band() -> None:
    curve = banded()
    assert (curve.low, curve.high) == (0.25, 0.75)


def test_a_log_axis_leaves_out_what_has_no_logarithm() -> None:
    falling = picture(curve_of({step: 10.0 ** (-step / 250) for step in range(1, 1001)}), 1e-4, 1, log=True)
    assert falling[0].strip(chr(BLANK)) and falling[-1].strip(chr(BLANK))
    zeros = picture(curve_of(dict.fromkeys(range(1, 1001), 0.0)), 0, 1, log=True)
    assert {char for row in zeros for char in row} == {chr(BLANK)}


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=2, max_size=300),
    st.lists(st.integers(1, 40), min_size=1, max_size=40),
    st.integers(8, 200),
)
def test_a_column_that_the_run_has_passed_never_changes(
    values: list[float | None], batches: list[int], columns: int
) -> None:
    series, curve_columns = Series(), columns
    curve = Curve(series, 0)
    length = float(len(values))
    step = 0
    while step < len(values):
        before = list(curve.bins)
        for value in values[step : step + batches[step % len(batches)]]:
            step += 1
            series.add(step, value)
        curve.take(curve_columns, length)
        assert curve.bins[: max(len(before) - 1, 0)] == before[:-1]
        assert len(curve.bins) <= columns
    afresh = Curve(series, 0)
    afresh.take(curve_columns, length)
    assert afresh.bins == curve.bins


@given(
    st.lists(st.one_of(st.none(), st.floats(0.01, 1)), min_size=40, max_size=200),
    st.lists(st.integers(1, 40), min_size=1, max_size=40),
    st.booleans(),
)
def test_what_was_drawn_bit_by_bit_is_what_is_drawn_at_once(
    values: list[float | None], batches: list[int], log: bool
) -> None:
    length, limits = float(len(values)), Limits()
    limits.low, limits.high = 0.01, 1
    every, seldom = Series(), Series()
    curves = [Curve(every, 0), Curve(seldom, 1), Curve(seldom, 2, dotted=True)]
    grid, step = Grid(), 0
    while step < len(values):
        for value in values[step : step + batches[step % len(batches)]]:
            step += 1
            every.add(step, value)
            if step % 17 == 0:
                seldom.add(step, value)
        for curve in curves:
            curve.take(COLUMNS, length)
        drawn = grid.draw(curves, limits, COLUMNS // 2, 5, log=log)
    for curve in curves:
        curve.changed = 0
    assert drawn == Grid().draw(curves, limits, COLUMNS // 2, 5, log=log)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.352, "0.352"),
        (-0.352, "-0.35"),
        (12.41, "12.41"),
        (3187.4, "3187"),
        (0.0, "0.000"),
        (-0.004, "0.00"),
        (7e-9, "7e-9"),
        (1e38, "1e38"),
        (math.nan, "-"),
    ],
)
def test_numbers_as_they_stand_in_charts(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(-3.4e38, 3.4e38))
def test_a_number_never_leaves_its_five_cells(value: float) -> None:
    assert 1 <= len(number(value)) <= 5

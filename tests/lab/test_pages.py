"""How a run's charts, gates and tables are spread over pages."""

from hypothesis import given
from hypothesis import strategies as st

from mtl_tui.widgets.pages import Item, Page, columns, height, spread

ROWS = {"chart": st.just(5), "gate": st.integers(2, 9), "table": st.integers(2, 14)}
PARTS = st.lists(
    st.sampled_from(list(ROWS)).flatmap(
        lambda kind: st.lists(ROWS[kind].map(lambda rows: Item(kind, 0, "part", rows)), max_size=9)
    ),
    max_size=6,
)


@given(PARTS, st.integers(30, 140), st.integers(0, 40))
def test_pages_hold_everything_in_order_and_overflow_only_with_a_single_item(
    parts: list[list[Item]], width: int, room: int
) -> None:
    pages = spread(parts, width, lambda page: room)
    assert [item for page in pages for item in page] == [item for part in parts for item in part]
    assert all(len(page) == 1 or height(page, width) <= room for page in pages) and all(pages)


def test_a_part_that_fits_a_page_is_not_cut() -> None:
    charts = [Item("chart", place, "charts", 5) for place in range(2)]
    gates = [Item("gate", place, "gates", 4) for place in range(3)]
    assert spread([charts, gates], 40, lambda page: 14) == [tuple(charts), tuple(gates)]
    assert spread([charts, gates], 40, lambda page: 23) == [(*charts, *gates)]


def test_the_room_may_depend_on_what_is_on_the_page() -> None:
    charts = [Item("chart", place, "charts", 5) for place in range(2)]
    table = [Item("table", 0, "numbers", 9)]

    def room(page: Page) -> int:
        return 10 if any(item.part == "charts" for item in page) else 19

    assert spread([charts, table, table], 40, room) == [tuple(charts), (*table, *table)]


def test_three_charts_stand_in_two_columns_only_where_it_is_wide() -> None:
    charts = [Item("chart", place, "charts", 5) for place in range(3)]
    assert (columns(charts, 80), height(charts, 80)) == (2, 10)
    assert (columns(charts, 60), height(charts, 60)) == (1, 15)

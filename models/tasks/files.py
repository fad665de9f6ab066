"""Rows of a person's own CSV or Parquet file, one after another."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.tasks import DataError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
PARQUET = (".parquet", ".pq")


def rows(path: Path, names: Sequence[str], delimiter: str = "detected") -> Iterator[tuple[int, Sequence[Any]]]:
    """Line of a CSV file, or number of a row of a Parquet file, counted from 1, and the cells of the columns `names`.

    CSV is UTF-8 with a header; its cells are text. Of Parquet they have the type they have there, None is null. Raises
    DataError if the file cannot be read, or has no such column.
    """
    try:
        if path.suffix.lower() in PARQUET:
            yield from _parquet(path, names)
        else:
            yield from _csv(path, names, delimiter)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}, line {_undecodable(path)}: not UTF-8; save the file as UTF-8.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); correct tasks.path.") from error


def _csv(path: Path, names: Sequence[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=DELIMITERS.get(delimiter) or _delimiter(first, names), strict=True)
        try:
            header = next(reader, [])
            places = _places(path, header, names)
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise DataError(
                        f"{path}, line {reader.line_num}: {len(cells)} cells under a header of {len(header)}; "
                        "correct the line, or tasks.delimiter."
                    )
                yield reader.line_num, [cells[place] for place in places]
        except csv.Error as error:
            raise DataError(f"{path}, line {reader.line_num}: not CSV ({error}); correct it there.") from error


def _undecodable(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _delimiter(header: str, names: Sequence[str]) -> str:
    """The delimiter under which most of the columns are found."""

    def found(delimiter: str) -> int:
        cells = header.rstrip("\r\n").split(delimiter)
        return len({cell.strip('"') for cell in cells} & set(names))

    return max(DELIMITERS.values(), key=found)


def _parquet(path: Path, names: Sequence[str]) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise DataError(
            f'{path} is a Parquet file, and pyarrow is not installed; pip install "mtl-tui[parquet]".'
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            wanted = list(dict.fromkeys(names))
            _places(path, file.schema_arrow.names, names)
            row = 0
            for batch in file.iter_batches(columns=wanted):
                columns = dict(zip(batch.schema.names, map(_cells, batch.columns), strict=True))
                for cells in zip(*(columns[name] for name in names), strict=True):
                    row += 1
                    yield row, cells
    except pa.ArrowException as error:
        raise DataError(f"{path} is not a Parquet file that can be read ({str(error).splitlines()[0]}).") from error


def _cells(column: Any) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    cells: list[Any] = column.to_pylist()
    return cells


def _places(path: Path, header: Sequence[str], names: Sequence[str]) -> list[int]:
    for name in names:
        if header.count(name) > 1:
            raise DataError(f"{path} has {header.count(name)} columns {name}; rename all but one.")
        if name not in header:
            close = difflib.get_close_matches(name, header, n=1, cutoff=0.4)
            nearest = f" did you mean {close[0]}?" if close else ""
            some = ", ".join(header[:12]) + (", ..." if len(header) > 12 else "")
            raise DataError(f"{path} has no column {name};{nearest} its columns are {some or 'none'}.")
    return [header.index(name) for name in names]

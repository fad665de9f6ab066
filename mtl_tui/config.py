"""The person's settings, in config.toml: a line that cannot be is told and left out, the others count."""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from mtl_tui.locale import Language
from mtl_tui.store.files import replace_file
from quizzes.question import Text

Pace = Literal["0.25", "0.5", "1", "2", "4", "full"]
PACES: tuple[Pace, ...] = ("0.25", "0.5", "1", "2", "4", "full")
YEARS = range(2000, 2200)
"""The years in which an interview can be."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What can be set. `notes_folder` is relative to the folder in which the program was started; 0 minutes a day are
    no limit; `banks` are folders of a person's own questions, loaded beside ours."""

    language: Language = "en"
    theme: Literal["dark", "light"] = "dark"
    pace: Pace = "1"
    confidence: bool = True
    session_length: Annotated[int, Meta(ge=1, le=200)] = 10
    notes_folder: str = "notes"
    new_per_day: Annotated[int, Meta(ge=0, le=500)] = 10
    minutes_per_day: Annotated[int, Meta(ge=0, le=1440)] = 0
    interview_date: date | None = None
    interview_name: str = ""
    banks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for an interview in no year of ours."""
        if self.interview_date is not None and self.interview_date.year not in YEARS:
            raise ValueError(f"interview_date must be in {YEARS[0]} to {YEARS[-1]}")


class Loaded(NamedTuple):
    """The settings that count, and a sentence on each line that does not."""

    settings: Settings
    problems: list[Text]


def first_language() -> Language:
    """Chinese where the environment speaks Chinese, else English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((name for name in names if name), "").lower().startswith("zh") else "en"


def load(path: Path) -> Loaded:
    """Read the settings; what is not there has its default."""
    defaults = Settings(language=first_language())
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        return Loaded(defaults, [])
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return Loaded(defaults, [_not_toml(path, int(line[1]) if line else 1)])
    except (OSError, ValueError) as error:
        return Loaded(defaults, [_unreadable(path, getattr(error, "strerror", None) or "not UTF-8")])
    found: dict[str, Any] = {}
    problems: list[Text] = []
    for key, value in values.items():
        try:
            found[key] = getattr(msgspec.convert({key: value}, Settings), key)
        except msgspec.ValidationError:
            problems.append(_refused(path, text, key, value))
    return Loaded(msgspec.structs.replace(defaults, **found), problems)


def change(path: Path, alter: Callable[[Settings], Settings]) -> Path | None:
    """Write the settings altered, from the file as it is now: another program may have changed it since it was read.

    A file of which lines do not count is kept beside it first; returns where. One that is a link is changed where it
    leads. Raises OSError.
    """
    import tomli_w

    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    with _held(path.parent):
        now, problems = load(path)
        kept = None
        if problems:
            kept = path.with_name(f"{path.name}.{datetime.now():%Y-%m-%d-%H-%M-%S}")
            replace_file(kept, [path.read_bytes()])
        values = msgspec.to_builtins(alter(now))
        text = tomli_w.dumps({name: value for name, value in values.items() if value is not None})
        replace_file(path, [text.encode()])
    return kept


def difference(before: Settings, after: Settings) -> dict[str, Any]:
    """The settings that are other ones, with their new values."""
    fields = Settings.__struct_fields__
    return {name: getattr(after, name) for name in fields if getattr(after, name) != getattr(before, name)}


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """No other program changes the settings until this ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _refused(path: Path, text: str, key: str, value: object) -> Text:
    """The sentence on a line that cannot be."""
    lines = (number for number, line in enumerate(text.splitlines(), 1) if line.split("=")[0].strip(" \"'") == key)
    where = f"{path}:{next(lines, 1)}"
    if key not in Settings.__struct_fields__:
        near = difflib.get_close_matches(key, Settings.__struct_fields__, n=1)
        hint = Text(f"是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else Text("", "")
        return Text(
            zh=f"{where}：没有 {key} 这个设置，这一行不算；改正或删掉它。{hint.zh}",
            en=f"{where}: there is no setting {key}, the line does not count; correct or delete it.{hint.en}",
        )
    wanted = _wanted(key)
    shown = str(value) if isinstance(value, date) else msgspec.json.encode(value, enc_hook=str).decode()
    return Text(
        zh=f"{where}：{key} 不能是 {shown}，要写{wanted.zh}；这一行不算，改正或删掉它。",
        en=f"{where}: {key} cannot be {shown}, write {wanted.en}; the line does not count, correct or delete it.",
    )


def _wanted(key: str) -> Text:
    """What a setting may be."""
    from msgspec import inspect

    info = inspect.type_info(Settings)
    assert isinstance(info, inspect.StructType)
    match next(each.type for each in info.fields if each.name == key):
        case inspect.LiteralType(values=values):
            quoted = [f'"{value}"' for value in values]
            return Text(
                " " + "、".join(quoted[:-1]) + f" 或 {quoted[-1]}", ", ".join(quoted[:-1]) + f" or {quoted[-1]}"
            )
        case inspect.IntType(ge=least, le=most):
            return Text(f" {least} 到 {most} 的整数", f"a whole number from {least} to {most}")
        case inspect.BoolType():
            return Text(" true 或 false", "true or false")
        case inspect.StrType():
            return Text("引号里的文字", "text in quotes")
        case inspect.VarTupleType():
            return Text('一列目录，如 ["my-questions"]', 'a list of folders, as ["my-questions"]')
        case _:
            return Text(
                f" {YEARS[0]} 到 {YEARS[-1]} 年的日期，如 2026-12-08",
                f"a date from {YEARS[0]} to {YEARS[-1]}, as 2026-12-08",
            )


def _not_toml(path: Path, line: int) -> Text:
    return Text(
        zh=f"{path}:{line}：这一行不是 TOML，整个文件都不算，先用默认设置；改正它，或删掉文件。",
        en=f"{path}:{line}: this is not TOML, so nothing in the file counts and the defaults are used; "
        "correct it, or delete the file.",
    )


def _unreadable(path: Path, why: str) -> Text:
    return Text(
        zh=f"{path} 读不了（{why}），先用默认设置；让它能读，或移开它。",
        en=f"{path} cannot be read ({why}), so the defaults are used; make it readable, or move it away.",
    )

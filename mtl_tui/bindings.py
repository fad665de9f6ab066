"""Every key, once: what dispatches it, what the footer and the help show, what the palette offers.

A screen names the contexts it is in, and a key means the first binding found in them. A letter has one meaning in the
whole program; digits, enter and space belong to what is in front. Labels are English and translated when shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mtl_tui.locale import later


class Binding(NamedTuple):
    """One key (or several that mean the same) in one context: `action` names a method of the screen or the app.

    `shown` is how footer and help print the key; `footer` says whether the footer shows it.
    """

    context: str
    keys: tuple[str, ...]
    action: str
    label: str
    shown: str
    footer: bool = True


DIGITS = tuple("123456789")

BINDINGS: tuple[Binding, ...] = (
    Binding("weights", ("left", "right"), "weight_turn", later("less / more"), later("left right")),
    Binding("weights", ("up", "down"), "weight_task", later("another task"), later("up down")),
    Binding("weights", ("enter",), "weights_apply", later("apply"), later("enter")),
    Binding("weights", ("escape", "q"), "weights_close", later("leave as it was"), "esc"),
    Binding("choice", DIGITS, "pick", later("choose"), "1-9"),
    Binding("choice", ("space",), "pick_row", later("choose this row"), later("space"), footer=False),
    Binding("order", DIGITS, "pick", later("next in order / take back"), "1-9"),
    Binding("order", ("space",), "pick_row", later("place this row"), later("space"), footer=False),
    Binding("ticks", DIGITS, "pick", later("tick"), "1-9"),
    Binding("ticks", ("space",), "pick_row", later("tick this row"), later("space"), footer=False),
    Binding("pairs", DIGITS, "pick", later("its right side"), "1-9"),
    Binding("box", ("tab",), "focus_next", later("leave the box"), later("tab"), footer=False),
    Binding("box", ("escape",), "leave_box", later("leave the box"), "esc", footer=False),
    Binding("pad", ("tab",), "focus_next", later("leave the pad"), later("tab")),
    Binding("pad", ("escape",), "leave_box", later("leave the pad"), "esc", footer=False),
    Binding("code box", ("tab",), "indent", later("indent"), later("tab")),
    Binding("code box", ("escape",), "leave_box", later("leave the box"), "esc"),
    Binding("writing", ("ctrl+s",), "hand_in", later("hand in"), "ctrl+s"),
    Binding("writing", ("ctrl+p",), "palette", later("commands"), "ctrl+p", footer=False),
    Binding("writing", ("ctrl+c",), "copy_or_quit", later("copy selection, or quit"), "ctrl+c", footer=False),
    Binding("words", ("enter", "ctrl+s"), "hand_in", later("hand in"), later("enter")),
    Binding("words", ("shift+tab",), "focus_previous", later("keep writing"), "shift+tab"),
    Binding("words", ("e",), "edit", later("editor"), "e"),
    Binding("words", ("0",), "give_up", later("I don't know"), "0"),
    Binding("line", tuple("0123456789"), "type_digit", later("line number"), "0-9"),
    Binding("line", ("backspace",), "erase_digit", later("erase"), later("backspace"), footer=False),
    Binding("asking", ("up", "k"), "row_up", later("row above"), later("up"), footer=False),
    Binding("asking", ("down", "j"), "row_down", later("row below"), later("down"), footer=False),
    Binding("asking", ("enter",), "hand_in", later("hand in"), later("enter")),
    Binding("choice", ("0",), "give_up", later("I don't know"), "0"),
    Binding("order", ("0",), "give_up", later("I don't know"), "0"),
    Binding("ticks", ("0",), "give_up", later("I don't know"), "0"),
    Binding("pairs", ("0",), "give_up", later("I don't know"), "0"),
    Binding("asking", ("h",), "hint", later("hint"), "h"),
    Binding("asking", ("b",), "set_aside", later("set aside"), "b"),
    Binding("by name", (), "give_up", later("I don't know"), ""),
    Binding("aside", ("1", "enter"), "bury", later("ask again tomorrow"), "1"),
    Binding("aside", ("2",), "suspend", later("suspend"), "2"),
    Binding("aside", ("3",), "never", later("never again"), "3"),
    Binding("aside", ("escape", "q", "b"), "leave_aside", later("leave as it was"), "esc"),
    Binding("points", DIGITS, "pick", later("count / take back"), "1-9"),
    Binding("points", ("space",), "pick_row", later("count this point"), later("space"), footer=False),
    Binding("points", ("up", "k"), "row_up", later("row above"), later("up"), footer=False),
    Binding("points", ("down", "j"), "row_down", later("row below"), later("down"), footer=False),
    Binding("points", ("enter",), "accept_points", later("accept"), later("enter")),
    Binding("points", ("S",), "synonym", later("synonym"), "S"),
    Binding("points", ("pageup",), "scroll_page_up", later("page up"), "pgup", footer=False),
    Binding("points", ("pagedown",), "scroll_page_down", later("page down"), "pgdn", footer=False),
    Binding("confidence", ("1",), "sure_1", later("Guess"), "1"),
    Binding("confidence", ("2", "enter"), "sure_2", later("Not sure"), "2"),
    Binding("confidence", ("3",), "sure_3", later("Sure"), "3"),
    Binding("graded", ("1",), "grade_1", later("Again"), "1", footer=False),
    Binding("graded", ("2",), "grade_2", later("Hard"), "2", footer=False),
    Binding("graded", ("3",), "grade_3", later("Good"), "3", footer=False),
    Binding("graded", ("4",), "grade_4", later("Easy"), "4", footer=False),
    Binding("graded", ("enter",), "accept", later("accept"), later("enter")),
    Binding("followed", ("i",), "follow_up", later("follow-up"), "i"),
    Binding("graded", ("b",), "set_aside", later("set aside"), "b"),
    Binding("trainable", ("t",), "train", later("Train"), "t"),
    Binding("live", ("space", "p"), "pause", later("pause"), later("space")),
    Binding("paused", (".",), "step", later("one step"), "."),
    Binding("live", ("<", ">"), "pace", later("pace"), "< >"),
    Binding("live", ("-", "=", "+"), "learning_rate", later("learning rate"), "- ="),
    Binding("live", ("w",), "weights", later("weights"), "w"),
    Binding("live", ("x",), "stop", later("Stop"), "x"),
    Binding("live", ("a",), "extend", later("more steps"), "a"),
    Binding("live", ("S",), "save", later("save"), "S", footer=False),
    Binding("elsewhere", ("x",), "stop", later("Stop"), "x"),
    Binding("replay", ("space", "p"), "pause", later("pause"), later("space")),
    Binding("replay", ("<", ">"), "pace", later("pace"), "< >"),
    Binding("run", ("left", "right", "[", "]"), "cursor", later("cursor"), later("left right")),
    Binding("views", ("v",), "strip", later("view"), "v"),
    Binding("run", ("l",), "log", later("log axis"), "l", footer=False),
    Binding("run", ("s",), "smooth", later("smoothing"), "s", footer=False),
    Binding("run", ("o",), "overlay", later("earlier run"), "o", footer=False),
    Binding("ended", ("a",), "extend", later("go on"), "a"),
    Binding("ended", ("r",), "replay", later("replay"), "r", footer=False),
    Binding("run", ("f",), "full", later("full screen"), "f", footer=False),
    Binding("finished", ("enter",), "back", later("back"), later("enter")),
    Binding("list", ("up", "k"), "row_up", later("row above"), later("up"), footer=False),
    Binding("list", ("down", "j"), "row_down", later("row below"), later("down"), footer=False),
    Binding("list", ("g", "home"), "row_first", later("first"), "g", footer=False),
    Binding("list", ("G", "end"), "row_last", later("last"), "G", footer=False),
    Binding("list", ("pageup",), "row_page_up", later("page up"), "pgup", footer=False),
    Binding("list", ("pagedown",), "row_page_down", later("page down"), "pgdn", footer=False),
    Binding("home", ("enter",), "start", later("Start"), later("enter")),
    Binding("home", ("i",), "interview", later("Mock interview"), "i"),
    Binding("home", ("%",), "stats", later("figures"), "%"),
    Binding("figures", ("/",), "search", later("search"), "/"),
    Binding("aside known", ("b",), "aside", later("set aside"), "b"),
    Binding("aside list", ("enter",), "resume_question", later("ask it again"), later("enter")),
    Binding("home", ("d",), "drill", later("drill"), "d"),
    Binding("home", ("/",), "search", later("search"), "/"),
    Binding("home", (",",), "settings", later("settings"), ","),
    Binding("home", ("q",), "quit", later("quit"), "q"),
    Binding("home", ("escape",), "stay", later("stay; q quits"), "esc", footer=False),
    Binding("quiz", ("enter",), "start", later("answer this topic"), later("enter")),
    Binding("quiz", ("d",), "drill", later("drill"), "d"),
    Binding("quiz", ("/",), "search", later("search"), "/"),
    Binding("search", ("enter",), "open", later("answer it"), later("enter")),
    Binding("drill", ("enter",), "start", later("Start"), later("enter")),
    Binding("drill", ("space",), "tick", later("tick"), later("space")),
    Binding("drill", ("left", "right"), "change", later("fewer / more"), later("left right")),
    Binding("drill", ("1", "2", "3", "4", "5"), "pick", later("difficulty"), "1-5"),
    Binding("lab", ("enter",), "open", later("open"), later("enter")),
    Binding("recipe", ("e",), "edit", later("edit"), "e"),
    Binding("form", ("left", "right"), "change", later("change"), later("left right")),
    Binding("form", ("enter",), "enter_value", later("set"), later("enter")),
    Binding("form", ("S",), "save", later("save"), "S"),
    Binding("trust", ("1",), "trust", later("load it"), "1"),
    Binding("trust", ("2",), "distrust", later("do not load it"), "2"),
    Binding("choosing", ("enter",), "take", later("take"), later("enter")),
    Binding("typing", ("enter",), "take", later("take"), later("enter")),
    Binding("typing", ("escape", "q"), "leave_box", later("leave as it was"), "esc"),
    Binding("notes", ("space",), "tick", later("tick"), later("space")),
    Binding("notes", ("left", "right"), "change", later("change"), later("left right")),
    Binding("notes", ("enter",), "write", later("Write to file"), later("enter")),
    Binding("notes", ("tab",), "focus_next", later("read it"), later("tab")),
    Binding("reading", ("tab",), "focus_next", later("back to the parts"), later("tab")),
    Binding("reading", ("enter",), "write", later("Write to file"), later("enter")),
    Binding("settings", ("left", "right"), "change", later("change"), later("left right")),
    Binding("settings", ("enter",), "change_next", later("change"), later("enter"), footer=False),
    Binding("settings", ("F",), "fitting", later("fit the schedule"), "F"),
    Binding("fitting", ("1", "enter"), "fit", later("fit it to my answers"), "1"),
    Binding("fitted", ("2",), "own_parameters", later("take FSRS's own parameters again"), "2"),
    Binding("fitting runs", ("escape", "q"), "stop_fitting", later("Stop"), "esc"),
    Binding("quit run", ("1",), "quit_stop", later("stop, keep the run and quit"), "1"),
    Binding("quit at once", ("enter",), "quit_stop", later("quit"), later("enter"), footer=False),
    Binding("quit", ("1",), "quit_stop", later("quit without them"), "1"),
    Binding("quit", ("2",), "quit_stay", later("stay"), "2"),
    Binding("scroll", ("up", "k"), "scroll_up", later("scroll up"), later("up"), footer=False),
    Binding("scroll", ("down", "j"), "scroll_down", later("scroll down"), later("down"), footer=False),
    Binding("scroll", ("pageup",), "scroll_page_up", later("page up"), "pgup", footer=False),
    Binding("scroll", ("pagedown",), "scroll_page_down", later("page down"), "pgdn", footer=False),
    Binding("scroll", ("g", "home"), "scroll_top", later("top"), "g", footer=False),
    Binding("scroll", ("G", "end"), "scroll_bottom", later("end"), "G", footer=False),
    Binding("session", ("m",), "note", later("add to note"), "m"),
    Binding("session", (), "reset", later("make this question new again"), ":", footer=False),
    Binding("reset", ("1",), "reset_now", later("make it new again"), "1"),
    Binding("reset", ("2", "escape", "q"), "back", later("leave as it was"), "2"),
    Binding("skipping", ("0",), "give_up", later("skip"), "0"),
    Binding("skipping by name", (), "give_up", later("skip"), ""),
    Binding("numbered lines", tuple("0123456789"), "type_digit", later("line number"), "0-9"),
    Binding("numbered lines", ("backspace",), "erase_digit", later("erase"), later("backspace"), footer=False),
    Binding("answering", ("up", "k"), "row_up", later("row above"), later("up"), footer=False),
    Binding("answering", ("down", "j"), "row_down", later("row below"), later("down"), footer=False),
    Binding("answering", ("enter",), "hand_in", later("hand in"), later("enter")),
    Binding("interview answered", ("enter",), "go_on", later("next question"), later("enter")),
    Binding("interview closing", ("enter",), "close", later("end, report"), later("enter")),
    Binding("interview", ("p",), "pause_interview", later("pause"), "p"),
    Binding("interview", (), "pad", later("scratch pad"), later("tab")),
    Binding("interview", ("m",), "note", later("add to note"), "m"),
    Binding("ungraded", ("u",), "undo", later("undo grade"), "u", footer=False),
    Binding("interview", ("x",), "end", later("end the interview"), "x"),
    Binding("interview paused", ("p", "space"), "pause_interview", later("go on with the clock"), "p"),
    Binding("cut off", ("x",), "end", later("end it, report"), "x"),
    Binding("interview set-up", ("enter",), "open", later("open"), later("enter")),
    Binding("interview set-up", ("space",), "tick", later("tick"), later("space")),
    Binding("interview set-up", ("left", "right"), "change", later("change"), later("left right")),
    Binding("report", ("enter",), "write", later("Write to file"), later("enter")),
    Binding("mode", ("1",), "mode_home", later("Home"), "1", footer=False),
    Binding("mode", ("2",), "mode_quiz", later("Quiz"), "2", footer=False),
    Binding("mode", ("3",), "mode_lab", later("Lab"), "3", footer=False),
    Binding("mode", ("4",), "mode_notes", later("Notes"), "4", footer=False),
    Binding("global", ("u",), "undo", later("undo grade"), "u"),
    Binding("global", ("y",), "copy", later("copy"), "y", footer=False),
    Binding("global", (",",), "settings", later("settings"), ",", footer=False),
    Binding("global", ("z",), "language", "中/EN", "z"),
    Binding("global", (":", "ctrl+p"), "palette", later("commands"), ":", footer=False),
    Binding("global", ("?",), "help", later("help"), "?"),
    Binding("global", ("escape", "q"), "back", later("back"), "esc"),
    Binding("global", ("ctrl+c",), "copy_or_quit", later("copy selection, or quit"), "ctrl+c", footer=False),
    Binding("global", ("tab",), "focus_next", later("next"), later("tab"), footer=False),
    Binding("global", ("shift+tab",), "focus_previous", later("previous"), "shift+tab", footer=False),
)

_PUNCTUATION = {"。": ".", "、": "/", "【": "[", "】": "]", "《": "<", "》": ">", "—": "-"}


def key_name(key: str, character: str | None) -> str:
    """How the table calls a key that Textual reports: full-width forms, as a Chinese input method types, are the same.

    A Han character gives "han": an input method is on where a key was expected.
    """
    if key.startswith("alt+"):
        return key
    if character is None or not character.isprintable():
        return key
    if character == " " or character == "\u3000":
        return "space"
    if "\u4e00" <= character <= "\u9fff":
        return "han"
    return _PUNCTUATION.get(character) or unicodedata.normalize("NFKC", character)


def find(contexts: Sequence[str], key: str) -> Binding | None:
    """The binding that a key has where these contexts hold, the first context first."""
    for context in contexts:
        for binding in BINDINGS:
            if binding.context == context and key in binding.keys:
                return binding
    return None


def active(contexts: Sequence[str]) -> Iterable[Binding]:
    """The bindings that can be reached in these contexts, in the order of the contexts; a hidden one is left out."""
    taken: set[str] = set()
    for context in contexts:
        for binding in BINDINGS:
            hidden = binding.keys and taken.issuperset(binding.keys)
            if binding.context == context and not hidden:
                yield binding
        taken.update(key for binding in BINDINGS if binding.context == context for key in binding.keys)


def while_typing(binding: Binding) -> Binding | None:
    """A binding while a box has the keys: by those alone that type nothing, None where there are none."""
    keys = tuple(key for key in binding.keys if len(key) > 1 and key != "space")
    if keys == binding.keys:
        return binding
    shown = "esc" if "escape" in keys else keys[0] if keys else ""
    return binding._replace(keys=keys, shown=shown) if keys else None


TAKES_KEY = frozenset({"pick", "type_digit", "pace", "learning_rate", "cursor", "change", "weight_turn", "weight_task"})
"""Actions of which several keys mean different things: the key is handed to them."""


def two_ways(binding: Binding) -> tuple[str, str] | None:
    """The two keys of a binding that goes one way or the other (slower, faster), None for any other."""
    if binding.action not in TAKES_KEY or binding.keys[0] in "0123456789":
        return None
    return binding.keys[0], binding.keys[1]

"""Every key, once: what dispatches it, what the footer and the help show, what the palette offers.

A screen names the contexts it is in, and a key means the first binding found in them. A letter has one meaning in the
whole program; digits, enter and space belong to what is in front. Labels are English and translated when shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple


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


def _(message: str) -> str:
    return message


DIGITS = tuple("123456789")

BINDINGS: tuple[Binding, ...] = (
    Binding("weights", ("left",), "weight_less", _("less"), "left"),
    Binding("weights", ("right",), "weight_more", _("more"), "right"),
    Binding("weights", ("up", "k"), "weight_up", _("task above"), "up"),
    Binding("weights", ("down", "j"), "weight_down", _("task below"), "down"),
    Binding("weights", ("enter",), "weights_apply", _("apply"), "enter"),
    Binding("weights", ("escape", "q"), "weights_close", _("leave as it was"), "esc"),
    Binding("choice", DIGITS, "pick", _("choose"), "1-9"),
    Binding("choice", ("space",), "pick_row", _("choose this row"), "space", footer=False),
    Binding("order", DIGITS, "pick", _("next in order / take back"), "1-9"),
    Binding("order", ("space",), "pick_row", _("place this row"), "space", footer=False),
    Binding("line", tuple("0123456789"), "type_digit", _("line number"), "0-9"),
    Binding("line", ("backspace",), "erase_digit", _("erase"), "backspace", footer=False),
    Binding("asking", ("up", "k"), "row_up", _("up"), "up", footer=False),
    Binding("asking", ("down", "j"), "row_down", _("down"), "down", footer=False),
    Binding("asking", ("enter",), "hand_in", _("hand in"), "enter"),
    Binding("choice", ("0",), "give_up", _("I don't know"), "0"),
    Binding("order", ("0",), "give_up", _("I don't know"), "0"),
    Binding("line", (), "give_up", _("I don't know"), "tab"),
    Binding("number", (), "give_up", _("I don't know"), "tab"),
    Binding("asking", ("h",), "hint", _("hint"), "h"),
    Binding("confidence", ("1",), "sure_1", _("Guess"), "1"),
    Binding("confidence", ("2", "enter"), "sure_2", _("Not sure"), "2"),
    Binding("confidence", ("3",), "sure_3", _("Sure"), "3"),
    Binding("graded", ("1",), "grade_1", _("Again"), "1"),
    Binding("graded", ("2",), "grade_2", _("Hard"), "2"),
    Binding("graded", ("3",), "grade_3", _("Good"), "3"),
    Binding("graded", ("4",), "grade_4", _("Easy"), "4"),
    Binding("graded", ("enter",), "accept", _("accept"), "enter"),
    Binding("trainable", ("t",), "train", _("Train"), "t"),
    Binding("live", ("space", "p"), "pause", _("pause / resume"), "space"),
    Binding("paused", (".",), "step", _("one step"), "."),
    Binding("live", ("<", ">"), "pace", _("slower / faster"), "< >"),
    Binding("live", ("-", "=", "+"), "learning_rate", _("learning rate"), "- ="),
    Binding("live", ("w",), "weights", _("task weights"), "w"),
    Binding("live", ("x",), "stop", _("Stop"), "x"),
    Binding("replay", ("space", "p"), "pause", _("pause / resume"), "space"),
    Binding("replay", ("<", ">"), "pace", _("slower / faster"), "< >"),
    Binding("run", ("left", "right", "[", "]"), "cursor", _("cursor"), "left right"),
    Binding("run", ("v",), "strip", _("curves / gates"), "v"),
    Binding("run", ("l",), "log", _("log axis"), "l", footer=False),
    Binding("run", ("s",), "smooth", _("smoothing"), "s", footer=False),
    Binding("run", ("o",), "overlay", _("earlier run"), "o", footer=False),
    Binding("ended", ("r",), "replay", _("replay"), "r", footer=False),
    Binding("run", ("f",), "full", _("full screen"), "f", footer=False),
    Binding("finished", ("enter",), "back", _("back"), "enter"),
    Binding("list", ("up", "k"), "row_up", _("up"), "up", footer=False),
    Binding("list", ("down", "j"), "row_down", _("down"), "down", footer=False),
    Binding("list", ("g", "home"), "row_first", _("first"), "g", footer=False),
    Binding("list", ("G", "end"), "row_last", _("last"), "G", footer=False),
    Binding("list", ("pageup",), "row_page_up", _("page up"), "pgup", footer=False),
    Binding("list", ("pagedown",), "row_page_down", _("page down"), "pgdn", footer=False),
    Binding("home", ("enter",), "start", _("Start"), "enter"),
    Binding("quiz", ("enter",), "start", _("answer this topic"), "enter"),
    Binding("lab", ("enter",), "open", _("open"), "enter"),
    Binding("notes", ("space",), "tick", _("tick"), "space"),
    Binding("notes", ("left", "right"), "change", _("change"), "left right"),
    Binding("notes", ("enter",), "write", _("Write to file"), "enter"),
    Binding("settings", ("left", "right"), "change", _("change"), "left right"),
    Binding("settings", ("enter",), "change_next", _("change"), "enter", footer=False),
    Binding("quit", ("1", "enter"), "quit_stop", _("stop, keep the run and quit"), "1"),
    Binding("quit", ("2",), "quit_stay", _("stay"), "2"),
    Binding("scroll", ("up", "k"), "scroll_up", _("up"), "up", footer=False),
    Binding("scroll", ("down", "j"), "scroll_down", _("down"), "down", footer=False),
    Binding("scroll", ("pageup",), "scroll_page_up", _("page up"), "pgup", footer=False),
    Binding("scroll", ("pagedown",), "scroll_page_down", _("page down"), "pgdn", footer=False),
    Binding("scroll", ("g", "home"), "scroll_top", _("top"), "g", footer=False),
    Binding("scroll", ("G", "end"), "scroll_bottom", _("end"), "G", footer=False),
    Binding("session", ("m",), "note", _("add to note"), "m"),
    Binding("mode", ("1",), "mode_home", _("Home"), "1", footer=False),
    Binding("mode", ("2",), "mode_quiz", _("Quiz"), "2", footer=False),
    Binding("mode", ("3",), "mode_lab", _("Lab"), "3", footer=False),
    Binding("mode", ("4",), "mode_notes", _("Notes"), "4", footer=False),
    Binding("global", ("u",), "undo", _("undo grade"), "u"),
    Binding("global", ("y",), "copy", _("copy"), "y", footer=False),
    Binding("global", (",",), "settings", _("settings"), ",", footer=False),
    Binding("global", ("z",), "language", "中/EN", "z"),
    Binding("global", (":", "ctrl+p"), "palette", _("commands"), ":", footer=False),
    Binding("global", ("?",), "help", _("help"), "?"),
    Binding("global", ("escape", "q"), "back", _("back"), "esc"),
    Binding("global", ("ctrl+c",), "copy_or_quit", _("copy selection, or quit"), "ctrl+c", footer=False),
    Binding("global", ("tab",), "focus_next", _("next"), "tab", footer=False),
    Binding("global", ("shift+tab",), "focus_previous", _("previous"), "shift+tab", footer=False),
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
            if binding.context == context and not taken.issuperset(binding.keys):
                yield binding
        taken.update(key for binding in BINDINGS if binding.context == context for key in binding.keys)


TAKES_KEY = frozenset({"pick", "type_digit", "pace", "learning_rate", "cursor", "change"})
"""Actions of which several keys mean different things: the key is handed to them."""

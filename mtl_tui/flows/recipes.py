"""The person's own recipes: files in one folder, and edited ones that are in no file yet."""

from __future__ import annotations

from pathlib import Path

from models.events import Text
from models.pairings import PAIRINGS
from models.recipe import Recipe
from models.recipes import RECIPES, RecipeError, dumps, load
from models.recipes.files import located
from mtl_tui import places, trust
from mtl_tui.lab.commands import ArmSpec, RunSpec
from mtl_tui.locale import say


class OwnRecipes:
    """Those that can be trained are in `recipes` by name; `files` says where one stands, `faults` what is wrong.

    The name of a file is the recipe's name. A recipe without a file stays at hand until the program ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipes: dict[str, Recipe] = {}
        self.files: dict[str, Path] = {}
        self.faults: dict[str, str] = {}

    def read(self) -> None:
        """Read the folder anew."""
        for name in self.files:
            del self.recipes[name]
        self.files, self.faults = {}, {}
        for file in sorted(self.folder.glob("*.toml")):
            if is_shipped(file.stem):
                self.faults[file.stem] = say("This is a name of the program: rename {file}.", file=file)
                continue
            try:
                self.recipes[file.stem] = located(load(str(file)), file.parent)
                self.files[file.stem] = file
            except RecipeError as error:
                self.recipes.pop(file.stem, None)
                self.faults[file.stem] = str(error)

    def find(self, name: str) -> Recipe | None:
        """A recipe of the program or of the person by name."""
        return RECIPES.get(name) or self.recipes.get(name)

    def spec(self, name: str, seed: int) -> RunSpec:
        """The run of one of the person's recipes. Raises KeyError."""
        text = dumps(located(self.recipes[name], Path.cwd()))
        return RunSpec(name, (ArmSpec("A", Text(name, name), name, text=text),), seed, trusted=trust.hashes())

    def keep(self, name: str, recipe: Recipe) -> None:
        """Have a recipe at hand under a name, unless it is there already."""
        if self.find(name) != recipe:
            self.recipes[name] = recipe
            self.files.pop(name, None)

    def drop(self, name: str) -> None:
        """Forget a recipe that stands in no file."""
        if name not in self.files:
            self.recipes.pop(name, None)

    def draft_name(self, name: str, recipe: Recipe) -> str:
        """The name that this recipe goes by once it is edited: another one, unless it stands in no file."""
        written = is_shipped(name) or self.place(name).exists()
        return self.free_name(f"{name}-edited") if written or self.recipes.get(name, recipe) != recipe else name

    def free_name(self, stem: str) -> str:
        """This name, or with the first number behind it that makes it new."""
        free, n = stem, 1
        while free in self.recipes or is_shipped(free) or self.place(free).exists():
            n += 1
            free = f"{stem}-{n}"
        return free

    def place(self, text: str) -> Path:
        """The file that a typed name or path means: in the folder unless it names another."""
        file = self.folder / places.typed(text)
        return file if file.suffix == ".toml" else file.with_name(f"{file.name}.toml")

    def write(self, recipe: Recipe, file: Path) -> None:
        """Write a recipe, the whole file or nothing. Raises OSError; then an old file is as it was."""
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.part")
        try:
            part.write_text(dumps(recipe), encoding="utf-8")
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        self.recipes[file.stem] = recipe
        if file.parent == self.folder:
            self.files[file.stem] = file


def is_shipped(name: str) -> bool:
    """The program has a recipe or a pairing of this name."""
    return name in RECIPES or name in PAIRINGS

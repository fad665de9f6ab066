"""A person's own data: CSV and Parquet tables, MovieLens folders, and what is said when they do not fit."""

import random
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from models import catalogue
from models.catalogue.tasks import Movielens, Table
from models.events import Done, Evaluation, Text
from models.recipes import loads
from models.tasks import DataError, Dataset
from models.tasks.cells import moment
from models.training.run import Run, train

HEADER = "day,user,age,city,review,bought,spent\n"
CLICKS = (
    "2024-01-01,ann,20,Rome,good,yes,10\n"
    "2024-01-02,ann,30,,bad,no,\n"
    "2024-01-03,bob,,Oslo,,1,30\n"
    "2024-01-04,bob,40,Rome,good,0,20\n"
    "2024-01-05,cy,,Lima,new,,50\n"
)
CLICKS_TABLE = Table(
    labels={"bought": "binary", "spent": "regression"},
    numbers=("age",),
    categories=("city",),
    text="review",
    group="user",
    time="day",
    split="time",
)


def build(row: Table | Movielens, seed: int = 0) -> Dataset:
    return catalogue.builder(row)(row, seed)


def of(row: Table, **changes: object) -> Table:
    return msgspec.structs.replace(row, **changes)


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def clicks(tmp_path: Path) -> Table:
    return of(CLICKS_TABLE, path=written(tmp_path / "clicks.csv", HEADER + CLICKS))


def test_a_table_is_read_as_its_columns_say(clicks: Table) -> None:
    data = build(clicks)
    train, test = data.train, data.test
    assert [(task.name, task.kind) for task in data.tasks] == [("bought", "binary"), ("spent", "regression")]
    # 20, 30, -, 40 have mean 30 and variance 200 / 3; the mean stands for what is missing, and a second column says so
    age = (200 / 3) ** 0.5
    torch.testing.assert_close(train.inputs["numbers"], torch.tensor([[-10 / age, 0], [0, 0], [0, 1], [10 / age, 0]]))
    assert test.inputs["numbers"].tolist() == [[0, 1]]
    assert train.inputs["categories"].tolist() == [[2], [1], [3], [2]], "Rome, none, Oslo, Rome"
    assert test.inputs["categories"].tolist() == [[0]], "no training row has Lima"
    assert data.vocabularies == {"categories": (4,)} and not data.hashed
    assert train.labels[:, 0].tolist() == [1, 0, 1, 0]
    assert train.mask is not None and train.mask[:, 1].tolist() == [1, 0, 1, 1]
    torch.testing.assert_close(train.labels[[0, 2, 3], 1], torch.tensor([-1.0, 1, 0]) * 1.5**0.5)
    assert test.mask is not None and test.mask.tolist() == [[0, 1]]
    assert test.labels[0, 1].item() == pytest.approx(3 * 1.5**0.5), "in deviations of the training rows"
    assert train.groups is not None and train.groups.tolist() == [0, 0, 1, 1]
    assert train.texts == {"text": ("good", "bad", "", "good")} and test.texts == {"text": ("new",)}


def test_the_seed_draws_a_split_and_repeats_it(clicks: Table) -> None:
    by_seed = of(clicks, split="seed", held_out=0.4)
    splits = {build(by_seed, seed).test.texts["text"] for seed in range(5)}
    assert len(splits) > 1 and all(len(split) == 2 for split in splits)
    first, again = build(by_seed), build(by_seed)
    assert torch.equal(first.train.inputs["categories"], again.train.inputs["categories"])


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_and_a_byte_order_mark_skipped(clicks: Table, tmp_path: Path, delimiter: str) -> None:
    text = "\ufeff" + (HEADER + CLICKS).replace(",", delimiter) + "\n"
    other = of(clicks, path=written(tmp_path / "other.csv", text.replace("\n", "\r\n")))
    assert torch.equal(build(other).train.inputs["numbers"], build(clicks).train.inputs["numbers"])


def test_parquet_says_the_same_as_csv(clicks: Table, tmp_path: Path) -> None:
    rows = [line.split(",") for line in CLICKS.splitlines()]
    columns = dict(zip(HEADER.strip().split(","), zip(*rows, strict=True), strict=True))
    typed = {
        "day": pa.array([int(moment(day)) * 10**9 + 1 for day in columns["day"]]).cast(pa.timestamp("ns")),
        "user": pa.array(columns["user"]).dictionary_encode(),
        "age": pa.array([float(age) if age else None for age in columns["age"]]),
        "city": pa.array([city or None for city in columns["city"]]),
        "review": pa.array(columns["review"]),
        "bought": pa.array([word in ("yes", "1") if word else None for word in columns["bought"]]),
        "spent": pa.array([int(spent) if spent else None for spent in columns["spent"]]),
    }
    parquet.write_table(pa.table(typed), tmp_path / "clicks.parquet")
    same, csv = build(of(clicks, path=str(tmp_path / "clicks.parquet"))), build(clicks)
    for part, other in ((same.train, csv.train), (same.test, csv.test)):
        assert part.texts == other.texts and torch.equal(part.labels, other.labels)
        assert all(torch.equal(part.inputs[name], other.inputs[name]) for name in ("numbers", "categories"))


def test_a_large_vocabulary_is_hashed_and_named(tmp_path: Path) -> None:
    lines = "".join(f"{row % 2},item-{row},{'ab'[row % 2]}\n" for row in range(50_020))
    path = written(tmp_path / "large.csv", "click,item,kind\n" + lines)
    data = build(Table(path=path, labels={"click": "binary"}, categories=("item", "kind"), held_out=0.01))
    assert data.hashed == ("item",) and data.vocabularies["categories"] == (50_000, 4)
    items = data.train.inputs["categories"][:, 0]
    assert items.min() >= 2 and items.max() < 50_000
    assert 0.6 < len(items.unique()) / len(items) < 0.67, "balls in bins: 1 - 1 / e"
    assert data.test.inputs["categories"][:, 0].eq(0).all(), "no item comes twice"
    again = build(Table(path=path, labels={"click": "binary"}, categories=("item",), held_out=0.01), seed=0)
    assert torch.equal(again.train.inputs["categories"][:, 0], items)


WRONG_TABLES = [
    (HEADER + CLICKS.replace("yes", "maybe"), {}, r"clicks.csv, line 2, column bought: “maybe” is not 0 or 1, false"),
    (HEADER + CLICKS.replace("40", "old"), {}, r"clicks.csv, line 5, column age: “old” is not a number; correct it"),
    (HEADER + CLICKS.replace("40", "inf"), {}, r"line 5, column age: “inf” is not a number"),
    (HEADER + CLICKS.replace("2024-01-03", ""), {}, r"line 4, column day: an empty cell is no time, and a split by"),
    (HEADER + CLICKS.replace("bob,,", "bob,"), {}, r"line 4: 6 cells under a header of 7; correct the line"),
    (HEADER + CLICKS.replace("good", '"good" one'), {}, r"line 2: not CSV \("),
    (HEADER + CLICKS, {"numbers": ("aeg",)}, r"clicks.csv has no column aeg; did you mean age\? its columns are day,"),
    ("day,user,age,age,city,review,bought,spent\n", {}, r"has 2 columns age; rename all but one"),
    ("", {}, r"has no column bought; its columns are none"),
    (HEADER, {}, r"clicks.csv has 0 rows: a share of 0.2"),
    (HEADER + CLICKS[:35], {}, r"clicks.csv has 1 rows: a share of 0.2 held out leaves nothing"),
    (HEADER + CLICKS.replace("good", "go\udcffod"), {}, r"clicks.csv, line 2: not UTF-8; save the file as UTF-8"),
    (HEADER + CLICKS, {"labels": {"age": "binary"}}, r"Column age is a label and an input at once"),
    (HEADER + CLICKS, {"categories": ("age",)}, r"Column age is an input twice"),
    (HEADER + CLICKS, {"labels": {}}, r"tasks.labels is empty; name a column and its kind"),
    (HEADER + CLICKS, {"numbers": (), "categories": (), "text": ""}, r"name a column to learn from"),
    (HEADER + CLICKS, {"time": ""}, r"tasks.time is empty; name the column with the time"),
    (HEADER + CLICKS, {"path": ""}, r"tasks.path is empty; name a CSV or Parquet file"),
    (HEADER + CLICKS, {"path": "/nowhere/at.csv"}, r"/nowhere/at.csv cannot be read \(No such file or directory\)"),
    (
        HEADER + CLICKS.replace(",10\n", ",\n").replace(",30\n", ",\n").replace(",20\n", ",\n"),
        {},
        r"no training row has a",
    ),
]


@pytest.mark.parametrize(("text", "changes", "sentence"), WRONG_TABLES, ids=[each[2][:40] for each in WRONG_TABLES])
def test_what_is_wrong_with_a_table_is_one_sentence(tmp_path, text: str, changes: dict, sentence: str) -> None:
    path = tmp_path / "clicks.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=sentence) as caught:
        build(of(CLICKS_TABLE, **{"path": str(path), **changes}))
    assert "\n" not in str(caught.value)


def test_a_wrong_parquet_file_is_one_sentence_with_the_row(tmp_path: Path) -> None:
    table = Table(path=str(tmp_path / "t.parquet"), labels={"y": "binary"}, numbers=("x",))
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(DataError, match=r"t\.parquet is not a Parquet file that can be read \("):
        build(table)
    parquet.write_table(pa.table({"y": [0, 1, 2], "x": [[1], [2], [3]]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"t\.parquet, row 1, column x: “\[1\]” is not a number"):
        build(table)
    parquet.write_table(pa.table({"y": [0, 1, 2], "x": [1, 2, 3]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"t\.parquet, row 3, column y: “2” is not 0 or 1"):
        build(table)


def test_a_recipe_trains_on_a_table(tmp_path: Path) -> None:
    chance = random.Random(0)
    lines = []
    for _ in range(600):
        city, age = chance.choice("abcdef"), chance.random()
        lines.append(f"{int((city in 'ace') ^ (chance.random() < 0.1))},{age + chance.gauss(0, 0.1)},{city},{age}\n")
    path = written(tmp_path / "own.csv", "click,spent,city,age\n" + "".join(lines))
    recipe = loads(
        f'[tasks]\nname = "table"\npath = "{path}"\nnumbers = ["age"]\ncategories = ["city"]\n'
        '[tasks.labels]\nclick = "binary"\nspent = "regression"\n'
        '[network]\nname = "shared-bottom"\n[training]\nsteps = 200\nlearning_rate = 0.01\nreplicas = 2\n'
    )
    *_, done = events = list(train(Run([("A", Text("", ""), "own", recipe)], 0, "run")))
    assert isinstance(done, Done)
    last = {(each.replica, each.task): each.metrics for each in events if isinstance(each, Evaluation)}
    assert all(last[replica, "click"]["auc"] > 0.8 and last[replica, "spent"]["mse"] < 0.3 for replica in (0, 1))


RATINGS = [(1, 10, 5, 100), (1, 11, 3, 101), (2, 10, 4, 102), (2, 12, 1, 103), (3, 13, 4, 104)]


@pytest.mark.parametrize(
    ("file", "header", "delimiter"),
    [("u.data", "", "\t"), ("ratings.dat", "", "::"), ("ratings.csv", "userId,movieId,rating,timestamp\n", ",")],
)
def test_every_movielens_format_gives_the_same_rows(tmp_path, file: str, header: str, delimiter: str) -> None:
    text = header + "".join(delimiter.join(map(str, line)) + "\n" for line in RATINGS)
    written(tmp_path / file, text)
    data = build(Movielens(folder=str(tmp_path), split="time"))
    assert data.train.labels[:, 0].tolist() == [1, 0, 1, 0] and data.test.labels[0, 0] == 1
    assert data.train.labels[:, 1].mean().abs() < 1e-6 and data.train.labels[:, 1].var(correction=0) == pytest.approx(1)
    assert data.train.inputs["user"].tolist() == [[2], [2], [3], [3]] and data.test.inputs["user"].tolist() == [[0]]
    assert data.train.inputs["item"].tolist() == [[2], [3], [2], [4]] and data.vocabularies["item"] == (5,)
    assert data.train.groups is not None and data.train.groups.tolist() == [1, 1, 2, 2]
    broken = text.replace(f"12{delimiter}1", "12")
    written(tmp_path / file, broken)
    line = 4 + bool(header)
    with pytest.raises(DataError, match=rf"{file}:{line}: “2{delimiter}12{delimiter}103” is not user, item, rating"):
        build(Movielens(folder=str(tmp_path)))
    written(tmp_path / file, text.replace("104", "nan"))
    with pytest.raises(DataError, match=rf"{file}:{line + 1}: .* correct it there"):
        build(Movielens(folder=str(tmp_path)))
    written(tmp_path / file, header)
    with pytest.raises(DataError, match=rf"{file} holds no ratings"):
        build(Movielens(folder=str(tmp_path)))


def test_a_folder_without_ratings_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has none of u\.data, ratings\.dat, ratings\.csv; name a MovieLens folder"):
        build(Movielens(folder=str(tmp_path)))
    with pytest.raises(DataError, match=r"tasks\.folder is empty"):
        build(Movielens())

"""The scripts behind the data files that come with the program."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from models.tasks import adult as shipped
from models.tasks import reviews as shipped_reviews
from models.tasks.make import adult, reviews, wheel


def test_the_census_file_is_made_again_to_the_last_byte_of_every_array(tmp_path: Path) -> None:
    with np.load(shipped.FILE, allow_pickle=False) as file:
        ours = {name: file[name] for name in file}
    source = {name: ours[f"v_{name}"][ours[f"c_{name}"]] for name in adult.CATEGORIES}
    source |= {name: ours[f"n_{name}"].astype(np.int64) for name in adult.NUMBERS}
    content = io.BytesIO()
    parquet.write_table(pa.table(source), content, compression="brotli")
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr(f"{wheel.FOLDER}/adult.parquet.brotli", content.getvalue())
    made = adult.arrays(tmp_path / "a.whl")
    assert made.keys() == ours.keys()
    assert all(made[name].dtype == ours[name].dtype and np.array_equal(made[name], ours[name]) for name in ours)


def test_principal_components_bring_back_what_lies_in_few_dimensions() -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(500, 64)) @ chance.normal(size=(64, 384)) / 20 + 1
    basis = reviews.principal(vectors)
    components = reviews.projected(vectors, basis["pca_mean"], basis["pca_proj"])
    small = reviews.quantised(components)
    assert basis["pca_var"] == 1 and (np.diff(components.std(0)) < 0).all() and np.abs(small["emb_q8"]).max() == 127
    again = (small["emb_q8"] * small["emb_scale"]) @ basis["pca_proj"].T + basis["pca_mean"]
    assert np.abs(again - vectors).max() < 0.05 * vectors.std()


def test_the_reviews_file_is_rounded_as_its_script_rounds() -> None:
    with np.load(shipped_reviews.FILE, allow_pickle=False) as file:
        ours = {name: file[name] for name in file}
    again = reviews.quantised(ours["emb_q8"] * ours["emb_scale"])
    assert np.array_equal(again["emb_q8"], ours["emb_q8"])
    assert ours["has_text"].sum() == 22_641 and (ours["len"][~ours["has_text"]] == 0).all()

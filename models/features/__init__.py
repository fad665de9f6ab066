"""Step 2: what the network sees. Ids and numbers go to it as they are; texts become vectors here, before training.

The vectors come from a sentence-transformers model on this machine, or from an embeddings service if the recipe names
its address. They are computed once and kept in a cache.
"""

from __future__ import annotations

import dataclasses

from models.catalogue.features import SHIPPED, Features
from models.features.cache import Encoder, cached
from models.features.service import Service
from models.features.text import SentenceModel
from models.tasks import DataError, Dataset


def with_vectors(dataset: Dataset, features: Features) -> Dataset:
    """The data set with a vector in the place of every text that `features.inputs` asks for, [N, D] for each input.

    All columns are divided by one number so that their mean variance over the training rows is 1; an empty text is all
    zeros before that. Data without texts stay as they are. Raises DataError if texts and settings do not fit together,
    or the vectors cannot be had.
    """
    train, test = dataset.train, dataset.test
    encoder = _encoder(features)
    if not train.texts:
        if encoder is not None:
            raise DataError('These data hold no texts of their own; set features.text to "shipped".')
        return dataset
    first, second = dict(train.inputs), dict(test.inputs)
    for name in train.texts:
        if features.inputs and name not in features.inputs:
            continue
        if encoder is None:
            raise DataError(
                f"No vectors of the column {name} are shipped; name a sentence-transformers model in features.text, or "
                "leave the column out."
            )
        vectors = cached(encoder, [*train.texts[name], *test.texts[name]])
        vectors = vectors / (vectors[: len(train)].var(0).mean().sqrt() or 1.0)
        first[name], second[name] = vectors[: len(train)], vectors[len(train) :]
    return dataclasses.replace(
        dataset,
        train=dataclasses.replace(train, inputs=first, texts={}),
        test=dataclasses.replace(test, inputs=second, texts={}),
    )


def _encoder(features: Features) -> Encoder | None:
    if features.text != SHIPPED:
        return Service(features.address, features.text) if features.address else SentenceModel.find(features.text)
    if features.address:
        raise DataError("features.address is set and features.text names no model; name the one to ask for.")
    return None

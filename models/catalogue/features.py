"""Step 2 in the catalogue: what the network sees of the data."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

SHIPPED = "shipped"


class Features(Struct, frozen=True, forbid_unknown_fields=True):
    """Step 2: what the network sees. `inputs` names inputs of the data set; empty means all of them.

    Texts become vectors by the model that `text` names: vectors that come with the data ("shipped"), or a
    sentence-transformers model on this machine, by folder or name; with `address` the model of a service that speaks
    OpenAI's embeddings call, to which the texts are then sent.
    """

    inputs: Annotated[tuple[str, ...], Meta(description="inputs of the data set; empty: all")] = ()
    embedding: Annotated[int, Meta(ge=1, le=256, description="width of the vector of an id")] = 8
    text: Annotated[
        str,
        Meta(
            description="vectors of texts: shipped with the data, or a sentence-transformers model, by folder or name",
            examples=["sentence-transformers/all-MiniLM-L6-v2"],
        ),
    ] = SHIPPED
    address: Annotated[
        str,
        Meta(
            description="embeddings service that is sent the texts, as OpenAI's; empty: none",
            examples=["http://127.0.0.1:8080/v1"],
        ),
    ] = ""

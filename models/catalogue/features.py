"""Step 2 in the catalogue: what the network sees of the data."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Features(Struct, frozen=True, forbid_unknown_fields=True):
    """Step 2: what the network sees. `inputs` names inputs of the data set; empty means all of them."""

    inputs: Annotated[tuple[str, ...], Meta(description="inputs of the data set; empty: all")] = ()
    embedding: Annotated[int, Meta(ge=1, le=256, description="width of the vector of an id")] = 8

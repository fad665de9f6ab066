"""Vectors of texts from a service that speaks OpenAI's embeddings call; used only if a recipe names its address."""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import torch
from torch import Tensor

from models.tasks import DataError

KEY = "MTL_TUI_EMBEDDINGS_KEY"
BATCH = 32
SECONDS = 60


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Service:
    """Asks `address`/embeddings for the vectors of `model`.

    The key, if the environment has one in MTL_TUI_EMBEDDINGS_KEY, goes only over https or to this machine, and nowhere
    else: no file, no message holds it.
    """

    address: str
    model: str

    @property
    def identity(self) -> str:
        """Address and model."""
        return f"{self.address.rstrip('/')}\0{self.model}"

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Vectors [N, D] in float32. Raises DataError if the service cannot be reached or gives none."""
        vectors = [
            vector
            for start in range(0, len(texts), BATCH)
            for vector in self._asked(list(texts[start : start + BATCH]))
        ]
        if len({len(vector) for vector in vectors}) != 1:
            raise DataError(f"{self.address} sent vectors of several lengths; correct features.text.")
        return torch.tensor(vectors, dtype=torch.float32)

    def _asked(self, texts: list[str]) -> list[list[float]]:
        url = f"{self.address.rstrip('/')}/embeddings"
        body = json.dumps({"model": self.model, "input": texts}).encode()
        try:
            request = urllib.request.Request(url, body, self._headers(), method="POST")
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            raise DataError(f"{url} answered {_status(error.code)}; {_remedy(error.code)}.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise DataError(f"{url} cannot be reached ({reason}); correct features.address.") from None
        vectors = _vectors(content, len(texts))
        if vectors is None:
            raise DataError(f"{url} did not answer with {len(texts)} vectors; correct features.address.")
        return vectors

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        key = os.environ.get(KEY, "").strip()
        if key:
            if not (key.isascii() and key.isprintable()):
                raise DataError(f"{KEY} holds a character that no key has; set it again.")
            if not self._safe():
                raise DataError(f"{self.address} is not https, so no key is sent there; use https, or unset {KEY}.")
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def _safe(self) -> bool:
        parts = urlsplit(self.address)
        if parts.scheme == "https" or parts.hostname == "localhost":
            return True
        try:
            return ipaddress.ip_address(parts.hostname or "").is_loopback
        except ValueError:
            return False


def _vectors(content: bytes, count: int) -> list[list[float]] | None:
    """The vectors in an answer, in the order of the texts; None if it does not hold `count` of finite numbers."""
    try:
        data = sorted(json.loads(content)["data"], key=lambda each: int(each["index"]))
        vectors = [[float(number) for number in each["embedding"]] for each in data]
    except (ValueError, TypeError, KeyError):
        return None
    whole = [each["index"] for each in data] == list(range(count)) and all(vectors)
    return vectors if whole and torch.tensor(sum(map(sum, vectors))).isfinite() else None


def _status(code: int) -> str:
    return f"{code} {http.client.responses.get(code, '')}".strip()


def _remedy(code: int) -> str:
    if code in (401, 403):
        return f"set {KEY}"
    if code == 429 or code >= 500:
        return "try again later"
    return "correct features.address or features.text"

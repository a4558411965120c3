"""A client of Marquee, the recommendation service that you host yourself.

One file that needs nothing but Python 3.9. The methods of `Marquee` bear the operation ids of the
service's openapi.yaml in snake case, and give its JSON as it is.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import secrets
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, NamedTuple, TypedDict, Union
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from typing_extensions import Literal, Unpack

__all__ = ["JobEvent", "Marquee", "ProblemError", "each_item"]

Json = dict[str, Any]
File = Union[str, "os.PathLike[str]", BinaryIO]

MOST_RETRY_SECONDS = 30.0
"""The longest that is waited for a service that asks for more."""

BLOCK_BYTES = 65_536

REPEATABLE_POST = re.compile(
    "/v1/(predictions|recommendations(/batch)?|ratings/batch|training-jobs)"
)
"""Posts that change nothing, or that the service does once however often they are sent."""

NOT_BEGUN = ("overloaded", "shutting-down", "too-many-imports")
"""Codes of what the service refused before it began."""


class ProblemError(Exception):
    """What the service, or a proxy before it, refused, and why."""

    def __init__(self, status: int, request_id: str | None, body: bytes) -> None:
        self.status = status
        self.request_id = request_id
        """Names the request in the log of the service."""
        self.problem = _problem(body)
        """The problem document (RFC 9457); None for other answers, such as those of proxies."""
        problem = self.problem or {}
        self.code: str | None = problem.get("code")
        """Stable: branch on it."""
        self.detail: str | None = problem.get("detail")
        self.errors: list[Json] = problem.get("errors", [])
        """Each thing wrong with the input: `pointer` and `detail`."""
        super().__init__(
            self.detail or problem.get("title") or f"The service answered with status {status}."
        )


class JobEvent(NamedTuple):
    """An event of a training job; `progress` has no id, as it is not told again."""

    id: str | None
    type: str
    data: Json


class Page(TypedDict, total=False):
    n: int
    cursor: str | None


class MovieFilter(TypedDict, total=False):
    genres: Sequence[str]
    year_from: int
    year_to: int
    min_ratings: int


class Ranking(Page, MovieFilter, total=False):
    pass


class Recommending(Page, MovieFilter, total=False):
    order_by: Literal["relevance", "rating"]
    exclude_rated: bool
    exclude_disliked: bool
    exclude_movie_ids: Sequence[str]
    candidate_movie_ids: Sequence[str]
    diversity: float
    explain: bool


class Similar(MovieFilter, total=False):
    n: int


def each_item(page: Callable[[str | None], Json]) -> Iterator[Json]:
    """The items of all pages, the next page being asked for when it is come to."""
    cursor: str | None = None
    while True:
        answer = page(cursor)
        yield from answer["items"]
        cursor = answer["nextCursor"]
        if cursor is None:
            return


class Marquee:
    """The calls of a service; each raises a `ProblemError` where the service refuses.

    What is refused with 503 and `Retry-After` is sent again, `retries` times, but for a POST that
    may have been done and would be done twice. Each POST bears an `Idempotency-Key`, which batches
    of ratings heed. `key` is the API key, or gives the present one; `timeout` is of each read and
    write, in seconds. May be shared by threads.
    """

    def __init__(
        self,
        base_url: str,
        key: str | Callable[[], str | None] | None = None,
        *,
        retries: int = 3,
        timeout: float = 120.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._base = urlsplit(base_url)
        if self._base.scheme not in ("http", "https") or not self._base.hostname:
            raise ValueError(f"expected http://host or https://host, not {base_url!r}")
        self._key = key
        self._retries = retries
        self._timeout = timeout
        self._context = context

    # Any call

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Any:
        """The JSON that a call answers; None where it has no body. For what has no method below."""
        content = None if body is None else json.dumps(body).encode()
        with self._open(method, path, query, content, "application/json") as response:
            text = response.read()
        return json.loads(text) if text else None

    def _open(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: bytes | BinaryIO | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> http.client.HTTPResponse:
        """The answer, whose body is to be read and closed."""
        target = self._base.path.rstrip("/") + path
        asked = {_camel(name): _texts(name, value) for name, value in (query or {}).items()}
        if pairs := urlencode({name: texts for name, texts in asked.items() if texts}, doseq=True):
            target += "?" + pairs
        sent = dict(headers or {})
        key = self._key() if callable(self._key) else self._key
        if key:
            sent["authorization"] = f"Bearer {key}"
        if method == "POST":
            sent["idempotency-key"] = secrets.token_hex(16)
        if body is not None and content_type:
            sent["content-type"] = content_type
        start = _start_of(body)
        left = self._retries
        while True:
            response = self._send(method, target, body, sent)
            if response.status < 300:
                return response
            with response:
                seconds = _seconds(response.getheader("retry-after"))
                can_repeat = left > 0 and seconds <= MOST_RETRY_SECONDS and start is not None
                error = ProblemError(
                    response.status, response.getheader("x-request-id"), response.read()
                )
                is_once = method != "POST" or REPEATABLE_POST.fullmatch(path)
                is_safe = is_once or error.code in NOT_BEGUN
                if error.status != 503 or not can_repeat or not is_safe:
                    raise error
            left -= 1
            time.sleep(seconds)
            if body is not None and not isinstance(body, bytes):
                body.seek(start or 0)

    def _send(
        self, method: str, target: str, body: bytes | BinaryIO | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        host, port = self._base.hostname or "", self._base.port
        connection: http.client.HTTPConnection
        if self._base.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, port, timeout=self._timeout, blocksize=BLOCK_BYTES, context=self._context
            )
        else:
            connection = http.client.HTTPConnection(
                host, port, timeout=self._timeout, blocksize=BLOCK_BYTES
            )
        try:
            connection.connect()
            # Who is refused in the midst of a long body is told why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, target, body, {**_length(body), **headers})
            return connection.getresponse()
        finally:
            # The answer has a handle of its own. The server is not asked to close the connection: it
            # might do so while a body that it refuses is being sent, and the reason would be lost.
            if connection.sock:
                connection.sock.close()
                connection.sock = None

    def _upload(self, path: str, file: File, **query: Any) -> Json:
        """Sends a file as the body, a block at a time."""
        kind = "application/octet-stream"
        with _opened(file, "rb") as body, self._open("POST", path, query, body, kind) as response:
            answer: Json = json.loads(response.read())
        return answer

    def _download(self, path: str, to: File) -> None:
        """Writes the body to a file, a block at a time; a path has all of it or stays as it was."""
        with self._open("GET", path) as response, _opened(to, "wb") as file:
            for block in _blocks(response):
                file.write(block)

    # Files in and out: a path, or a file opened for bytes

    def import_archive(self, file: File, *, rating_scale: str | None = None) -> Json:
        return self._upload("/v1/import", file, rating_scale=rating_scale)

    def import_ratings(
        self, file: File, *, rating_scale: str | None = None, columns: str | None = None
    ) -> Json:
        return self._upload("/v1/ratings/import", file, rating_scale=rating_scale, columns=columns)

    def import_movies(self, file: File) -> Json:
        return self._upload("/v1/movies/import", file)

    def import_users(self, file: File) -> Json:
        return self._upload("/v1/users/import", file)

    def list_imports(self, **page: Unpack[Page]) -> Json:
        return self._get("/v1/imports", page)

    def get_import(self, import_id: str) -> Json:
        return self._get(f"/v1/imports/{_part(import_id)}")

    def undo_import(self, import_id: str) -> Json:
        return self._json("DELETE", f"/v1/imports/{_part(import_id)}")

    def export_ratings(self, to: File) -> None:
        self._download("/v1/ratings/export", to)

    def get_statistics(self) -> Json:
        return self._get("/v1/statistics")

    # Training jobs, of any kind

    def start_training(self, job: Mapping[str, Any]) -> Json:
        return self._json("POST", "/v1/training-jobs", job)

    def list_trainings(self, *, state: Sequence[str] | None = None, **page: Unpack[Page]) -> Json:
        return self._get("/v1/training-jobs", {"state": state, **page})

    def get_training(self, job_id: str) -> Json:
        return self._get(f"/v1/training-jobs/{_part(job_id)}")

    def cancel_training(self, job_id: str) -> Json:
        return self._json("DELETE", f"/v1/training-jobs/{_part(job_id)}")

    def follow_training(self, job_id: str, *, after: str | None = None) -> Iterator[JobEvent]:
        """The events of a job until it has ended.

        Where the connection is cut it asks again for what came after the last one; a `ProblemError`
        where the service refuses.
        """
        path = f"/v1/training-jobs/{_part(job_id)}/events"
        last, pause = after, 2.0
        while True:
            headers = {} if last is None else {"last-event-id": last}
            try:
                with self._open("GET", path, headers=headers) as response:
                    for fields in _messages(response):
                        # By the standard, in milliseconds and of digits alone.
                        if re.fullmatch("[0-9]+", fields.get("retry", "")):
                            pause = int(fields["retry"]) / 1_000
                        if "data" not in fields:
                            continue
                        last = fields.get("id", last)
                        event = fields.get("event", "message")
                        yield JobEvent(fields.get("id"), event, json.loads(fields["data"]))
                        if event == "ended":
                            return
            except ProblemError as error:
                if error.status < 500:
                    raise
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(pause)

    def wait_for_training(self, job_id: str, *, timeout: float | None = None) -> Json:
        """The job once it has ended, whose `state` says how; a `TimeoutError` after that time."""
        ends = ("completed", "failed", "cancelled")
        return _wait(lambda: self.get_training(job_id), lambda job: job["state"] in ends, timeout)

    # Models

    def list_models(self) -> Json:
        return self._get("/v1/models")

    def get_model(self, version: str) -> Json:
        return self._get(f"/v1/models/{_part(version)}")

    def get_model_file(self, version: str, to: File) -> None:
        self._download(f"/v1/models/{_part(version)}/model.safetensors", to)

    def promote_model(self, version: str) -> Json:
        return self._json("POST", f"/v1/models/{_part(version)}/promote")

    def rollback_model(self) -> Json:
        return self._json("POST", "/v1/models/rollback")

    # Lists for all users

    def list_batches(self) -> Json:
        return self._get("/v1/batches")

    def get_batch(self, batch_id: str) -> Json:
        return self._get(f"/v1/batches/{_part(batch_id)}")

    def get_batch_part(self, batch_id: str, part: int, to: File) -> None:
        self._download(f"/v1/batches/{_part(batch_id)}/parts/{part}", to)

    def delete_batch(self, batch_id: str) -> Json:
        return self._json("DELETE", f"/v1/batches/{_part(batch_id)}")

    # Predictions and lists

    def predict_rating(self, user_id: str, movie_id: str, *, interval: float | None = None) -> Json:
        path = f"/v1/users/{_part(user_id)}/predictions/{_part(movie_id)}"
        return self._get(path, {"interval": interval})

    def predict_ratings(self, question: Mapping[str, Any]) -> Json:
        return self._json("POST", "/v1/predictions", question)

    def recommend_movies(self, user_id: str, **query: Unpack[Recommending]) -> Json:
        return self._get(f"/v1/users/{_part(user_id)}/recommendations", query)

    def recommend_movies_to(self, question: Mapping[str, Any]) -> Json:
        return self._json("POST", "/v1/recommendations", question)

    def recommend_movies_to_many(self, question: Mapping[str, Any]) -> Iterator[Json]:
        """A line for each user, as they come."""
        body = json.dumps(question).encode()
        path = "/v1/recommendations/batch"
        with self._open("POST", path, None, body, "application/json") as response:
            for line in _lines(response):
                yield json.loads(line)

    def explain_rating(
        self,
        user_id: str,
        movie_id: str,
        *,
        of: Literal["relevance", "rating"] | None = None,
        n: int | None = None,
    ) -> Json:
        path = f"/v1/users/{_part(user_id)}/explanations/{_part(movie_id)}"
        return self._get(path, {"of": of, "n": n})

    def find_similar_users(self, user_id: str, *, n: int | None = None) -> Json:
        return self._get(f"/v1/users/{_part(user_id)}/similar", {"n": n})

    def find_similar_movies(self, movie_id: str, **query: Unpack[Similar]) -> Json:
        return self._get(f"/v1/movies/{_part(movie_id)}/similar", query)

    def rank_movies_by_bias(
        self,
        *,
        order: Literal["top", "bottom"] | None = None,
        most_rated: int | None = None,
        **query: Unpack[Ranking],
    ) -> Json:
        more = {"order": order, "most_rated": most_rated}
        return self._get("/v1/movies/rankings/bias", {**query, **more})

    def rank_movies_by_mean(
        self,
        *,
        order: Literal["top", "bottom"] | None = None,
        damping: int | None = None,
        **query: Unpack[Ranking],
    ) -> Json:
        return self._get("/v1/movies/rankings/mean", {**query, "order": order, "damping": damping})

    def rank_movies_by_popularity(self, **query: Unpack[Ranking]) -> Json:
        return self._get("/v1/movies/rankings/popular", query)

    def rank_movies_by_trend(
        self,
        *,
        window: Literal["day", "week", "month", "year"] | None = None,
        **query: Unpack[Ranking],
    ) -> Json:
        return self._get("/v1/movies/rankings/trending", {**query, "window": window})

    # Ratings as they come

    def list_user_ratings(self, user_id: str, **page: Unpack[Page]) -> Json:
        return self._get(f"/v1/users/{_part(user_id)}/ratings", page)

    def get_rating(self, user_id: str, movie_id: str) -> Json:
        return self._get(f"/v1/users/{_part(user_id)}/ratings/{_part(movie_id)}")

    def put_rating(self, user_id: str, movie_id: str, rating: Mapping[str, Any]) -> Json:
        return self._json("PUT", f"/v1/users/{_part(user_id)}/ratings/{_part(movie_id)}", rating)

    def delete_rating(self, user_id: str, movie_id: str) -> None:
        self.request("DELETE", f"/v1/users/{_part(user_id)}/ratings/{_part(movie_id)}")

    def rate_many(self, ratings: Sequence[Mapping[str, Any]]) -> Json:
        return self._json("POST", "/v1/ratings/batch", ratings)

    # Movies

    def search_movies(
        self,
        *,
        ids: Sequence[str] | None = None,
        title: str | None = None,
        genres: Sequence[str] | None = None,
        **page: Unpack[Page],
    ) -> Json:
        return self._get("/v1/movies", {"ids": ids, "title": title, "genres": genres, **page})

    def list_genres(self) -> Json:
        return self._get("/v1/genres")

    def get_movie(self, movie_id: str) -> Json:
        return self._get(f"/v1/movies/{_part(movie_id)}")

    def put_movie(self, movie_id: str, movie: Mapping[str, Any]) -> Json:
        return self._json("PUT", f"/v1/movies/{_part(movie_id)}", movie)

    def patch_movie(self, movie_id: str, change: Mapping[str, Any]) -> Json:
        return self._json("PATCH", f"/v1/movies/{_part(movie_id)}", change)

    def delete_movie(self, movie_id: str) -> None:
        self.request("DELETE", f"/v1/movies/{_part(movie_id)}")

    # Users

    def export_user(self, user_id: str) -> Json:
        return self._get(f"/v1/users/{_part(user_id)}/export")

    def erase_user(self, user_id: str) -> Json:
        return self._json("DELETE", f"/v1/users/{_part(user_id)}")

    def get_erasure(self, erasure_id: str) -> Json:
        return self._get(f"/v1/erasures/{_part(erasure_id)}")

    def wait_for_erasure(self, erasure_id: str, *, timeout: float | None = None) -> Json:
        """The receipt once all is done; a `TimeoutError` after that time."""
        receipt = lambda: self.get_erasure(erasure_id)  # noqa: E731
        return _wait(receipt, lambda erasure: erasure["finishedAt"] is not None, timeout)

    # The service

    def is_ready(self, *, for_: Literal["reads", "writes", "training"] | None = None) -> Json:
        return self._get("/health/ready", {"for": for_})

    def list_engines(self) -> Json:
        return self._get("/v1/engines")

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Json:
        answer: Json = self.request("GET", path, query=query)
        return answer

    def _json(self, method: str, path: str, body: Any = None) -> Json:
        answer: Json = self.request(method, path, body=body)
        return answer


def _problem(body: bytes) -> Json | None:
    try:
        problem = json.loads(body)
    except ValueError:
        return None
    return problem if isinstance(problem, dict) and {"code", "title"} <= problem.keys() else None


def _seconds(text: str | None) -> float:
    """What `Retry-After` says; infinite where it says nothing, or a date."""
    return float(text) if text and re.fullmatch(r"\d+(\.\d+)?", text) else float("inf")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _texts(name: str, value: Any) -> list[str]:
    """A value of a query, or several; none of None.

    A query cannot say "none of them": an empty sequence would ask for all, as None does. Only where
    movies are left out is that what it means.
    """
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    texts = [str(value)] if isinstance(value, (str, int, float)) else list(value)
    if not texts and not name.startswith("exclude_"):
        raise ValueError(f"{name} is empty, which would ask for all: give None for that")
    return texts


def _part(name: str) -> str:
    """An id as a part of a path."""
    return quote(name, safe="")


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body as it comes; an `IncompleteRead` where it is cut off."""
    while block := response.read1(BLOCK_BYTES):
        yield block
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)


def _lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The lines of a body as they come. To iterate over the answer would end at a cut as at the end."""
    rest = b""
    for block in _blocks(response):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _messages(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """The fields of each message of an event stream; what a cut left unfinished is dropped."""
    fields: dict[str, str] = {}
    for line in lines:
        text = line.decode(errors="replace").rstrip("\r\n")
        if not text:
            yield fields
            fields = {}
            continue
        name, _, value = text.partition(":")
        value = value[1:] if value.startswith(" ") else value
        fields[name] = f"{fields[name]}\n{value}" if name == "data" in fields else value


def _start_of(body: bytes | BinaryIO | None) -> int | None:
    """Where to begin again; None where a body can be read only once."""
    if body is None or isinstance(body, bytes):
        return 0
    return body.tell() if body.seekable() else None


def _length(body: bytes | BinaryIO | None) -> dict[str, str]:
    """What a file still holds; of others http.client says it, or sends chunks."""
    if body is None or isinstance(body, bytes) or not body.seekable():
        return {}
    start = body.tell()
    end = body.seek(0, os.SEEK_END)
    body.seek(start)
    return {"content-length": str(end - start)}


@contextlib.contextmanager
def _opened(file: File, mode: Literal["rb", "wb"]) -> Iterator[BinaryIO]:
    """A file at a path, which is there only once all of it is written; others are left open."""
    if not isinstance(file, (str, os.PathLike)):
        yield file
        return
    if mode == "rb":
        with open(file, "rb") as opened:
            yield opened
        return
    unfinished = f"{os.fspath(file)}.part"
    try:
        with open(unfinished, "wb") as opened:
            yield opened
        os.replace(unfinished, file)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(unfinished)
        raise


def _wait(get: Callable[[], Json], is_done: Callable[[Json], bool], timeout: float | None) -> Json:
    """Asks until it is done, every two seconds in the end, also while the service is away."""
    end = None if timeout is None else time.monotonic() + timeout
    pause = 0.1
    while True:
        try:
            answer = get()
            if is_done(answer):
                return answer
        except ProblemError as error:
            if error.status < 500:
                raise
        except (OSError, http.client.HTTPException):
            pass
        if end is not None and time.monotonic() + pause > end:
            raise TimeoutError(f"not done after {timeout:g} s")
        time.sleep(pause)
        pause = min(2 * pause, 2.0)

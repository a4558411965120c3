"""Prints, for each method of the client that is a call, what it would send if all were given."""

import inspect
import io
import json
from urllib.parse import parse_qs, unquote, urlsplit

import marquee_client

BODIES = ("job", "question", "rating", "ratings", "movie", "change")


class Sent(Exception):
    pass


class Recording(marquee_client.Marquee):
    def _send(self, method, target, body, headers):
        url = urlsplit(target)
        raise Sent(
            {
                "method": method,
                "path": unquote(url.path),
                "query": sorted(parse_qs(url.query)),
                "headers": sorted(headers),
                "hasBody": body is not None,
            }
        )


def camel(name):
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def given(parameter):
    """The names that a parameter takes, with a value for each."""
    if parameter.kind is parameter.VAR_KEYWORD:
        names = getattr(marquee_client, parameter.annotation[len("Unpack[") : -1]).__annotations__
        return dict.fromkeys(names, "x")
    if parameter.name in ("file", "to"):
        return {parameter.name: io.BytesIO()}
    if parameter.name in BODIES:
        return {parameter.name: {}}
    if parameter.default is not parameter.empty:
        return {parameter.name: "x"}
    return {parameter.name: "{" + camel(parameter.name) + "}"}


client = Recording("http://127.0.0.1")
calls = {}
for name, method in inspect.getmembers(client, inspect.ismethod):
    if name.startswith("_") or name.startswith("wait_for_") or name == "request":
        continue
    arguments = {}
    for parameter in inspect.signature(method).parameters.values():
        arguments.update(given(parameter))
    try:
        answer = method(**arguments)
        next(answer)
    except Sent as sent:
        calls[camel(name)] = sent.args[0]
print(json.dumps(calls))

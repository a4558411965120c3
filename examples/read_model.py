#!/usr/bin/env python3
"""Predicts a rating from a model's file, with nothing but Python itself.

    curl -o model.safetensors "$api/v1/models/$version/model.safetensors"
    python3 read_model.py model.safetensors USER MOVIE

prints the rating that GET /v1/users/USER/predictions/MOVIE gives. The file is in the safetensors
format (https://github.com/huggingface/safetensors#format); its metadata say which algorithm made
it, the formula in the names of its tensors, and where the ids stand.
"""

import array
import json
import math
import struct
import sys

TYPES = {"F64": "d", "F32": "f", "U32": "I", "I16": "h", "U8": "B"}


class Model:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        (length,) = struct.unpack("<Q", data[:8])
        self.entries = json.loads(data[8 : 8 + length])
        self.metadata = self.entries.pop("__metadata__")
        self.data = memoryview(data)[8 + length :]
        self.user_index = self.index_of_ids("user_ids")
        self.movie_index = self.index_of_ids("movie_ids")

    def shape(self, name):
        return self.entries[name]["shape"]

    def numbers(self, name, start=0, count=None):
        """`count` numbers of a tensor from the `start`-th on; all where it is not given."""
        entry = self.entries[name]
        numbers = array.array(TYPES[entry["dtype"]])
        first, end = entry["data_offsets"]
        start = first + start * numbers.itemsize
        numbers.frombytes(self.data[start : end if count is None else start + count * numbers.itemsize])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def row(self, name, index):
        columns = math.prod(self.shape(name)[1:])
        return self.numbers(name, index * columns, columns)

    def index_of_ids(self, name):
        offsets = self.numbers(name + "_offsets")
        text = self.numbers(name + "_utf8").tobytes()
        return {text[offsets[i] : offsets[i + 1]].decode(): i for i in range(len(offsets) - 1)}

    def predict(self, user_id, movie_id):
        user = self.user_index.get(user_id)
        movie = self.movie_index.get(movie_id)
        if user is None or movie is None:
            rating = self.numbers("baseline_mean")[0]
            rating += 0 if user is None else self.row("baseline_user_bias", user)[0]
            rating += 0 if movie is None else self.row("baseline_movie_bias", movie)[0]
        else:
            rating = self.score(self.row("user_factors", user), self.row("movie_factors", movie))
            rating += self.row("user_bias", user)[0] if "user_bias" in self.entries else 0
            rating += self.row("movie_bias", movie)[0] if "movie_bias" in self.entries else 0
            if "rating_range" in self.entries:
                lowest, highest = self.numbers("rating_range")
                rating = lowest + (highest - lowest) / (1 + math.exp(-rating))
        # The scale is written in decimals: 0.1 in single precision is 0.10000000149.
        lowest, highest = (float("%.6g" % end) for end in self.numbers("rating_scale"))
        rating = min(highest, max(lowest, rating))
        # The service shows four decimals of a star, which is a quarter of the scale.
        star = (highest - lowest) / 4 or 1
        steps = 10 ** max(0, 4 - math.floor(math.log10(star)))
        return math.floor(rating * steps + 0.5) / steps

    def score(self, user, movie):
        """u · v, or the output of the network for [u, v]; its layers but the last are rectified."""
        layers = sum(name.endswith(".weight") for name in self.entries)
        if layers == 0:
            return math.fsum(u * v for u, v in zip(user, movie))
        values = [*user, *movie]
        for n in range(layers):
            bias = self.numbers("layers.%d.bias" % n)
            weights = "layers.%d.weight" % n
            values = [
                b + math.fsum(w * x for w, x in zip(self.row(weights, unit), values))
                for unit, b in enumerate(bias)
            ]
            if n < layers - 1:
                values = [max(0, value) for value in values]
        return values[0]


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: read_model.py FILE USER MOVIE")
    model = Model(sys.argv[1])
    print("algorithm:", model.metadata.get("algorithm", "unknown"), file=sys.stderr)
    print("formula:", model.metadata.get("formula", "not told"), file=sys.stderr)
    print("%.10g" % model.predict(sys.argv[2], sys.argv[3]))

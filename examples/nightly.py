#!/usr/bin/env python3
"""What a site does each night: the day's ratings in, a training, and lists for all users out.

    pip install ./clients/python    # or: export PYTHONPATH=clients/python/src
    MARQUEE=http://127.0.0.1:3000 MARQUEE_KEY=… python3 examples/nightly.py 2026-11-26.csv lists/

The key has the role "admin"; TRAINING may hold the JSON of other settings. Ends with 0 when all is done, with
75 where it is worth trying again later, and with 1 where somebody has to look; what was wrong is one line on
stderr. May be run again at any time. The folder has the lists of one batch alone, and those before them until
all new ones have come.
"""

import hashlib
import http.client
import json
import os
import shutil
import socket
import sys

from marquee_client import Marquee, ProblemError

HOURS = 3600
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h


def main(day, folder):
    marquee = Marquee(
        os.environ.get("MARQUEE", "http://127.0.0.1:3000"), os.environ.get("MARQUEE_KEY")
    )
    taken = marquee.import_ratings(day)
    print(f"{taken['accepted']} ratings taken, {taken['refused']} refused")

    settings = json.loads(os.environ.get("TRAINING", '{"algorithm": "bayes"}'))
    training = finished(marquee, settings)
    promotion = training["promotion"]
    print(f"model {training['model']}: {promotion['reason']}")

    # Of the model that serves, which need not be the new one.
    job = finished(marquee, {"kind": "recommend-all", "format": "csv", "list": {"n": 50}})
    batch = marquee.get_batch(job["id"])
    folder = os.path.realpath(folder)
    fresh, old = f"{folder}.new", f"{folder}.old"
    for left in (fresh, old) if os.path.exists(folder) else (fresh,):
        shutil.rmtree(left, ignore_errors=True)
    os.makedirs(fresh)
    for part in batch["parts"]:
        file = os.path.join(fresh, f"{part['part']:05}.csv")
        marquee.get_batch_part(batch["id"], part["part"], file)
        if sha256(file) != part["sha256"]:
            raise OSError(f"{file} is not what Marquee wrote")
    if os.path.exists(folder):
        os.rename(folder, old)
    os.rename(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
    print(f"lists of {batch['users']} users in {folder}")


def finished(marquee, request):
    """A job once it is completed; the one that is under way where the same was asked for before."""
    try:
        job_id = marquee.start_training(request)["id"]
    except ProblemError as error:
        if error.code != "duplicate-job":
            raise
        job_id = error.problem["jobId"]
    job = marquee.wait_for_training(job_id, timeout=6 * HOURS)
    if job["state"] != "completed":
        reason = (job["error"] or {}).get("detail", "")
        raise RuntimeError(f"{job['kind']} {job_id} {job['state']}: {reason}")
    return job


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(65_536):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: nightly.py FILE FOLDER")
    try:
        main(*sys.argv[1:])
    except (ProblemError, OSError, RuntimeError, http.client.HTTPException) as error:
        print(f"nightly: {error}", file=sys.stderr)
        is_busy = isinstance(error, ProblemError) and error.status in (429, 502, 503, 504)
        # Python 3.9 has a class of its own for connections on which nothing comes.
        away = (ConnectionError, TimeoutError, socket.timeout, http.client.HTTPException)
        sys.exit(TRY_LATER if is_busy or isinstance(error, away) else 1)

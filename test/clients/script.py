"""What script.ts does, by the client for Python: the two tell the same."""

import json
import os
import sys

from marquee_client import Marquee, ProblemError, each_item

base_url, key, folder, job = sys.argv[1:]
marquee = Marquee(base_url, key)
told = {}

movies = marquee.import_movies(os.path.join(folder, "movies.csv"))
ratings = marquee.import_ratings(os.path.join(folder, "ratings.csv"))
told["imports"] = [movies, ratings]

job_id = marquee.start_training(json.loads(job))["id"]
told["events"] = [
    [event.type, event.data]
    for event in marquee.follow_training(job_id)
    if event.type not in ("progress", "promotion")
]
trained = marquee.get_training(job_id)
marquee.promote_model(trained["model"])
told["state"] = trained["state"]

user = "15"
told["prediction"] = marquee.predict_rating(user, "318", interval=0.9)
told["predictions"] = marquee.predict_ratings({"userId": user, "movieIds": ["318", "858", "none"]})


def recommend(user_id):
    return marquee.recommend_movies(
        user_id, n=5, genres=["Drama", "Comedy"], min_ratings=2, explain=True
    )


top = recommend(user)
movie = top["items"][0]["movieId"]
marquee.put_rating(user, movie, {"rating": 1.5})
told["lists"] = [top, recommend(user)]
marquee.delete_rating(user, movie)

told["pages"] = [
    found["movieId"]
    for found in each_item(lambda cursor: marquee.search_movies(title="star", n=10, cursor=cursor))
]

# Refused once for want of time, by what is between.
told["genres"] = marquee.list_genres()

told["problems"] = []
for ask in (
    lambda: marquee.get_movie("none"),
    lambda: marquee.put_rating(user, movie, {"rating": 77}),
):
    try:
        ask()
    except ProblemError as error:
        is_named = (error.problem or {})["instance"] == f"#{error.request_id}"
        told["problems"].append([error.status, error.code, error.errors, str(error), is_named])

eve = "eve/1"
batch = marquee.rate_many(
    [{"userId": eve, "movieId": movie_id, "rating": 5} for movie_id in ("318", "858", "296")]
)
before = [
    [item["movieId"], item["rating"]] for item in marquee.list_user_ratings(eve, n=2)["items"]
]
receipt = marquee.wait_for_erasure(marquee.erase_user(eve)["id"])
told["erased"] = [
    batch,
    before,
    [step["step"] for step in receipt["steps"]],
    marquee.list_user_ratings(eve, n=2)["items"],
]

for report in (ratings, movies):
    marquee.undo_import(report["segment"])
print(json.dumps(told))

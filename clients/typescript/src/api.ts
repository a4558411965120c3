// Made from openapi.yaml by `npm run openapi`; change the routes.

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive
         * @description Asks nothing else: restart the process when this does not answer. For anybody, without a key.
         */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process ready for requests
         * @description For reads a model must be loaded; Redis may be away. For writes Redis and store must take them; a model need not be there. For training there must be ratings, too. What is damaged is left out and named: it degrades. For anybody, without a key.
         */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/predictions/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Predict one user's rating of one movie
         * @description A user that the model does not know is answered from the movie alone. Role: `read` or higher; with a user token for its own user.
         */
        get: operations["predictRating"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict many ratings
         * @description Of `pairs` of a user and a movie; or of `movieIds` for one `userId`, which costs less; or of `movieIds` from the `ratings` of somebody unknown, which are folded into the model for this answer alone. A movie that is not known gets an `error` in place of a rating and spoils no other. While an experiment runs, each pair is answered from the arm of its user. Role: `read` or higher; with a user token for its own user, by `userId`.
         */
        post: operations["predictRatings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the ratings of a user
         * @description Those behind the model, and over them what was told since; a file imported since is seen with the next model. Role: `read` or higher; with a user token for its own user.
         */
        get: operations["listUserRatings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/ratings/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user's rating of a movie
         * @description Role: `read` or higher; with a user token for its own user.
         */
        get: operations["getRating"];
        /**
         * Rate a movie
         * @description In place of what the user gave it before. Once it is answered, Redis has it and this process takes it into account; the others do within a moment. Models learn of it at their next training. Role: `write` or higher; with a user token with the scope "rate" for its own user.
         */
        put: operations["putRating"];
        post?: never;
        /**
         * Take a rating back
         * @description Also one that came in a file; it counts no more for answers, nor for the next training. The same answer where there is none. Role: `write` or higher; with a user token with the scope "rate" for its own user.
         */
        delete: operations["deleteRating"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings/compaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fold live ratings into a segment
         * @description Moves what was rated so far from Redis to the store. A worker does it within seconds; every training does so first, and workers by themselves when there are many. Role: `admin`.
         */
        post: operations["compactRatings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recommend movies to a user
         * @description The movies that suit the user best, each with its predicted rating. A user that the model does not know gets the movies that are liked best in general; `basis` says so. Role: `read` or higher; with a user token for its own user.
         */
        get: operations["recommendMovies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recommend movies to a user, or to whoever gave these ratings
         * @description As the list of a user, with its parameters in the body; or the list of somebody unknown, whose ratings are folded into the model for this answer alone (`basis` is `folded-in`, or `movie-bias` where the model knows none of the movies). Role: `read` or higher; with a user token for its own user, by `userId`.
         */
        post: operations["recommendMoviesTo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommendations/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recommend movies to many users
         * @description One line of JSON for each of `users`, in their order, all from one model (from that of their arm, while an experiment runs): what `POST /v1/recommendations` answers, or `{"line": …, "code": …, "detail": …, "errors": […]}` where there is something wrong with that user, `line` counting from 0. The lines are made as they are read. Role: `read` or higher; with a user token for its own user, by `userId`.
         */
        post: operations["recommendMoviesToMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/rankings/bias": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rank movies by their bias
         * @description The bias is what is left of a rating once the tastes of the users are taken out: how good a movie is to those who would not have liked its kind, too. Role: `public` or higher, and for user tokens.
         */
        get: operations["rankMoviesByBias"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/rankings/mean": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rank movies by their damped mean rating
         * @description Damped, so that one rating of five stars makes no best movie. Role: `public` or higher, and for user tokens.
         */
        get: operations["rankMoviesByMean"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/rankings/popular": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rank movies by how many rated them
         * @description Role: `public` or higher, and for user tokens.
         */
        get: operations["rankMoviesByPopularity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/rankings/trending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rank movies by how much more they were rated lately than before
         * @description Counted when the model was trained, from all its ratings. Empty where ratings have no times, and for models trained before this was counted. Role: `public` or higher, and for user tokens.
         */
        get: operations["rankMoviesByTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/{movieId}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find movies that are liked by the same users
         * @description Movies that the same people like, those that many like before those that hardly anybody knows. A movie with fewer than ten ratings is compared by its genres and predicted ratings, too. Role: `public` or higher, and for user tokens.
         */
        get: operations["findSimilarMovies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find users with the same tastes
         * @description Users who like the same movies, those with many ratings before those with few. Role: `read` or higher.
         */
        get: operations["findSimilarUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/explanations/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain why a movie is recommended by what the user rated
         * @description An exact split of the score over the user's own ratings, were they folded into the model as those of somebody unknown: of the relevance, by which lists are ordered, or of the predicted rating. Everything is `prior` for a user that the model does not know. Role: `read` or higher; with a user token for its own user.
         */
        get: operations["explainRating"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List or search the catalogue
         * @description Needs no model; the catalogue is empty before the first import of movies. Role: `public` or higher, and for user tokens.
         */
        get: operations["searchMovies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/genres": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the genres of the catalogue
         * @description Role: `public` or higher, and for user tokens.
         */
        get: operations["listGenres"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/{movieId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one movie
         * @description While no movie is called `map`, that one address leads to the map of the movies, which was there before (308). Role: `public` or higher, and for user tokens.
         */
        get: operations["getMovie"];
        /**
         * Describe a movie
         * @description In place of all that was known of it; a later import of the movie replaces it. Role: `write` or higher.
         */
        put: operations["putMovie"];
        post?: never;
        /**
         * Take a movie out of the catalogue
         * @description Its ratings stay, and so it stays in lists, without a title: `hidden` takes it out of them. Role: `write` or higher.
         */
        delete: operations["deleteMovie"];
        options?: never;
        head?: never;
        /**
         * Change what is known of a movie
         * @description Only what is named (RFC 7396); null takes a year away. Role: `write` or higher.
         */
        patch: operations["patchMovie"];
        trace?: never;
    };
    "/v1/movie-map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the map of the movies
         * @description The principal components of the movie factors, centred: the directions in which what the model learnt of the movies differs most. The first request of a model and size takes its time, the next are quick. Role: `public` or higher, and for user tokens.
         */
        get: operations["getMovieMap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings/crosstab": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the ratings of the most active users for the most rated movies
         * @description All the ratings that the model answers from, those held out from its training among them; a rating imported since is seen with the next model. Role: `read` or higher.
         */
        get: operations["getCrosstab"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/training-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the training jobs
         * @description Without their epochs, which the single job has. Role: `read` or higher.
         */
        get: operations["listTrainings"];
        put?: never;
        /**
         * Ask for a training, a learning rate, a tuning or lists for all
         * @description A training (`kind` "train", or none) needs only `algorithm`; everything else has a default, or with `preset` "fastai" the setting of the notebooks, and the new model serves as `promote` says once the job has ended: `promotion` of job and card tells what was decided, and why. "find-rate" looks for a learning rate, "tune" for hyper-parameters: see `result` of the job. "recommend-all" makes lists or predictions for all users, or for some, in parts on all workers: `GET /v1/batches/{id}` has them. Role: `admin`.
         */
        post: operations["startTraining"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/training-jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one training job
         * @description Role: `read` or higher.
         */
        get: operations["getTraining"];
        put?: never;
        post?: never;
        /**
         * Cancel a training job
         * @description A waiting job is cancelled at once, a running one within seconds. Role: `admin`.
         */
        delete: operations["cancelTraining"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one schedule
         * @description Role: `read` or higher.
         */
        get: operations["getSchedule"];
        /**
         * Train by the clock
         * @description At each tick, one worker queues the training where enough ratings are new or the model is too old, and else records why not. What was missed because nobody was there is made up for once. The same again changes nothing. Role: `admin`.
         */
        put: operations["putSchedule"];
        post?: never;
        /**
         * End a schedule
         * @description A training that it has queued goes on. Role: `admin`.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules
         * @description Without their runs, which the single schedule has. Role: `read` or higher.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Whatever is new, but not while a training of it is queued or running. Role: `admin`.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/training-jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a training job's progress
         * @description Events `started`, `epoch` (the report of one epoch), `point` (of a search for a learning rate), `trial` (of a tuning), `promotion` (what was decided of the model, on the held-out figures, before it is fitted to all ratings; once more if that changes) and `ended` (with the state), each with an id; and `progress`, that of the job, when it changes and once a second while the job runs, without an id, as it is not replayed. After a second `started` (a new attempt, or the same one anew on another engine) the epochs and points before it no longer count; finished trials stay and come again. The stream ends after `ended`. A client that was cut off sends the last id it saw as `Last-Event-ID` and gets what came after it. While Redis is away the stream stays open, or opens, and goes on when Redis is back; where the job is gone by then, it ends. Role: `read` or higher.
         */
        get: operations["followTraining"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/engines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List engines and devices
         * @description As `marquee doctor` says it, of the machine of this server and of each worker. The first answer may take seconds: every engine is tried, in a process of its own. Role: `read` or higher.
         */
        get: operations["listEngines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}/compare/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two models
         * @description The held-out figures of both cards, the settings that differ, what was rated since, and what the gate measured if one of them was to take the place of the other. Nothing is measured anew. Role: `read` or higher.
         */
        get: operations["compareModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the models
         * @description Without their epochs, which the single model has. Role: `read` or higher.
         */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one model
         * @description Role: `read` or higher.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what the pictures of a training show
         * @description Losses, rates, predicted against actual ratings, the error by number of ratings, and the tensors. Without held-out ratings those of errors are empty. Role: `read` or higher.
         */
        get: operations["getModelReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}/model.safetensors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the file of a model
         * @description The tensors as they are stored, with the ids of all users and movies and all ratings, in the safetensors format. Its metadata tell algorithm, formula and where ids stand; `examples/read_model.py` reads it. The ETag is its SHA-256; one range may be asked for. Role: `admin`.
         */
        get: operations["getModelFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a model the one that serves
         * @description The model is loaded and checked first; a damaged one changes nothing. From then on trainings may change what serves; but not if it is an older model than the one that served: that is a return, as `rollback` is. An experiment that runs ends. Role: `admin`.
         */
        post: operations["promoteModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return to the model that served before
         * @description No training changes what serves from then on, until somebody promotes a model, be it the one that serves: `held` of `GET /v1/models` says since when. An experiment that runs ends. Role: `admin`.
         */
        post: operations["rollbackModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what an experiment shows
         * @description It may be looked at any time, and ended for what it shows: the interval and the test allow for that. Users count once, at their first conversion; some 7,500 of them show a lift of 10 % nine times in ten. Role: `read` or higher.
         */
        get: operations["getExperiment"];
        /**
         * Start an experiment
         * @description From now on a share of the users, by a hash of name and user id, gets everything from another model; their answers name the arm. One runs at a time. While it runs a training publishes its model and does not make it serve; whoever promotes a model, or rolls back, ends the experiment. Role: `admin`.
         */
        put: operations["startExperiment"];
        post?: never;
        /**
         * Delete an experiment
         * @description It stops, if it runs, and nothing is kept of it. Role: `admin`.
         */
        delete: operations["deleteExperiment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the experiments
         * @description Role: `read` or higher.
         */
        get: operations["listExperiments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{name}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an experiment
         * @description From now on all users get what serves. Role: `admin`.
         */
        post: operations["endExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the batches
         * @description Without their parts, which the single batch has; those that are not done are jobs. Role: `read` or higher.
         */
        get: operations["listBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the manifest of a batch
         * @description What a job of kind `recommend-all` has made, and which model and events it knows. Batches are removed after MARQUEE_BATCH_DAYS days. The lines of users that are erased are taken out. Role: `read` or higher.
         */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        /**
         * Remove a batch
         * @description Of a job that still makes one, cancel the job. Role: `admin`.
         */
        delete: operations["deleteBatch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/parts/{part}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a part of a batch
         * @description NDJSON: of each user `{"userId", "basis", "orderBy", "items": [{"movieId", "rating", "score"}]}`, as `POST /v1/recommendations` answers, or of each pair `{"userId", "movieId", "rating", "basis"}`, as `POST /v1/predictions` does. CSV: the same with a line for each movie. Parquet: the columns of CSV, a missing value null. One range may be asked for. Role: `read` or higher.
         */
        get: operations["getBatchPart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the imports
         * @description Each file is one, an archive up to three; live ratings are none. Role: `read` or higher.
         */
        get: operations["listImports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one import
         * @description Role: `read` or higher.
         */
        get: operations["getImport"];
        put?: never;
        post?: never;
        /**
         * Take an import back
         * @description What counted before it counts again: at once in answers, its ratings where no model was trained with them. Models that were trained with it stay, those trained from now on know nothing of it. A scale that was declared with it is taken back, too. Role: `admin`.
         */
        delete: operations["undoImport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a user
         * @description Answers know nothing of the user from now on; a worker then takes what is stored out of everything, after the trainings that run. Whoever comes with the id later is somebody new. Role: `admin`.
         */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the receipt of an erasure
         * @description Role: `admin`.
         */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what is known of a user
         * @description Everything is read for it, so that it takes as long as a training takes to begin. Empty lists where nothing is known. What experiments showed the user is not in it. Role: `admin`.
         */
        get: operations["exportUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export all ratings
         * @description What a training would learn from, as MovieLens writes it: files and live ratings, one of each user and movie, within the declared scale. A time that is not known is empty. Role: `admin`.
         */
        get: operations["exportRatings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count what is stored
         * @description The first answer after a change reads all ratings, as long as a training takes to begin. Without Redis, live ratings that only it has are left out. Role: `read` or higher.
         */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell many ratings at once
         * @description At most 10,000, as a JSON array or as lines of JSON. A line that cannot be taken spoils no other; those that were taken count for answers as with `PUT`. Of two of one user and movie the later counts. Role: `write` or higher.
         */
        post: operations["rateMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ratings/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a file of ratings
         * @description The file itself is the body. Its format is recognised by its content: MovieLens `ratings.csv`, `ratings.dat`, `u.data`, any file with a header that names its columns (between commas, semicolons, tabs, `::` or bars; also `user_id`, `item_id` and the like), or NDJSON; or one of these in gzip (also as content encoding) or zip. Ratings are any numbers, times seconds or finer since 1970 or ISO 8601. A later rating of the same user and movie replaces the earlier one; one without a time, any before it. They count in answers at once, of imports since the serving model was trained up to a million ratings; more count from the next training on. Role: `write` or higher.
         */
        post: operations["importRatings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/movies/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a file of movies
         * @description The file itself is the body: MovieLens `movies.csv`, `movies.dat`, `u.item`, any CSV with those column names, or NDJSON. A later line about the same movie replaces the earlier one. Role: `write` or higher.
         */
        post: operations["importMovies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a file of users
         * @description What is known of users besides their ratings, for the algorithms that learn from it. The file itself is the body: a CSV with a header whose first column is `userId`, `user_id` or `id` and whose other columns are attributes, MovieLens `u.user` or `users.dat`. Postal codes are not kept. A later line about the same user replaces the earlier one. No answer and no log shows an attribute. Role: `write` or higher.
         */
        post: operations["importUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a MovieLens zip
         * @description The zip as it is downloaded, such as `ml-latest-small.zip`, is the body. Role: `write` or higher.
         */
        post: operations["importArchive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/inputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the users or pairs of a batch
         * @description The file itself is the body: a CSV whose header names a column `userId`, and `movieId` for pairs, with at most 200000 of them. A line that cannot be taken spoils no other. The job names it as `input`; without one it goes with the batches that are as old. Users need not be known: they are answered as strangers. Role: `admin`.
         */
        post: operations["putBatchInput"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ArchiveReport: {
            /** @description Null when the archive has no file of ratings. */
            ratings: components["schemas"]["RatingsReport"] | null;
            /** @description Null when the archive has no file of movies. */
            movies: components["schemas"]["ImportReport"] | null;
            /** @description Null when the archive has no file of users. */
            users: components["schemas"]["ImportReport"] | null;
            /** @description Other files of the archive. */
            skipped: string[];
        };
        ArmFigures: {
            /** @description Who were shown a list. */
            users: number;
            /** @description That were shown to them. */
            lists: number;
            /** @description Users with a conversion. */
            converted: number;
            /** @description The share of users that converted. */
            conversionRate: number | null;
            /** @description Each recommended movie once for each user. */
            conversions: number;
            conversionsPerUser: number | null;
            /** @description Of the recommended movies that were rated. */
            meanRating: number | null;
        };
        AskedFile: {
            /** @description To be named by one job, whose id it then is. */
            input: string;
            /** @enum {string} */
            what: "users" | "pairs";
            /** @description Users, or pairs, that were taken. */
            count: number;
            /** @description Lines that were not. */
            refused: number;
            /** @description The first of them, with their numbers from 1. */
            refusals: components["schemas"]["RefusedLine"][];
        };
        /**
         * @description What it rests on: the trained pair, the ratings that came with the question, what is known of the movie, the user or neither, or of a movie that the model does not know its attributes and first ratings.
         * @enum {string}
         */
        Basis: "trained" | "folded-in" | "movie-bias" | "user-bias" | "global-mean" | "new-movie";
        Batch: {
            /** @description Together they have each user once. */
            parts: components["schemas"]["BatchPart"][];
        } & components["schemas"]["ListedBatch"];
        BatchList: {
            items: components["schemas"]["ListedBatch"][];
        };
        BatchPart: {
            /** @description From 0. */
            part: number;
            file: string;
            /** @description So many users have lines in it; a list of no movie has none but in NDJSON. */
            users: number;
            /** @description Lists, or predictions. */
            rows: number;
            sizeBytes: number;
            sha256: string;
            /** @description Up to which live event of each epoch its answers know. */
            live: components["schemas"]["LivePosition"][];
        };
        BatchPrediction: {
            /** @description These movies for each of the users; either these or pairs. */
            movieIds?: string[];
            /** @description Nothing but these. */
            pairs?: {
                userId: string;
                movieId: string;
            }[];
            /** @description The share of ratings that an interval is to hold; without it there are none. */
            interval?: number;
        };
        BatchRequest: {
            /** @constant */
            kind: "recommend-all";
            /** @description The version of the model that answers; what serves when the job begins. */
            model?: string;
            /**
             * @description "ndjson": a line for each list, or prediction; "csv": a line for each movie, under a header in each part; "parquet": the same rows as columns with types, compressed with Snappy. Default "ndjson".
             * @enum {string}
             */
            format?: "ndjson" | "csv" | "parquet";
            /** @description For these; for all users of the model, and those told of since, without. */
            users?: string[];
            /** @description For the users, or pairs, of this file, as `POST /v1/batches/inputs` named it; it serves one job. */
            input?: string;
            /** @description The lists that are wanted, ten movies unless told. */
            list?: components["schemas"]["ListParametersInput"];
            /** @description In place of lists: predictions. */
            predict?: components["schemas"]["BatchPrediction"];
            priority?: components["schemas"]["Priority"];
        };
        BatchResult: {
            /** @description The id under `/v1/batches`. */
            batch: string;
            /** @description The version of the model that answered. */
            model: string;
            users: number;
            /** @description Lists, or predictions. */
            rows: number;
            sizeBytes: number;
        };
        /** @description Ratings in one step. */
        BatchSize: number;
        BatchSpec: {
            /** @constant */
            kind: "recommend-all";
            /** @description The version of the model that answers; what serves when the job begins. */
            model?: string;
            /**
             * @description "ndjson": a line for each list, or prediction; "csv": a line for each movie, under a header in each part; "parquet": the same rows as columns with types, compressed with Snappy.
             * @enum {string}
             */
            format: "ndjson" | "csv" | "parquet";
            /** @description The lists that are wanted, ten movies unless told. */
            list?: components["schemas"]["ListParameters"];
            predict?: {
                movieIds?: string[];
                interval?: number;
            };
            /** @description How many were asked for by id; null where it is for all users. */
            asked: {
                /** @enum {string} */
                what: "users" | "pairs";
                count: number;
            } | null;
        };
        BayesSpec: {
            split: components["schemas"]["Split"];
            ranking: components["schemas"]["RankingSpec"] | null;
        } & WithRequired<components["schemas"]["BayesSpecInput"], "algorithm" | "factors" | "sweeps" | "burnIn" | "chains" | "bagOfMovies" | "bagOfUsers" | "attributes" | "savedFactors" | "engine" | "seed" | "split" | "earlyStopping" | "refit" | "ranking">;
        /** @description Bayesian matrix factorisation by Gibbs sampling: the mean of what many factorisations that fit predict. */
        BayesSpecInput: {
            /** @constant */
            algorithm: "bayes";
            /** @description Numbers in the vector of each user and movie while it samples. Default 15. */
            factors?: number;
            /** @description Draws of all vectors that are averaged; an epoch is one of them. "auto": 250, on fewer than 64,000 ratings more, 1,000 at most, and fewer on more than a million. Default "auto". */
            sweeps?: number | "auto";
            /** @description Draws before those, not averaged: so many, and up to four times as many until the training error has settled. "auto": 100, and fewer on more than a million ratings. Default "auto". */
            burnIn?: number | "auto";
            /** @description Samplings from different beginnings, all averaged. Default 1. */
            chains?: number;
            /** @description Whether what a user rated, and not only how, says what the user is like. Default true. */
            bagOfMovies?: boolean;
            /** @description Whether who rated a movie, and not only how, says what the movie is like. Default true. */
            bagOfUsers?: boolean;
            /** @description Whether what is known of users and movies besides their ratings is used. Default true. */
            attributes?: boolean;
            /** @description Numbers in the vectors that are saved: the average, compressed. Default 64. */
            savedFactors?: number;
            /** @description Default "auto". */
            engine?: components["schemas"]["Engine"];
            /** @description Seeds the split, the initial values and the order of the batches. Default 42. */
            seed?: number;
            split?: components["schemas"]["SplitInput"];
            /** @description Default null. */
            earlyStopping?: null;
            /** @description Default true. */
            refit?: components["schemas"]["Refit"];
            ranking?: components["schemas"]["RankingSpecInput"] | null;
        };
        BiasRanking: {
            model: components["schemas"]["ModelVersion"];
            /**
             * @description `model`: the bias that the algorithm learnt, in its own units; `baseline`: the damped bias in rating units, for algorithms that learn none.
             * @enum {string}
             */
            source: "model" | "baseline";
            items: ({
                bias: number;
            } & components["schemas"]["RankedMovie"])[];
            nextCursor: components["schemas"]["NextCursor"];
        };
        CompactPredictionBatch: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            /** @description In the order of the pairs or movies; null for a movie that is not known. */
            ratings: (number | null)[];
            /** @description Of the ratings, those of movies that the model does not know: they did not count. */
            unknownMovieIds?: string[];
        };
        Compaction: {
            /** @description The newest event that will be folded; null where there is none. */
            upTo: components["schemas"]["LivePosition"] | null;
        };
        ComparedFigure: {
            /** @description Of the new model. */
            candidate: number;
            /** @description Of the settings of the model that served. */
            serving: number;
            /** @description The first less the second. */
            difference: number;
            /** @description Lower end of its 98 % interval, by a paired bootstrap over users. */
            low: number;
            /** @description Upper end. */
            high: number;
            /** @description By so much it may be worse. */
            tolerance: number;
            /** @description Users that it was measured on. */
            users: number;
        };
        ComparedModel: {
            version: string;
            /** Format: date-time */
            createdAt: string;
            /** @description True for the model that answers now. */
            serving: boolean;
            /** @description That it was trained from. */
            ratings: number;
            /** @description On the held-out rows; null where nothing was held out. */
            metrics: components["schemas"]["ErrorMetrics"] | null;
            /** @description Of the first ten by relevance among all movies that the user did not like in training, on the held-out rows; null for a model without a ranking. */
            rankingMetrics: components["schemas"]["RankingMetrics"] | null;
            losesToBiases: boolean | null;
        };
        Contribution: {
            /** @description What the user gave it. */
            rating: number;
            /** @description By how much that moves the relevance. */
            relevance?: number;
            /** @description Where a rating is split: by how much that moves it. */
            stars?: number;
        } & components["schemas"]["Movie"];
        Coverage: {
            /** @description Held-out ratings, at most 200,000 in all. */
            rows: number;
            /** @description The share that lies in its interval; null without rows. */
            covered: number | null;
            /** @description Mean width of the intervals, in rating units. */
            width: number | null;
        };
        CoverageOfGroup: {
            /** @description Training ratings, at least; 0 are those never trained. */
            from: number;
            /** @description Training ratings, at most; null for no limit. */
            to: number | null;
        } & components["schemas"]["Coverage"];
        Crosstab: {
            model: components["schemas"]["ModelVersion"];
            /** @description The most active first. */
            users: {
                userId: string;
                /** @description How many ratings. */
                ratings: number;
            }[];
            /** @description The most rated first. */
            movies: ({
                /** @description How many ratings. */
                ratings: number;
            } & components["schemas"]["MovieTitle"])[];
            /** @description A row for each user, a rating or null for each movie. */
            cells: (number | null)[][];
        };
        /**
         * @description "decoupled" shrinks the weights after the step (AdamW); "l2" adds to the gradient.
         * @enum {string}
         */
        Decay: "decoupled" | "l2";
        /**
         * @description For "per-rating", which decays the rows of a rating at its step: the decay of a row is divided by the root of its number of ratings, or the same for all.
         * @enum {string}
         */
        DecayScale: "frequency" | "equal";
        DotBiasSpec: WithRequired<components["schemas"]["DotBiasSpecInput"], "algorithm" | "factors" | "optimizer" | "learningRate" | "decayScale"> & components["schemas"]["SteppedSettings"];
        /** @description Dot product plus a bias of the user and one of the movie (fast.ai: EmbeddingDotBias). */
        DotBiasSpecInput: {
            /** @constant */
            algorithm: "dot-bias";
            /** @description Numbers in the vector of each user and movie. Default 40. */
            factors?: number;
            /** @description Default "auto". */
            optimizer?: components["schemas"]["DotOptimizer"];
            /** @description Default 0.004. */
            learningRate?: components["schemas"]["LearningRate"];
            /** @description Default "frequency". */
            decayScale?: components["schemas"]["DecayScale"];
        } & components["schemas"]["SteppedSettingsInput"];
        DotBiasTuning: WithRequired<components["schemas"]["DotBiasTuningInput"], "algorithm" | "space"> & components["schemas"]["TuningSearch"];
        DotBiasTuningInput: {
            /** @constant */
            algorithm: "dot-bias";
            /** @description Default {"factors":{"min":5,"max":100,"log":true},"epochs":{"min":3,"max":12,"log":false},"learningRate":{"min":0.001,"max":0.03,"log":true},"weightDecay":{"min":0.01,"max":1,"log":true}}. */
            space?: components["schemas"]["DotSpace"];
        } & components["schemas"]["TuningSearchInput"];
        /**
         * @description SGD with momentum, or Adam, by batches; or "per-rating": plain SGD with a step for each rating (batchSize and momentum play no part), which is the fastest and runs on engine "simd" alone. "auto": "adam"; of 500,000 training ratings or more "per-rating" at its own rate and decay, where engine "simd" may train and batchSize, momentum, beta2, epsilon, weightDecay, decay, learningRate and schedule are the defaults.
         * @enum {string}
         */
        DotOptimizer: "auto" | "sgd" | "adam" | "per-rating";
        /** @description What to vary: for each hyper-parameter a list of values, or a range. What is left out keeps the default of a training. */
        DotSpace: {
            factors?: components["schemas"]["VectorSizes"];
            optimizer?: components["schemas"]["DotOptimizer"][];
            decayScale?: components["schemas"]["DecayScale"][];
        } & components["schemas"]["SteppedSpace"];
        DotSpec: WithRequired<components["schemas"]["DotSpecInput"], "algorithm" | "factors" | "initialFactors" | "optimizer" | "learningRate" | "decayScale"> & components["schemas"]["SteppedSettings"];
        /** @description Dot product of a user and a movie vector, added to the damped biases. */
        DotSpecInput: {
            /** @constant */
            algorithm: "dot";
            /** @description Numbers in the vector of each user and movie. Default 50. */
            factors?: number;
            /**
             * @description "uniform" in 0 … 0.05, as the notebooks of 2017; "normal" around 0 with a deviation of 0.01, as the book. Default "normal".
             * @enum {string}
             */
            initialFactors?: "uniform" | "normal";
            /** @description Default "auto". */
            optimizer?: components["schemas"]["DotOptimizer"];
            /** @description Default 0.004. */
            learningRate?: components["schemas"]["LearningRate"];
            /** @description Default "frequency". */
            decayScale?: components["schemas"]["DecayScale"];
        } & components["schemas"]["SteppedSettingsInput"];
        DotTuning: WithRequired<components["schemas"]["DotTuningInput"], "algorithm" | "space"> & components["schemas"]["TuningSearch"];
        DotTuningInput: {
            /** @constant */
            algorithm: "dot";
            /** @description Default {"factors":[20,50,100],"epochs":{"min":3,"max":12,"log":false},"learningRate":{"min":0.001,"max":0.03,"log":true},"weightDecay":{"min":0.01,"max":1,"log":true},"optimizer":["adam"],"decay":["decoupled"],"schedule":["one-cycle"],"ratingRange":["auto","none"]}. */
            space?: components["schemas"]["DotSpace"];
        } & components["schemas"]["TuningSearchInput"];
        DropoutShares: number[] | {
            min: number;
            max: number;
            /** @description Default false. */
            log?: components["schemas"]["LogScale"];
        };
        EarlyStopping: WithRequired<components["schemas"]["EarlyStoppingInput"], "patience" | "share">;
        /** @description Stop when the error on rows set apart stops falling and keep the best epoch. */
        EarlyStoppingInput: {
            /** @description Epochs without a better error. Default 2. */
            patience?: number;
            /** @description Share of the training rows set apart to decide; the held-out rows never do. Default 0.1. */
            share?: number;
        };
        EditedMovie: {
            movieId: string;
            title: string;
            year: number | null;
            genres: string[];
            hidden: boolean;
        };
        /**
         * @description Which engine trains; "auto" takes the fastest one here that has the algorithm.
         * @enum {string}
         */
        Engine: "auto" | "simd" | "webgpu" | "tensorflow";
        EngineReport: {
            host: string;
            /** Format: date-time */
            checkedAt: string;
            engines: components["schemas"]["EngineState"][];
            /** @description The engine that "auto" takes for an algorithm's default settings. */
            auto: {
                algorithm: string;
                engine: string;
                backend: string;
            }[];
        };
        EngineState: {
            /** @description As in the `engine` of a training. */
            engine: string;
            /** @description What it computes on: cuda, webgpu or wasm. */
            backend: string;
            isAvailable: boolean;
            /** @description The device in words; null where there is none. */
            device: string | null;
            /** @description A CPU that poses as a GPU: taken when asked for by name, never by "auto". */
            isSoftware: boolean;
            /** @description Why it is not available; null where it is. */
            reason: string | null;
        };
        Engines: {
            /** @description What the machine of this server could train on. */
            server: components["schemas"]["EngineReport"];
            /** @description What each worker that is there takes and can train on, which it knows some seconds after its start; trainings run there. Null when Redis cannot be reached. */
            workers: {
                worker: string;
                /** @description Jobs that it takes; others it leaves. */
                kinds: ("train" | "find-rate" | "tune" | "recommend-all" | "erase")[];
                /** @description Jobs that it does at once. */
                concurrency: number;
                report: components["schemas"]["EngineReport"];
            }[] | null;
        };
        EpochReport: {
            /** @description From 1. */
            epoch: number;
            /** @description Epochs in all. */
            epochs: number;
            /** @description Mean over the batches of the epoch, while the weights moved. */
            trainMse: number;
            /** @description On the held-out rows, of "bayes" by the average of the sweeps so far; null where there are none. */
            validMse: number | null;
            /** @description At the end of the epoch; null of "bayes", which has none. */
            learningRate: number | null;
            /**
             * @description Only of "bayes": whether the sweep is averaged.
             * @enum {string}
             */
            phase?: "burn-in" | "sampling";
            ratingsPerSecond: number;
            /** @description Training seconds of this epoch. */
            seconds: number;
        };
        Erasure: {
            id: string;
            /** @description Whom it is of; null once it is finished: then a salted hash is kept. */
            userId: string | null;
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            finishedAt: string | null;
            /** @description What they are taken out of: answers of every server, kept models with their reports, checkpoints of trainings with batches, stored ratings, imported attributes, and Redis with its files. */
            steps: {
                /** @enum {string} */
                step: "answers" | "models" | "checkpoints" | "ratings" | "attributes" | "redis";
                /** Format: date-time */
                doneAt: string | null;
            }[];
            /** @description What could not be done from here, such as having Redis write its files anew. */
            note: string | null;
        };
        ErrorBucket: {
            /** @description Training ratings, at least; 0 are those never trained. */
            from: number;
            /** @description Training ratings, at most. */
            to: number;
            /** @description Held-out ratings. */
            rows: number;
            /** @description In rating units; null where there is no row. */
            rmse: number | null;
        };
        ErrorMetrics: {
            /** @description Root of the mean squared error, in rating units. */
            rmse: number;
            mse: number;
            /** @description Mean absolute error, in rating units. */
            mae: number;
            /** @description Held-out ratings it was measured on. */
            rows: number;
        };
        Experiment: {
            name: string;
            /** @enum {string} */
            state: "running" | "ended";
            /** @description The version that served when it began. */
            control: string;
            treatment: string;
            share: number;
            windowDays: number;
            /** @enum {string} */
            counts: "ratings" | "likes";
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /** @description The arm whose model was made to serve, at its end. */
            promoted: ("control" | "treatment") | null;
            /** @description Why all users get what serves, while it runs; or why it ended by itself. */
            note: string | null;
            /** @description Null where Redis does not tell. */
            figures: components["schemas"]["ExperimentFigures"] | null;
        };
        /** @description While an experiment runs: its name, and the arm that answered. */
        ExperimentArm: {
            name: string;
            /** @enum {string} */
            arm: "control" | "treatment";
        };
        ExperimentFigures: {
            control: components["schemas"]["ArmFigures"];
            treatment: components["schemas"]["ArmFigures"];
            /** @description By what part more often users of the treatment convert; 0.1 is 10 %. */
            lift: number | null;
            /** @description Where the lift lies: at all times together with the probability `level`. */
            interval: {
                level: number;
                lowest: number;
                highest: number | null;
            };
            /** @description The chance that equal models ever look as different, however often one looks. */
            pValue: number;
            /**
             * @description The arm that is better, from a `pValue` of 0.05 on; "unbalanced" where the arms have numbers of users that their share hardly gives: then something is wrong with who is shown lists.
             * @enum {string}
             */
            decision: "no-difference-shown" | "control" | "treatment" | "unbalanced";
        };
        ExperimentList: {
            items: components["schemas"]["Experiment"][];
        };
        ExperimentRequest: {
            /** @description The version that may take the place of what serves. */
            treatment: string;
            /** @description The share of users who get it. Default 0.5. */
            share?: number;
            /** @description A recommended movie that is rated within so many days is a conversion. Default 7. */
            windowDays?: number;
            /**
             * @description Whether any rating is one, or a like alone. Default "ratings".
             * @enum {string}
             */
            counts?: "ratings" | "likes";
        };
        Explanation: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            userId: string;
            movieId: string;
            basis: components["schemas"]["Basis"];
            /**
             * @description What is split: "rating" too where there is no relevance.
             * @enum {string}
             */
            of: "relevance" | "rating";
            /** @description In rating units, within their scale; to four decimals on a scale of 1 to 5. */
            rating: number;
            /** @description The relevance, or the rating before it is put into the scale: prior + the parts of items and against + others + remainder. */
            score: number;
            /** @description What is expected of somebody of whom no rating is known. */
            prior: number;
            /** @description What the user liked and what raises the relevance, the strongest first; of a rating, all that they rated, those that move it most first, up or down. */
            items: components["schemas"]["Contribution"][];
            /** @description What lowers the relevance, the strongest first: what is alike and was not liked, or was liked and is unlike. */
            against?: components["schemas"]["Contribution"][];
            /** @description The sum of the parts of the other ratings. */
            others: number;
            /** @description What the training made of the user beyond what the ratings alone say: in the relevance, late ratings weigh more; the rating is fitted step by step. */
            remainder: number;
        };
        GenreList: {
            /** @description Those of most movies first. */
            items: {
                genre: string;
                /** @description How many movies have it. */
                movies: number;
            }[];
        };
        /** @description Somebody returned to an older model by hand: no training changes what serves until somebody promotes a model by hand, be it the one that serves. */
        Hold: {
            /** Format: date-time */
            at: string;
            by: string | null;
        };
        Import: {
            /** @description The `segment` of the answer to the import. */
            id: string;
            /** @enum {string} */
            kind: "ratings" | "movies" | "users";
            /** Format: date-time */
            importedAt: string;
            /** @description Ratings, movies or users that are stored of it; null where it is damaged. */
            rows: number | null;
            /** @description Why it is damaged, so that it does not count; null where it does. */
            damage: string | null;
            /** @description The format that was recognised; null where an earlier release stored it. */
            format: string | null;
            /** @description Lines that were taken; null where an earlier release stored it. */
            accepted: number | null;
            /** @description Lines that were not; null where an earlier release stored it. */
            refused: number | null;
            /** @description Role and first eight digits of the SHA-256 of the key that it came with, as in `MARQUEE_API_KEYS`; null without keys. */
            key: string | null;
        };
        ImportList: {
            /** @description Newest first. */
            items: components["schemas"]["Import"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        ImportReport: {
            /** @description The format that was recognised by the content. */
            format: string;
            /** @description Lines that were taken. */
            accepted: number;
            /** @description Lines that were not. */
            refused: number;
            /** @description The first of them, with their numbers from 1. */
            refusals: components["schemas"]["RefusedLine"][];
            /** @description The name under which they are stored. */
            segment: string;
        };
        /** @description Where the rating lies with that probability, by the model's errors on held-out ratings of users and movies with about as many ratings; only where a level was asked for. */
        Interval: {
            /** @description The level that was asked for. */
            level: number;
            lowest: number;
            highest: number;
        };
        JobBase: {
            id: string;
            /** @enum {string} */
            state: "queued" | "running" | "completed" | "failed" | "cancelled";
            /** Format: date-time */
            createdAt: string;
            /** @description Of waiting jobs those with the lowest number are taken first. */
            priority: number;
            /** @description The schedule that asked for it, where one did. */
            schedule?: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** @description How often a worker has taken it up. */
            attempts: number;
            progress: components["schemas"]["JobProgress"];
            /** @description The epochs of the present attempt; not in lists. */
            epochs?: components["schemas"]["EpochReport"][];
            /** @description The key that asked for it, as in `imports`; null where none is needed. */
            askedBy: string | null;
            /** @description The version it published; null before that. */
            model: string | null;
            /** @description Null until the model is published. */
            promotion: components["schemas"]["Promotion"] | null;
            /** @description Why it failed; null unless it did. */
            error: {
                code: string;
                detail: string;
            } | null;
        };
        JobProgress: {
            /**
             * @description "tuning" are its trials; "recommending" are the answers of a `recommend-all`; "comparing" fits the settings of the model that serves beside it; "refitting" fits once more, on all ratings.
             * @enum {string}
             */
            phase: "queued" | "tuning" | "recommending" | "loading" | "preparing" | "training" | "ranking" | "measuring" | "comparing" | "refitting" | "publishing";
            /** @description The part of the phase; null where it has none. */
            step: string | null;
            /** @description What that part counts; null where nothing. */
            work: {
                /** @description What is counted: epochs, sweeps, settings, users … */
                unit: string;
                done: number;
                /** @description As far as is known: early stopping and burn-in move it. */
                total: number;
            } | null;
            /** @description While queued: 1 is next; otherwise null. */
            place: number | null;
            /** @description Of the time of the whole job; never falls in an attempt. */
            share: number;
            /** @description From rates measured on this machine; null while nothing is known. */
            secondsLeft: number | null;
            /** @description Who has it or had it. */
            worker: {
                name: string;
                host: string;
                pid: number;
            } | null;
            engine: string | null;
            device: string | null;
            /**
             * Format: date-time
             * @description When the worker told it, about once a second.
             */
            at: string | null;
        };
        /** @description What to do: `train` (the default), `find-rate`, `tune` or `recommend-all`. */
        JobRequest: ((components["schemas"]["DotSpecInput"] & components["schemas"]["TrainOptions"]) | (components["schemas"]["DotBiasSpecInput"] & components["schemas"]["TrainOptions"]) | (components["schemas"]["NetSpecInput"] & components["schemas"]["TrainOptions"]) | (components["schemas"]["BayesSpecInput"] & components["schemas"]["TrainOptions"])) | {
            /** @constant */
            kind: "find-rate";
            /** @description The training that a learning rate is wanted for. */
            training: components["schemas"]["DotSpecInput"] | components["schemas"]["DotBiasSpecInput"] | components["schemas"]["NetSpecInput"];
            priority?: components["schemas"]["Priority"];
        } | components["schemas"]["TuningSpecInput"] | components["schemas"]["BatchRequest"];
        KnownRating: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            userId: string;
            movieId: string;
            rating: number;
            /** @description Seconds since 1970; null of a rating that the model had in its data. */
            timestamp: number | null;
        };
        /** @description The rate, or its peak where the schedule moves it. "auto": the learning-rate finder suggests it from the training rows; "phases" keep their proportions, the highest one at that rate. */
        LearningRate: number | "auto";
        /** @description What the learning-rate finder found; nothing of what it trained was kept. */
        LearningRateSearch: {
            /** @description The rate to train with, as the peak of its schedule. */
            suggestion: number;
            /** @description Rate and loss of each step, in order. */
            points: {
                /** @description The rate of this step. */
                learningRate: number;
                /** @description Mean squared error of the batches up to this step, smoothed. */
                loss: number;
            }[];
        };
        ListParameters: WithRequired<components["schemas"]["ListParametersInput"], "n" | "orderBy" | "excludeRated" | "excludeDisliked" | "minRatings" | "diversity" | "explain">;
        ListParametersInput: {
            /** @description How many on a page. Default 10. */
            n?: number;
            /**
             * @description "relevance": how likely the user is to watch and like the movie, by the ranking part of the model; "rating": the predicted rating, which puts little known movies first. Default "relevance".
             * @enum {string}
             */
            orderBy?: "relevance" | "rating";
            /** @description Leave out what the user has rated. Default true. */
            excludeRated?: boolean;
            /** @description Leave out movies whose predicted rating is more than half a star (an eighth of the scale) under the mean rating of the user, who may well watch, but hardly like them; not of `candidateMovieIds`, nor with `excludeRated=false`. Default true. */
            excludeDisliked?: boolean;
            /** @description Leave these out; an id that is not known leaves nothing out. */
            excludeMovieIds?: string[];
            /** @description Put these in order, and show no others; what excludes and filters applies to them too, and those that the model does not know are named in `unknownMovieIds`. */
            candidateMovieIds?: string[];
            /** @description Only movies of any of these genres, in any case. */
            genres?: string[];
            /** @description Only movies of this year or later. */
            yearFrom?: number;
            /** @description Only movies of this year or earlier. */
            yearTo?: number;
            /** @description Only movies with at least so many ratings behind the model. Default 0. */
            minRatings?: number;
            /** @description By how much a movie falls for being like those before it (maximal marginal relevance on the movie factors, among the 500 best): 0 is the order by score alone. Default 0. */
            diversity?: number;
            /** @description Name with each movie the ratings of the user that speak most for it. Default false. */
            explain?: boolean;
        };
        ListedBatch: {
            /** @description The id of the job that made it. */
            id: string;
            /** Format: date-time */
            createdAt: string;
            /** @description The version of the model that answered. */
            model: string;
            /** @description Up to which live event of each epoch all of it knows, at the least. */
            live: components["schemas"]["LivePosition"][];
            spec: components["schemas"]["BatchSpec"];
            /** @description The sum of its parts; a user whose pairs are in several counts in each. */
            users: number;
            rows: number;
            sizeBytes: number;
            /** @description Users who were taken out, as they were erased since. */
            erased: number;
        };
        LivePosition: {
            epoch: string;
            seq: number;
        };
        Liveness: {
            /** @constant */
            status: "ok";
        };
        /** @description Draw the logarithm evenly, not the number. */
        LogScale: boolean;
        MeanRanking: {
            model: components["schemas"]["ModelVersion"];
            items: ({
                /** @description In rating units; what it is ranked by. */
                dampedMean: number;
            } & components["schemas"]["RankedMovie"])[];
            nextCursor: components["schemas"]["NextCursor"];
        };
        Model: {
            version: string;
            /** Format: date-time */
            createdAt: string;
            jobId: string | null;
            /** @description How often users were erased from it. */
            revision?: number;
            /** @description What was trained; where "auto" was asked for, what was found or follows from the data. */
            spec: components["schemas"]["TrainingSpec"];
            /** @description What was asked for, with its "auto"; models of earlier releases lack it. */
            asked?: components["schemas"]["TrainingSpec"];
            /** @description The engine that trained it. */
            engine: string;
            /** @description What the engine ran on: cuda, webgpu or wasm. */
            backend: string;
            /** @description The device in words. */
            device: string;
            /** @description Why the training began anew on this engine: devices that were lost before. */
            setbacks?: string[];
            data: {
                /** @description Names the set of imports, of ratings, movies and users, that it was trained from. */
                version: string;
                ratings: number;
                users: number;
                movies: number;
                /** @description The newest live event of each epoch (lifetime of a Redis) that they have. */
                live?: components["schemas"]["LivePosition"][];
                /** @description The newest import of ratings that they have. */
                newestImport?: string;
                /** @description Segments that were damaged, so that they lack them. */
                leftOut?: string[];
                /** @description Ratings that the measured model was fitted to. */
                trainRows: number;
                /** @description Ratings held out from it, on which it was measured. */
                validRows: number;
            };
            /** @description The lowest and the highest rating, less slips far off; no prediction leaves them. */
            ratingScale?: number[] | null;
            /** @description From this rating on, a movie counts as liked. */
            likedFrom?: number | null;
            /** @description The model of this version, where it was fitted once more on all ratings after the figures of this card were measured without those held out; null where it was not, because that was not asked for or because it was not to serve (see `promotion`): then the model is the measured one, with users and movies folded in of whom all was held out. */
            refit?: {
                /** @description Ratings it was fitted to: all. */
                rows: number;
                /** @description Epochs, as many as the measured model kept; of "bayes", sweeps. */
                epochs: number;
                seconds: number;
            } | null;
            /** @description From what it started, where that was asked for: from vectors that were fitted to no rating which its figures are measured on. */
            warmStart?: components["schemas"]["WarmStart"] | null;
            /** @description Whether it was to serve, and why; models of earlier releases lack it. */
            promotion?: components["schemas"]["Promotion"] | null;
            trainSeconds: number;
            /** @description What training the ranking took besides; null for a model without one. */
            rankingSeconds: number | null;
            /** @description Not in lists. */
            epochs?: components["schemas"]["EpochReport"][];
            /** @description On the held-out rows; null where nothing was held out. */
            metrics: components["schemas"]["ErrorMetrics"] | null;
            /** @description Of the first ten by relevance among all movies that the user did not like in training, on the held-out rows; null for a model without a ranking. */
            rankingMetrics: components["schemas"]["RankingMetrics"] | null;
            /** @description Simple predictors on the same rows. */
            baselines: {
                "global-mean": components["schemas"]["ErrorMetrics"];
                "bias-only": components["schemas"]["ErrorMetrics"];
            } | null;
            /** @description Whether its RMSE is above that of the damped biases ("bias-only"): such a model is worse than none. Null where nothing was held out. */
            losesToBiases?: boolean | null;
            /** @description How the sampling of "bayes" went. */
            sampling?: {
                /** @description Sweeps before the average began; of several chains the most. */
                burnIn: number;
                /** @description Whether the training error had settled by then: its mean over the last quarter of these sweeps is within a twentieth of that over the quarter before; null without a burn-in. */
                settled: boolean | null;
            } | null;
            /** @description Null where nothing was held out, and for models of earlier releases. */
            intervals: {
                levels: ({
                    level: number;
                } & components["schemas"]["Coverage"])[];
                /** @description At level 0.9, by the training ratings of the user. */
                byUserRatings: components["schemas"]["CoverageOfGroup"][];
                /** @description At level 0.9, by the training ratings of the movie. */
                byMovieRatings: components["schemas"]["CoverageOfGroup"][];
            } | null;
            /** @description What predictions keep of what was learnt beside the damped biases, as inner splits of the training ratings chose it where these are few; null where all is kept. */
            learntShare?: number | null;
            /** @description What the saved vectors lose against the average of all sweeps; only of "bayes". */
            compression?: {
                /**
                 * @description Which ratings it was measured on.
                 * @enum {string}
                 */
                rows: "held-out" | "training";
                /** @description Of the average of all sweeps, in rating units. */
                averagedRmse: number;
                /** @description Of the vectors that are saved, which approximate it. */
                savedRmse: number;
            } | null;
            /** @description The vectors that later trainings may start from: of the measured model, which knows no held-out rating. */
            start?: {
                file: string;
                sizeBytes: number;
                sha256: string;
            };
            tensors: {
                file: string;
                sizeBytes: number;
                sha256: string;
            };
            /** @description The report of its training; models of earlier releases do not say. */
            report?: {
                file: string;
                sizeBytes: number;
                sha256: string;
            };
            /** @description Counts the publications of a store; 0, or not there, of earlier releases. */
            sequence?: number;
            /** @description True for the model that answers now. */
            serving: boolean;
        };
        ModelChange: {
            /** @description The version that answers from now on. */
            model: string | null;
            /** @description The version that answered before. */
            previous: string | null;
        };
        ModelComparison: {
            a: components["schemas"]["ComparedModel"];
            b: components["schemas"]["ComparedModel"];
            /** @description Whether the held-out figures of both were measured on the same ratings. */
            comparable: boolean;
            /** @description Why they are, or are not. */
            reason: string;
            /** @description Those that differ, as they were asked for; `ranking.factors` and the like. */
            settings: {
                name: string;
                /** @description A value, or null for a setting that this one has not. */
                a: unknown;
                /** @description A value, or null for a setting that this one has not. */
                b: unknown;
            }[];
            /** @description What b was trained from, less what a was. */
            data: {
                /** @description Whether both were trained from the same imports and events. */
                same: boolean;
                ratings: number;
                users: number;
                movies: number;
            };
            /** @description What was measured then, on the same ratings; null where that was not these two. */
            gate: {
                /** @description Which of the two was to take the place of the other. */
                candidate: string;
                comparison: components["schemas"]["PromotionComparison"];
            } | null;
        };
        ModelList: {
            /** @description The version that answers; null before the first. */
            serving: string | null;
            /** @description Why a newer version does not serve; null when nothing is wrong. */
            refusal: {
                version: string | null;
                reason: string;
            } | null;
            held: components["schemas"]["Hold"] | null;
            /** @description The version that `rollback` returns to; null where there is none. */
            rollbackTo: string | null;
            /** @description What has served, the newest 50, newest first. */
            history: components["schemas"]["ServingChange"][];
            /** @description Newest first. */
            items: components["schemas"]["Model"][];
        };
        ModelReport: {
            /** @enum {string} */
            algorithm: "dot" | "dot-bias" | "net" | "bayes";
            /** @description After each epoch. */
            losses: {
                /** @description From 1. */
                epoch: number;
                /** @description Mean over the batches of the epoch, while the weights moved. */
                trainMse: number;
                /** @description On the held-out rows, of "bayes" by the average of the sweeps so far; null where there are none. */
                validMse: number | null;
            }[];
            /** @description At most 500 steps at equal distances, the first and the last among them; none of "bayes". */
            rates: {
                /** @description From 0 over the whole training. */
                step: number;
                learningRate: number;
                /** @description Momentum of SGD, or β1 of Adam. */
                momentum: number;
            }[];
            /** @description Predicted against actual ratings on the held-out rows, counted in a honeycomb of hexagons that are flat at top and bottom, 4/3 columnSpacing wide and rowSpacing high; empty ones are left out. */
            predictedVsActual: {
                /** @description Stars between two columns of centres. */
                columnSpacing: number;
                /** @description Stars between two centres of a column; every second column is half of it higher. */
                rowSpacing: number;
                /** @description Held-out ratings in all bins together. */
                rows: number;
                bins: {
                    /** @description The centre of the bin, in rating units. */
                    actual: number;
                    /** @description The centre of the bin, in rating units. */
                    predicted: number;
                    /** @description Held-out ratings whose nearest centre this is. */
                    count: number;
                }[];
            };
            /** @description By the training ratings of the user: 0, 1, 2–3, 4–7 and so on. */
            errorByUserRatings: components["schemas"]["ErrorBucket"][];
            /** @description By the training ratings of the movie: 0, 1, 2–3, 4–7 and so on. */
            errorByMovieRatings: components["schemas"]["ErrorBucket"][];
            /** @description In the order of the file. */
            tensors: {
                name: string;
                /** @description As safetensors names it, such as F32. */
                dtype: string;
                shape: number[];
                sizeBytes: number;
            }[];
            /** @description The version of the model that it tells of. */
            model: components["schemas"]["ModelVersion"];
        };
        /** @description The version of the model that answered. */
        ModelVersion: string;
        /** @description Momentum of SGD, or β1 of Adam; "one-cycle" moves it 0.95 → 0.85 → 0.95 instead. */
        Momentum: number;
        Movie: {
            year: number | null;
            genres: string[];
        } & components["schemas"]["MovieTitle"];
        MovieDetail: {
            /** @description Of IMDb, as in tt0114709. */
            imdbId: string | null;
            /** @description Of TMDB. */
            tmdbId: string | null;
            /** @description Whether no list shows it. */
            hidden: boolean;
            /** @description The model whose ratings are counted, and those told since; if any. */
            model: string | null;
        } & components["schemas"]["RankedMovie"];
        MovieMap: {
            model: components["schemas"]["ModelVersion"];
            /** @description How many movies are on the map. */
            movies: number;
            /** @description By falling share of the variance. */
            components: {
                /** @description Share of the variance of the factors, 0 to 1. */
                explained: number;
                /** @description Ten movies with the highest coordinates, from the outermost. */
                highest: components["schemas"]["OutermostMovie"][];
                /** @description Ten movies with the lowest coordinates, from the outermost. */
                lowest: components["schemas"]["OutermostMovie"][];
            }[];
            /** @description The most rated first. */
            items: ({
                genres: string[];
                /** @description How many ratings are behind the model. */
                ratings: number;
                /** @description One along each component. */
                coordinates: number[];
            } & components["schemas"]["MovieTitle"])[];
        };
        MoviePage: {
            /** @description By title; of `ids`, in their order. */
            items: components["schemas"]["Movie"][];
            nextCursor: components["schemas"]["NextCursor"];
            /** @description Of `ids`, those that neither catalogue nor model knows. */
            unknownMovieIds?: string[];
        };
        MovieTitle: {
            movieId: string;
            /** @description Null when the catalogue does not know the movie. */
            title: string | null;
            displayTitle: string | null;
        };
        /** @description What to vary: for each hyper-parameter a list of values, or a range. What is left out keeps the default of a training. */
        NetSpace: {
            userFactors?: components["schemas"]["VectorSizes"];
            movieFactors?: components["schemas"]["VectorSizes"];
            hiddenLayers?: number[][];
            embeddingDropout?: components["schemas"]["DropoutShares"];
            hiddenDropout?: components["schemas"]["DropoutShares"];
            optimizer?: ("sgd" | "adam")[];
        } & components["schemas"]["SteppedSpace"];
        NetSpec: WithRequired<components["schemas"]["NetSpecInput"], "algorithm" | "userFactors" | "movieFactors" | "hiddenLayers" | "embeddingDropout" | "hiddenDropout" | "optimizer" | "learningRate"> & components["schemas"]["SteppedSettings"];
        /** @description A neural net over the joined embeddings (fast.ai: EmbeddingNet). */
        NetSpecInput: {
            /** @constant */
            algorithm: "net";
            /** @description Numbers in the vector of each user. Default 50. */
            userFactors?: number;
            /** @description Numbers in the vector of each movie. Default 50. */
            movieFactors?: number;
            /** @description Units of each hidden layer. Default [10]. */
            hiddenLayers?: number[];
            /** @description Share of the joined embeddings dropped in a step. Default 0.05. */
            embeddingDropout?: number;
            /** @description Share of each hidden layer dropped in a step. Default 0.5. */
            hiddenDropout?: number;
            /**
             * @description SGD with momentum, or Adam. Default "adam".
             * @enum {string}
             */
            optimizer?: "sgd" | "adam";
            /** @description Default 0.001. */
            learningRate?: components["schemas"]["LearningRate"];
        } & components["schemas"]["SteppedSettingsInput"];
        NetTuning: WithRequired<components["schemas"]["NetTuningInput"], "algorithm" | "space"> & components["schemas"]["TuningSearch"];
        NetTuningInput: {
            /** @constant */
            algorithm: "net";
            /** @description Default {"userFactors":[10,20,50],"movieFactors":[10,20,50],"hiddenLayers":[[10],[50],[100,50]],"embeddingDropout":[0,0.05,0.2],"hiddenDropout":[0,0.2,0.5],"epochs":{"min":3,"max":10,"log":false},"learningRate":{"min":0.0003,"max":0.01,"log":true},"weightDecay":{"min":0.000001,"max":0.1,"log":true},"decay":["decoupled"],"schedule":["one-cycle"]}. */
            space?: components["schemas"]["NetSpace"];
        } & components["schemas"]["TuningSearchInput"];
        /** @description Asks for the next page; null on the last. */
        NextCursor: string | null;
        OutermostMovie: {
            coordinate: number;
        } & components["schemas"]["MovieTitle"];
        /** @description What somebody rated, within the declared scale; where none is, within that of the ratings, which need not have used all of it. They are folded in for this answer and not kept; of two ratings of one movie the later counts, and those of movies that the model does not know do not. */
        OwnRatings: {
            movieId: string;
            rating: number;
        }[];
        /** @description For "phases": epochs and rate of each, in order. */
        Phases: {
            epochs: number;
            learningRate: number;
        }[];
        PopularRanking: {
            model: components["schemas"]["ModelVersion"];
            items: components["schemas"]["RankedMovie"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        Prediction: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            userId: string;
            movieId: string;
            /** @description In rating units, within their scale; to four decimals on a scale of 1 to 5. */
            rating: number;
            basis: components["schemas"]["Basis"];
            interval?: components["schemas"]["Interval"];
        };
        PredictionBatch: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            /** @description One for each pair or movie, in their order. */
            items: {
                /** @description As in the pair. */
                userId?: string;
                /** @description Of a pair's user, while an experiment runs. */
                model?: components["schemas"]["ModelVersion"];
                experiment?: components["schemas"]["ExperimentArm"];
                movieId: string;
                /** @description In rating units, within their scale; to four decimals on a scale of 1 to 5. */
                rating?: number;
                basis?: components["schemas"]["Basis"];
                interval?: components["schemas"]["Interval"];
                /**
                 * @description In place of rating and basis: neither model nor catalogue knows the movie.
                 * @constant
                 */
                error?: "unknown-movie";
            }[];
            /** @description Of the ratings, those of movies that the model does not know: they did not count. */
            unknownMovieIds?: string[];
        };
        PredictionRequest: {
            pairs?: {
                userId: string;
                movieId: string;
            }[];
            /** @description Any user; either this or ratings. */
            userId?: string;
            ratings?: components["schemas"]["OwnRatings"];
            /** @description The movies to predict for one user, or from the ratings. */
            movieIds?: string[];
            /** @description The share of ratings that such an interval is to hold, over 0.5, at most 0.99. */
            interval?: number;
            /** @description For the ratings alone, in the order of what was asked: an eighth of the bytes. */
            compact?: boolean;
        };
        /** @description Which of the waiting jobs a worker takes first: those of 1 before those of 9, and of one number the oldest, but one that a worker has left to others, for its kind or engine, may be overtaken; 5 unless given. */
        Priority: number;
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /** @description Where the code is explained. */
            type: string;
            /** @description The code in words; the same for every occurrence. */
            title: string;
            status: number;
            /** @description What was wrong this time and what was expected. */
            detail: string;
            /** @description "#" and the id of the request, as in X-Request-Id and in the log. */
            instance: string;
            /** @description Stable: clients branch on it. */
            code: string;
            /** @description Each thing wrong with the input: a JSON pointer to it and a sentence. */
            errors: {
                pointer: string;
                detail: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Whether the new model serves. "auto" (the default): unless its RMSE is above that of the damped biases, or it is shown to be worse than the settings of the model that serves; "if-better": only if it is shown to be better than those; "manual": not before it is promoted by hand. With "auto" and "if-better" a first model always serves, and none after a rollback by hand until a model is promoted by hand, nor while an experiment runs.
         * @enum {string}
         */
        Promote: "auto" | "if-better" | "manual";
        /** @description Whether a new model was to serve, and why. */
        Promotion: {
            mode: components["schemas"]["Promote"];
            /** @description Whether it was made the model that serves. */
            promoted: boolean;
            /** @enum {string} */
            verdict: "first" | "better" | "not-worse" | "same-settings" | "not-compared" | "loses-to-biases" | "worse" | "not-better" | "manual" | "held";
            /** @description The verdict in a sentence. */
            reason: string;
            /** Format: date-time */
            decidedAt: string;
            /** @description The key that asked for the training, as in `imports`; null where none is needed. */
            askedBy: string | null;
            /** @description The model that served then; null before the first. */
            against: string | null;
            /** @description Null where nothing was compared. */
            comparison: components["schemas"]["PromotionComparison"] | null;
        };
        /** @description The new model beside one that was fitted to the same training ratings with the settings of the model that served: that one itself has seen what is held out here. */
        PromotionComparison: {
            /** @description Held-out ratings, which neither of the two was fitted to. */
            rows: number;
            rmse: components["schemas"]["ComparedFigure"];
            /** @description Null where no list could be measured. */
            "ndcg@10": components["schemas"]["ComparedFigure"] | null;
            /** @description What fitting and measuring those settings took. */
            seconds: number;
            /** @description Seeds the fit and the bootstrap. */
            seed: number;
        };
        RankedMovie: {
            /** @description The plain mean, in rating units. */
            meanRating: number | null;
            /** @description How many rated it. */
            ratings: number;
        } & components["schemas"]["Movie"];
        RankingMetrics: {
            "ndcg@10": number;
            "recall@10": number;
            /** @description Share of the users whose ten have a movie that they liked. */
            "hit@10": number;
            /** @description Users who liked a held-out movie: all of them, or a sample of at least 1,000 where lists of all would cost more than the training of the ranking. */
            users: number;
        };
        RankingSpec: WithRequired<components["schemas"]["RankingSpecInput"], "factors" | "epochs" | "unobservedWeight" | "regularization" | "regularizationExponent" | "likedFrom" | "lowTarget" | "priorRatings" | "recency">;
        /** @description The ranking part, trained beside the ratings: implicit factors by alternating least squares, by which recommendations are ordered. null: none. */
        RankingSpecInput: {
            /** @description Numbers in the ranking vector of each user and movie. "auto", here and of the two below: of six settings of the three, the one whose short fits put likes of the training rows that were set apart highest (NDCG@10); the card shows what was chosen. Default "auto". */
            factors?: number | "auto";
            /** @description Times that both sides are solved. "auto": 12, of more than a million ratings fewer, of five million and more 8. Default "auto". */
            epochs?: number | "auto";
            /** @description What a pair without a rating weighs, its target being 0; one with a rating weighs 1. Tune it together with the regularization. Default "auto". */
            unobservedWeight?: number | "auto";
            /** @description Strength λ. A user or movie is regularised by λ · (what all its pairs weigh together)^ν. Default "auto". */
            regularization?: number | "auto";
            /** @description ν: 0 regularises all alike, 1 by what they weigh. Default 0.5. */
            regularizationExponent?: number;
            /** @description From this rating on, a movie counts as liked and the target is 1; where no rating is as high, from the highest one on. "auto": from three quarters of the scale on, 4 of 1 to 5; where fewer than a tenth of the ratings are as high, their best quarter. Default "auto". */
            likedFrom?: number | "auto";
            /** @description Below "likedFrom" the target rises from 0, at the lowest rating of the data, towards this: even a low rating says that the user chose to watch. Default 0.5. */
            lowTarget?: number;
            /** @description How many ratings of their own weigh as much as the mean user, to whom a user with few ratings is drawn. "auto": of 1, 2, 4, 8 and 16 what puts likes set apart of users of whom 1, 2 and 5 ratings are known highest. Default "auto". */
            priorRatings?: number | "auto";
            /** @description For the vector of a user, a rating weighs exp(−recency · the share of their ratings that are later); 0: all weigh the same. Default 1. */
            recency?: number;
        };
        RatingBatchResult: {
            accepted: number;
            refused: number;
            /** @description Of every line, in their order. */
            results: {
                /** @description From 1. */
                line: number;
                /** @description Why it was refused; null where it was taken. */
                reason: string | null;
            }[];
        };
        /** @description Predictions are lowest + (highest − lowest)·σ(…). "auto": an eighth of the scale beyond both of its ends, on 1–5 half a star (with preset "fastai" half a star on any scale); "none": no sigmoid; or [lowest, highest]. */
        RatingRange: ("auto" | "none") | number[];
        RatingsReport: {
            /** @description What scale the ratings of the file are on. */
            scale: components["schemas"]["ScaleReport"];
        } & components["schemas"]["ImportReport"];
        Readiness: {
            /**
             * @description `degraded`: it answers, but something needs a look.
             * @enum {string}
             */
            status: "ok" | "degraded" | "unavailable";
            /** @description Whether Redis takes jobs and live ratings. */
            redis: boolean;
            /** @description Whether the store takes writes and has room. */
            store: boolean;
            /** @description The version that serves; null before the first. */
            model: string | null;
            /** @description How many movies it knows. */
            catalogue: number;
            /** @description What is not as it should be. */
            reasons: string[];
        };
        RecommendationBatchRequest: {
            /** @description Each an object with a `userId`, or with the `ratings` of somebody unknown. One that is neither spoils no other. */
            users: unknown[];
        } & components["schemas"]["ListParametersInput"];
        RecommendationRequest: {
            /** @description Any user; either this or ratings. */
            userId?: string;
            ratings?: components["schemas"]["OwnRatings"];
            /** @description The `nextCursor` of the page before, with the same question; it ends with the model, or catalogue, that the list is from. */
            cursor?: string;
        } & components["schemas"]["ListParametersInput"];
        Recommendations: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            /** @description Where a user was asked for. */
            userId?: string;
            basis: components["schemas"]["Basis"];
            /**
             * @description What the list is ordered by: "rating" too where there is no relevance to order by.
             * @enum {string}
             */
            orderBy: "relevance" | "rating";
            /** @description Best first. */
            items: ({
                /** @description The predicted rating, in rating units, within their scale. */
                rating: number;
                /** @description What the list is ordered by. With "relevance" most are between 0 and 1, and they compare within one list only; with "rating", the predicted rating before it is put into the scale. */
                score: number;
                /** @description How many rated it in the data of the model; of a newer movie, until now. */
                ratings: number;
                /** @description With `explain`: at most three movies that the user liked and that raise the score, the strongest first. */
                because?: components["schemas"]["Contribution"][];
            } & components["schemas"]["Movie"])[];
            nextCursor: components["schemas"]["NextCursor"];
            /** @description Candidates and rated movies that the model does not know: they count for nothing. */
            unknownMovieIds: string[];
        };
        /** @description Whether, once it is measured on the held-out ratings, the model is fitted again on all of them: what serves then was fitted to every rating. Without it users and movies of whom all ratings were held out are folded in; either way what serves knows every rating, user and movie, and the figures of the card are those of the first fit. */
        Refit: boolean;
        RefusedLine: {
            line: number;
            reason: string;
        };
        ScaleReport: {
            /** @description Of the ratings that are not far off. */
            lowest: number;
            highest: number;
            /** @description The scale that was declared for the store; null where none was. */
            declared: [
                number,
                number
            ] | null;
            /** @description Ratings so far off all others that they must be slips; no part of the scale. */
            farOff: number;
            /** @description The first of them. To have such lines refused, declare the scale. */
            farOffRatings: {
                line: number;
                rating: number;
            }[];
        };
        /**
         * @description How the rate moves: constant; a list of phases; one-cycle (up, then down, as fast.ai); cosine with warm restarts; self-adjusting (after an epoch with a lower training error ×1.05, after a higher one ×0.5).
         * @enum {string}
         */
        Schedule: "constant" | "phases" | "one-cycle" | "cosine" | "self-adjusting";
        ScheduleRun: {
            /**
             * Format: date-time
             * @description The tick, or when somebody asked.
             */
            dueAt: string;
            /**
             * Format: date-time
             * @description When a worker saw to it: later than `dueAt` where none was there.
             */
            ranAt: string;
            /** @enum {string} */
            by: "schedule" | "request";
            /**
             * @description Whether it queued a training job.
             * @enum {string}
             */
            outcome: "queued" | "skipped";
            /**
             * @description Why it was queued: `new-ratings`, `model-age`, `no-model` or `asked`; or else skipped: `too-few-ratings` (and the model not too old), `no-ratings` at all, `unfinished-job` of this schedule, `identical-job` of somebody else, `invalid-training` (this release does not take it) or `fault`.
             * @enum {string}
             */
            reason: "new-ratings" | "model-age" | "no-model" | "asked" | "too-few-ratings" | "no-ratings" | "unfinished-job" | "identical-job" | "invalid-training" | "fault";
            detail: string;
            /** @description The job that it queued, or that was in its way. */
            job: string | null;
        };
        /** @description A version that began to serve. */
        ServingChange: {
            version: string;
            /** Format: date-time */
            at: string;
            /**
             * @description After a training, or by hand: promoted, or rolled back.
             * @enum {string}
             */
            how: "trained" | "promoted" | "rolled-back";
            /** @description The key that asked for it; null where none is needed. */
            by: string | null;
        };
        SimilarMovies: {
            model: components["schemas"]["ModelVersion"];
            movieId: string;
            /** @description The most alike first. */
            items: ({
                /** @description How alike, −1 to 1: the cosine of the angle between the ranking factors (1: liked by the very same people), less the fewer people liked the movie, and the fewer genres the two share. */
                similarity: number;
                /** @description How many ratings are behind the model. */
                ratings: number;
            } & components["schemas"]["Movie"])[];
        };
        SimilarUsers: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            userId: string;
            /** @description The most alike first. */
            items: {
                userId: string;
                /** @description How alike, −1 to 1: the cosine of the angle between the ranking factors (1: the very same tastes), less the fewer ratings the user gave. */
                similarity: number;
                /** @description How many ratings are behind the model. */
                ratings: number;
            }[];
        };
        Split: WithRequired<components["schemas"]["SplitInput"], "method" | "valid">;
        /** @description Which ratings are held out from training. */
        SplitInput: {
            /**
             * @description Which: "random" rows; "user-time", the last of each user; "global-time", the last of all. Default "random".
             * @enum {string}
             */
            method?: "random" | "user-time" | "global-time";
            /** @description Share of the ratings held out and reported on, rounded down; 0 trains on all. Default 0.2. */
            valid?: number;
        };
        Statistics: {
            /** @description One of each user and movie, within the declared scale. */
            ratings: number;
            /** @description Users with a rating. */
            users: number;
            /** @description Movies with a rating. */
            movies: number;
            /** @description Movies that were imported or described. */
            catalogue: number;
            /**
             * Format: date-time
             * @description The latest time of a rating, where any has one.
             */
            newest: string | null;
            sources: {
                imports: {
                    /** @description Imports of ratings. */
                    imports: number;
                    /** @description Their lines, repeated ones too. */
                    ratings: number;
                };
                live: {
                    /** @description Ratings told or taken back by themselves. */
                    events: number;
                };
            };
            /** @description What came after the data of the serving model; null before the first, and for one of an earlier release. */
            sinceModel: {
                /** @description The version that serves. */
                model: string;
                /** @description Imports of ratings that its data lack. */
                imports: number;
                /** @description Their lines. */
                ratings: number;
                /** @description Live events that its data lack. */
                live: number;
            } | null;
        };
        SteppedSettings: {
            split: components["schemas"]["Split"];
            earlyStopping: components["schemas"]["EarlyStopping"] | null;
            ranking: components["schemas"]["RankingSpec"] | null;
        } & WithRequired<components["schemas"]["SteppedSettingsInput"], "ratingRange" | "preset" | "batchSize" | "momentum" | "beta2" | "epsilon" | "epochs" | "weightDecay" | "decay" | "schedule" | "phases" | "cycleLength" | "cycleMultiplier" | "engine" | "seed" | "split" | "earlyStopping" | "refit" | "ranking">;
        /** @description Settings of every training that steps along gradients. */
        SteppedSettingsInput: {
            /** @description Default "auto". */
            ratingRange?: components["schemas"]["RatingRange"];
            /**
             * @description "auto": the training starts from the damped biases, in the unit of the ratings' deviation, and its settings follow from the data. "fastai": the settings of the notebooks where none are given, from weights near 0, in the ratings' own unit. Default "auto".
             * @enum {string}
             */
            preset?: "auto" | "fastai";
            /** @description Default 64. */
            batchSize?: components["schemas"]["BatchSize"];
            /** @description Default 0.9. */
            momentum?: components["schemas"]["Momentum"];
            /** @description Adam's decay of the squared gradients: 0.99 in fast.ai, 0.999 in PyTorch. Default 0.99. */
            beta2?: number;
            /** @description Adam's term against division by zero: 1e-5 in fast.ai, 1e-8 in PyTorch. Default 0.00001. */
            epsilon?: number;
            /** @description Passes over the training ratings; with "phases", their sum counts instead. "auto": 8, on more than 100,000 ratings fewer, 5 at least. Default "auto". */
            epochs?: number | "auto";
            /** @description Strength of the weight decay. "auto": the less, the more ratings there are and the fewer users and movies share them. Default "auto". */
            weightDecay?: number | "auto";
            /** @description Default "decoupled". */
            decay?: components["schemas"]["Decay"];
            /** @description Default "one-cycle". */
            schedule?: components["schemas"]["Schedule"];
            /** @description Default []. */
            phases?: components["schemas"]["Phases"];
            /** @description For "cosine": epochs of the first cycle. Default 1. */
            cycleLength?: number;
            /** @description For "cosine": each cycle is this many times as long as the one before. Default 2. */
            cycleMultiplier?: number;
            /** @description Default "auto". */
            engine?: components["schemas"]["Engine"];
            /** @description Seeds the split, the initial values and the order of the batches. Default 42. */
            seed?: number;
            split?: components["schemas"]["SplitInput"];
            /** @description Default null. */
            earlyStopping?: components["schemas"]["EarlyStoppingInput"] | null;
            /** @description Default true. */
            refit?: components["schemas"]["Refit"];
            ranking?: components["schemas"]["RankingSpecInput"] | null;
        };
        SteppedSpace: {
            epochs?: number[] | {
                min: number;
                max: number;
                /** @description Default false. */
                log?: components["schemas"]["LogScale"];
            };
            batchSize?: components["schemas"]["BatchSize"][] | {
                min: components["schemas"]["BatchSize"];
                max: components["schemas"]["BatchSize"];
                /** @description Default false. */
                log?: components["schemas"]["LogScale"];
            };
            learningRate?: number[] | {
                min: number;
                max: number;
                /** @description Default false. */
                log?: components["schemas"]["LogScale"];
            };
            momentum?: components["schemas"]["Momentum"][] | {
                min: components["schemas"]["Momentum"];
                max: components["schemas"]["Momentum"];
                /** @description Default false. */
                log?: components["schemas"]["LogScale"];
            };
            weightDecay?: number[] | {
                min: number;
                max: number;
                /** @description Default false. */
                log?: components["schemas"]["LogScale"];
            };
            decay?: components["schemas"]["Decay"][];
            schedule?: ("constant" | "one-cycle" | "cosine" | "self-adjusting")[];
            ratingRange?: components["schemas"]["RatingRange"][];
        };
        TrainOptions: {
            /**
             * @description May be left out.
             * @constant
             */
            kind?: "train";
            promote?: components["schemas"]["Promote"];
            warmStart?: components["schemas"]["WarmStartWish"];
            priority?: components["schemas"]["Priority"];
        };
        TrainingJob: ({
            /** @constant */
            kind: "train";
            spec: components["schemas"]["TrainingSpec"];
            /** @description From what it was asked to start; the card says from what it did. */
            warmStart: string;
            promote: components["schemas"]["Promote"];
            /** @description Null until it is completed. */
            result: components["schemas"]["TrainingResult"] | null;
        } & components["schemas"]["JobBase"]) | ({
            /** @constant */
            kind: "find-rate";
            spec: components["schemas"]["TrainingSpec"];
            /** @description Null until it is completed. */
            result: components["schemas"]["LearningRateSearch"] | null;
        } & components["schemas"]["JobBase"]) | ({
            /** @constant */
            kind: "tune";
            spec: components["schemas"]["TuningSpec"];
            result: components["schemas"]["TuningResult"];
        } & components["schemas"]["JobBase"]) | ({
            /** @constant */
            kind: "recommend-all";
            spec: components["schemas"]["BatchSpec"];
            /** @description Null until it is completed. */
            result: components["schemas"]["BatchResult"] | null;
        } & components["schemas"]["JobBase"]);
        TrainingJobList: {
            items: components["schemas"]["TrainingJob"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        TrainingResult: {
            /** @description Whether the model has a higher RMSE on the held-out ratings than the damped biases; null where nothing was held out. */
            losesToBiases: boolean | null;
        };
        TrainingSchedule: {
            name: string;
            cron: string | null;
            timeZone: string | null;
            intervalSeconds: number | null;
            minNewRatings: number;
            maxModelAgeSeconds: number | null;
            /** @description A JobRequest, as it was given. */
            training: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            changedAt: string;
            /**
             * Format: date-time
             * @description Past where no worker has been there: it is run once when one is.
             */
            nextTick: string | null;
            /** @description The newest run that nobody asked for. */
            lastTick: components["schemas"]["ScheduleRun"] | null;
            /** @description The newest 20, newest first; not in lists. */
            runs?: components["schemas"]["ScheduleRun"][];
        };
        TrainingScheduleList: {
            items: components["schemas"]["TrainingSchedule"][];
        };
        TrainingScheduleRequest: {
            /** @description Minute, hour, day of month, month, day of week, as in `0 3 * * *`; with six fields the second comes first. */
            cron?: string;
            /** @description Of `cron`, as in `Europe/Berlin`; UTC unless given. */
            timeZone?: string;
            /** @description In place of `cron`: so many seconds between two ticks, from the request on. */
            intervalSeconds?: number;
            /** @description A tick trains where so many ratings, lines of imports and live events, have come since the data of the model that serves, or of the last training of this schedule where that is newer; 0 trains at every tick. Default 1. */
            minNewRatings?: number;
            /** @description Or where that model is so old, whatever has come; null for no limit. Default null. */
            maxModelAgeSeconds?: number | null;
            training: components["schemas"]["JobRequest"];
        };
        /** @description What to train and how. */
        TrainingSpec: components["schemas"]["DotSpec"] | components["schemas"]["DotBiasSpec"] | components["schemas"]["NetSpec"] | components["schemas"]["BayesSpec"];
        TrendingRanking: {
            model: components["schemas"]["ModelVersion"];
            /**
             * Format: date-time
             * @description The newest rating, where the window ends; null where ratings have no times.
             */
            asOf: string | null;
            items: ({
                /** @description How many rated it in the window. */
                recentRatings: number;
                /** @description How many would have, at its share of all ratings. */
                expectedRatings: number;
                /** @description (recent − expected) / √(expected + 1); what it is ranked by. */
                trend: number;
            } & components["schemas"]["RankedMovie"])[];
            nextCursor: components["schemas"]["NextCursor"];
        };
        Trial: {
            /** @description Which setting, from 1 in the order drawn. */
            trial: number;
            /** @description From 1; "random" has one, "halving" has more with more epochs each. */
            round: number;
            /** @description Of its epochs; 1 is a training in full. */
            share: number;
            /** @description The hyper-parameters drawn. */
            settings: {
                [key: string]: number | string | number[];
            };
            /** @description Epochs trained. */
            epochs: number;
            /** @description Mean squared error on the inner validation rows; null when the training diverged. */
            validMse: number | null;
            seconds: number;
        };
        /** @description What a tuning has found. */
        TuningResult: {
            /** @description The trials so far, in the order they ended. */
            trials: components["schemas"]["Trial"][];
            /** @description The best so far as a training job that can be asked for; null before the first. */
            winner: (components["schemas"]["DotSpec"] | components["schemas"]["DotBiasSpec"] | components["schemas"]["NetSpec"]) | null;
        };
        TuningSearch: {
            /** @description The ratings that the winner will be reported on; tuning never sees them. */
            split: components["schemas"]["Split"];
        } & WithRequired<components["schemas"]["TuningSearchInput"], "kind" | "strategy" | "innerValid" | "engine" | "seed" | "split" | "trainWinner" | "promote">;
        TuningSearchInput: {
            /** @constant */
            kind: "tune";
            /**
             * @description "random" trains each setting in full. "halving" (successive halving) starts 27 at a time with a ninth of their epochs, goes on with the best third for three times as many, and so on. Default "random".
             * @enum {string}
             */
            strategy?: "random" | "halving";
            /** @description Settings to draw. */
            trials?: number;
            /** @description No setting is drawn once the trials have taken so long in all. */
            minutes?: number;
            /** @description Share of the training ratings that the settings are compared on. Default 0.2. */
            innerValid?: number;
            /** @description Default "auto". */
            engine?: components["schemas"]["Engine"];
            /** @description Seeds the split, the settings drawn and their trainings. Default 42. */
            seed?: number;
            /** @description The ratings that the winner will be reported on; tuning never sees them. */
            split?: components["schemas"]["SplitInput"];
            /** @description Train the winner on all training ratings, as a training job would, and publish it. Default false. */
            trainWinner?: boolean;
            /** @description Default "auto". */
            promote?: components["schemas"]["Promote"];
            priority?: components["schemas"]["Priority"];
        };
        /** @description What to tune and for how long; "trials", "minutes" or both are needed. */
        TuningSpec: components["schemas"]["DotTuning"] | components["schemas"]["DotBiasTuning"] | components["schemas"]["NetTuning"];
        /** @description What to tune and for how long; "trials", "minutes" or both are needed. */
        TuningSpecInput: components["schemas"]["DotTuningInput"] | components["schemas"]["DotBiasTuningInput"] | components["schemas"]["NetTuningInput"];
        UserExport: {
            userId: string;
            /** @description All that are stored; of two of one movie, the later counts. */
            ratings: {
                movieId: string;
                /** @description Null where it was taken back. */
                rating: number | null;
                /** @description Seconds since 1970; null where not known. */
                timestamp: number | null;
                /** @description Null for one that was told by itself. */
                import: string | null;
            }[];
            /** @description What was imported about the user; the last import counts. */
            attributes: {
                name: string;
                value: string;
                /** @description The import that it came with. */
                import: string;
            }[];
            /** @description The kept models that were trained with the user, and on how many ratings. */
            models: {
                model: string;
                ratings: number;
            }[];
        };
        UserRating: {
            userId: string;
            movieId: string;
            rating: number;
            /** @description Seconds since 1970. */
            timestamp: number;
        };
        UserRatings: {
            model: components["schemas"]["ModelVersion"];
            experiment?: components["schemas"]["ExperimentArm"];
            userId: string;
            /** @description By movie id, character by character. */
            items: ({
                rating: number;
                /** @description Seconds since 1970; null of a rating that the model had in its data. */
                timestamp: number | null;
            } & components["schemas"]["MovieTitle"])[];
            nextCursor: components["schemas"]["NextCursor"];
        };
        VectorSizes: number[] | {
            min: number;
            max: number;
            /** @description Default false. */
            log?: components["schemas"]["LogScale"];
        };
        WarmStart: {
            /** @description The model it started from; null if it started cold. */
            from: string | null;
            /** @description Why it started cold though a start was asked for. */
            reason: string | null;
            /** @description Users that had vectors there. */
            users: number;
            newUsers: number;
            /** @description Movies that had vectors there. */
            movies: number;
            newMovies: number;
            /** @description Epochs, of "bayes" sweeps, that the measured model took. */
            epochs: number;
        };
        /** @description From what it starts: "never" (the default), from nothing, so that a model depends on data and request alone; "auto", from the vectors of the model that serves, in fewer epochs, where it has the same algorithm, sizes and split (the card says why not); or the version of a model, an error where it does not fit. What is held out stays held out: the start has never seen it. */
        WarmStartWish: ("never" | "auto") | string;
    };
    responses: {
        /** @description `duplicate-job`: An identical training job is queued or running. */
        DuplicateJob: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `experiment-ended`: The experiment has already ended. */
        ExperimentEnded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `experiment-running`: An experiment is running. `experiment-ended`: The experiment has already ended. */
        ExperimentRunningOrExperimentEnded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `expired-cursor`: The list that the cursor continues is gone. */
        ExpiredCursor: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: This is not allowed. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency-key-reused`: The idempotency key stands for another request. */
        IdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Something went wrong here. */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-model`: The model is damaged or not readable. */
        InvalidModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid-request`: The request is not valid. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `job-finished`: The training job has already ended. */
        JobFinished: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `log-unavailable`: The log of live ratings is not available. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        LogUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `log-unavailable`: The log of live ratings is not available. `redis-full`: Redis has no memory left. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        LogUnavailableOrRedisFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `log-unavailable`: The log of live ratings is not available. `redis-full`: Redis has no memory left. `store-unavailable`: The store cannot be used now. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        LogUnavailableOrRedisFullOrStoreUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `no-earlier-model`: There is no earlier model to return to. */
        NoEarlierModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `no-intervals`: The model that serves has no intervals. */
        NoIntervals: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `no-model`: No model has been trained yet. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        NoModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `no-ratings`: There are too few ratings to train on. */
        NoRatings: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `out-of-space`: The disk has no room left. */
        OutOfSpace: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        Overloaded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `queue-unavailable`: The job queue is not available. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        QueueUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `queue-unavailable`: The job queue is not available. `redis-full`: Redis has no memory left. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        QueueUnavailableOrRedisFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `store-unavailable`: The store cannot be used now. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        StoreUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `store-unavailable`: The store cannot be used now. `store-read-only`: The store takes no writes. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        StoreUnavailableOrStoreReadOnly: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-large`: The body is too large. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-imports`: As many imports are under way as there may be. `store-unavailable`: The store cannot be used now. `store-read-only`: The store takes no writes. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        TooManyImportsOrStoreUnavailableOrStoreReadOnly: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-jobs`: As many jobs wait as there may be. `queue-unavailable`: The job queue is not available. `redis-full`: Redis has no memory left. `store-unavailable`: The store cannot be used now. `overloaded`: The server has more to do than it can. `shutting-down`: The server is shutting down. */
        TooManyJobsOrQueueUnavailableOrRedisFullOrStoreUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-requests`: More is asked than may be. `too-many-wrong-keys`: Too many wrong keys come from this address. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too-many-schedules`: There are as many schedules as there may be. */
        TooManySchedules: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthorized`: An API key is needed. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-batch`: No such batch. */
        UnknownBatch: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-erasure`: No such erasure. */
        UnknownErasure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-experiment`: No such experiment. */
        UnknownExperiment: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-import`: No such import. */
        UnknownImport: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-job`: No such training job. */
        UnknownJob: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-model`: No such model. */
        UnknownModel: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-model`: No such model. `not-found`: There is nothing at this address. */
        UnknownModelOrNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-movie`: No such movie. */
        UnknownMovie: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-rating`: No such rating. */
        UnknownRating: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-schedule`: No such schedule. */
        UnknownSchedule: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unknown-user`: The model does not know the user. */
        UnknownUser: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unrecognised-format`: The file is in no known format. `no-good-line`: No line of the file could be taken. */
        UnrecognisedFormatOrNoGoodLine: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unrecognised-format`: The file is in no known format. `no-good-line`: No line of the file could be taken. `unsafe-archive`: The archive was refused. `import-refused`: What the import would make cannot be served. */
        UnrecognisedFormatOrNoGoodLineOrUnsafeArchiveOrImportRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsatisfiable-range`: The range is behind the end. */
        UnsatisfiableRange: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported-media-type`: The content type is not accepted here. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The id of the job that made it.
         * @example job-7c3e1a9f5b2d4c6e8f0a1b2c
         */
        BatchId: string;
        /** @description The `nextCursor` of the page before, with the same question. */
        Cursor: string;
        /**
         * @description The name of an experiment.
         * @example autumn-bayes
         */
        ExperimentName: string;
        /** @description Only movies of any of these genres, in any case; several times, or with commas. */
        Genres: string[];
        /** @description The ETag of an answer that the client has. */
        IfNoneMatch: string;
        /**
         * @description The id of the import.
         * @example 1767340800000-55f1da5c1241387c
         */
        ImportId: string;
        /** @description Only movies with at least so many ratings behind the model. */
        MinRatings: number;
        /**
         * @description The version of a model.
         * @example 20260102t080000000-7d1e52c4
         */
        ModelVersion: string;
        /**
         * @description Any movie.
         * @example 318
         */
        MovieId: string;
        /**
         * @description How many on a page.
         * @example 1
         */
        N: number;
        /** @description The best or the worst first. */
        Order: "top" | "bottom";
        /** @description The bytes that are wanted, as in `bytes=0-999`. */
        Range: string;
        /**
         * @description The name of the schedule.
         * @example nightly
         */
        ScheduleName: string;
        /**
         * @description The id of the job.
         * @example job-5f0c1e7a9b2d4c6e8f7a1b3c
         */
        TrainingJobId: string;
        /**
         * @description Any user.
         * @example 15
         */
        UserId: string;
        /** @description Only movies of this year or later. */
        YearFrom: number;
        /** @description Only movies of this year or earlier. */
        YearTo: number;
    };
    requestBodies: never;
    headers: {
        /** @description Names what the answer rests on. */
        ETag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    isReady: {
        parameters: {
            query?: {
                /**
                 * @description Which requests are meant.
                 * @example writes
                 */
                for?: "reads" | "writes" | "training";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "degraded",
                     *       "redis": true,
                     *       "store": true,
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "catalogue": 6,
                     *       "reasons": [
                     *         "No worker that is running takes jobs of kind erase: 1 wait.",
                     *         "No worker that is running takes jobs of kind tune: 1 wait."
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
            /** @description It is not. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    predictRating: {
        parameters: {
            query?: {
                /**
                 * @description The share of ratings that such an interval is to hold, over 0.5, at most 0.99.
                 * @example 0.9
                 */
                interval?: number;
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Any user; one that is not known has no taste yet.
                 * @example 15
                 */
                userId: string;
                /**
                 * @description A movie of the model or of the catalogue.
                 * @example 318
                 */
                movieId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The expected rating. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "userId": "15",
                     *       "movieId": "318",
                     *       "rating": 1.3742,
                     *       "basis": "trained",
                     *       "interval": {
                     *         "level": 0.9,
                     *         "lowest": 0.6742,
                     *         "highest": 2.0742
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownMovie"];
            409: components["responses"]["NoIntervals"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    predictRatings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "15",
                 *       "movieIds": [
                 *         "318",
                 *         "356",
                 *         "99999"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PredictionRequest"];
            };
        };
        responses: {
            /** @description The expected ratings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "items": [
                     *         {
                     *           "movieId": "318",
                     *           "rating": 1.3742,
                     *           "basis": "trained"
                     *         },
                     *         {
                     *           "movieId": "356",
                     *           "rating": 4.1527,
                     *           "basis": "trained"
                     *         },
                     *         {
                     *           "movieId": "99999",
                     *           "error": "unknown-movie"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PredictionBatch"] | components["schemas"]["CompactPredictionBatch"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["NoIntervals"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    listUserRatings: {
        parameters: {
            query?: {
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: components["parameters"]["N"];
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Any user.
                 * @example 15
                 */
                userId: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "userId": "15",
                     *       "items": [
                     *         {
                     *           "movieId": "296",
                     *           "title": "Pulp Fiction",
                     *           "displayTitle": "Pulp Fiction",
                     *           "rating": 1,
                     *           "timestamp": null
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["UserRatings"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    getRating: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Any user.
                 * @example 15
                 */
                userId: components["parameters"]["UserId"];
                /**
                 * @description Any movie.
                 * @example 318
                 */
                movieId: components["parameters"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rating. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "userId": "15",
                     *       "movieId": "318",
                     *       "rating": 0.5,
                     *       "timestamp": null
                     *     }
                     */
                    "application/json": components["schemas"]["KnownRating"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownRating"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    putRating: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any user; one who is not known becomes so.
                 * @example 15
                 */
                userId: string;
                /**
                 * @description Any movie; one that is not known becomes so by its first rating.
                 * @example 318
                 */
                movieId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rating": 4.5,
                 *       "timestamp": 1767344400
                 *     }
                 */
                "application/json": {
                    /** @description Within the declared scale; where none is, within that of the ratings, which need not have used all of it. */
                    rating: number;
                    /** @description When it was given, in seconds since 1970; now, unless told. */
                    timestamp?: number;
                };
            };
        };
        responses: {
            /** @description The rating is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "userId": "15",
                     *       "movieId": "318",
                     *       "rating": 4.5,
                     *       "timestamp": 1767344400
                     *     }
                     */
                    "application/json": components["schemas"]["UserRating"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    deleteRating: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any user; one who is not known becomes so.
                 * @example 15
                 */
                userId: string;
                /**
                 * @description Any movie; one that is not known becomes so by its first rating.
                 * @example 318
                 */
                movieId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is no such rating now. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    compactRatings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A worker will do it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "upTo": {
                     *         "epoch": "4d766c96cbd7",
                     *         "seq": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Compaction"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    recommendMovies: {
        parameters: {
            query?: {
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: number;
                /** @description "relevance": how likely the user is to watch and like the movie, by the ranking part of the model; "rating": the predicted rating, which puts little known movies first. */
                orderBy?: "relevance" | "rating";
                /** @description Leave out what the user has rated. */
                excludeRated?: boolean;
                /**
                 * @description Leave out movies whose predicted rating is more than half a star (an eighth of the scale) under the mean rating of the user, who may well watch, but hardly like them; not of `candidateMovieIds`, nor with `excludeRated=false`.
                 * @example false
                 */
                excludeDisliked?: boolean;
                /** @description Leave these out; several times, or with commas; an id that is not known leaves nothing out. */
                excludeMovieIds?: string[];
                /** @description Put these in order, and show no others; several times, or with commas; what excludes and filters applies to them too, and those that the model does not know are named in `unknownMovieIds`. */
                candidateMovieIds?: string[];
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
                /** @description By how much a movie falls for being like those before it (maximal marginal relevance on the movie factors, among the 500 best): 0 is the order by score alone. */
                diversity?: number;
                /** @description Name with each movie the ratings of the user that speak most for it. */
                explain?: boolean;
                /** @description The `nextCursor` of the page before, with the same question; it ends with the model, or catalogue, that the list is from. */
                cursor?: string;
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Any user.
                 * @example 15
                 */
                userId: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "basis": "trained",
                     *       "orderBy": "relevance",
                     *       "items": [
                     *         {
                     *           "movieId": "4973",
                     *           "title": "Amélie",
                     *           "displayTitle": "Amélie",
                     *           "year": 2001,
                     *           "genres": [
                     *             "Comedy",
                     *             "Romance"
                     *           ],
                     *           "rating": 1.5265,
                     *           "score": 6,
                     *           "ratings": 1
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0",
                     *       "unknownMovieIds": [],
                     *       "userId": "15"
                     *     }
                     */
                    "application/json": components["schemas"]["Recommendations"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    recommendMoviesTo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ratings": [
                 *         {
                 *           "movieId": "318",
                 *           "rating": 5
                 *         },
                 *         {
                 *           "movieId": "2571",
                 *           "rating": 4
                 *         }
                 *       ],
                 *       "n": 1,
                 *       "excludeDisliked": false
                 *     }
                 */
                "application/json": components["schemas"]["RecommendationRequest"];
            };
        };
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "basis": "folded-in",
                     *       "orderBy": "relevance",
                     *       "items": [
                     *         {
                     *           "movieId": "4973",
                     *           "title": "Amélie",
                     *           "displayTitle": "Amélie",
                     *           "year": 2001,
                     *           "genres": [
                     *             "Comedy",
                     *             "Romance"
                     *           ],
                     *           "rating": 2.177,
                     *           "score": 0.9523,
                     *           "ratings": 1
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0",
                     *       "unknownMovieIds": []
                     *     }
                     */
                    "application/json": components["schemas"]["Recommendations"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    recommendMoviesToMany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "users": [
                 *         {
                 *           "userId": "15"
                 *         },
                 *         {
                 *           "userId": 15
                 *         }
                 *       ],
                 *       "n": 1,
                 *       "excludeDisliked": false
                 *     }
                 */
                "application/json": components["schemas"]["RecommendationBatchRequest"];
            };
        };
        responses: {
            /** @description A line for each user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {"model":"20260102t080000000-7d1e52c4","userId":"15","basis":"trained","orderBy":"relevance","items":[{"movieId":"4973","title":"Amélie","displayTitle":"Amélie","year":2001,"genres":["Comedy","Romance"],"rating":1.5265,"score":6,"ratings":1}],"nextCursor":"WyJtb2RlbCAyMDI2MDEwMnQwODAwMDAwMDAtN2QxZTUyYzQiLDE3MDY0NTkyMzksMV0","unknownMovieIds":[]}
                     *     {"line":1,"code":"invalid-request","detail":"/userId: Invalid input: expected string, received number.","errors":[{"pointer":"/userId","detail":"Invalid input: expected string, received number"}]}
                     */
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    rankMoviesByBias: {
        parameters: {
            query?: {
                /** @description The best or the worst first. */
                order?: components["parameters"]["Order"];
                /** @description Only among so many of the most rated movies. */
                mostRated?: number;
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: components["parameters"]["N"];
                /** @description The `nextCursor` of the page before, with the same question. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ranking. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "source": "model",
                     *       "items": [
                     *         {
                     *           "movieId": "296",
                     *           "title": "Pulp Fiction",
                     *           "displayTitle": "Pulp Fiction",
                     *           "year": 1994,
                     *           "genres": [
                     *             "Comedy",
                     *             "Crime",
                     *             "Drama"
                     *           ],
                     *           "meanRating": 1.75,
                     *           "ratings": 2,
                     *           "bias": 2.0534
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["BiasRanking"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    rankMoviesByMean: {
        parameters: {
            query?: {
                /** @description The best or the worst first. */
                order?: components["parameters"]["Order"];
                /** @description As if each movie had so many more ratings, all of the mean of all ratings. */
                damping?: number;
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: components["parameters"]["N"];
                /** @description The `nextCursor` of the page before, with the same question. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ranking. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "items": [
                     *         {
                     *           "movieId": "2571",
                     *           "title": "Matrix, The",
                     *           "displayTitle": "The Matrix",
                     *           "year": 1999,
                     *           "genres": [
                     *             "Action",
                     *             "Sci-Fi"
                     *           ],
                     *           "meanRating": 3.3333,
                     *           "ratings": 3,
                     *           "dampedMean": 2.5641
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["MeanRanking"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    rankMoviesByPopularity: {
        parameters: {
            query?: {
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: components["parameters"]["N"];
                /** @description The `nextCursor` of the page before, with the same question. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ranking. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "items": [
                     *         {
                     *           "movieId": "356",
                     *           "title": "Forrest Gump",
                     *           "displayTitle": "Forrest Gump",
                     *           "year": 1994,
                     *           "genres": [
                     *             "Comedy",
                     *             "Drama",
                     *             "Romance"
                     *           ],
                     *           "meanRating": 3,
                     *           "ratings": 3
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["PopularRanking"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    rankMoviesByTrend: {
        parameters: {
            query?: {
                /**
                 * @description The last 1, 7, 30 or 365 days before the newest rating.
                 * @example week
                 */
                window?: "day" | "week" | "month" | "year";
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: components["parameters"]["N"];
                /** @description The `nextCursor` of the page before, with the same question. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ranking. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "asOf": "2026-01-01T00:00:00.000Z",
                     *       "items": [
                     *         {
                     *           "movieId": "2571",
                     *           "title": "Matrix, The",
                     *           "displayTitle": "The Matrix",
                     *           "year": 1999,
                     *           "genres": [
                     *             "Action",
                     *             "Sci-Fi"
                     *           ],
                     *           "meanRating": 3.3333,
                     *           "ratings": 3,
                     *           "recentRatings": 3,
                     *           "expectedRatings": 1.75,
                     *           "trend": 0.7538
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["TrendingRanking"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["ExpiredCursor"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    findSimilarMovies: {
        parameters: {
            query?: {
                /**
                 * @description How many.
                 * @example 1
                 */
                n?: number;
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description Only movies of this year or later. */
                yearFrom?: components["parameters"]["YearFrom"];
                /** @description Only movies of this year or earlier. */
                yearTo?: components["parameters"]["YearTo"];
                /** @description Only movies with at least so many ratings behind the model. */
                minRatings?: components["parameters"]["MinRatings"];
            };
            header?: never;
            path: {
                /**
                 * @description A movie of the model.
                 * @example 318
                 */
                movieId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The movies. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "movieId": "318",
                     *       "items": [
                     *         {
                     *           "movieId": "296",
                     *           "title": "Pulp Fiction",
                     *           "displayTitle": "Pulp Fiction",
                     *           "year": 1994,
                     *           "genres": [
                     *             "Comedy",
                     *             "Crime",
                     *             "Drama"
                     *           ],
                     *           "similarity": 0.5793,
                     *           "ratings": 2
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimilarMovies"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownMovie"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    findSimilarUsers: {
        parameters: {
            query?: {
                /**
                 * @description How many.
                 * @example 1
                 */
                n?: number;
            };
            header?: never;
            path: {
                /**
                 * @description A user of the model.
                 * @example 15
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The users. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "userId": "15",
                     *       "items": [
                     *         {
                     *           "userId": "17",
                     *           "similarity": -0.3817,
                     *           "ratings": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimilarUsers"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownUser"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    explainRating: {
        parameters: {
            query?: {
                /** @description What is split. */
                of?: "relevance" | "rating";
                /**
                 * @description How many ratings are named for it, and against; the others are summed up.
                 * @example 2
                 */
                n?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Any user.
                 * @example 15
                 */
                userId: components["parameters"]["UserId"];
                /**
                 * @description A movie of the model.
                 * @example 318
                 */
                movieId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The parts of the score. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "userId": "15",
                     *       "movieId": "318",
                     *       "basis": "trained",
                     *       "of": "relevance",
                     *       "rating": 1.3742,
                     *       "score": 1,
                     *       "prior": 0.025,
                     *       "items": [],
                     *       "others": 0.02,
                     *       "remainder": 0.9569,
                     *       "against": [
                     *         {
                     *           "movieId": "318",
                     *           "title": "Shawshank Redemption, The",
                     *           "displayTitle": "The Shawshank Redemption",
                     *           "year": 1994,
                     *           "genres": [
                     *             "Crime",
                     *             "Drama"
                     *           ],
                     *           "rating": 0.5,
                     *           "relevance": -0.0019
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownMovie"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    searchMovies: {
        parameters: {
            query?: {
                /** @description These movies, in this order, in place of a search; several times, or with commas. */
                ids?: string[];
                /**
                 * @description Every word of it must occur in the title; case and accents do not matter.
                 * @example matrix
                 */
                title?: string;
                /** @description Only movies of any of these genres, in any case; several times, or with commas. */
                genres?: components["parameters"]["Genres"];
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
                /** @description How many on a page. */
                n?: number;
            };
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "movieId": "2571",
                     *           "title": "Matrix, The",
                     *           "displayTitle": "The Matrix",
                     *           "year": 1999,
                     *           "genres": [
                     *             "Action",
                     *             "Sci-Fi"
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["MoviePage"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    listGenres: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "genre": "Comedy",
                     *           "movies": 3
                     *         },
                     *         {
                     *           "genre": "Drama",
                     *           "movies": 3
                     *         },
                     *         {
                     *           "genre": "Crime",
                     *           "movies": 2
                     *         },
                     *         {
                     *           "genre": "Romance",
                     *           "movies": 2
                     *         },
                     *         {
                     *           "genre": "Action",
                     *           "movies": 1
                     *         },
                     *         {
                     *           "genre": "Adventure",
                     *           "movies": 1
                     *         },
                     *         {
                     *           "genre": "Animation",
                     *           "movies": 1
                     *         },
                     *         {
                     *           "genre": "Children",
                     *           "movies": 1
                     *         },
                     *         {
                     *           "genre": "Sci-Fi",
                     *           "movies": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["GenreList"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    getMovie: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an answer that the client has. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Any movie.
                 * @example 318
                 */
                movieId: components["parameters"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The movie. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "movieId": "318",
                     *       "title": "Shawshank Redemption, The",
                     *       "displayTitle": "The Shawshank Redemption",
                     *       "year": 1994,
                     *       "genres": [
                     *         "Crime",
                     *         "Drama"
                     *       ],
                     *       "imdbId": null,
                     *       "tmdbId": null,
                     *       "hidden": false,
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "ratings": 1,
                     *       "meanRating": 0.5
                     *     }
                     */
                    "application/json": components["schemas"]["MovieDetail"];
                };
            };
            /** @description It is still the answer. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownMovie"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    putMovie: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any movie.
                 * @example 318
                 */
                movieId: components["parameters"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "The Shawshank Redemption (1994)",
                 *       "genres": [
                 *         "Drama"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description A year in brackets at its end is taken for the year. */
                    title: string;
                    year?: number | null;
                    /** @default [] */
                    genres?: string[];
                    /**
                     * @description Whether no list shows it.
                     * @default false
                     */
                    hidden?: boolean;
                };
            };
        };
        responses: {
            /** @description The movie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "movieId": "318",
                     *       "title": "The Shawshank Redemption",
                     *       "year": 1994,
                     *       "genres": [
                     *         "Drama"
                     *       ],
                     *       "hidden": false
                     *     }
                     */
                    "application/json": components["schemas"]["EditedMovie"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    deleteMovie: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any movie.
                 * @example 318
                 */
                movieId: components["parameters"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue does not have it now. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    patchMovie: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any movie.
                 * @example 318
                 */
                movieId: components["parameters"]["MovieId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hidden": true
                 *     }
                 */
                "application/json": {
                    /** @description A year in brackets at its end is taken for the year. */
                    title?: string;
                    year?: number | null;
                    genres?: string[];
                    /** @description Whether no list shows it. */
                    hidden?: boolean;
                };
            };
        };
        responses: {
            /** @description The movie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "movieId": "318",
                     *       "title": "Shawshank Redemption, The",
                     *       "year": 1994,
                     *       "genres": [
                     *         "Crime",
                     *         "Drama"
                     *       ],
                     *       "hidden": true
                     *     }
                     */
                    "application/json": components["schemas"]["EditedMovie"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownMovie"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    getMovieMap: {
        parameters: {
            query?: {
                /**
                 * @description How many dimensions; fewer where the movies of the model have fewer factors.
                 * @example 1
                 */
                components?: number;
                /**
                 * @description Only so many of the most rated movies.
                 * @example 2
                 */
                mostRated?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The map. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "movies": 2,
                     *       "components": [
                     *         {
                     *           "explained": 1,
                     *           "highest": [
                     *             {
                     *               "movieId": "2571",
                     *               "title": "Matrix, The",
                     *               "displayTitle": "The Matrix",
                     *               "coordinate": 1.4233
                     *             },
                     *             {
                     *               "movieId": "356",
                     *               "title": "Forrest Gump",
                     *               "displayTitle": "Forrest Gump",
                     *               "coordinate": -1.4233
                     *             }
                     *           ],
                     *           "lowest": [
                     *             {
                     *               "movieId": "356",
                     *               "title": "Forrest Gump",
                     *               "displayTitle": "Forrest Gump",
                     *               "coordinate": -1.4233
                     *             },
                     *             {
                     *               "movieId": "2571",
                     *               "title": "Matrix, The",
                     *               "displayTitle": "The Matrix",
                     *               "coordinate": 1.4233
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "items": [
                     *         {
                     *           "movieId": "356",
                     *           "title": "Forrest Gump",
                     *           "displayTitle": "Forrest Gump",
                     *           "genres": [
                     *             "Comedy",
                     *             "Drama",
                     *             "Romance"
                     *           ],
                     *           "ratings": 3,
                     *           "coordinates": [
                     *             -1.4233
                     *           ]
                     *         },
                     *         {
                     *           "movieId": "2571",
                     *           "title": "Matrix, The",
                     *           "displayTitle": "The Matrix",
                     *           "genres": [
                     *             "Action",
                     *             "Sci-Fi"
                     *           ],
                     *           "ratings": 3,
                     *           "coordinates": [
                     *             1.4233
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MovieMap"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    getCrosstab: {
        parameters: {
            query?: {
                /**
                 * @description How many users.
                 * @example 2
                 */
                users?: number;
                /**
                 * @description How many movies.
                 * @example 2
                 */
                movies?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "model": "20260102t080000000-7d1e52c4",
                     *       "users": [
                     *         {
                     *           "userId": "15",
                     *           "ratings": 3
                     *         },
                     *         {
                     *           "userId": "16",
                     *           "ratings": 3
                     *         }
                     *       ],
                     *       "movies": [
                     *         {
                     *           "movieId": "356",
                     *           "title": "Forrest Gump",
                     *           "displayTitle": "Forrest Gump",
                     *           "ratings": 3
                     *         },
                     *         {
                     *           "movieId": "2571",
                     *           "title": "Matrix, The",
                     *           "displayTitle": "The Matrix",
                     *           "ratings": 3
                     *         }
                     *       ],
                     *       "cells": [
                     *         [
                     *           1.5,
                     *           null
                     *         ],
                     *         [
                     *           3,
                     *           3.5
                     *         ]
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Crosstab"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    listTrainings: {
        parameters: {
            query?: {
                /**
                 * @description How many on a page.
                 * @example 1
                 */
                n?: number;
                /** @description Only jobs in any of these states; several times, or with commas. */
                state?: ("queued" | "running" | "completed" | "failed" | "cancelled")[];
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "job-5f0c1e7a9b2d4c6e8f7a1b3c",
                     *           "state": "queued",
                     *           "createdAt": "2026-11-26T02:29:54.304Z",
                     *           "priority": 5,
                     *           "startedAt": null,
                     *           "finishedAt": null,
                     *           "attempts": 0,
                     *           "progress": {
                     *             "phase": "queued",
                     *             "step": "No worker that is running takes jobs of kind tune",
                     *             "work": null,
                     *             "place": 3,
                     *             "share": 0,
                     *             "secondsLeft": null,
                     *             "worker": null,
                     *             "engine": null,
                     *             "device": null,
                     *             "at": null
                     *           },
                     *           "model": null,
                     *           "error": null,
                     *           "kind": "tune",
                     *           "spec": {
                     *             "kind": "tune",
                     *             "algorithm": "dot-bias",
                     *             "space": {
                     *               "factors": [
                     *                 20,
                     *                 40
                     *               ]
                     *             },
                     *             "strategy": "random",
                     *             "innerValid": 0.2,
                     *             "engine": "auto",
                     *             "seed": 42,
                     *             "split": {
                     *               "method": "random",
                     *               "valid": 0.2
                     *             },
                     *             "trainWinner": false,
                     *             "trials": 20,
                     *             "promote": "auto"
                     *           },
                     *           "result": {
                     *             "trials": [],
                     *             "winner": null
                     *           },
                     *           "askedBy": null,
                     *           "promotion": null
                     *         }
                     *       ],
                     *       "nextCursor": "WyJtb2RlbCAyMDI2MDEwMiIsMV0"
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingJobList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailable"];
        };
    };
    startTraining: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "algorithm": "bayes"
                 *     }
                 */
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description The job is queued; its address is in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job-9c1b3d5f7e2a4c6e8f0b1d3f",
                     *       "state": "queued",
                     *       "createdAt": "2026-01-02T09:00:00.000Z",
                     *       "priority": 5,
                     *       "startedAt": null,
                     *       "finishedAt": null,
                     *       "attempts": 0,
                     *       "progress": {
                     *         "phase": "queued",
                     *         "step": "No worker that is running takes jobs of kind train",
                     *         "work": null,
                     *         "place": 4,
                     *         "share": 0,
                     *         "secondsLeft": null,
                     *         "worker": null,
                     *         "engine": null,
                     *         "device": null,
                     *         "at": null
                     *       },
                     *       "epochs": [],
                     *       "model": null,
                     *       "error": null,
                     *       "kind": "train",
                     *       "spec": {
                     *         "algorithm": "bayes",
                     *         "factors": 15,
                     *         "sweeps": "auto",
                     *         "burnIn": "auto",
                     *         "chains": 1,
                     *         "bagOfMovies": true,
                     *         "bagOfUsers": true,
                     *         "attributes": true,
                     *         "savedFactors": 64,
                     *         "engine": "auto",
                     *         "seed": 42,
                     *         "split": {
                     *           "method": "random",
                     *           "valid": 0.2
                     *         },
                     *         "earlyStopping": null,
                     *         "refit": true,
                     *         "ranking": {
                     *           "factors": "auto",
                     *           "epochs": "auto",
                     *           "unobservedWeight": "auto",
                     *           "regularization": "auto",
                     *           "regularizationExponent": 0.5,
                     *           "likedFrom": "auto",
                     *           "lowTarget": 0.5,
                     *           "priorRatings": "auto",
                     *           "recency": 1
                     *         }
                     *       },
                     *       "warmStart": "never",
                     *       "result": null,
                     *       "askedBy": null,
                     *       "promotion": null,
                     *       "promote": "auto"
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingJob"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["DuplicateJob"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["NoRatings"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["TooManyJobsOrQueueUnavailableOrRedisFullOrStoreUnavailable"];
        };
    };
    getTraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job.
                 * @example job-5f0c1e7a9b2d4c6e8f7a1b3c
                 */
                id: components["parameters"]["TrainingJobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job-5f0c1e7a9b2d4c6e8f7a1b3c",
                     *       "state": "queued",
                     *       "createdAt": "2026-01-02T09:00:00.000Z",
                     *       "priority": 5,
                     *       "startedAt": null,
                     *       "finishedAt": null,
                     *       "attempts": 0,
                     *       "progress": {
                     *         "phase": "queued",
                     *         "step": "No worker that is running takes jobs of kind tune",
                     *         "work": null,
                     *         "place": 3,
                     *         "share": 0,
                     *         "secondsLeft": null,
                     *         "worker": null,
                     *         "engine": null,
                     *         "device": null,
                     *         "at": null
                     *       },
                     *       "epochs": [],
                     *       "model": null,
                     *       "error": null,
                     *       "kind": "tune",
                     *       "spec": {
                     *         "kind": "tune",
                     *         "algorithm": "dot-bias",
                     *         "space": {
                     *           "factors": [
                     *             20,
                     *             40
                     *           ]
                     *         },
                     *         "strategy": "random",
                     *         "innerValid": 0.2,
                     *         "engine": "auto",
                     *         "seed": 42,
                     *         "split": {
                     *           "method": "random",
                     *           "valid": 0.2
                     *         },
                     *         "trainWinner": false,
                     *         "trials": 20,
                     *         "promote": "auto"
                     *       },
                     *       "result": {
                     *         "trials": [],
                     *         "winner": null
                     *       },
                     *       "askedBy": null,
                     *       "promotion": null
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingJob"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownJob"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailable"];
        };
    };
    cancelTraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job.
                 * @example job-5f0c1e7a9b2d4c6e8f7a1b3c
                 */
                id: components["parameters"]["TrainingJobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job-5f0c1e7a9b2d4c6e8f7a1b3c",
                     *       "state": "cancelled",
                     *       "createdAt": "2026-01-02T09:00:00.000Z",
                     *       "priority": 5,
                     *       "startedAt": null,
                     *       "finishedAt": "2026-01-02T09:00:05.000Z",
                     *       "attempts": 0,
                     *       "progress": {
                     *         "phase": "queued",
                     *         "step": null,
                     *         "work": null,
                     *         "place": null,
                     *         "share": 0,
                     *         "secondsLeft": null,
                     *         "worker": null,
                     *         "engine": null,
                     *         "device": null,
                     *         "at": null
                     *       },
                     *       "epochs": [],
                     *       "model": null,
                     *       "error": null,
                     *       "kind": "tune",
                     *       "spec": {
                     *         "kind": "tune",
                     *         "algorithm": "dot-bias",
                     *         "space": {
                     *           "factors": [
                     *             20,
                     *             40
                     *           ]
                     *         },
                     *         "strategy": "random",
                     *         "innerValid": 0.2,
                     *         "engine": "auto",
                     *         "seed": 42,
                     *         "split": {
                     *           "method": "random",
                     *           "valid": 0.2
                     *         },
                     *         "trainWinner": false,
                     *         "trials": 20,
                     *         "promote": "auto"
                     *       },
                     *       "result": {
                     *         "trials": [],
                     *         "winner": null
                     *       },
                     *       "askedBy": null,
                     *       "promotion": null
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingJob"];
                };
            };
            /** @description The job has been told to stop and is about to. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainingJob"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownJob"];
            409: components["responses"]["JobFinished"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailableOrRedisFull"];
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the schedule.
                 * @example nightly
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, its next tick and what came of the last. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly",
                     *       "cron": "0 3 * * *",
                     *       "timeZone": "Europe/Berlin",
                     *       "intervalSeconds": null,
                     *       "minNewRatings": 1000,
                     *       "maxModelAgeSeconds": 604800,
                     *       "training": {
                     *         "algorithm": "bayes"
                     *       },
                     *       "createdAt": "2026-01-01T08:00:00.000Z",
                     *       "changedAt": "2026-01-01T08:00:00.000Z",
                     *       "nextTick": "2026-01-03T02:00:00.000Z",
                     *       "lastTick": {
                     *         "dueAt": "2026-01-02T02:00:00.000Z",
                     *         "ranAt": "2026-01-02T02:00:00.021Z",
                     *         "by": "schedule",
                     *         "outcome": "skipped",
                     *         "reason": "too-few-ratings",
                     *         "detail": "212 new ratings since the data of model 20260102t080000000-7d1e52c4, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.",
                     *         "job": null
                     *       },
                     *       "runs": [
                     *         {
                     *           "dueAt": "2026-01-02T02:00:00.000Z",
                     *           "ranAt": "2026-01-02T02:00:00.021Z",
                     *           "by": "schedule",
                     *           "outcome": "skipped",
                     *           "reason": "too-few-ratings",
                     *           "detail": "212 new ratings since the data of model 20260102t080000000-7d1e52c4, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.",
                     *           "job": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingSchedule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownSchedule"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailable"];
        };
    };
    putSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the schedule.
                 * @example nightly
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cron": "0 3 * * *",
                 *       "timeZone": "Europe/Berlin",
                 *       "minNewRatings": 5000,
                 *       "maxModelAgeSeconds": 604800,
                 *       "training": {
                 *         "algorithm": "bayes"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TrainingScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule, in place of what had its name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "nightly",
                     *       "cron": "0 3 * * *",
                     *       "timeZone": "Europe/Berlin",
                     *       "intervalSeconds": null,
                     *       "minNewRatings": 5000,
                     *       "maxModelAgeSeconds": 604800,
                     *       "training": {
                     *         "algorithm": "bayes"
                     *       },
                     *       "createdAt": "2026-01-01T08:00:00.000Z",
                     *       "changedAt": "2026-01-02T09:00:00.000Z",
                     *       "nextTick": "2026-01-03T02:00:00.000Z",
                     *       "lastTick": {
                     *         "dueAt": "2026-01-02T02:00:00.000Z",
                     *         "ranAt": "2026-01-02T02:00:00.021Z",
                     *         "by": "schedule",
                     *         "outcome": "skipped",
                     *         "reason": "too-few-ratings",
                     *         "detail": "212 new ratings since the data of model 20260102t080000000-7d1e52c4, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.",
                     *         "job": null
                     *       },
                     *       "runs": [
                     *         {
                     *           "dueAt": "2026-01-02T02:00:00.000Z",
                     *           "ranAt": "2026-01-02T02:00:00.021Z",
                     *           "by": "schedule",
                     *           "outcome": "skipped",
                     *           "reason": "too-few-ratings",
                     *           "detail": "212 new ratings since the data of model 20260102t080000000-7d1e52c4, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.",
                     *           "job": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingSchedule"];
                };
            };
            /** @description The schedule, which is new. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainingSchedule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["TooManySchedules"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailableOrRedisFull"];
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the schedule.
                 * @example nightly
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It ticks no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownSchedule"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailable"];
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "nightly",
                     *           "cron": "0 3 * * *",
                     *           "timeZone": "Europe/Berlin",
                     *           "intervalSeconds": null,
                     *           "minNewRatings": 1000,
                     *           "maxModelAgeSeconds": 604800,
                     *           "training": {
                     *             "algorithm": "bayes"
                     *           },
                     *           "createdAt": "2026-01-01T08:00:00.000Z",
                     *           "changedAt": "2026-01-01T08:00:00.000Z",
                     *           "nextTick": "2026-01-03T02:00:00.000Z",
                     *           "lastTick": {
                     *             "dueAt": "2026-01-02T02:00:00.000Z",
                     *             "ranAt": "2026-01-02T02:00:00.021Z",
                     *             "by": "schedule",
                     *             "outcome": "skipped",
                     *             "reason": "too-few-ratings",
                     *             "detail": "212 new ratings since the data of model 20260102t080000000-7d1e52c4, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.",
                     *             "job": null
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrainingScheduleList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailable"];
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the schedule.
                 * @example nightly
                 */
                name: components["parameters"]["ScheduleName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is queued; its address is in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dueAt": "2026-01-02T09:00:00.000Z",
                     *       "ranAt": "2026-01-02T09:00:00.004Z",
                     *       "by": "request",
                     *       "outcome": "queued",
                     *       "reason": "asked",
                     *       "detail": "It was asked for.",
                     *       "job": "job-9c1b3d5f7e2a4c6e8f0b1d3f"
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduleRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownSchedule"];
            409: components["responses"]["DuplicateJob"];
            422: components["responses"]["NoRatings"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["QueueUnavailableOrRedisFull"];
        };
    };
    followTraining: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only events after this one; all of them when the id is not known. */
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description The id of the job.
                 * @example job-2a4e6c8b1d3f5a7c9e0b2d4f
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 2000
                     *     : connected
                     *
                     *     event: progress
                     *     data: {"phase":"queued","step":null,"work":null,"place":null,"share":0,"secondsLeft":null,"worker":null,"engine":null,"device":null,"at":null}
                     *
                     *     id: 1767344400000-0
                     *     event: ended
                     *     data: {"state":"cancelled"}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownJob"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    listEngines: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The engines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "server": {
                     *         "host": "films-1",
                     *         "checkedAt": "2026-01-02T07:59:00.000Z",
                     *         "engines": [
                     *           {
                     *             "engine": "simd",
                     *             "backend": "wasm",
                     *             "isAvailable": true,
                     *             "device": "WebAssembly SIMD, 4 threads",
                     *             "isSoftware": false,
                     *             "reason": null
                     *           }
                     *         ],
                     *         "auto": [
                     *           {
                     *             "algorithm": "bayes",
                     *             "engine": "simd",
                     *             "backend": "wasm"
                     *           }
                     *         ]
                     *       },
                     *       "workers": []
                     *     }
                     */
                    "application/json": components["schemas"]["Engines"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    compareModels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The version of model a.
                 * @example 20260101t080000000-0b9f3c65
                 */
                version: string;
                /**
                 * @description The version of model b.
                 * @example 20260102t080000000-7d1e52c4
                 */
                other: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both, side by side. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "a": {
                     *         "version": "20260101t080000000-0b9f3c65",
                     *         "createdAt": "2026-01-01T08:00:00.000Z",
                     *         "serving": false,
                     *         "ratings": 12,
                     *         "metrics": {
                     *           "rmse": 0.8602,
                     *           "mse": 0.74,
                     *           "mae": 0.66,
                     *           "rows": 4
                     *         },
                     *         "rankingMetrics": {
                     *           "ndcg@10": 0.21,
                     *           "recall@10": 0.3,
                     *           "hit@10": 0.5,
                     *           "users": 2
                     *         },
                     *         "losesToBiases": null
                     *       },
                     *       "b": {
                     *         "version": "20260102t080000000-7d1e52c4",
                     *         "createdAt": "2026-01-02T08:00:00.000Z",
                     *         "serving": true,
                     *         "ratings": 12,
                     *         "metrics": {
                     *           "rmse": 0.8602,
                     *           "mse": 0.74,
                     *           "mae": 0.66,
                     *           "rows": 4
                     *         },
                     *         "rankingMetrics": {
                     *           "ndcg@10": 0.21,
                     *           "recall@10": 0.3,
                     *           "hit@10": 0.5,
                     *           "users": 2
                     *         },
                     *         "losesToBiases": null
                     *       },
                     *       "comparable": true,
                     *       "reason": "Both were measured on the same 4 held-out ratings.",
                     *       "settings": [],
                     *       "data": {
                     *         "same": true,
                     *         "ratings": 0,
                     *         "users": 0,
                     *         "movies": 0
                     *       },
                     *       "gate": null
                     *     }
                     */
                    "application/json": components["schemas"]["ModelComparison"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModel"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their cards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "serving": "20260102t080000000-7d1e52c4",
                     *       "refusal": null,
                     *       "held": null,
                     *       "rollbackTo": null,
                     *       "history": [
                     *         {
                     *           "version": "20260102t080000000-7d1e52c4",
                     *           "at": "2026-01-02T08:00:00.000Z",
                     *           "how": "trained",
                     *           "by": null
                     *         }
                     *       ],
                     *       "items": [
                     *         {
                     *           "version": "20260102t080000000-7d1e52c4",
                     *           "createdAt": "2026-01-02T08:00:00.000Z",
                     *           "jobId": null,
                     *           "spec": {
                     *             "algorithm": "bayes",
                     *             "factors": 15,
                     *             "sweeps": 1,
                     *             "burnIn": "auto",
                     *             "chains": 1,
                     *             "bagOfMovies": true,
                     *             "bagOfUsers": true,
                     *             "attributes": true,
                     *             "savedFactors": 64,
                     *             "engine": "auto",
                     *             "seed": 42,
                     *             "split": {
                     *               "method": "random",
                     *               "valid": 0.2
                     *             },
                     *             "earlyStopping": null,
                     *             "refit": true,
                     *             "ranking": {
                     *               "factors": 64,
                     *               "epochs": 12,
                     *               "unobservedWeight": 0.1,
                     *               "regularization": 0.3,
                     *               "regularizationExponent": 0.5,
                     *               "likedFrom": 4,
                     *               "lowTarget": 0.5,
                     *               "priorRatings": 1,
                     *               "recency": 1
                     *             }
                     *           },
                     *           "engine": "simd",
                     *           "backend": "wasm",
                     *           "device": "WebAssembly SIMD, 4 threads",
                     *           "data": {
                     *             "version": "5c2e8a91",
                     *             "ratings": 12,
                     *             "users": 4,
                     *             "movies": 6,
                     *             "trainRows": 8,
                     *             "validRows": 4,
                     *             "newestImport": "1767340800000-55f1da5c1241387c"
                     *           },
                     *           "ratingScale": [
                     *             0.5,
                     *             5
                     *           ],
                     *           "likedFrom": 4,
                     *           "refit": {
                     *             "rows": 12,
                     *             "epochs": 51,
                     *             "seconds": 0.6
                     *           },
                     *           "trainSeconds": 0.5,
                     *           "rankingSeconds": 0.1,
                     *           "metrics": {
                     *             "rmse": 0.8602,
                     *             "mse": 0.74,
                     *             "mae": 0.66,
                     *             "rows": 4
                     *           },
                     *           "rankingMetrics": {
                     *             "ndcg@10": 0.21,
                     *             "recall@10": 0.3,
                     *             "hit@10": 0.5,
                     *             "users": 2
                     *           },
                     *           "baselines": {
                     *             "global-mean": {
                     *               "rmse": 1.0296,
                     *               "mse": 1.06,
                     *               "mae": 0.85,
                     *               "rows": 4
                     *             },
                     *             "bias-only": {
                     *               "rmse": 0.9,
                     *               "mse": 0.81,
                     *               "mae": 0.7,
                     *               "rows": 4
                     *             }
                     *           },
                     *           "intervals": null,
                     *           "tensors": {
                     *             "file": "model.safetensors",
                     *             "sizeBytes": 4238,
                     *             "sha256": "ba41a58f593d641a1cfa3c755f8af3f90999869745876dcb747931f62e0084a0"
                     *           },
                     *           "report": {
                     *             "file": "report.json",
                     *             "sizeBytes": 422,
                     *             "sha256": "5b0c1c2f3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7"
                     *           },
                     *           "sequence": 1,
                     *           "serving": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The version of a model.
                 * @example 20260102t080000000-7d1e52c4
                 */
                version: components["parameters"]["ModelVersion"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its card. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "20260102t080000000-7d1e52c4",
                     *       "createdAt": "2026-01-02T08:00:00.000Z",
                     *       "jobId": null,
                     *       "spec": {
                     *         "algorithm": "bayes",
                     *         "factors": 15,
                     *         "sweeps": 1,
                     *         "burnIn": "auto",
                     *         "chains": 1,
                     *         "bagOfMovies": true,
                     *         "bagOfUsers": true,
                     *         "attributes": true,
                     *         "savedFactors": 64,
                     *         "engine": "auto",
                     *         "seed": 42,
                     *         "split": {
                     *           "method": "random",
                     *           "valid": 0.2
                     *         },
                     *         "earlyStopping": null,
                     *         "refit": true,
                     *         "ranking": {
                     *           "factors": 64,
                     *           "epochs": 12,
                     *           "unobservedWeight": 0.1,
                     *           "regularization": 0.3,
                     *           "regularizationExponent": 0.5,
                     *           "likedFrom": 4,
                     *           "lowTarget": 0.5,
                     *           "priorRatings": 1,
                     *           "recency": 1
                     *         }
                     *       },
                     *       "engine": "simd",
                     *       "backend": "wasm",
                     *       "device": "WebAssembly SIMD, 4 threads",
                     *       "data": {
                     *         "version": "5c2e8a91",
                     *         "ratings": 12,
                     *         "users": 4,
                     *         "movies": 6,
                     *         "trainRows": 8,
                     *         "validRows": 4,
                     *         "newestImport": "1767340800000-55f1da5c1241387c"
                     *       },
                     *       "ratingScale": [
                     *         0.5,
                     *         5
                     *       ],
                     *       "likedFrom": 4,
                     *       "refit": {
                     *         "rows": 12,
                     *         "epochs": 51,
                     *         "seconds": 0.6
                     *       },
                     *       "trainSeconds": 0.5,
                     *       "rankingSeconds": 0.1,
                     *       "epochs": [
                     *         {
                     *           "epoch": 1,
                     *           "epochs": 1,
                     *           "trainMse": 0.71,
                     *           "validMse": 0.74,
                     *           "learningRate": null,
                     *           "ratingsPerSecond": 250000,
                     *           "seconds": 0.5
                     *         }
                     *       ],
                     *       "metrics": {
                     *         "rmse": 0.8602,
                     *         "mse": 0.74,
                     *         "mae": 0.66,
                     *         "rows": 4
                     *       },
                     *       "rankingMetrics": {
                     *         "ndcg@10": 0.21,
                     *         "recall@10": 0.3,
                     *         "hit@10": 0.5,
                     *         "users": 2
                     *       },
                     *       "baselines": {
                     *         "global-mean": {
                     *           "rmse": 1.0296,
                     *           "mse": 1.06,
                     *           "mae": 0.85,
                     *           "rows": 4
                     *         },
                     *         "bias-only": {
                     *           "rmse": 0.9,
                     *           "mse": 0.81,
                     *           "mae": 0.7,
                     *           "rows": 4
                     *         }
                     *       },
                     *       "intervals": null,
                     *       "tensors": {
                     *         "file": "model.safetensors",
                     *         "sizeBytes": 4238,
                     *         "sha256": "ba41a58f593d641a1cfa3c755f8af3f90999869745876dcb747931f62e0084a0"
                     *       },
                     *       "report": {
                     *         "file": "report.json",
                     *         "sizeBytes": 422,
                     *         "sha256": "5b0c1c2f3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7"
                     *       },
                     *       "sequence": 1,
                     *       "serving": true
                     *     }
                     */
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    getModelReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The version of a model.
                 * @example 20260102t080000000-7d1e52c4
                 */
                version: components["parameters"]["ModelVersion"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its report. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "algorithm": "bayes",
                     *       "losses": [
                     *         {
                     *           "epoch": 1,
                     *           "trainMse": 0.71,
                     *           "validMse": 0.74
                     *         }
                     *       ],
                     *       "rates": [],
                     *       "predictedVsActual": {
                     *         "columnSpacing": 0.25,
                     *         "rowSpacing": 0.2887,
                     *         "rows": 4,
                     *         "bins": [
                     *           {
                     *             "actual": 4,
                     *             "predicted": 3.8971,
                     *             "count": 4
                     *           }
                     *         ]
                     *       },
                     *       "errorByUserRatings": [
                     *         {
                     *           "from": 2,
                     *           "to": 3,
                     *           "rows": 4,
                     *           "rmse": 0.8602
                     *         }
                     *       ],
                     *       "errorByMovieRatings": [
                     *         {
                     *           "from": 1,
                     *           "to": 1,
                     *           "rows": 4,
                     *           "rmse": 0.8602
                     *         }
                     *       ],
                     *       "tensors": [
                     *         {
                     *           "name": "user_factors",
                     *           "dtype": "F32",
                     *           "shape": [
                     *             4,
                     *             3
                     *           ],
                     *           "sizeBytes": 48
                     *         }
                     *       ],
                     *       "model": "20260102t080000000-7d1e52c4"
                     *     }
                     */
                    "application/json": components["schemas"]["ModelReport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModelOrNotFound"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    getModelFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The bytes that are wanted, as in `bytes=0-999`. */
                range?: components["parameters"]["Range"];
            };
            path: {
                /**
                 * @description The version of a model.
                 * @example 20260102t080000000-7d1e52c4
                 */
                version: components["parameters"]["ModelVersion"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range of it. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModel"];
            416: components["responses"]["UnsatisfiableRange"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    promoteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The version of a model.
                 * @example 20260101t080000000-0b9f3c65
                 */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It serves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelChange"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModel"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    rollbackModel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It serves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelChange"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["NoEarlierModel"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    getExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an experiment.
                 * @example autumn-bayes
                 */
                name: components["parameters"]["ExperimentName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The experiment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "autumn-bayes",
                     *       "state": "running",
                     *       "control": "20260102t080000000-7d1e52c4",
                     *       "treatment": "20260101t080000000-0b9f3c65",
                     *       "share": 0.5,
                     *       "windowDays": 7,
                     *       "counts": "ratings",
                     *       "startedAt": "2026-01-02T09:00:00.000Z",
                     *       "endedAt": null,
                     *       "promoted": null,
                     *       "note": null,
                     *       "figures": {
                     *         "control": {
                     *           "users": 2,
                     *           "lists": 2,
                     *           "converted": 1,
                     *           "conversionRate": 0.5,
                     *           "conversions": 1,
                     *           "conversionsPerUser": 0.5,
                     *           "meanRating": 4
                     *         },
                     *         "treatment": {
                     *           "users": 2,
                     *           "lists": 2,
                     *           "converted": 1,
                     *           "conversionRate": 0.5,
                     *           "conversions": 1,
                     *           "conversionsPerUser": 0.5,
                     *           "meanRating": 4
                     *         },
                     *         "lift": 0,
                     *         "interval": {
                     *           "level": 0.95,
                     *           "lowest": -0.9872,
                     *           "highest": 77.1872
                     *         },
                     *         "pValue": 1,
                     *         "decision": "no-difference-shown"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownExperiment"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    startExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an experiment.
                 * @example autumn-bayes
                 */
                name: components["parameters"]["ExperimentName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "treatment": "20260101t080000000-0b9f3c65",
                 *       "share": 0.5,
                 *       "windowDays": 7
                 *     }
                 */
                "application/json": components["schemas"]["ExperimentRequest"];
            };
        };
        responses: {
            /** @description It runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "autumn-bayes",
                     *       "state": "running",
                     *       "control": "20260102t080000000-7d1e52c4",
                     *       "treatment": "20260101t080000000-0b9f3c65",
                     *       "share": 0.5,
                     *       "windowDays": 7,
                     *       "counts": "ratings",
                     *       "startedAt": "2026-01-02T09:00:00.000Z",
                     *       "endedAt": null,
                     *       "promoted": null,
                     *       "note": null,
                     *       "figures": {
                     *         "control": {
                     *           "users": 0,
                     *           "lists": 0,
                     *           "converted": 0,
                     *           "conversionRate": null,
                     *           "conversions": 0,
                     *           "conversionsPerUser": null,
                     *           "meanRating": null
                     *         },
                     *         "treatment": {
                     *           "users": 0,
                     *           "lists": 0,
                     *           "converted": 0,
                     *           "conversionRate": null,
                     *           "conversions": 0,
                     *           "conversionsPerUser": null,
                     *           "meanRating": null
                     *         },
                     *         "lift": null,
                     *         "interval": {
                     *           "level": 0.95,
                     *           "lowest": -1,
                     *           "highest": null
                     *         },
                     *         "pValue": 1,
                     *         "decision": "no-difference-shown"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownModel"];
            409: components["responses"]["ExperimentRunningOrExperimentEnded"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NoModel"];
        };
    };
    deleteExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an experiment.
                 * @example autumn-bayes
                 */
                name: components["parameters"]["ExperimentName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownExperiment"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailable"];
        };
    };
    listExperiments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The one that runs, then the ended ones, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "autumn-bayes",
                     *           "state": "running",
                     *           "control": "20260102t080000000-7d1e52c4",
                     *           "treatment": "20260101t080000000-0b9f3c65",
                     *           "share": 0.5,
                     *           "windowDays": 7,
                     *           "counts": "ratings",
                     *           "startedAt": "2026-01-02T09:00:00.000Z",
                     *           "endedAt": null,
                     *           "promoted": null,
                     *           "note": null,
                     *           "figures": {
                     *             "control": {
                     *               "users": 2,
                     *               "lists": 2,
                     *               "converted": 1,
                     *               "conversionRate": 0.5,
                     *               "conversions": 1,
                     *               "conversionsPerUser": 0.5,
                     *               "meanRating": 4
                     *             },
                     *             "treatment": {
                     *               "users": 2,
                     *               "lists": 2,
                     *               "converted": 1,
                     *               "conversionRate": 0.5,
                     *               "conversions": 1,
                     *               "conversionsPerUser": 0.5,
                     *               "meanRating": 4
                     *             },
                     *             "lift": 0,
                     *             "interval": {
                     *               "level": 0.95,
                     *               "lowest": -0.9872,
                     *               "highest": 77.1872
                     *             },
                     *             "pValue": 1,
                     *             "decision": "no-difference-shown"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ExperimentList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    endExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an experiment.
                 * @example autumn-bayes
                 */
                name: components["parameters"]["ExperimentName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "promote": "treatment"
                 *     }
                 */
                "application/json": {
                    /** @description The arm whose model is to serve everybody; null for what serves now. */
                    promote: ("control" | "treatment") | null;
                };
            };
        };
        responses: {
            /** @description It has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "autumn-bayes",
                     *       "state": "ended",
                     *       "control": "20260102t080000000-7d1e52c4",
                     *       "treatment": "20260101t080000000-0b9f3c65",
                     *       "share": 0.5,
                     *       "windowDays": 7,
                     *       "counts": "ratings",
                     *       "startedAt": "2026-01-02T09:00:00.000Z",
                     *       "endedAt": "2026-01-09T09:00:00.000Z",
                     *       "promoted": "treatment",
                     *       "note": null,
                     *       "figures": {
                     *         "control": {
                     *           "users": 2,
                     *           "lists": 2,
                     *           "converted": 1,
                     *           "conversionRate": 0.5,
                     *           "conversions": 1,
                     *           "conversionsPerUser": 0.5,
                     *           "meanRating": 4
                     *         },
                     *         "treatment": {
                     *           "users": 2,
                     *           "lists": 2,
                     *           "converted": 1,
                     *           "conversionRate": 0.5,
                     *           "conversions": 1,
                     *           "conversionsPerUser": 0.5,
                     *           "meanRating": 4
                     *         },
                     *         "lift": 0,
                     *         "interval": {
                     *           "level": 0.95,
                     *           "lowest": -0.9872,
                     *           "highest": 77.1872
                     *         },
                     *         "pValue": 1,
                     *         "decision": "no-difference-shown"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownExperiment"];
            409: components["responses"]["ExperimentEnded"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    listBatches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "job-7c3e1a9f5b2d4c6e8f0a1b2c",
                     *           "createdAt": "2026-01-02T08:30:00.000Z",
                     *           "model": "20260102t080000000-7d1e52c4",
                     *           "live": [],
                     *           "spec": {
                     *             "kind": "recommend-all",
                     *             "format": "ndjson",
                     *             "asked": null
                     *           },
                     *           "users": 2,
                     *           "rows": 2,
                     *           "sizeBytes": 178,
                     *           "erased": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job that made it.
                 * @example job-7c3e1a9f5b2d4c6e8f0a1b2c
                 */
                id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The manifest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownBatch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    deleteBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job that made it.
                 * @example job-7c3e1a9f5b2d4c6e8f0a1b2c
                 */
                id: components["parameters"]["BatchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownBatch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailableOrStoreReadOnly"];
        };
    };
    getBatchPart: {
        parameters: {
            query?: never;
            header?: {
                /** @description The bytes that are wanted, as in `bytes=0-999`. */
                range?: components["parameters"]["Range"];
            };
            path: {
                /**
                 * @description The id of the job that made it.
                 * @example job-7c3e1a9f5b2d4c6e8f0a1b2c
                 */
                id: components["parameters"]["BatchId"];
                /**
                 * @description From 0.
                 * @example 0
                 */
                part: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The part. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {"userId":"15","basis":"trained","orderBy":"relevance","items":[{"movieId":"4973","rating":1.5265,"score":6}]}
                     *     {"userId":"16","basis":"trained","orderBy":"relevance","items":[]}
                     */
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description The range of it. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownBatch"];
            416: components["responses"]["UnsatisfiableRange"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    listImports: {
        parameters: {
            query?: {
                /** @description How many. */
                n?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The imports. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "1767340800000-55f1da5c1241387c",
                     *           "kind": "ratings",
                     *           "importedAt": "2026-01-02T08:00:00.000Z",
                     *           "rows": 2,
                     *           "damage": null,
                     *           "format": "ratings.csv",
                     *           "accepted": 2,
                     *           "refused": 0,
                     *           "key": null
                     *         },
                     *         {
                     *           "id": "1767340799000-0a1b2c3d4e5f6071",
                     *           "kind": "movies",
                     *           "importedAt": "2026-01-02T07:59:59.000Z",
                     *           "rows": 6,
                     *           "damage": null,
                     *           "format": "movies.csv",
                     *           "accepted": 6,
                     *           "refused": 0,
                     *           "key": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ImportList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the import.
                 * @example 1767340800000-55f1da5c1241387c
                 */
                id: components["parameters"]["ImportId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownImport"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    undoImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the import.
                 * @example 1767340800000-55f1da5c1241387c
                 */
                id: components["parameters"]["ImportId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownImport"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any user; one may be known in files alone.
                 * @example 15
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sure to be done; `Location` tells how far it is. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1767344400000-9c1d2e3f4a5b6c7d",
                     *       "userId": "15",
                     *       "requestedAt": "2026-01-02T09:00:00.000Z",
                     *       "finishedAt": null,
                     *       "steps": [
                     *         {
                     *           "step": "answers",
                     *           "doneAt": "2026-01-02T09:00:00.000Z"
                     *         },
                     *         {
                     *           "step": "models",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "checkpoints",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "ratings",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "attributes",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "redis",
                     *           "doneAt": null
                     *         }
                     *       ],
                     *       "note": null
                     *     }
                     */
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFullOrStoreUnavailable"];
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the erasure.
                 * @example 1767344400000-9c1d2e3f4a5b6c7d
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1767344400000-9c1d2e3f4a5b6c7d",
                     *       "userId": "19",
                     *       "requestedAt": "2026-01-02T09:00:00.000Z",
                     *       "finishedAt": null,
                     *       "steps": [
                     *         {
                     *           "step": "answers",
                     *           "doneAt": "2026-01-02T09:00:00.000Z"
                     *         },
                     *         {
                     *           "step": "models",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "checkpoints",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "ratings",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "attributes",
                     *           "doneAt": null
                     *         },
                     *         {
                     *           "step": "redis",
                     *           "doneAt": null
                     *         }
                     *       ],
                     *       "note": null
                     *     }
                     */
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownErasure"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    exportUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Any user.
                 * @example 15
                 */
                userId: components["parameters"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "userId": "15",
                     *       "ratings": [
                     *         {
                     *           "movieId": "318",
                     *           "rating": 5,
                     *           "timestamp": 1000,
                     *           "import": "1767340800000-55f1da5c1241387c"
                     *         }
                     *       ],
                     *       "attributes": [],
                     *       "models": [
                     *         {
                     *           "model": "20260102t080000000-7d1e52c4",
                     *           "ratings": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UserExport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["InvalidModel"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailable"];
        };
    };
    exportRatings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ratings, as they are read. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example userId,movieId,rating,timestamp
                     *     15,318,5,1000
                     *     16,356,3,1000
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailable"];
        };
    };
    getStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ratings": 2,
                     *       "users": 2,
                     *       "movies": 2,
                     *       "catalogue": 6,
                     *       "newest": "1970-01-01T00:16:40.000Z",
                     *       "sources": {
                     *         "imports": {
                     *           "imports": 1,
                     *           "ratings": 2
                     *         },
                     *         "live": {
                     *           "events": 1
                     *         }
                     *       },
                     *       "sinceModel": null
                     *     }
                     */
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Overloaded"];
        };
    };
    rateMany: {
        parameters: {
            query?: never;
            header?: {
                /** @description Drawn for this request: for a day the same key and body get the first answer again, and nothing is done twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       {
                 *         "userId": "15",
                 *         "movieId": "318",
                 *         "rating": 5
                 *       },
                 *       {
                 *         "userId": "15",
                 *         "movieId": "296",
                 *         "rating": 45
                 *       }
                 *     ]
                 */
                "application/json": {
                    userId: string;
                    movieId: string;
                    rating: number;
                    /** @description Seconds since 1970; now, unless told. */
                    timestamp?: number;
                }[];
                "application/x-ndjson": {
                    userId: string;
                    movieId: string;
                    rating: number;
                    /** @description Seconds since 1970; now, unless told. */
                    timestamp?: number;
                }[];
            };
        };
        responses: {
            /** @description What became of each line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 1,
                     *       "refused": 1,
                     *       "results": [
                     *         {
                     *           "line": 1,
                     *           "reason": null
                     *         },
                     *         {
                     *           "line": 2,
                     *           "reason": "rating: expected a rating from 0.5 to 5, the scale of the ratings"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RatingBatchResult"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["IdempotencyKeyReused"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["LogUnavailableOrRedisFull"];
        };
    };
    importRatings: {
        parameters: {
            query?: {
                /**
                 * @description Declares the scale of all ratings of this store, as in `1,5`, until another is declared. Lines outside are refused, now and in later imports; stored ratings outside are not trained on.
                 * @example 0.5,5
                 */
                ratingScale?: string;
                /** @description Which columns to read, as in `user:…,movie:…,rating:…,timestamp:…`: some or all by their names in the header (or keys of NDJSON); or by positions from 1, for a file without a header. */
                columns?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example userId,movieId,rating,timestamp
                 *     15,318,4.5,1767225600
                 *     15,356,45,1767225660
                 */
                "application/octet-stream": string;
                "application/x-ndjson": string;
                "application/gzip": string;
                "application/zip": string;
                "text/csv": string;
                "text/plain": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            /** @description What was taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "format": "ratings.csv",
                     *       "accepted": 1,
                     *       "refused": 1,
                     *       "refusals": [
                     *         {
                     *           "line": 3,
                     *           "reason": "rating \"45\" is outside the declared scale, 0.5 to 5"
                     *         }
                     *       ],
                     *       "scale": {
                     *         "lowest": 4.5,
                     *         "highest": 4.5,
                     *         "declared": [
                     *           0.5,
                     *           5
                     *         ],
                     *         "farOff": 0,
                     *         "farOffRatings": []
                     *       },
                     *       "segment": "1767340800000-55f1da5c1241387c"
                     *     }
                     */
                    "application/json": components["schemas"]["RatingsReport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnrecognisedFormatOrNoGoodLineOrUnsafeArchiveOrImportRefused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["TooManyImportsOrStoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    importMovies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example movieId,title,genres
                 *     318,"Shawshank Redemption, The (1994)",Crime|Drama
                 */
                "application/octet-stream": string;
                "application/x-ndjson": string;
                "application/gzip": string;
                "application/zip": string;
                "text/csv": string;
                "text/plain": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            /** @description What was taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "format": "movies.csv",
                     *       "accepted": 1,
                     *       "refused": 0,
                     *       "refusals": [],
                     *       "segment": "1767340800000-55f1da5c1241387c"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnrecognisedFormatOrNoGoodLineOrUnsafeArchiveOrImportRefused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["TooManyImportsOrStoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    importUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example userId,age,occupation
                 *     15,34,librarian
                 */
                "application/octet-stream": string;
                "application/x-ndjson": string;
                "application/gzip": string;
                "application/zip": string;
                "text/csv": string;
                "text/plain": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            /** @description What was taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "format": "users.csv",
                     *       "accepted": 1,
                     *       "refused": 0,
                     *       "refusals": [],
                     *       "segment": "1767340800000-55f1da5c1241387c"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnrecognisedFormatOrNoGoodLineOrUnsafeArchiveOrImportRefused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["TooManyImportsOrStoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    importArchive: {
        parameters: {
            query?: {
                /** @description Declares the scale of all ratings of this store, as in `1,5`, until another is declared. Lines outside are refused, now and in later imports; stored ratings outside are not trained on. */
                ratingScale?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description What was taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ratings": {
                     *         "format": "ratings.csv",
                     *         "accepted": 2,
                     *         "refused": 0,
                     *         "refusals": [],
                     *         "scale": {
                     *           "lowest": 4,
                     *           "highest": 4.5,
                     *           "declared": null,
                     *           "farOff": 0,
                     *           "farOffRatings": []
                     *         },
                     *         "segment": "1767340800000-55f1da5c1241387c"
                     *       },
                     *       "movies": {
                     *         "format": "movies.csv",
                     *         "accepted": 1,
                     *         "refused": 0,
                     *         "refusals": [],
                     *         "segment": "1767340800001-0d4c2b7e9a5f1368"
                     *       },
                     *       "users": null,
                     *       "skipped": [
                     *         "ml-latest-small/README.txt"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ArchiveReport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnrecognisedFormatOrNoGoodLineOrUnsafeArchiveOrImportRefused"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["TooManyImportsOrStoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
    putBatchInput: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example userId
                 *     15
                 *     "a, newcomer"
                 *     15
                 */
                "application/octet-stream": string;
                "application/x-ndjson": string;
                "application/gzip": string;
                "application/zip": string;
                "text/csv": string;
                "text/plain": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            /** @description What was taken. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "input": "job-9c1b3d5f7e2a4c6e8f0b1d3f",
                     *       "what": "users",
                     *       "count": 2,
                     *       "refused": 1,
                     *       "refusals": [
                     *         {
                     *           "line": 4,
                     *           "reason": "userId is there already"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AskedFile"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnrecognisedFormatOrNoGoodLine"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["StoreUnavailableOrStoreReadOnly"];
            507: components["responses"]["OutOfSpace"];
        };
    };
}
type WithRequired<T, K extends keyof T> = T & {
    [P in K]-?: T[P];
};

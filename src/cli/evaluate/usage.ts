/** What `marquee evaluate --help` prints. */
export const usage = `Usage: marquee evaluate --ratings FILE-or-FOLDER [options]

Trains, and measures on ratings that the training has not seen, beside simple predictors.

  --ratings PATH      a ratings file, or a folder with ratings.csv, u.data or ratings.dat
  --movies FILE       movies.csv, u.item or movies.dat: genres and decades, and
  --users FILE        users.csv, u.user or users.dat: attributes, which bayes learns from
  --algorithm NAME    dot, dot-bias, net or bayes (the default, on simd alone); several may be given
  --set NAME=VALUE    a hyper-parameter, for every algorithm, or for one: --set net.epochs=5
  --seed NUMBER       seeds the split, the initial values and the order of batches (default 42)
  --engine NAME       which engine trains (default auto)

What is held out, one of:
  --valid SHARE       a share of the ratings (default 0.2)
  --split METHOD      how the share is chosen: random (default); user-time, the last of each user;
                      global-time, the last of all
  --folds NUMBER      every rating once, in so many trainings; the figures are means over them
  --test FILE         the ratings of a file of their own

What is measured: the errors of every held-out rating, by what training has seen of its user and
movie; and, for each user that gave a held-out movie 4 or more, a list of ten from all movies:
  --candidates RULE   what a list may show: unliked (default), all that the user did not give 4 or
                      more in training, as most papers do; unrated, all that the user did not rate
                      in training, as the service does
  --order-by ORDER    what orders the lists of trained models: relevance (default), as the service
                      does, or rating, the predicted one

Then how many held-out ratings lie in the intervals of level 0.9 of their predictions, each half of
them with intervals that were calibrated on the other half; and so for users with fewer than 30
training ratings.

What is printed:
  --json              one object instead of the table
  --report FILE.html  also a page of its own with the figures and pictures of each training
  --help              this text
`

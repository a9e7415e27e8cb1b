echo <- function(rows) coursewright:::ask_python("echo", rows = rows)

test_that("every kind of column is identical there and back", {
  rows <- ten_columns()
  back <- echo(rows)
  for (name in names(rows)) expect_true(identical(rows[[name]], back[[name]]), info = name)
  expect_true(identical(rows, back))
})

test_that("frames of no rows and of no columns keep their shape", {
  expect_identical(echo(ten_columns()[0L, ]), ten_columns()[0L, ])
  expect_identical(echo(data.frame(matrix(nrow = 3L, ncol = 0L))), data.frame(matrix(nrow = 3L, ncol = 0L)))
  expect_identical(echo(data.frame()), data.frame())
})

# Columns whose values have a meaning elsewhere, with what R or a package of R has put on them.
dressed_columns <- function() {
  times <- as.POSIXct("2026-03-29", tz = "UTC") + 0:2
  list(
    hms = structure(c(90, NA, 0.5), units = "secs", class = c("hms", "difftime")),
    "whole hms" = structure(c(90L, NA, 0L), units = "secs", class = c("hms", "difftime")),
    IDate = structure(19000:19002, class = c("IDate", "Date")),
    "whole dates" = structure(c(1L, NA, -1L), class = "Date"),
    "whole times" = structure(c(1L, NA, -1L), class = c("POSIXct", "POSIXt")),
    "no zone" = structure(1:3 + 0.5, class = c("POSIXct", "POSIXt")),
    "three zones" = structure(1:3 + 0.5, class = c("POSIXct", "POSIXt"), tzone = c("", "CET", "CEST")),
    AsIs = I(c("a", NA, "b")), "AsIs numbers" = I(c(1.5, NA, 2)), "AsIs factor" = I(factor(c("a", "b", NA))),
    "AsIs dates" = I(as.Date("2024-01-01") + 0:2), "AsIs times" = I(times),
    noquote = noquote(c("a", NA, "b")),
    label = structure(c(1L, NA, 3L), label = "Laps"), "label of text" = structure(c("a", NA, "b"), label = "Caf\u00e9", format.stata = "%9s"),
    "label of truth" = structure(c(TRUE, NA, FALSE), label = "Finished"), "label of time" = structure(times, label = "Start"),
    "label of day" = structure(as.Date("2024-01-01") + 0:2, label = "Day"),
    "label of levels" = structure(factor(c("a", NA, "b")), label = "Team"),
    "few texts with a label" = structure(rep("a", 3L), label = "Always"),
    Hmisc = structure(c(1, NA, 3), label = "Points", class = c("labelled", "numeric")),
    "Hmisc of text" = structure(c("a", NA, "b"), label = "Name", class = c("labelled", "character")),
    "Hmisc of levels" = structure(factor(c("a", NA, "b")), label = "Team", class = c("labelled", "factor")),
    contrasts = structure(factor(c("a", "b", NA)), contrasts = "contr.sum"),
    "levels with names" = structure(c(1L, 2L, NA), levels = c(x = "a", y = "b"), class = "factor"),
    "a level that is NA" = addNA(factor(c("a", NA, "b"))),
    names = c(x = 1, y = NA, z = 3), "names of texts" = c(x = "a", y = NA, z = "b"),
    "an array of one dimension" = array(1:3, 3L, list(c("x", "y", "z")))
  )
}

test_that("a column comes back with all that R has put on it", {
  dressed <- dressed_columns()
  for (name in names(dressed)) {
    rows <- data.frame(n = 1:3)
    rows[[name]] <- dressed[[name]]
    attributes(rows[[name]]) <- attributes(dressed[[name]])
    expect_true(identical(echo(rows), rows), info = name)
  }
  rows <- structure(dressed, class = "data.frame", row.names = .set_row_names(3L))
  expect_true(identical(echo(rows), rows))
  expect_true(identical(echo(rows[0L, ]), rows[0L, ]))
})

# Data frames of classes and with attributes of their own, as packages make them.
dressed_frames <- function() {
  rows <- data.frame(team = c("a", "b", "a"), laps = c(1L, NA, 3L))
  as_tibble <- c("tbl_df", "tbl", "data.frame")
  groups <- structure(list(team = c("a", "b"), .rows = list(c(1L, 3L), 2L)), class = as_tibble, row.names = 1:2, .drop = TRUE)
  list(
    "names of rows" = data.frame(x = 1:2, row.names = c("Jo", "Caf\u00e9")),
    "numbers of rows that were chosen" = rows[c(1L, 3L), ],
    "all of a package" = mtcars,
    "no columns, rows with names" = mtcars[, 0L], "no rows, with a class" = structure(rows[0L, ], class = as_tibble),
    tibble = structure(rows, class = as_tibble),
    grouped = structure(rows, class = c("grouped_df", as_tibble), groups = groups),
    data.table = structure(rows, class = c("data.table", "data.frame"), sorted = "team"),
    "an attribute" = structure(rows, source = "Ergast", comment = "as of today"),
    "what cannot be written" = structure(rows, terms = structure(y ~ x, .Environment = new.env())),
    "a class of one's own" = structure(rows, class = c("races", "data.frame")),
    "no name" = structure(list(1:2, 3:4), names = c("", " "), class = "data.frame", row.names = c(NA, -2L))
  )
}

test_that("a data frame comes back with its class, its names of rows and all else that it has", {
  frames <- dressed_frames()
  for (name in names(frames)) expect_true(identical(echo(frames[[name]]), frames[[name]]), info = name)
})

test_that("Python sees the values of what is dressed", {
  rows <- data.frame(t = structure(c(90, NA), units = "secs", class = c("hms", "difftime")), i = I(c("a", "b")), q = noquote(c("c", "d")))
  rows$h <- structure(c(1, 2), label = "Points", class = c("labelled", "numeric"))
  texts <- tell(list(origin = "#t.or(none)# #i# #q# #h#"), rows)
  expect_identical(texts, tell(list(origin = "#t.or(none)# #i# #q# #h#"), data.frame(t = as.difftime(c(90, NA), units = "secs"), i = c("a", "b"), q = c("c", "d"), h = 1:2)))
})

test_that("frames drawn at random are identical there and back", {
  set.seed(2026)
  draw <- list(
    function(n) sample(c(-.Machine$integer.max, -1L, 0L, NA, .Machine$integer.max), n, TRUE),
    function(n) sample(c(NA, NaN, Inf, -Inf, -0.0, 5e-324, 1.7e308, 1 / 3), n, TRUE),
    function(n) sample(c(NA, TRUE, FALSE), n, TRUE),
    function(n) sample(c(NA, "NA", "", "\t\r\n", "\U1F600", "\u0627\u0644", strrep("x", 3000L)), n, TRUE),
    function(n) factor(sample(c(letters, NA), n, TRUE), levels = rev(letters)),
    function(n) addNA(factor(sample(c("a", NA), n, TRUE))),
    function(n) factor(sample(c("x", "y"), n, TRUE), levels = c("y", "x", "\u00e9"), ordered = TRUE),
    function(n) structure(sample(c(NA, NaN, 0, 0.5, -700000, 19000.25), n, TRUE), class = "Date"),
    function(n) structure(sample(c(NA, 5L, -5L), n, TRUE), class = c("POSIXct", "POSIXt"), tzone = ""),
    function(n) structure(runif(n, -1e9, 4e9), class = c("POSIXct", "POSIXt"), tzone = sample(c("UTC", "Asia/Kathmandu", "GMT"), 1L)),
    function(n) as.difftime(sample(c(NA, rnorm(5L)), n, TRUE), units = sample(c("secs", "mins", "days"), 1L))
  )
  for (at in 1:60) {
    n <- sample(0:40, 1L)
    columns <- lapply(sample(draw, sample(1:11, 1L)), function(column) column(n))
    names(columns) <- make.unique(sample(c("name", "a b", "", "\n", "\"", "#x#", "\u00e9"), length(columns), TRUE))
    rows <- structure(columns, class = "data.frame", row.names = .set_row_names(n))
    expect_true(identical(rows, echo(rows)), info = paste(at, paste(deparse(rows), collapse = "")))
  }
})

refused <- function(rows) tryCatch(echo(rows), coursewright_error = function(e) conditionMessage(e))

test_that("what a column cannot be is refused by its name", {
  rows <- data.frame(a = 1:2)
  rows$b <- list(1, 2:3)
  expect_identical(
    refused(rows),
    "the column \"b\" is a list\n  --> rows\nhint: give one value for each row, such as paste(unlist(x), collapse = \", \")"
  )
  expect_match(refused(data.frame(z = complex(2L))), "the column \"z\" is of the type complex", fixed = TRUE)
  expect_match(refused(data.frame(m = I(matrix(1:4, 2L)))), "the column \"m\" is a matrix", fixed = TRUE)
  rows <- data.frame(i = 1:2)
  rows$i <- structure(c(1, 2), class = "integer64")
  expect_match(refused(rows), "the column \"i\" is of the class integer64", fixed = TRUE)
  rows$i <- as.POSIXlt(c("2024-01-01", "2024-01-02"))
  expect_match(refused(rows), "the column \"i\" holds times in parts (POSIXlt)", fixed = TRUE)
  rows$i <- data.frame(x = 1:2)
  expect_match(refused(rows), "the column \"i\" is a data frame itself", fixed = TRUE)
  rows$i <- I(list(1, 2))
  expect_match(refused(rows), "the column \"i\" is a list", fixed = TRUE)
  rows$i <- structure(list(1, 2), class = c("vctrs_list_of", "vctrs_vctr", "list"))
  expect_match(refused(rows), "the column \"i\" is a list", fixed = TRUE)
  for (class in list("yearmon", "units", "haven_labelled", c("AsIs", "yearmon"), "octmode", "ITime", c("POSIXt", "POSIXct"))) {
    rows$i <- structure(c(2024, 2025), class = class)
    expect_match(refused(rows), sprintf("the column \"i\" is of the class %s", setdiff(class, "AsIs")[[1L]]), fixed = TRUE)
  }
  expect_match(refused(data.frame(r = as.raw(1:2))), "the column \"r\" is of the type raw", fixed = TRUE)
  uneven <- structure(list(a = 1:3, b = 1:2), class = "data.frame", row.names = 1:3)
  expect_match(refused(uneven), "the column \"b\" has 2 values in 3 rows", fixed = TRUE)
  unknown <- "\xff"
  Encoding(unknown) <- "bytes"
  expect_identical(
    refused(data.frame(t = c("a", unknown))),
    "the column \"t\" holds text in an unknown encoding (number 2)\n  --> rows\nhint: iconv(x, \"latin1\", \"UTF-8\"), for instance"
  )
  expect_match(refused(data.frame(t = "caf\xe9")), "the column \"t\" holds text in an unknown encoding", fixed = TRUE)
  expect_match(refused(data.frame(a = 1, a = 2, check.names = FALSE)), "the column \"a\" is there twice", fixed = TRUE)
  expect_match(refused(data.frame(d = as.Date(Inf, origin = "1970-01-01"))), "the column \"d\" holds dates that are infinite", fixed = TRUE)
  zone <- data.frame(t = structure(0, class = c("POSIXct", "POSIXt"), tzone = "Mars/Olympus"))
  expect_match(refused(zone), "no time zone called \"Mars/Olympus\"\n  --> rows, t", fixed = TRUE)
})

test_that("texts come back coded when few are distinct, and as they are when many", {
  rows <- data.frame(n = rep(1:4, 500L))
  expect_identical(tell(list(origin = "lap #n#"), rows), paste("lap", rows$n))
  kinds <- kinds_of_last(tell(list(origin = "lap #n#"), rows))
  expect_identical(kinds, "coded")
  rows <- data.frame(n = 1:2000)
  expect_identical(kinds_of_last(told <- tell(list(origin = "lap #n#"), rows)), "text")
  expect_identical(told, paste("lap", rows$n))
})

sent_as <- function(x) coursewright:::column_of(x, "x")$said$kind

test_that("texts go coded when few are distinct, in any encoding, and come back as they went", {
  latin <- "caf\xe9"
  Encoding(latin) <- "latin1"
  for (texts in list(c("a", "b"), c("\u00e9", NA, "NA", ""), c("caf\u00e9", latin), NA_character_)) {
    x <- rep(texts, 200L)
    expect_identical(sent_as(x), "coded")
    back <- echo(data.frame(x = x))$x
    expect_identical(back, x)
    expect_identical(Encoding(back), Encoding(enc2utf8(x))) # what is not ASCII is marked, whatever the session's own
  }
  expect_identical(sent_as(as.character(1:200)), "text")
  expect_identical(sent_as(c(rep("a", 10000L), 1:20000)), "text")
})

test_that("a text in no encoding is found by its row though few are distinct", {
  unknown <- "\xff"
  Encoding(unknown) <- "bytes"
  for (wrong in c(unknown, "caf\xe9")) {
    expect_match(
      refused(data.frame(t = c(rep(c("a", "b"), 10000L), wrong, "a"))),
      "the column \"t\" holds text in an unknown encoding (number 20001)\n  --> rows", fixed = TRUE)
  }
})

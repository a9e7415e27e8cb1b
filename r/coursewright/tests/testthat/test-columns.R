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

test_that("columns of packages that hold what R holds are taken as that", {
  rows <- data.frame(d = 1:2)
  rows$d <- structure(19000:19001, class = c("IDate", "Date"))
  rows$t <- structure(c(90, NA), units = "secs", class = c("hms", "difftime"))
  rows$i <- I(c("a", "b"))
  back <- echo(rows)
  expect_identical(back, data.frame(d = structure(19000:19001, class = "Date"), t = as.difftime(c(90, NA), units = "secs"), i = c("a", "b")))
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

# The columns that R has, each with what is easily lost: NA of its type, NaN, "NA", levels without rows, zones, units.
ten_columns <- function() {
  rows <- data.frame(
    name = c("Jo", NA, "NA", "\u00e9\"\n\\", ""),
    whole = c(1L, NA, -5L, .Machine$integer.max, 0L),
    number = c(NaN, NA, Inf, -Inf, 0.1),
    yes = c(TRUE, NA, FALSE, TRUE, NA),
    level = factor(c("b", NA, "a", "b", "a"), levels = c("z", "b", "a", "never")),
    rank = factor(c("low", "high", NA, "low", "low"), levels = c("low", "middle", "high"), ordered = TRUE),
    day = as.Date(c("2024-02-29", NA, "1900-01-01", "2038-01-20", "1969-12-31")),
    time = as.POSIXct("2026-03-29 00:59:59.123456", tz = "Europe/London") + c(0, NA, 1 / 3, 3600, -1e9),
    gap = as.difftime(c(1.5, NA, 1 / 3, 0, -2), units = "hours"),
    ended = seq(as.Date("2024-01-01"), by = 1L, length.out = 5L),
    stringsAsFactors = FALSE
  )
  rows[["a b"]] <- iconv(c("caf\u00e9", NA, "x", "\u00fc", "\u00a3"), "UTF-8", "latin1")
  rows[["with \"quotes\"\nand a line"]] <- structure(c(0.1, NA, 1e9, 1e9 + 0.25, -5), class = c("POSIXct", "POSIXt"))
  rows[["weeks \u2713"]] <- as.difftime(c(1, NA, 1 / 7, 3, 2), units = "weeks")
  rows
}

# The kinds of the columns of the answer to what is asked, as the file says that brings it.
kinds_of_last <- function(asked) {
  kinds <- NULL
  suppressMessages(trace(
    "read_column", bquote(.(function(said) kinds_seen$kinds <- c(kinds_seen$kinds, said$kind))(said)),
    where = asNamespace("coursewright"), print = FALSE))
  on.exit(suppressMessages(untrace("read_column", where = asNamespace("coursewright"))))
  kinds_seen$kinds <- NULL
  force(asked)
  kinds_seen$kinds
}

kinds_seen <- new.env()

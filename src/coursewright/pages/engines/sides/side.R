# The side of a kernel of R: what it reads is noted, and frames come and go by name. It needs base R and jsonlite, which
# the kernel itself needs.
.coursewright <- local({
  files <- new.env()
  written <- new.env()
  begun <- loadedNamespaces()
  text <- function(values) vapply(values, function(v) if (is.null(v)) NA_character_ else v, "")

  note <- function(path) {
    if (is.character(path)) for (one in sub("^file://", "", path))
      if (!is.na(one) && nzchar(one) && !grepl("://", one, fixed = TRUE)) {
        whole <- if (file.exists(one)) normalizePath(one) else if (grepl("^[/~]", one)) path.expand(one) else file.path(getwd(), one)
        if (!exists(whole, envir = written, inherits = FALSE)) assign(whole, TRUE, envir = files)
      }
    invisible()
  }
  quiet <- FALSE
  heard <- function(path) if (!quiet) {
    quiet <<- TRUE
    on.exit(quiet <<- FALSE)
    try(note(path), silent = TRUE)
  }
  wrote <- function(path) assign(file.path(normalizePath(dirname(path)), basename(path)), TRUE, envir = written)
  opening <- function(path, mode)
    if (!any(grepl("[wa]", mode))) heard(path) else if (!quiet) try(wrote(path), silent = TRUE)

  listen <- function() {
    argument <- function(name, what) tryCatch(suppressMessages(trace(name, what, print = FALSE, where = baseenv())),
                                              error = function(e) NULL)
    for (name in c("file", "gzfile", "bzfile", "xzfile", "unz", "url"))
      argument(name, quote(.coursewright$opening(description, open)))
    for (name in c("file.exists", "file.info", "file.size", "file.mtime"))
      argument(name, quote(.coursewright$heard(c(...))))
    argument("normalizePath", quote(.coursewright$heard(path)))
    for (name in c("list.files", "dir"))
      argument(name, quote(.coursewright$heard(if (recursive) c(path, list.dirs(path)) else path)))
    argument("list.dirs", quote(.coursewright$heard(path)))
    argument("Sys.glob", quote(.coursewright$heard(dirname(paths))))
  }

  report <- function(to) {
    quiet <<- TRUE
    packages <- setdiff(loadedNamespaces(), begun)
    found <- vapply(packages, function(p) system.file("DESCRIPTION", package = p), "")
    writeLines(jsonlite::toJSON(list(files = I(ls(files, all.names = TRUE)), written = I(ls(written, all.names = TRUE)), packages = I(unname(found)), libraries = I(.libPaths()),
      runtime = I(file.path(R.home("library"), "base", "DESCRIPTION")))), to, useBytes = TRUE)
    quiet <<- FALSE
  }

  # What Python has no value for, or what would arrive as another, is refused by its name.
  refuse <- function(name, frame, what) stop(sprintf("the column \"%s\" of %s has %s", name, frame, what), call. = FALSE)

  known_text <- function(x, name, frame) {
    if (any(Encoding(x) == "bytes" | Encoding(x) != "latin1" & !validUTF8(x))) refuse(name, frame, "text in an unknown encoding")
    enc2utf8(x)
  }

  in_calendar <- function(x, name, frame, what) {
    if (any(is.infinite(unclass(x)))) refuse(name, frame, sprintf("%s without end", what))
    years <- as.POSIXlt(x)$year + 1900
    if (any(years < 1 | years > 9999, na.rm = TRUE)) refuse(name, frame, sprintf("%s outside the years 1 to 9999", what))
  }

  # What stays behind, since no frame elsewhere has a place for it: it is said to the author.
  behind <- function(name, x) {
    more <- setdiff(names(attributes(x)), c("class", "levels", "tzone", "names", "dim", "dimnames"))
    sprintf("%s of the column \"%s\"", more, enc2utf8(name))
  }

  column <- function(name, x, frame) {
    made <- list(name = enc2utf8(name))
    values <- NULL
    if (length(dim(x)) > 1L) refuse(name, frame, if (is.data.frame(x)) "a frame in it" else "a matrix in it")
    if (is.factor(x)) {
      made <- c(made, kind = "factor", list(levels = I(known_text(levels(x), name, frame)), ordered = is.ordered(x)))
      values <- enc2utf8(as.character(x))
    } else if (inherits(x, "Date")) {
      made$kind <- "date"
      in_calendar(x, name, frame, "dates")
      parts <- as.POSIXlt(x)
      values <- ifelse(is.na(x), NA_character_, sprintf("%04.0f-%02d-%02d", parts$year + 1900, parts$mon + 1L, parts$mday))
    } else if (inherits(x, "POSIXt")) {
      zone <- attr(x, "tzone")[1]
      if (is.null(zone) || !nzchar(zone)) zone <- Sys.timezone()
      made$kind <- "moment"
      made$zone <- if (is.null(zone) || is.na(zone)) "UTC" else zone
      if (!made$zone %in% c("UTC", OlsonNames())) refuse(name, frame, sprintf("a time zone called \"%s\"", made$zone))
      x <- as.POSIXct(x)
      in_calendar(x, name, frame, "times")
      x <- as.numeric(x)
      values <- ifelse(is.na(x), NA_character_, sprintf("%.0f", round(x * 1e6)))
    } else if (is.logical(x) && !is.object(x)) {
      made$kind <- "logical"
      values <- ifelse(is.na(x), NA_character_, as.character(as.integer(x)))
    } else if (is.integer(x) && !is.object(x)) {
      made$kind <- "integer"
      values <- as.character(x)
      values[!is.na(x)] <- sprintf("%d", x[!is.na(x)])
    } else if (is.double(x) && !is.object(x)) {
      made$kind <- "number"
      values <- rep(NA_character_, length(x))
      values[is.nan(x)] <- "NaN"
      values[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "Inf", "-Inf")
      values[is.finite(x)] <- sprintf("%a", x[is.finite(x)])
    } else if (is.character(x) && !is.object(x)) {
      made$kind <- "text"
      values <- known_text(x, name, frame)
    } else {
      refuse(name, frame, sprintf("values of the kind %s", class(x)[1]))
    }
    made$values <- I(values)
    made
  }

  give <- function(name, to) {
    quiet <<- TRUE
    on.exit(quiet <<- FALSE)
    said <- tryCatch({
      if (!exists(name, envir = globalenv())) stop(sprintf("there is no variable called \"%s\"", name), call. = FALSE)
      frame <- get(name, envir = globalenv())
      if (!is.data.frame(frame)) stop(sprintf("%s is no frame, but %s", name, class(frame)[1]), call. = FALSE)
      values <- as.list(unclass(frame))
      left <- unlist(Map(behind, names(frame), values), use.names = FALSE)
      if (is.character(attr(frame, "row.names"))) left <- c("the names of its rows", left)
      list(columns = unname(Map(column, names(frame), values, name)), left = I(as.character(left)))
    }, error = function(e) list(error = conditionMessage(e)))
    writeLines(jsonlite::toJSON(said, auto_unbox = TRUE, na = "null", null = "null"), to, useBytes = TRUE)
  }

  vector <- function(column) {
    values <- text(column$values)
    switch(column$kind,
      integer = {
        numbers <- as.numeric(values)
        if (any(abs(numbers) >= 2^53, na.rm = TRUE))
          stop(sprintf("the column \"%s\" has whole numbers that R has no room for", column$name), call. = FALSE)
        if (all(is.na(numbers) | abs(numbers) < 2^31)) as.integer(numbers) else numbers
      },
      number = as.numeric(values),
      logical = values == "1",
      date = as.Date(values),
      moment = as.POSIXct(as.numeric(values) / 1e6, origin = "1970-01-01",
                          tz = if (is.null(column$zone)) "UTC" else column$zone),
      factor = factor(values, levels = text(column$levels), ordered = isTRUE(column$ordered)),
      values)
  }

  take <- function(name, origin) {
    quiet <<- TRUE
    on.exit(quiet <<- FALSE)
    read <- jsonlite::fromJSON(paste(readLines(origin, encoding = "UTF-8", warn = FALSE), collapse = "\n"),
                               simplifyVector = FALSE)
    columns <- lapply(read$columns, vector)
    rows <- if (length(columns)) length(columns[[1]]) else 0L
    made <- structure(columns, names = vapply(read$columns, function(c) c$name, ""), class = "data.frame",
                      row.names = .set_row_names(rows))
    assign(name, made, envir = globalenv())
  }

  environment()
})
.coursewright$listen()

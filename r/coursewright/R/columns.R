# Files of typed columns, written and read by base R alone: see docs/decisions/0036 for the form.

MAGIC <- charToRaw("CWCOLS1\n")

# Writes a data frame to a file, or says by name which column has values that have no meaning elsewhere.
write_columns <- function(rows, path) {
  check_frame(rows)
  columns <- lapply(seq_along(rows), function(i) column_of(.subset2(rows, i), names(rows)[[i]]))
  state$own <- list()
  columns <- lapply(columns, function(column) {
    column$said$own <- remembered(column$own)
    column
  })
  said <- list(rows = size_of(rows), own = remembered(own_of_frame(rows)), columns = lapply(columns, function(column) column$said))
  header <- charToRaw(to_json(said))
  file <- file(path, "wb")
  on.exit(close(file))
  writeBin(MAGIC, file)
  writeBin(length(header), file, endian = "little")
  writeBin(header, file)
  for (column in columns) {
    if (!is.null(column$values)) writeBin(column$values, file, endian = "little")
    if (!is.null(column$texts)) {
      writeBin(which(is.na(column$texts)), file, endian = "little")
      writeBin(as_bytes(column$texts), file)
    }
  }
  invisible(path)
}

# The number under which this session remembers attributes until the columns come back; 0 for none.
remembered <- function(own) {
  if (is.null(own)) return(0L)
  state$own <- c(state$own, list(own))
  length(state$own)
}

# Rows of a data frame as they are counted where it has a class of its own, too.
size_of <- function(rows) .row_names_info(rows, 2L)

# Text that writeBin() leaves as it is: it would turn it into the encoding of the session.
as_bytes <- function(texts) {
  if (!isTRUE(l10n_info()[["UTF-8"]])) Encoding(texts) <- "bytes"
  texts
}

check_frame <- function(rows) {
  if (anyNA(names(rows))) stopped("a column has no name", "give it one: names(rows)", "rows")
  if (anyDuplicated(names(rows))) {
    twice <- names(rows)[duplicated(names(rows))][[1L]]
    stopped(sprintf("the column \"%s\" is there twice", twice), "rename one of them", "rows")
  }
  for (i in seq_along(rows)) {
    x <- .subset2(rows, i)
    uneven <- !is.list(x) && is.null(dim(x)) && length(x) != size_of(rows)
    if (uneven) {
      said <- sprintf("the column \"%s\" has %d values in %d rows", names(rows)[[i]], length(x), size_of(rows))
      stopped(said, "make the frame again: data.frame(...)", "rows")
    }
  }
}

# The classes of columns that have a meaning elsewhere, and those that only say how R shows or handles a column of another class.
KNOWN <- list(character(), "factor", c("ordered", "factor"), "Date", c("POSIXct", "POSIXt"), "difftime")
WRAPS <- c("AsIs", "hms", "IDate", "labelled", "noquote")

# A column as it is written: what the header says of it, its values, its texts, and the attributes that only R knows.
column_of <- function(x, name) {
  check_column(x, name)
  column <- if (is.character(x)) text_column(as.vector(unclass(x)), name) else value_column(x, name)
  column$own <- if (!is_usual(x)) attributes(x)
  column
}

value_column <- function(x, name) {
  said <- list(name = name, kind = kind_of(x), storage = if (is.double(x)) "double" else "integer")
  column <- list(values = as.vector(unclass(x)))
  if (is.factor(x)) {
    column$texts <- utf8(levels(x), sprintf("a level of the column \"%s\"", name))
    said <- c(said, list(ordered = is.ordered(x), levels = text_sizes(column$texts)))
  }
  if (inherits(x, "POSIXct")) said <- c(said, zone_of(x))
  if (inherits(x, "difftime")) said$unit <- attr(x, "units")
  c(list(said = said), column)
}

# Whether a column has no attribute but those that its kind says: it comes back as it went without them.
is_usual <- function(x) {
  usual <- switch(kind_of(x),
    factor = c("levels", "class"), date = "class", instant = c("tzone", "class"), difftime = c("units", "class"), character())
  plain <- all(vapply(attributes(x), function(value) is.null(attributes(value)), NA)) # levels can have names
  plain && all(names(attributes(x)) %in% usual) && !any(WRAPS %in% class(x))
}

# What is R's own about a data frame: names of rows, a class, and whatever else it was given.
own_of_frame <- function(rows) {
  own <- attributes(rows)
  own$names <- NULL
  numbers <- .row_names_info(rows, 0L)
  counted <- is.integer(numbers) && (!length(numbers) || is.na(numbers[[1L]]))
  if (counted) own$row.names <- NULL
  if (!identical(own, list(class = "data.frame"))) own
}

# Texts; each distinct one goes once if they are few, which spares both sides looking at every row.
text_column <- function(x, name) {
  distinct <- few_texts(x)
  if (is.null(distinct)) {
    texts <- utf8(x, sprintf("the column \"%s\"", name))
    return(list(said = c(list(name = name, kind = "text"), text_sizes(texts)), texts = texts))
  }
  said <- list(name = name, kind = "coded", storage = "integer", levels = text_sizes(distinct))
  list(said = said, values = match(x, distinct), texts = distinct)
}

# The distinct texts, unless they are many or one is not plainly UTF-8: what is wrong is then said of its row.
few_texts <- function(x) {
  often <- function(texts, distinct) 2 * length(distinct) <= length(texts)
  first <- x[seq_len(min(length(x), 10000L))]
  if (!often(first, unique(first))) return(NULL)
  distinct <- unique(x)
  if (often(x, distinct) && is_plain(distinct)) enc2utf8(distinct)
}

text_sizes <- function(texts) {
  bytes <- sum(as.double(nchar(texts, "bytes", keepNA = FALSE))) + length(texts)
  if (bytes > .Machine$integer.max) stopped("a column has more than 2 GB of text", "tell it in parts", "rows")
  list(count = length(texts), missing = sum(is.na(texts)), bytes = bytes)
}

kind_of <- function(x) {
  if (is.factor(x)) return("factor")
  if (inherits(x, "Date")) return("date")
  if (inherits(x, "POSIXct")) return("instant")
  if (inherits(x, "difftime")) return("difftime")
  switch(typeof(x), logical = "logical", integer = "integer", double = "double", character = "text")
}

check_column <- function(x, name) {
  refused <- function(what, hint) stopped(sprintf("the column \"%s\" %s", name, what), hint, "rows")
  if (is.data.frame(x)) refused("is a data frame itself", "give its columns names of their own")
  if (inherits(x, "POSIXlt")) refused("holds times in parts (POSIXlt)", "as.POSIXct(...)")
  if (is.list(x)) refused("is a list", "give one value for each row, such as paste(unlist(x), collapse = \", \")")
  if (length(dim(x)) > 1L) refused("is a matrix", "give its columns names of their own")
  if (!typeof(x) %in% c("logical", "integer", "double", "character")) {
    refused(sprintf("is of the type %s", typeof(x)), "make it text or numbers first")
  }
  classes <- meaning_of(x)
  known <- any(vapply(KNOWN, identical, NA, classes))
  if (!known) refused(sprintf("is of the class %s", classes[[1L]]), "make it text or numbers: as.character(...), as.numeric(...)")
}

# The classes of a column without those that change nothing of its meaning; Hmisc names the type among them.
meaning_of <- function(x) {
  classes <- setdiff(as.character(attr(x, "class")), WRAPS)
  if (inherits(x, "labelled")) setdiff(classes, c(typeof(x), "numeric")) else classes
}

# The zone in which R shows these instants, and the one that they name themselves.
zone_of <- function(x) {
  given <- attr(x, "tzone")
  zone <- if (is.null(given)) "" else given[[1L]]
  if (!nzchar(zone)) zone <- zone_here()
  list(zone = zone, given = if (is.null(given)) NULL else I(given))
}

# The zone in which this session shows times. Sys.timezone() asks programs that not every machine has.
zone_here <- function() {
  named <- sub("^:", "", Sys.getenv("TZ"))
  if (nzchar(named)) return(named)
  linked <- sub("^.*/zoneinfo/(posix/|right/)?", "", normalizePath("/etc/localtime", mustWork = FALSE))
  if (linked != "/etc/localtime") return(linked)
  if (file.exists("/etc/localtime")) Sys.timezone() %or% "UTC" else "UTC"
}

# Whether text is UTF-8 as it stands.
is_plain <- function(x) {
  isTRUE(l10n_info()[["UTF-8"]]) && all(unique(Encoding(x)) %in% c("unknown", "UTF-8")) && all(validUTF8(x))
}

# Text as UTF-8, or an error for text whose encoding nobody knows.
utf8 <- function(x, what) {
  if (is_plain(x)) return(enc2utf8(x))
  encodings <- Encoding(x)
  known <- if (isTRUE(l10n_info()[["UTF-8"]])) validUTF8(x) else !is.na(iconv(x, "", "UTF-8"))
  unsure <- encodings == "bytes" | encodings == "unknown" & !known & !is.na(x) | encodings == "UTF-8" & !validUTF8(x)
  if (any(unsure)) {
    where <- if (length(x) > 1L) sprintf(" (number %d)", which(unsure)[[1L]]) else ""
    stopped(sprintf("%s holds text in an unknown encoding%s", what, where), "iconv(x, \"latin1\", \"UTF-8\"), for instance", "rows")
  }
  enc2utf8(x)
}

# The data frame in a file.
read_columns <- function(path) {
  file <- file(path, "rb")
  on.exit(close(file))
  if (!identical(readBin(file, "raw", length(MAGIC)), MAGIC)) stopped(sprintf("\"%s\" is no file of columns", path))
  size <- readBin(file, "integer", 1L, endian = "little")
  header <- from_json(rawToChar(readBin(file, "raw", size)))
  columns <- lapply(header$columns, function(said) with_own(read_column(file, said, header$rows), said))
  names(columns) <- vapply(header$columns, function(said) said$name, "")
  rows <- structure(columns, class = "data.frame", row.names = .set_row_names(header$rows))
  with_own(rows, header, c("names", "row.names"))
}

# The same with the attributes that it went with. Those that are `kept` are its own, unless the others have them too.
with_own <- function(x, said, kept = character()) {
  if (!said$own) return(x)
  own <- state$own[[said$own]]
  more <- attributes(x)[setdiff(kept, names(own))]
  attributes(x) <- c(more, own)
  x
}

read_column <- function(file, said, rows) {
  if (said$kind == "text") return(read_texts(file, said))
  values <- readBin(file, if (said$kind == "logical") "logical" else said$storage, rows, endian = "little")
  texts <- if (!is.null(said$levels)) read_texts(file, said$levels)
  switch(said$kind,
    coded = texts[values],
    factor = structure(values, levels = texts, class = c(if (said$ordered) "ordered", "factor")),
    date = structure(values, class = "Date"),
    instant = with_zone(structure(values, class = c("POSIXct", "POSIXt")), unlist(said$given)),
    difftime = structure(values, class = "difftime", units = said$unit),
    values)
}

with_zone <- function(x, zone) {
  if (!is.null(zone)) attr(x, "tzone") <- zone
  x
}

# A raw vector gives its texts faster than a file does. ASCII has no encoding to be marked with, and marking takes long.
read_texts <- function(file, said) {
  missing <- readBin(file, "integer", said$missing, endian = "little")
  texts <- readBin(readBin(file, "raw", said$bytes), "character", said$count)
  if (!said$ascii) Encoding(texts) <- "UTF-8"
  texts[missing] <- NA_character_
  texts
}


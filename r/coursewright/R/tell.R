#' A text for each row
#'
#' Every column of the data frame is a symbol of the grammar, whatever it is called. The work is done in Python, and
#' values stay what they are: whole numbers, missing values of every type, factors, dates, times with their zones,
#' texts in any encoding. A data frame, tibble or data.table of R is what it takes; where a data frame of Python arrives
#' through reticulate, it is not converted, since that changes missing values: Python reads it from a file instead.
#'
#' @param grammar A file (`.json`, `.yaml`), the name of a grammar of the course around the working directory, or rules
#'   as a named list: each a text, several texts, or weights named by texts.
#' @param rows A data frame, or a list of rows, each a named list.
#' @param rule The rule that a text begins with.
#' @param seed A number or a text: another seed makes other choices.
#' @param key Columns that the choices for a row hang on, instead of its position.
#' @param by Columns that name groups: there is one text for each group.
#' @param language The language of the rules.
#' @param strict Whether a symbol that nothing stands for is an error.
#' @return A character vector, a text for each row. With `by`, a data frame: the groups, and their `text`.
#' @examples
#' \dontrun{
#' places <- data.frame(name = c("Jo", "Sam"), place = c("first", "second"))
#' tell(list(origin = "#name# was placed #place.upper#!"), places)
#' }
#' @export
tell <- function(grammar, rows, rule = "origin", seed = 0, key = NULL, by = NULL, language = "en-GB", strict = TRUE) {
  rows <- as_rows(rows)
  told <- ask_python("tell",
    grammar = as_grammar(grammar), rule = rule, seed = as_seed(seed), key = as_array(key), by = as_array(by),
    language = language, strict = strict, rows = rows)
  if (is.null(by)) return(told$text)
  if (!is.data.frame(rows)) return(told) # the groups are known to Python alone
  groups <- groups_of(rows, by)
  if (nrow(groups) != nrow(told)) stopped("the groups of these rows are not the same in R and in Python", "please report this", "by")
  cbind(groups, text = told$text, stringsAsFactors = FALSE)
}

as_array <- function(x) if (!is.null(x)) I(as.character(x))

as_seed <- function(seed) if (is.numeric(seed) && !anyNA(seed)) format_number(seed) else as.character(seed)

# Groups in the order in which they first come; NaN is one with NA, as in texts.
groups_of <- function(rows, by) {
  groups <- as.data.frame(rows)[by]
  groups[] <- lapply(groups, function(x) {
    if (is.double(x)) x[is.nan(x)] <- NA
    x
  })
  groups <- unique(groups)
  row.names(groups) <- NULL
  groups
}

as_grammar <- function(grammar) {
  if (inherits(grammar, "coursewright_grammar")) return(unclass(grammar))
  if (is.character(grammar) && is.null(names(grammar)) && length(grammar) == 1L) return(list(name = grammar))
  if ((is.list(grammar) || is.character(grammar)) && length(grammar) && !is.null(names(grammar))) {
    return(list(rules = lapply(as.list(grammar), as_rule)))
  }
  stopped("this is no grammar", "name a file, or give rules: list(origin = \"#name# was placed #place#\")", "tell, grammar")
}

# Weights are numbers named by their texts; conditions are rules named by them, so a list stays a list.
as_rule <- function(rule) {
  if (is.list(rule)) return(lapply(rule, as_rule))
  if (anyNA(rule)) stopped("a rule has a missing text", "leave it out, or write \"\" for an empty one", "tell, grammar")
  if (is.null(names(rule)) || length(rule) == 1L && is.character(rule)) return(rule)
  as.list(rule)
}

# What rows can be given as, as a data frame.
as_rows <- function(rows) {
  if (inherits(rows, "python.builtin.object")) return(from_reticulate(rows))
  if (is.data.frame(rows)) return(rows)
  one <- is.list(rows) && is.null(names(rows)) && all(vapply(rows, function(row) is.list(row) && !is.null(names(row)), NA))
  if (!one) stopped(sprintf("rows cannot be of the class %s", class(rows)[[1L]]), "give a data frame, or a list of rows that are named lists", "tell, rows")
  columns <- unique(unlist(lapply(rows, names)))
  values <- lapply(columns, function(name) bound(lapply(rows, function(row) row[[name]]), name))
  names(values) <- columns
  structure(values, class = "data.frame", row.names = .set_row_names(length(rows)))
}

# Values of one column, one of each row, as a vector of one type.
bound <- function(values, name) {
  sizes <- lengths(values)
  if (any(sizes > 1L) || any(vapply(values, is.list, NA))) {
    stopped(sprintf("the column \"%s\" has more than one value in a row", name), "give one value for each row", "rows")
  }
  classes <- unique(lapply(values[sizes == 1L & !vapply(values, function(x) identical(x, NA), NA)], class))
  whole <- all(vapply(classes, function(each) identical(each, "integer") || identical(each, "numeric"), NA))
  if (length(classes) > 1L && !whole) {
    stopped(sprintf("the column \"%s\" has values of several types", name), "give values of one type", "rows")
  }
  values[sizes == 0L] <- list(NA)
  first <- which(sizes == 1L & !vapply(values, function(x) identical(x, NA), NA))
  if (!length(first)) return(unlist(values))
  empty <- values[[first[[1L]]]][NA_integer_]
  values[vapply(values, function(x) identical(x, NA), NA)] <- list(empty)
  do.call(c, values)
}

# A data frame of Python is read by Python: reticulate would hand over NA as -2147483648, and TRUE for a missing FALSE.
from_reticulate <- function(rows) {
  write <- Find(function(name) reticulate::py_has_attr(rows, name), c("to_parquet", "write_parquet"))
  if (is.null(write)) {
    stopped(sprintf("rows cannot be of the class %s", class(rows)[[1L]]), "give a data frame of R, of pandas or of Polars", "tell, rows")
  }
  message("A data frame of Python came through reticulate: Python reads it from a file, since converting changes missing values.")
  path <- file.path(running()$folder, "rows.parquet")
  rows[[write]](path)
  list(parquet = path)
}

#' Facts, tables, questions and figures of a course
#'
#' What `coursewright facts`, `table`, `ask` and `build` give in a terminal, in R. `table()` of base R stays what it is
#' when this package is attached: call this one `coursewright::table()`.
#'
#' @param ... Names of finders, or of questions (names or files); all of the course, when none is given.
#' @param course The folder of a course; by default the nearest one at or above the working directory.
#' @param set Values for parameters: `list(season = 2018)`.
#' @param limit How many facts at the most.
#' @return `facts()`: a data frame, a fact a row, best first, with `finder`, `score` and `sentence`.
#' @examples
#' \dontrun{
#' facts(set = list(season = 2018, round = 2), limit = 5)
#' coursewright::table("results")
#' ask("interest", variants = 3)
#' figure("title-race")
#' }
#' @export
facts <- function(..., course = ".", set = list(), limit = NULL) {
  ask_python("facts", finders = as_array(c(...)), course = course, set_ = as_set(set), limit = limit)
}

#' @rdname facts
#' @param name The name of a table or a figure; or a file or an address that holds a table.
#' @param sql A SELECT over the tables of the course, instead of a name.
#' @return `table()`: a data frame.
#' @export
table <- function(name, course = ".", set = list(), sql = NULL) {
  if (missing(name) == is.null(sql)) stopped("table() wants a name or sql", "coursewright::table(\"results\")")
  if (!missing(name) && !is_text(name)) {
    stopped("a table is named by one text", "this is coursewright::table(); base::table() counts values")
  }
  ask_python("table", name = if (missing(name)) "" else name, sql = sql, course = course, set_ = as_set(set))
}

#' @rdname facts
#' @param variants How many variants of each question.
#' @param seed The same seed gives the same variants, on every machine.
#' @param to Formats: `"moodle"`, `"qti3"` and others. Without, the variants are given as Markdown.
#' @param output The folder for files.
#' @return `ask()`: a data frame, a variant a row; with `to`, the paths of the files, invisibly.
#' @export
ask <- function(..., variants = 1, seed = "0", course = ".", set = list(), to = NULL, output = ".") {
  asked <- ask_python("ask",
    questions = as_array(c(...)), variants = variants, seed = as.character(as_seed(seed)), course = course,
    set_ = as_set(set), to = as_array(to), output = output)
  if (is.null(to)) structure(asked, class = c("coursewright_variants", "data.frame")) else invisible(unlist(asked$files))
}

#' @rdname facts
#' @return `figure()`: a picture with its alternative text, which shows itself.
#' @export
figure <- function(name, course = ".", set = list()) {
  if (!is_text(name)) stopped("a figure is named by one text", "figure(\"title-race\")")
  drawn <- ask_python("figure", name = name, course = course, set_ = as_set(set))
  type <- names(drawn$data)[[1L]]
  media(name, type, from_base64(drawn$data[[1L]]), drawn$alt, drawn$caption)
}

is_text <- function(x) is.character(x) && length(x) == 1L && !is.na(x)

as_set <- function(set) {
  if (length(set) && (is.null(names(set)) || !all(nzchar(names(set))))) stopped("a parameter has no name", "set = list(season = 2018)", "set")
  if (length(set)) as.list(set)
}

variants_as_markdown <- function(x) {
  paste0("### ", x$title, " (", x$question, ", variant ", x$variant, ")\n\n", x$text, "\n\n", x$answer, "\n", collapse = "\n")
}

print.coursewright_variants <- function(x, ...) {
  cat(without_data(variants_as_markdown(x)))
  invisible(x)
}

# Pictures in a terminal are their words.
without_data <- function(text) gsub("!?\\[([^]]*)\\]\\(data:[^)]*\\)", "[\\1]", text)

knit_print.coursewright_variants <- function(x, ...) knitr::asis_output(paste0("\n\n", variants_as_markdown(x), "\n"))
repr_markdown.coursewright_variants <- function(obj, ...) variants_as_markdown(obj)
repr_text.coursewright_variants <- function(obj, ...) without_data(variants_as_markdown(obj))

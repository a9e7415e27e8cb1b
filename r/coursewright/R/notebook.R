#' What pages do, in the cells of a notebook
#'
#' `directive()` carries out a directive of a page, such as `{table}` or `{question}`, and shows what it gives. Numbers, texts, dates and
#' truth values among the variables of the session are its parameters, before those of the course. `take()` has tables of the course as
#' variables, as `:in:` does on pages.
#'
#' `at_page()` is for the notebook of a page. It goes to the folder of the page, so that code finds the files that it reads, and the variables
#' that it names are the page's parameters from then on, with the values that they have. What code makes of these variables later changes
#' no parameter, as on the page. A value that a parameter cannot have is an error.
#'
#' The notebooks that `coursewright build` writes of pages whose code is R call these three.
#'
#' @param name The name of the directive.
#' @param argument What stands behind it on a page.
#' @param content What stands inside: options first, such as `:caption: Planets`, then the rest.
#' @param ... Options by their names, such as `caption = "Planets"`, in the place of lines of `content`; for `take()` names of tables, for
#'   `at_page()` of parameters of the page.
#' @return `directive()`: what it shows; `take()` and `at_page()`: nothing.
#' @examples
#' \dontrun{
#' year <- 2024
#' at_page("planets.md", "year")
#' directive("table", content = r"(
#' :caption: The largest harvests
#' SELECT fruit, tonnes FROM sales WHERE year = :year ORDER BY tonnes DESC
#' )")
#' directive("table", "sales", caption = "What was sold", limit = 5)
#' take("sales")
#' }
#' @export
directive <- function(name, argument = "", content = "", ...) {
  options <- list(...)
  if (length(options)) {
    unnamed <- is.null(names(options)) || !all(nzchar(names(options)))
    if (unnamed) stopped("an option has no name", 'write it: directive("table", "sales", limit = 5)', "directive")
    said <- vapply(options, function(value) if (is.logical(value)) tolower(value) else paste(value, collapse = ", "), "")
    lines <- sprintf(":%s: %s\n", names(options), gsub("[[:space:]]+", " ", said))
    content <- paste0(paste(lines, collapse = ""), sub("^\n", "", content))
  }
  shown <- ask_with_parameters("directive", name = name, argument = argument, content = content)
  structure(shown, class = "coursewright_shown")
}

#' @rdname directive
#' @export
take <- function(...) {
  for (name in c(...)) assign(name, ask_with_parameters("rows", name = name), envir = globalenv())
}

#' @rdname directive
#' @param file The file of a page, as seen from the folder `pages` of its course.
#' @export
at_page <- function(file, ...) {
  names <- as.character(c(...))
  values <- mget(names, envir = globalenv(), ifnotfound = list(NULL))
  for (name in names) check_value(name, values[[name]])
  given <- if (is.null(state$given)) nothing() else state$given
  given[names] <- lapply(values, as_given)
  state$given <- given
  root <- getwd()
  while (!file.exists(file.path(root, "course.toml")) && dirname(root) != root) root <- dirname(root)
  page <- file.path(root, "pages", file)
  if (file.exists(file.path(root, "course.toml")) && file.exists(page)) {
    setwd(dirname(page))
    state$page <- file
    if (length(names)) ask_python("given", names = as_array(names), given = state$given, page = file)
  } else {
    state$page <- NULL
    remedy <- "put it into a folder of its course, such as build/notebooks: cells that read tables and files need that"
    message("note: around this notebook there is no course with the page ", file, "\nhint: ", remedy)
  }
  invisible()
}

check_value <- function(name, value) {
  if (is.null(value)) stopped(sprintf("the parameter %s has no value", name), "run the cell above, which gives it one", "at_page()")
  if (!is_parameter(value)) {
    said <- sprintf("%s is of the kind %s, and a parameter is one number, text or date", name, class(value)[[1L]])
    stopped(said, "give it such a value in the cell above, and run that again", "at_page()")
  }
}

# A call that is answered with the parameters of the session: in the notebook of a page, those of the page.
ask_with_parameters <- function(...) ask_python(..., variables = variables_here(), given = state$given, page = state$page)

# What can be a parameter among the variables of the session.
variables_here <- function() {
  found <- Filter(is_parameter, as.list(globalenv()))
  lapply(found, as_parameter)
}

as_parameter <- function(x) {
  if (inherits(x, "Date")) list(date = format(x, "%Y-%m-%d"))
  else if (inherits(x, "POSIXct")) list(moment = format(x, "%Y-%m-%dT%H:%M:%OS6+00:00", tz = "UTC"))
  else unname(x)
}

is_parameter <- function(x) {
  if (!is.atomic(x) || length(x) != 1L) return(FALSE)
  if (is.object(x)) return(inherits(x, c("Date", "POSIXct")) && !is.infinite(x)) # which is.numeric() denies
  is.character(x) || is.logical(x) || (is.numeric(x) && !is.infinite(x))
}

# The value of a page's parameter, which has its type: 2 and 2L are not told alike.
as_given <- function(x) if (is.double(x) && !is.object(x) && !is.na(x)) list(real = unname(x)) else as_parameter(x)

print.coursewright_shown <- function(x, ...) {
  if (isTRUE(getOption("jupyter.in_kernel")) && requireNamespace("IRdisplay", quietly = TRUE)) IRdisplay::display(x)
  else cat(x$text, "\n", sep = "")
  invisible(x)
}

knit_print.coursewright_shown <- function(x, ...) knitr::asis_output(paste0("\n\n", if (shows_html()) x$html else x$text, "\n\n"))
repr_html.coursewright_shown <- function(obj, ...) obj$html
repr_text.coursewright_shown <- function(obj, ...) obj$text

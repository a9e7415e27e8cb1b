#' What pages do, in the cells of a notebook
#'
#' `directive()` carries out a directive of a page, such as `{table}` or `{question}`, and shows what it gives. Numbers, texts, dates and
#' truth values among the variables of the session are its parameters, before those of the course. `take()` has tables of the course as
#' variables, as `:in:` does on pages. `at_page()` goes to the folder of a page, so that code finds the files that it reads.
#'
#' The notebooks that `coursewright build` writes of pages whose code is R call these three.
#'
#' @param name The name of the directive.
#' @param argument What stands behind it on a page.
#' @param content What stands inside: options first, such as `:caption: Planets`, then the rest.
#' @return `directive()`: what it shows; `take()` and `at_page()`: nothing.
#' @examples
#' \dontrun{
#' at_page("planets.md")
#' year <- 2024
#' directive("table", content = r"(
#' :caption: The largest harvests
#' SELECT fruit, tonnes FROM sales WHERE year = :year ORDER BY tonnes DESC
#' )")
#' take("sales")
#' }
#' @export
directive <- function(name, argument = "", content = "") {
  shown <- ask_python("directive", name = name, argument = argument, content = content, variables = variables_here())
  structure(shown, class = "coursewright_shown")
}

#' @rdname directive
#' @param ... Names of tables.
#' @export
take <- function(...) {
  for (name in c(...)) assign(name, ask_python("rows", name = name, variables = variables_here()), envir = globalenv())
}

#' @rdname directive
#' @param file The file of a page, as seen from the folder `pages` of its course.
#' @export
at_page <- function(file) {
  root <- getwd()
  while (!file.exists(file.path(root, "course.toml")) && dirname(root) != root) root <- dirname(root)
  page <- file.path(root, "pages", file)
  if (file.exists(file.path(root, "course.toml")) && file.exists(page)) {
    setwd(dirname(page))
  } else {
    remedy <- "put it into a folder of its course, such as build/notebooks: cells that read tables and files need that"
    message("note: around this notebook there is no course with the page ", file, "\nhint: ", remedy)
  }
  invisible()
}

# What can be a parameter among the variables of the session.
variables_here <- function() {
  found <- Filter(is_parameter, as.list(globalenv()))
  lapply(found, function(x) {
    if (inherits(x, "Date")) list(date = format(x, "%Y-%m-%d"))
    else if (inherits(x, "POSIXct")) list(moment = format(x, "%Y-%m-%dT%H:%M:%OS6+00:00", tz = "UTC"))
    else unname(x)
  })
}

is_parameter <- function(x) {
  is.atomic(x) && length(x) == 1L && (inherits(x, c("Date", "POSIXct")) || !is.object(x)) &&
    (is.character(x) || is.logical(x) || (is.numeric(x) && !is.infinite(x)))
}

print.coursewright_shown <- function(x, ...) {
  if (isTRUE(getOption("jupyter.in_kernel")) && requireNamespace("IRdisplay", quietly = TRUE)) IRdisplay::display(x)
  else cat(x$text, "\n", sep = "")
  invisible(x)
}

knit_print.coursewright_shown <- function(x, ...) knitr::asis_output(paste0("\n\n", if (shows_html()) x$html else x$text, "\n\n"))
repr_html.coursewright_shown <- function(obj, ...) obj$html
repr_text.coursewright_shown <- function(obj, ...) obj$text

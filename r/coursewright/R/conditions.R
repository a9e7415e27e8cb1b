# What goes wrong, as conditions of R with message, place and hint.

problem <- function(message, place = "", hint = "", kind = "", problems = NULL, call = NULL) {
  lines <- c(message, if (nzchar(place)) paste("  -->", place), if (nzchar(hint)) paste("hint:", hint))
  classes <- c(if (!kind %in% c("", "CoursewrightError")) paste0("coursewright_", kind), "coursewright_error", "error", "condition")
  said <- list(message = paste(lines, collapse = "\n"), call = call, said = message, place = place, hint = hint)
  structure(c(said, list(problems = problems)), class = unique(classes))
}

# The condition for what Python says went wrong: one problem, or all that were found.
problem_of <- function(answer) {
  found <- answer$problems
  first <- found[[1L]]
  if (!is.null(answer$fault)) first$hint <- paste0("please report this:\n", substring(answer$fault, max(1L, nchar(answer$fault) - 600L)))
  condition <- problem(first$message, first$place %or% "", first$hint %or% "", answer$kind %or% "", found)
  if (length(found) > 1L) {
    texts <- vapply(found, function(each) each$text, "")
    condition$message <- paste(texts, collapse = "\n")
  }
  condition
}

stopped <- function(message, hint = "", place = "", kind = "") stop(problem(message, place, hint, kind))

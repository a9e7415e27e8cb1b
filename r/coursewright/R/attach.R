#' Executable courses and data stories from R
#'
#' What Coursewright does, wherever R runs: in a notebook with an R kernel, in R Markdown and in a script. The work is done
#' in a Python process of its own, which is started when something is first asked and kept open.
#'
#' @details
#' * [tell()] gives a text for each row of a data frame, by a grammar.
#' * [facts()], `coursewright::table()`, [ask()] and [figure()] give what a course has: facts, tables, questions, figures.
#' * [audio()] and [widget()] are sounds and HTML widgets, and [save_as()] saves them.
#' * [directive()], [take()], [at_page()] and [form()] are for the notebooks of pages.
#' * [use_python()] says which Python it is, where it is not found by itself.
#' @examples
#' \dontrun{
#' tell(list(origin = "#name# was placed #place.upper#!"), data.frame(name = "Jo", place = "first"))
#' }
"_PACKAGE"

.onAttach <- function(libname, pkgname) {
  # Code that counts values with table() goes on to do so: ours is called by its full name.
  attached <- as.environment(paste0("package:", pkgname))
  if (exists("table", attached, inherits = FALSE)) rm("table", envir = attached)
  if (isTRUE(getOption("jupyter.in_kernel")) && requireNamespace("repr", quietly = TRUE)) frame_widgets()
}

# A notebook shows what htmlwidgets and htmltools make in a frame, as widget() does: its scripts reach nothing else there.
frame_widgets <- function() {
  theirs <- asNamespace("repr")
  register <- function(class, shows) registerS3method("repr_html", class, shows, envir = theirs)
  register("htmlwidget", function(obj, ...) html_of(widget(obj)))
  for (class in c("shiny.tag", "shiny.tag.list")) {
    usual <- utils::getS3method("repr_html", class, optional = TRUE, envir = theirs)
    if (!is.null(usual)) register(class, tags_shown(usual))
  }
}

tags_shown <- function(usual) {
  force(usual)
  function(obj, ...) if (is_lively(obj)) html_of(widget(obj)) else usual(obj, ...)
}

# Whether tags have scripts, of their own or of what they depend on.
is_lively <- function(tags) {
  parts <- htmltools::renderTags(tags)
  length(parts$dependencies) > 0L || grepl("<script|<iframe|\\bon[a-z]+\\s*=|javascript:", paste(parts$head, parts$html), ignore.case = TRUE)
}

.onLoad <- function(libname, pkgname) {
  reg.finalizer(state, function(e) end_process(), onexit = TRUE)
  engine <- function(...) knitr::knit_engines$set(coursewright = knit_chunk, python = python_chunk)
  if (isNamespaceLoaded("knitr")) engine() else setHook(packageEvent("knitr", "onLoad"), engine)
}

.onUnload <- function(libpath) end_process()

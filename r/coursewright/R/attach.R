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

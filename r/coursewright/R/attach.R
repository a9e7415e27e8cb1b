.onAttach <- function(libname, pkgname) {
  # Code that counts values with table() goes on to do so: ours is called by its full name.
  attached <- as.environment(paste0("package:", pkgname))
  if (exists("table", attached, inherits = FALSE)) rm("table", envir = attached)
}

.onLoad <- function(libname, pkgname) {
  reg.finalizer(state, function(e) end_process(), onexit = TRUE)
  engine <- function(...) knitr::knit_engines$set(coursewright = knit_chunk, python = python_chunk)
  if (isNamespaceLoaded("knitr")) engine() else setHook(packageEvent("knitr", "onLoad"), engine)
}

.onUnload <- function(libpath) end_process()

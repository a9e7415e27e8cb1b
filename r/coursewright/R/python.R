# Which Python has Coursewright.

state <- new.env(parent = emptyenv())

#' Choose the Python that Coursewright runs in
#'
#' Without it the package looks by itself: in a page, in the Python that builds it; in the Python that `RETICULATE_PYTHON` names, in the active virtual
#' environment (`VIRTUAL_ENV`) or conda environment (`CONDA_PREFIX`), then for `python3` and `python` on the `PATH`, and
#' takes the first that has Coursewright. A process that is running already is ended.
#'
#' @param where A Python, the folder of a virtual or conda environment, or the name of a conda environment.
#' @return The path of the Python, invisibly.
#' @examples
#' \dontrun{
#' use_python("~/course/.venv")
#' }
#' @export
use_python <- function(where) {
  if (!is.character(where) || length(where) != 1L || is.na(where)) stopped("a Python is named by one text", "use_python(\"~/course/.venv\")")
  python <- python_at(where)
  if (is.null(python)) {
    stopped(sprintf("no Python at \"%s\"", where), "name a Python, the folder of an environment, or a conda environment")
  }
  if (!has_coursewright(python)) stop(without_coursewright(python))
  end_process()
  state$python <- python
  invisible(python)
}

# The Python at a path, in a folder, or in a conda environment of that name.
python_at <- function(where) {
  path <- path.expand(where)
  if (dir.exists(path)) return(python_in(path))
  if (file.exists(path)) return(if (is_program(path)) normal(path))
  if (grepl("/", where, fixed = TRUE)) return(NULL)
  for (folder in conda_folders(where)) {
    python <- python_in(folder)
    if (!is.null(python)) return(python)
  }
  NULL
}

# The path without links in its folders; the program itself may be a link, and is what makes it a virtual environment.
normal <- function(path) file.path(normalizePath(dirname(path)), basename(path))

is_program <- function(path) file.access(path, 1L) == 0L && !dir.exists(path)

python_in <- function(folder) {
  for (name in c("python3", "python")) {
    path <- file.path(folder, "bin", name)
    if (is_program(path)) return(normal(path))
  }
  NULL
}

# The folders in which a conda environment of that name may be.
conda_folders <- function(name) {
  known <- "~/.conda/environments.txt"
  listed <- if (file.exists(known)) readLines(known, warn = FALSE) else character()
  program <- c(Sys.getenv("CONDA_EXE"), Sys.getenv("MAMBA_EXE"), unname(Sys.which("conda")))
  bases <- c(
    dirname(dirname(program[nzchar(program)])), Sys.getenv("MAMBA_ROOT_PREFIX"),
    path.expand(c("~/miniconda3", "~/anaconda3", "~/miniforge3", "~/mambaforge", "~/micromamba", "/opt/conda"))
  )
  bases <- bases[nzchar(bases)]
  c(listed[basename(listed) == name], file.path(bases, "envs", name), if (name == "base") bases)
}

# The first Python that has Coursewright; an error that says where it looked if there is none.
find_python <- function() {
  named <- Sys.getenv(c("COURSEWRIGHT_PYTHON", "RETICULATE_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"), NA)
  found <- c(lapply(named[!is.na(named) & nzchar(named)], python_at), lapply(Sys.which(c("python3", "python")), function(path) if (nzchar(path)) path))
  tried <- unique(unlist(found, use.names = FALSE))
  for (python in tried) if (has_coursewright(python)) return(python)
  stop(without_coursewright(tried))
}

has_coursewright <- function(python) {
  code <- "import importlib.util as u, sys; sys.exit(0 if u.find_spec('coursewright') and u.find_spec('coursewright.replies') else 1)"
  suppressWarnings(run_python(python, c("-c", shQuote(code)), stdout = FALSE, stderr = FALSE)) == 0L
}

# Runs a Python as the shell would that R was started from: R puts its own libraries first, and with them a Python finds
# those of another.
run_python <- function(python, arguments, ...) {
  path <- Sys.getenv("LD_LIBRARY_PATH", NA)
  if (!is.na(path)) {
    on.exit(Sys.setenv(LD_LIBRARY_PATH = path))
    before <- sub(paste0("^(\\Q", paths_of_r(), "\\E:?)+"), "", path, perl = TRUE) # twice in an R that R has started
    if (nzchar(before)) Sys.setenv(LD_LIBRARY_PATH = before) else Sys.unsetenv("LD_LIBRARY_PATH")
  }
  system2(python, arguments, ...)
}

# What R puts in front of LD_LIBRARY_PATH when it starts.
paths_of_r <- function() {
  file <- file.path(R.home("etc"), "ldpaths")
  if (!file.exists(file)) return("")
  script <- sprintf("unset LD_LIBRARY_PATH; R_HOME=%s; . %s; printf %%s \"$LD_LIBRARY_PATH\"", shQuote(R.home()), shQuote(file))
  paste(suppressWarnings(system2("/bin/sh", c("-c", shQuote(script)), stdout = TRUE, stderr = FALSE)), collapse = "")
}

without_coursewright <- function(tried) {
  if (!length(tried)) return(problem("there is no Python", "", "install Python 3.11 or newer, then: python3 -m pip install coursewright"))
  which <- paste(tried, collapse = ", ")
  hint <- sprintf("%s -m pip install --upgrade coursewright, or name another Python: use_python(\"...\")", shQuote(tried[[1L]]))
  problem(sprintf("this Python is without Coursewright, or has an old one: %s", which), "", hint, "no_python")
}

places <- data.frame(name = "Jo")
rules <- list(origin = "#name#")
process <- function() coursewright:::running()
number <- function() {
  python <- coursewright:::ask_python("hello")
  python$process
}

test_that("one process answers all of a session", {
  first <- number()
  tell(rules, places)
  expect_identical(number(), first)
})

test_that("a process that has died is replaced, and that is said", {
  before <- number()
  tools::pskill(before, tools::SIGKILL)
  expect_message(told <- tell(rules, places), "Coursewright's Python process had ended; a new one is started.", fixed = TRUE)
  expect_identical(told, "Jo")
  expect_false(identical(number(), before))
})

test_that("an answer that was broken off does not come to the next question", {
  before <- number()
  slow <- data.frame(n = seq_len(3e5))
  expect_error({
    setTimeLimit(elapsed = 0.05, transient = TRUE)
    tell(list(origin = "#n.ordinal# #n.spell#"), slow, strict = FALSE)
  }, "reached elapsed time limit")
  setTimeLimit()
  expect_false(identical(number(), before))
  expect_identical(suppressMessages(tell(rules, places)), "Jo")
})

test_that("an error of a connection is its end, one of a time limit is that of who set it", {
  said_of <- function(text) coursewright:::unless_limit(simpleError(text))
  expect_false(said_of("invalid connection"))
  expect_error(said_of("reached elapsed time limit"), "reached elapsed time limit", fixed = TRUE)
  expect_error(said_of("reached CPU time limit"), "reached CPU time limit", fixed = TRUE)
})

test_that("a fork of this session has a process of its own", {
  skip_on_os("windows")
  mine <- number()
  other <- parallel::mccollect(parallel::mcparallel(c(number(), tell(rules, places))))[[1L]]
  expect_identical(other[[2L]], "Jo")
  expect_false(mine %in% other)
  expect_identical(number(), mine)
})

test_that("a stranger without the secret gets no answer", {
  folder <- process()$folder
  expect_identical(as.character(file.mode(folder)), "700")
  expect_identical(file.exists(file.path(folder, "port")), TRUE)
  expect_error(suppressWarnings(socketConnection("127.0.0.1", as.integer(readLines(file.path(folder, "port"))[[1L]]), timeout = 2L)))
})

test_that("a Python without Coursewright is one clear message", {
  folder <- tempfile()
  dir.create(file.path(folder, "bin"), recursive = TRUE)
  python <- file.path(folder, "bin", "python3")
  writeLines(c("#!/bin/sh", "exit 1"), python)
  Sys.chmod(python, "755")
  python <- normalizePath(python)
  error <- tryCatch(use_python(folder), error = identity)
  expect_s3_class(error, "coursewright_no_python")
  expect_identical(error$said, paste("this Python is without Coursewright, or has an old one:", python))
  expect_identical(error$hint, sprintf("%s -m pip install --upgrade coursewright, or name another Python: use_python(\"...\")", shQuote(python)))
  expect_error(use_python("/nowhere"), "no Python at \"/nowhere\"", fixed = TRUE)
  expect_error(use_python("no-such-environment"), "no Python at \"no-such-environment\"", fixed = TRUE)
})

test_that("a Python that cannot start is told with what it said", {
  folder <- tempfile()
  dir.create(file.path(folder, "bin"), recursive = TRUE)
  python <- file.path(folder, "bin", "python3")
  writeLines(c("#!/bin/sh", "[ \"$1\" = -c ] && exit 0", "echo 'no memory' >&2", "exit 1"), python)
  Sys.chmod(python, "755")
  before <- coursewright:::state$python
  use_python(folder)
  on.exit(use_python(before))
  error <- tryCatch(suppressMessages(tell(rules, places)), error = identity)
  expect_identical(error$said, "Coursewright's Python process ended, saying:\n  no memory")
})

test_that("where no Python has Coursewright, the message names those that were tried", {
  folder <- tempfile()
  dir.create(folder)
  for (name in c("python3", "python")) {
    writeLines(c("#!/bin/sh", "exit 1"), file.path(folder, name))
    Sys.chmod(file.path(folder, name), "755")
  }
  names <- c("PATH", "RETICULATE_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX")
  old <- Sys.getenv(names, NA)
  on.exit({
    for (name in names) if (is.na(old[[name]])) Sys.unsetenv(name) else do.call(Sys.setenv, stats::setNames(list(old[[name]]), name))
  })
  Sys.unsetenv(names[-1L])
  Sys.setenv(PATH = folder)
  error <- tryCatch(coursewright:::find_python(), error = identity)
  expect_identical(error$said, sprintf("this Python is without Coursewright, or has an old one: %s/python3, %s/python", folder, folder))
  Sys.setenv(VIRTUAL_ENV = "/nowhere", PATH = "/nowhere")
  error <- tryCatch(coursewright:::find_python(), error = identity)
  expect_identical(error$said, "there is no Python")
})

test_that("a conda environment is found by its name", {
  home <- tempfile()
  bin <- file.path(home, "miniconda3", "envs", "course", "bin")
  dir.create(bin, recursive = TRUE)
  writeLines("", file.path(bin, "python"))
  Sys.chmod(file.path(bin, "python"), "755")
  old <- Sys.getenv("CONDA_EXE")
  Sys.setenv(CONDA_EXE = file.path(home, "miniconda3", "bin", "conda"))
  on.exit(Sys.setenv(CONDA_EXE = old))
  expect_identical(coursewright:::python_at("course"), file.path(normalizePath(bin), "python"))
})

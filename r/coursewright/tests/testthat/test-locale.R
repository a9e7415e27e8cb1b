test_that("texts keep their signs in a session whose locale knows none", {
  script <- tempfile(fileext = ".R")
  writeLines(c(
    "library(coursewright)",
    "rows <- data.frame(name = c('caf\\u00e9', NA, iconv('\\u00fc', 'UTF-8', 'latin1')))",
    "names(rows) <- 'n\\u00e4me'",
    "back <- coursewright:::ask_python('echo', rows = rows)",
    "told <- tell(list(origin = '#n\\u00e4me.or(none)# \\u2713'), rows)",
    "stopifnot(identical(rows, back), identical(told, c('caf\\u00e9 \\u2713', 'none \\u2713', '\\u00fc \\u2713')))",
    "unknown <- tryCatch(tell(list(origin = 'x'), data.frame(a = rawToChar(as.raw(0xe9)))), error = conditionMessage)",
    "stopifnot(startsWith(unknown, 'the column \"a\" holds text in an unknown encoding'))",
    "cat('same')"), script)
  old <- Sys.getenv("LC_ALL")
  Sys.setenv(LC_ALL = "C")
  on.exit(Sys.setenv(LC_ALL = old))
  expect_identical(system2(file.path(R.home("bin"), "Rscript"), script, stdout = TRUE), "same")
})

test_that("a data frame that comes through reticulate keeps what is missing, and lists are rows", {
  skip_if_not_installed("reticulate")
  skip_if_not(reticulate::py_module_available("pandas"), "needs pandas in that Python")
  pandas <- reticulate::import("pandas", convert = FALSE)
  rows <- pandas$DataFrame(list(name = list("Jo", NULL), n = pandas$array(list(1L, NULL), dtype = "Int64")))
  expect_message(
    told <- tell(list(origin = "#name.or(nobody)# #n.or(none)#"), rows),
    "A data frame of Python came through reticulate: Python reads it from a file", fixed = TRUE)
  expect_identical(told, c("Jo 1", "nobody none"))
  rows <- reticulate::py_eval("[{'name': 'Jo', 'place': 'first'}, {'name': 'Sam', 'place': None}]")
  expect_identical(tell(list(origin = "#name# #place.or(nowhere)#"), rows), c("Jo first", "Sam nowhere"))
  expect_error(tell(list(origin = "x"), reticulate::py_eval("3", convert = FALSE)), "rows cannot be of the class python.builtin.int", fixed = TRUE)
})

places <- data.frame(name = c("Jo", "Sam"), place = c("first", "second"))
grammar <- list(origin = "#name# was placed #place.upper#!")

test_that("two rows are told, a column called name among them", {
  expect_identical(tell(grammar, places), c("Jo was placed FIRST!", "Sam was placed SECOND!"))
})

test_that("a grammar is a file, too, and rows are lists", {
  file <- tempfile(fileext = ".yaml")
  writeLines("origin: \"#name# was placed #place.upper#!\"", file)
  expect_identical(tell(file, places), tell(grammar, places))
  rows <- list(list(name = "Jo", place = "first"), list(place = "second", name = "Sam"))
  expect_identical(tell(grammar, rows), tell(grammar, places))
  expect_error(tell(grammar, list(list(name = c("a", "b"), place = "x"))), "the column \"name\" has more than one value in a row", fixed = TRUE)
  expect_error(tell(grammar, "rows"), "rows cannot be of the class character\n  --> tell, rows", fixed = TRUE)
  expect_error(tell(grammar, list(list(name = 1L, place = "x"), list(name = "b", place = "y"))), "has values of several types", fixed = TRUE)
})

test_that("values print as they are: whole numbers, missing ones, factors, dates, times in their zone", {
  rows <- data.frame(
    n = c(3L, NA), yes = c(TRUE, NA), f = factor(c("b", NA), levels = c("a", "b")), d = as.Date(c("2024-02-29", NA)),
    t = as.POSIXct(c("2026-07-05 14:00:00", NA), tz = "Europe/London"))
  rules <- list(origin = "#n.or(none)# #yes.or(none)# #f.or(none)# #d.or(none)# #t.or(none)#")
  expect_identical(tell(rules, rows), c("3 true b 2024-02-29 2026-07-05 14:00:00+01:00", "none none none none none"))
})

test_that("seed, key, weights and groups do what they do elsewhere", {
  rules <- list(origin = c("one #n#", "two #n#", "three #n#"))
  rows <- data.frame(n = 1:50)
  expect_identical(tell(rules, rows, seed = 7), tell(rules, rows, seed = "7"))
  expect_false(identical(tell(rules, rows, seed = 7), tell(rules, rows, seed = 8)))
  expect_identical(tell(rules, rows, key = "n")[50:1], tell(rules, rows[50:1, , drop = FALSE], key = "n"))
  expect_identical(unique(tell(list(origin = c(yes = 1, no = 0)), rows)), "yes")
  groups <- tell(list(origin = "#n.count#"), data.frame(team = c("b", "a", "b"), n = 1:3), by = "team")
  expect_identical(groups, data.frame(team = c("b", "a"), text = c("2", "1")))
})

test_that("a missing value without a word for it is a warning that names the row", {
  rows <- data.frame(name = c("Jo", NA), place = "first")
  expect_warning(told <- tell(grammar, rows, strict = FALSE), "\"name\" has no value, and nothing stands for it", class = "coursewright_warning")
  expect_identical(told, c("Jo was placed FIRST!", ""))
  expect_error(tell(grammar, rows), "\"name\" has no value, and nothing stands for it: row 2\n", fixed = TRUE)
})

test_that("an error has a message, a place and a hint", {
  error <- tryCatch(tell(list(origin = "#nmae#"), places), error = identity)
  expect_s3_class(error, "coursewright_error")
  expect_identical(error$said, "no column or rule called \"nmae\"")
  expect_identical(error$place, "grammar, rule origin")
  expect_identical(error$hint, "did you mean \"name\"? Available: name, origin, place")
  expect_identical(conditionMessage(error), paste0(error$said, "\n  --> ", error$place, "\nhint: ", error$hint))
  expect_error(tell(1, places), "this is no grammar", fixed = TRUE)
  expect_error(tell("nowhere.json", places), "the grammar cannot be read: No such file or directory\n  --> nowhere.json", fixed = TRUE)
})

test_that("base R's table() counts as ever", {
  expect_identical(as.vector(eval(quote(table(c("a", "b", "a"))), globalenv())), c(2L, 1L))
  expect_false("table" %in% ls("package:coursewright"))
  expect_error(coursewright::table(c("a", "b")), "this is coursewright::table(); base::table() counts values", fixed = TRUE)
})

test_that("an argument that cannot be is refused by its name, before anything is told", {
  refused <- function(asked, said) expect_error(asked, said, fixed = TRUE, class = "coursewright_error")
  refused(tell(grammar, places, seed = c(1, 2)), "seed cannot be c(\"1\", \"2\")\n  --> tell, seed\nhint: give one number or text")
  refused(tell(grammar, places, seed = NA_real_), "seed cannot be NA\n  --> tell, seed")
  refused(tell(grammar, places, strict = "no"), "strict cannot be \"no\"\n  --> tell, strict\nhint: give TRUE or FALSE")
  refused(tell(grammar, places, strict = NA), "strict cannot be NA\n  --> tell, strict")
  refused(tell(grammar, places, language = c("en", "de")), "language cannot be c(\"en\", \"de\")\n  --> tell, language\nhint: give one text")
  refused(tell(grammar, places, by = NA), "by cannot be c(NA)\n  --> tell, by\nhint: give texts")
  refused(tell(list(origin = c("x", NA)), places), "a rule has a missing text\n  --> tell, grammar\nhint: leave it out, or write \"\" for an empty one")
  refused(facts(limit = -1), "limit cannot be -1\n  --> facts, limit\nhint: give one whole number, 0 or more")
  refused(ask(variants = 1.5), "variants cannot be 1.5\n  --> ask, variants")
  refused(figure("x", course = NA), "course cannot be NA\n  --> figure, course")
  refused(directive(5), "name cannot be 5\n  --> directive, name\nhint: give one text")
  refused(directive("table", content = NA), "content cannot be NA\n  --> directive, content")
})

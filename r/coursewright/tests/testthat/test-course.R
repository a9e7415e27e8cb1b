# A small course in a folder called "a [b] ü", in which the session stands.
in_course <- function() {
  root <- file.path(tempfile(), "a [b] \u00fc")
  write <- function(name, ...) {
    dir.create(dirname(file.path(root, name)), recursive = TRUE, showWarnings = FALSE)
    writeLines(enc2utf8(c(...)), file.path(root, name), useBytes = TRUE)
  }
  write("course.toml", "[course]", "title = \"Fruit\"", "[parameters]", "year = 2024", "[tables]", "sales = \"data/sales.csv\"")
  write("data/sales.csv", "year,fruit,tonnes", "2023,apple,10", "2024,apple,12", "2024,pear,")
  write("facts/sold.sql", "/*---", "title = \"Sold\"", "tell = \"#tonnes# tonnes of #fruit#\"", "score = \"tonnes\"", "---*/",
    "SELECT fruit, tonnes FROM sales WHERE year = :year AND tonnes IS NOT NULL")
  write("figures/dot.py", "from coursewright.figures import Figure", "def draw(sales):",
    "    return Figure('<svg xmlns=\"http://www.w3.org/2000/svg\"/>', alt=f'{len(sales)} rows <of> sales')")
  write("grammars/sold.json", "{\"origin\": \"#fruit.capitalize#: #tonnes.or(nothing)#\"}")
  write("questions/sum.md", "---", "title: A sum", "kind: number", "---", "```python", "a = pick(range(2, 9))", "answer = a + a", "```", "",
    "# Question", "", "What is {{ a }} + {{ a }}?")
  setwd(root)
}

test_that("facts, tables, words, figures and questions of a course are there", {
  old <- setwd(tempdir())
  on.exit(setwd(old))
  in_course()
  expect_identical(facts(), data.frame(finder = "sold", score = 12, sentence = "12 tonnes of apple"))
  expect_identical(facts("sold", set = list(year = 2023))$sentence, "10 tonnes of apple")
  sales <- coursewright::table("sales")
  expect_identical(sales, data.frame(year = c(2023L, 2024L, 2024L), fruit = c("apple", "apple", "pear"), tonnes = c(10L, 12L, NA)))
  expect_identical(coursewright::table("data/sales.csv"), sales)
  expect_identical(coursewright::table(sql = "SELECT sum(tonnes) AS t FROM sales WHERE year = :year", set = list(year = 2023))$t, 10L)
  expect_identical(tell("sold", sales), c("Apple: 10", "Apple: 12", "Pear: nothing"))
  dot <- figure("dot")
  expect_identical(c(dot$type, dot$alt), c("image/svg+xml", "3 rows <of> sales"))
  expect_match(coursewright:::html_of(dot), "<img alt=\"3 rows &lt;of> sales\" src=\"data:image/svg+xml;base64,", fixed = TRUE)
  asked <- ask("sum", variants = 2, seed = 7)
  expect_identical(asked$variant, 1:2)
  expect_match(asked$text[[1L]], "^What is ([2-8]) \\+ \\1\\?$")
  expect_identical(ask("sum", variants = 2, seed = "7"), asked)
  expect_output(print(asked), "### A sum (sum, variant 2)", fixed = TRUE)
  expect_identical(basename(ask("sum", to = "gift", output = "out")), "sum.gift")
  expect_true(file.exists("out/sum.gift"))
})

test_that("what a database holds becomes what R has for it", {
  old <- setwd(tempdir())
  on.exit(setwd(old))
  in_course()
  rows <- coursewright::table(sql = "SELECT 1.25::DECIMAL(4,2) AS dec, DATE '2024-02-29' AS day, TIMESTAMP '2024-01-01 12:00:00.5' AS t,
    TIMESTAMPTZ '2024-07-01 12:00:00Z' AS z, INTERVAL 90 MINUTE AS gap, TIME '12:00' AS clock, 2::BIGINT AS n, 2::HUGEINT AS h, 2.50::DECIMAL(38, 2) AS wide, 'x'::ENUM ('y', 'x') AS level, NULL AS nothing, true AS yes")
  expect_identical(rows$dec, 1.25)
  expect_identical(rows$day, as.Date("2024-02-29"))
  expect_identical(as.numeric(rows$t), as.numeric(as.POSIXct("2024-01-01 12:00:00.5", tz = "UTC")))
  expect_identical(as.numeric(rows$z), as.numeric(as.POSIXct("2024-07-01 12:00:00", tz = "UTC")))
  expect_identical(rows$gap, as.difftime(5400, units = "secs"))
  expect_identical(rows$clock, as.difftime(43200, units = "secs"))
  expect_identical(rows$n, 2L)
  expect_identical(rows$h, 2L)
  expect_identical(rows$wide, 2.5)
  expect_identical(rows$level, factor("x", levels = c("y", "x")))
  expect_identical(rows$nothing, NA)
  expect_identical(rows$yes, TRUE)
  expect_error(coursewright::table(sql = "SELECT [1] AS l"), "the column \"l\" holds values of the type list<l: int32>, of which R has no column", fixed = TRUE)
  expect_message(long <- coursewright::table(sql = "SELECT 9007199254740993::BIGINT AS n"), "the column \"n\" holds whole numbers too long for R: they come as text", fixed = TRUE)
  expect_identical(long$n, "9007199254740993")
})

test_that("a wrong name brings the one that was meant", {
  old <- setwd(tempdir())
  on.exit(setwd(old))
  expect_error(facts(course = dirname(tempdir())), "no course.toml in ", fixed = TRUE)
  in_course()
  expect_error(coursewright::table("sails"), "no table called \"sails\"\nhint: did you mean \"sales\"? Available: sales", fixed = TRUE)
  expect_error(facts("sole"), "no finder called \"sole\"\nhint: did you mean \"sold\"? Available: sold", fixed = TRUE)
  expect_error(figure("dott"), "no figure called \"dott\"\nhint: did you mean \"dot\"? Available: dot", fixed = TRUE)
  expect_error(ask("some"), "no question called \"some\"", fixed = TRUE)
  expect_error(facts(set = list(yaer = 2023)), "no parameter called \"yaer\"\nhint: did you mean \"year\"?", fixed = TRUE)
  expect_error(facts(set = list(2023)), "a parameter has no name", fixed = TRUE)
  expect_error(coursewright::table(sql = "SELECT nothing FROM sales"), "SQL: no column called \"nothing\"\n  --> sql:1", fixed = TRUE)
})

test_that("options of a directive are arguments by their names", {
  shown <- directive("graph", content = "a -- b -- c", alt = "A\nline", caption = "Three: all", highlight = c("a", "b"))
  expect_match(shown$html, 'alt="A line"', fixed = TRUE)
  expect_match(shown$html, "Three: all", fixed = TRUE)
  expect_error(directive("graph", "", "a -- b", "A line"), "an option has no name", fixed = TRUE)
  expect_error(directive("graph", content = "a -- b", atl = "x"), "hint: did you mean \"alt\"?", fixed = TRUE)
})

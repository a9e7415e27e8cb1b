test_that("what is written is read again", {
  texts <- c("", "a\"b\\c", "line\nbreak\ttab\r\b\f\x01", "\u00e9\u20ac\U1F600", "</script>", "\\u0041")
  for (text in texts) expect_identical(coursewright:::from_json(coursewright:::to_json(text)), text)
  value <- list(a = 1, b = list(TRUE, NULL, "x"), c = list(), d = list(e = "f"))
  expect_identical(coursewright:::from_json(coursewright:::to_json(value)), value)
})

test_that("Python's way of writing signs beyond ASCII is read", {
  expect_identical(coursewright:::from_json("\"\\u00e9 \\ud83d\\ude00 \\\\u0041 \\/\""), "\u00e9 \U1F600 \\u0041 /")
})

test_that("numbers keep their digits, whatever R would print", {
  old <- options(scipen = -100, OutDec = ",", digits = 3)
  on.exit(options(old))
  expect_identical(coursewright:::to_json(c(100000, 0.1, 1e300)), "[100000,0.10000000000000001,1.0000000000000001e+300]")
})

test_that("one value is a value, and I() and names say otherwise", {
  expect_identical(coursewright:::to_json(list(a = "x", b = I("x"), c = c("x", "y"), d = c(p = 2))), "{\"a\":\"x\",\"b\":[\"x\"],\"c\":[\"x\",\"y\"],\"d\":{\"p\":2}}")
})

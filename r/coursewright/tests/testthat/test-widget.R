# Tags with a dependency whose files name each other, as the libraries of widgets do.
tags_with_files <- function() {
  folder <- tempfile("library")
  dir.create(file.path(folder, "css", "deep"), recursive = TRUE)
  dir.create(file.path(folder, "images"))
  writeLines(c("@import \"deep/more.css\";", "p { background: url('../images/a b.svg?v=1#x') }", "i { background: url(https://example.org/x.png) }"), file.path(folder, "css", "one.css"))
  writeLines("b { color: red; background: url(../../images/dot.png) }", file.path(folder, "css", "deep", "more.css"))
  writeLines("<svg xmlns='http://www.w3.org/2000/svg'/>", file.path(folder, "images", "a b.svg"))
  writeBin(as.raw(1:9), file.path(folder, "images", "dot.png"))
  writeLines("window.loaded = '</script>'", file.path(folder, "ends.js"))
  writeLines("window.plain = 1 < 2", file.path(folder, "plain.js"))
  library <- htmltools::htmlDependency("library", "1.0", folder, script = c("plain.js", "ends.js"), stylesheet = "css/one.css")
  htmltools::attachDependencies(htmltools::tags$p("Hello"), library)
}

test_that("scripts, styles and what they name are in the page", {
  page <- rawToChar(widget(tags_with_files(), title = "Test")$data)
  expect_match(page, "<script>\nwindow.plain = 1 < 2\n\n</script>", fixed = TRUE)
  expect_match(page, paste0("<script src=\"data:text/javascript;base64,", coursewright:::to_base64(charToRaw("window.loaded = '</script>'\n"))), fixed = TRUE)
  svg <- coursewright:::to_base64(charToRaw("<svg xmlns='http://www.w3.org/2000/svg'/>\n"))
  expect_match(page, sprintf("background: url(\"data:image/svg+xml;base64,%s#x\")", svg), fixed = TRUE)
  deep <- sprintf("b { color: red; background: url(\"data:image/png;base64,%s\") }\n", coursewright:::to_base64(as.raw(1:9)))
  expect_match(page, sprintf("@import url(\"data:text/css;base64,%s\");", coursewright:::to_base64(charToRaw(deep))), fixed = TRUE)
  expect_match(page, "url(https://example.org/x.png)", fixed = TRUE)
})

test_that("a widget is saved with its files beside it, those that styles name, too", {
  folder <- tempfile("saved")
  dir.create(folder)
  save_as(widget(tags_with_files(), title = "Test"), file.path(folder, "page.html"), beside = TRUE)
  files <- sort(list.files(file.path(folder, "page_files", "library-1.0"), recursive = TRUE))
  expect_identical(files, c("css/deep/more.css", "css/one.css", "ends.js", "images/a b.svg", "images/dot.png", "plain.js"))
  page <- paste(readLines(file.path(folder, "page.html")), collapse = "\n")
  expect_match(page, "<script src=\"page_files/library-1.0/plain.js\"></script>", fixed = TRUE)
})

test_that("a frame has a title and a size, runs apart, and is one line", {
  html <- coursewright:::html_of(widget(htmltools::tags$p("a\n\nb"), title = "\"Two\" & <more>", height = 200))
  expect_match(html, "<iframe title=\"&quot;Two&quot; &amp; &lt;more>\" sandbox=\"allow-scripts\" srcdoc=\"", fixed = TRUE)
  expect_match(html, "style=\"border:0;width:100%;height:200px\"", fixed = TRUE)
  expect_false(grepl("\n", html, fixed = TRUE))
  expect_match(coursewright:::html_of(widget(htmltools::tags$p("x"), height = "1px;} x{")), "height:400px", fixed = TRUE)
})

test_that("what is no widget is one clear message", {
  expect_error(widget(mtcars), "this is no widget, but of the class data.frame\n  --> widget\nhint: make one first, such as DT::datatable(x)", fixed = TRUE)
  broken <- htmltools::htmlDependency("gone", "1", tempdir(), script = "gone.js")
  expect_error(widget(htmltools::attachDependencies(htmltools::tags$p(), broken)), "gone.js\", which is not there", fixed = TRUE)
})

test_that("what comes from the web is said", {
  far <- htmltools::htmlDependency("far", "1", c(href = "https://example.org/lib"), script = "far.js")
  expect_warning(widget(htmltools::attachDependencies(htmltools::tags$p("x"), far)), "the widget takes \"far\" from the web", fixed = TRUE)
})

in_language <- function(language, code) {
  before <- Sys.getenv("COURSEWRIGHT_LANGUAGE", NA)
  on.exit(if (is.na(before)) Sys.unsetenv("COURSEWRIGHT_LANGUAGE") else Sys.setenv(COURSEWRIGHT_LANGUAGE = before))
  if (is.na(language)) Sys.unsetenv("COURSEWRIGHT_LANGUAGE") else Sys.setenv(COURSEWRIGHT_LANGUAGE = language)
  force(code)
}

test_that("the author's words come first, then those of the course's language", {
  tags <- htmltools::tags$p("a")
  expect_identical(in_language("de-AT", widget(tags)$alt), "Interaktiver Inhalt")
  expect_identical(in_language("fi", widget(tags)$alt), "Interactive content")
  expect_identical(in_language("de", widget(tags, caption = "Die Orte")$alt), "Die Orte")
  expect_identical(in_language("de", widget(tags, title = "Karte", caption = "Die Orte")$alt), "Karte")
  expect_match(in_language("cy", rawToChar(widget(tags)$data)), "<html lang=\"cy\">", fixed = TRUE)
  expect_identical(in_language("pl", coursewright:::title_of(structure(list(), class = c("datatables", "htmlwidget")))), "Element interaktywny: datatables")
  folder <- file.path(tempfile("course"), "notebooks")
  dir.create(folder, recursive = TRUE)
  writeLines(c("[site]", "language = \"xx\"", "[course] # ours", "title = \"T\"", "language = 'sv' # here", "[tables]", "language = \"da\""), file.path(dirname(folder), "course.toml"))
  here <- setwd(folder)
  on.exit(setwd(here))
  expect_identical(in_language(NA, widget(tags)$alt), "Interaktivt inneh\u00e5ll")
})

test_that("tags that do something are told from those that only say something", {
  lively <- coursewright:::is_lively
  expect_false(lively(htmltools::tags$p("on = 1", htmltools::tags$b("x"))[["children"]][[2]]))
  expect_true(lively(htmltools::tags$p(onclick = "x()")))
  expect_true(lively(htmltools::tagList(htmltools::tags$script("x()"))))
  expect_true(lively(htmltools::tags$a(href = "javascript:x()")))
  expect_true(lively(tags_with_files()))
})

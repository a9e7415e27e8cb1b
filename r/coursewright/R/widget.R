#' An HTML widget, shown without pandoc
#'
#' What htmlwidgets makes (DT, leaflet, plotly and any other package) as one page that is complete in itself: scripts,
#' styles and what these name by `url(...)` are in it. It is shown in a frame of its own, in which no script reaches the
#' notebook or page around it.
#'
#' @param x A widget of htmlwidgets, or tags of htmltools.
#' @param title What it shows, in words: the name of the frame. Without one it is the caption, or else the kind of widget, in the
#'   language of the course.
#' @param width,height Of the frame: pixels, or a length of CSS such as `"100%"`.
#' @param caption A line below it.
#' @return The widget, which shows itself and can be saved: [save_as()].
#' @examples
#' \dontrun{
#' widget(DT::datatable(mtcars), title = "Cars of 1974")
#' }
#' @export
widget <- function(x, title = NULL, width = NULL, height = NULL, caption = "") {
  if (!inherits(x, c("htmlwidget", "shiny.tag", "shiny.tag.list"))) {
    stopped(sprintf("this is no widget, but of the class %s", class(x)[[1L]]), "make one first, such as DT::datatable(x)", "widget")
  }
  if (!requireNamespace("htmltools", quietly = TRUE)) stopped("widgets need the package htmltools", "install.packages(\"htmltools\")", "widget")
  own <- inherits(x, "htmlwidget")
  tags <- if (own) htmltools::as.tags(x, standalone = TRUE) else x
  parts <- with_steady_ids(htmltools::renderTags(tags))
  parts$dependencies <- htmltools::resolveDependencies(parts$dependencies)
  title <- title %or% (caption %if% nzchar(caption)) %or% title_of(x)
  page <- page_of(parts, title, vapply(parts$dependencies, inlined, ""))
  policy <- if (own) x$sizingPolicy
  media("widget", "text/html", charToRaw(page), title, caption,
    parts = parts, width = css_length(width %or% (x$width %if% own) %or% "100%"),
    height = css_length(height %or% (x$height %if% own) %or% (policy$defaultHeight) %or% 400))
}

# What a widget without a title is called.
title_of <- function(x) {
  words <- words_here()
  if (inherits(x, "htmlwidget")) sprintf(words[["widget"]], class(x)[[1L]]) else words[["interactive"]]
}

# The same widget gives the same page: nothing else is in its frame that its random name could clash with.
with_steady_ids <- function(parts) {
  ids <- unique(regmatches(parts$html, gregexpr("htmlwidget-[0-9a-f]{16,}", parts$html))[[1L]])
  for (i in seq_along(ids)) {
    for (part in c("html", "head")) parts[[part]] <- gsub(ids[[i]], paste0("htmlwidget-", i), parts[[part]], fixed = TRUE)
  }
  parts
}

`%if%` <- function(x, condition) if (condition) x

# Pixels or a length of CSS; what fills its window has no height of its own in a frame.
css_length <- function(x) {
  if (is.numeric(x)) return(sprintf("%.0fpx", x))
  if (!grepl("^[0-9.]+(px|em|rem|%|vh|vw|ex|ch|cm|mm|in|pt|pc)?$", x)) return("400px")
  if (grepl("^[0-9.]+$", x)) paste0(x, "px") else x
}

page_of <- function(parts, title, dependencies) {
  enc2utf8(paste0(
    "<!doctype html>\n<html lang=\"", in_attribute(language_here()), "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", in_text(title), "</title>\n",
    "<style>html{background:#fff;color-scheme:light}</style>\n",
    paste(dependencies, collapse = "\n"), "\n", parts$head, "\n</head>\n<body>\n", parts$html, "\n</body>\n</html>\n"))
}

# The folder in which the files of a dependency are.
folder_of <- function(dependency) {
  source <- dependency$src
  file <- if (is.list(source)) source$file else if (!is.null(names(source))) unname(source["file"]) else source
  if (is.null(file) || is.na(file)) return(NULL)
  if (!is.null(dependency$package)) system.file(file, package = dependency$package) else file
}

# What a dependency brings, as HTML that names no file.
inlined <- function(dependency) {
  folder <- folder_of(dependency)
  if (is.null(folder)) {
    warning(warning_of(sprintf("the widget takes \"%s\" from the web, and does without it where there is none", dependency$name)))
    return(as.character(htmltools::renderDependencies(list(dependency), "href")))
  }
  inside <- function(file) {
    path <- file.path(folder, file)
    if (!file.exists(path)) stopped(sprintf("the widget needs \"%s\", which is not there", path), "install its package again", "widget")
    path
  }
  paste(c(
    metas(dependency$meta),
    vapply(files_of(dependency$stylesheet, "href"), function(each) style_of(inside(each$file)), ""),
    vapply(files_of(dependency$script, "src"), function(each) script_of(inside(each$file), each$attributes), ""),
    attachments(dependency$attachment, inside),
    dependency$head
  ), collapse = "\n")
}

metas <- function(meta) {
  vapply(names(meta), function(name) sprintf("<meta name=\"%s\" content=\"%s\">", in_attribute(name), in_attribute(meta[[name]])), "")
}

# Scripts and styles are given by names of files, or with attributes.
files_of <- function(given, key) {
  if (is.null(given)) return(list())
  if (!is.null(names(given)) && key %in% names(given)) given <- list(as.list(given))
  lapply(as.list(given), function(each) {
    if (is.character(each) && is.null(names(each))) return(list(file = each, attributes = list()))
    list(file = each[[key]], attributes = as.list(each)[setdiff(names(each), c(key, "integrity", "crossorigin"))])
  })
}

# The text itself, unless something in it would end it too early.
script_of <- function(path, attributes) {
  said <- vapply(names(attributes), function(name) sprintf(" %s=\"%s\"", name, in_attribute(as.character(attributes[[name]]))), "")
  said <- paste(said, collapse = "")
  text <- text_in(path)
  if (is.null(text) || grepl("</script|<!--", text, ignore.case = TRUE)) {
    return(sprintf("<script%s src=\"data:text/javascript;base64,%s\"></script>", said, to_base64(bytes_of(path))))
  }
  sprintf("<script%s>\n%s\n</script>", said, text)
}

style_of <- function(path) {
  text <- css_in(path)
  if (grepl("</style", text, ignore.case = TRUE)) {
    return(sprintf("<link rel=\"stylesheet\" href=\"data:text/css;base64,%s\">", to_base64(charToRaw(text))))
  }
  sprintf("<style>\n%s\n</style>", text)
}

attachments <- function(given, inside) {
  keys <- names(given) %or% as.character(seq_along(given))
  vapply(seq_along(given), function(i) {
    path <- inside(given[[i]])
    sprintf("<link rel=\"attachment\" id=\"%s\" href=\"%s\">", in_attribute(keys[[i]]), file_uri(path))
  }, "")
}

bytes_of <- function(path) readBin(path, "raw", file.size(path))

# A text in UTF-8, or nothing if the file is in another encoding.
text_in <- function(path) {
  data <- bytes_of(path)
  if (any(data == as.raw(0L))) return(NULL)
  text <- utf8_of(data)
  if (validUTF8(text)) text
}

TYPES <- c(
  png = "image/png", gif = "image/gif", jpg = "image/jpeg", jpeg = "image/jpeg", svg = "image/svg+xml",
  webp = "image/webp", ico = "image/x-icon", woff = "font/woff", woff2 = "font/woff2", ttf = "font/ttf",
  otf = "font/otf", eot = "application/vnd.ms-fontobject", css = "text/css", cur = "image/x-icon"
)

file_uri <- function(path) {
  type <- TYPES[tolower(tools::file_ext(path))]
  paste0("data:", if (is.na(type)) "application/octet-stream" else type, ";base64,", to_base64(bytes_of(path)))
}

# Where a stylesheet names other files.
NAMES_A_FILE <- "@import\\s+(?:\"[^\"]*\"|'[^']*')|url\\(\\s*(?:\"[^\"]*\"|'[^']*'|[^\"')\\s][^)]*?)\\s*\\)"

css_parts <- function(text) regmatches(text, gregexpr(NAMES_A_FILE, text, perl = TRUE))[[1L]]

css_address <- function(part) gsub("^(@import\\s+|url\\(\\s*)[\"']?|[\"']?\\s*\\)?$", "", part, perl = TRUE)

# The file that an address in a stylesheet means, seen from its folder; nothing if it is not here.
css_file <- function(address, folder) {
  if (!nzchar(address) || grepl("^([a-z][a-z0-9+.-]*:|/|#)", address, ignore.case = TRUE)) return(NULL)
  file <- file.path(folder, utils::URLdecode(sub("[?#].*$", "", address)))
  if (file.exists(file) && !dir.exists(file)) file
}

# A stylesheet in which the files beside it are carried along.
css_in <- function(path, above = character()) {
  text <- text_in(path)
  if (is.null(text)) stopped(sprintf("the style \"%s\" is not UTF-8 text", path), "install its package again", "widget")
  found <- gregexpr(NAMES_A_FILE, text, perl = TRUE)
  regmatches(text, found) <- list(vapply(css_parts(text), css_part, "", path = path, above = c(above, path)))
  text
}

css_part <- function(part, path, above) {
  address <- css_address(part)
  file <- css_file(address, dirname(path))
  if (is.null(file)) return(part)
  if (file %in% above) return("url(data:,)")
  style <- tolower(tools::file_ext(file)) == "css"
  uri <- if (style) paste0("data:text/css;base64,", to_base64(charToRaw(css_in(file, above)))) else file_uri(file)
  fragment <- if (grepl("#", address, fixed = TRUE) && !startsWith(uri, "data:font")) sub("^[^#]*", "", address) else ""
  paste0(if (startsWith(part, "@import")) "@import ", "url(\"", uri, fragment, "\")")
}

# A widget's page whose scripts and styles are files in a folder beside it.
beside_of <- function(x, file) {
  if (is.null(x$parts)) stopped("only a widget has files beside it", "save_as(x, file)")
  folder <- paste0(tools::file_path_sans_ext(file), "_files")
  dependencies <- lapply(x$parts$dependencies, function(each) {
    if (is.null(folder_of(each))) return(each)
    copied <- htmltools::copyDependencyToDir(each, folder, mustWork = TRUE)
    for (style in files_of(each$stylesheet, "href")) copy_named(style$file, folder_of(each), folder_of(copied))
    htmltools::makeDependencyRelative(copied, dirname(file), mustWork = TRUE)
  })
  charToRaw(page_of(x$parts, x$alt, as.character(htmltools::renderDependencies(dependencies, c("file", "href")))))
}

# Copies the files that a stylesheet names and that its dependency does not list.
copy_named <- function(style, from, to) {
  text <- text_in(file.path(from, style))
  for (part in if (!is.null(text)) css_parts(text)) {
    address <- css_address(part)
    source <- css_file(address, file.path(from, dirname(style)))
    name <- inside_of(file.path(dirname(style), utils::URLdecode(sub("[?#].*$", "", address))))
    if (is.null(source) || is.null(name)) next
    dir.create(dirname(file.path(to, name)), recursive = TRUE, showWarnings = FALSE)
    file.copy(source, file.path(to, name))
  }
}

# A path without dots, or nothing if it leads out of its folder.
inside_of <- function(path) {
  kept <- character()
  for (part in strsplit(path, "/", fixed = TRUE)[[1L]]) {
    if (part == ".." && !length(kept)) return(NULL)
    kept <- if (part == "..") kept[-length(kept)] else if (part %in% c("", ".")) kept else c(kept, part)
  }
  paste(kept, collapse = "/")
}

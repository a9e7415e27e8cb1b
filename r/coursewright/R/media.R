# Things to look at or to listen to, with what they are in words, as they show themselves wherever R runs.

LARGEST <- 10e6 # bytes that a notebook embeds at the most without a word

ENDINGS <- c(
  "audio/wav" = "wav", "audio/mpeg" = "mp3", "audio/ogg" = "ogg", "audio/flac" = "flac",
  "image/svg+xml" = "svg", "image/png" = "png", "text/html" = "html"
)

media <- function(name, type, data, alt, caption = "", ...) {
  if (!is_text(alt) || !nzchar(trimws(alt))) stopped("this has no alternative text", "say in words what it is: alt = \"...\"")
  made <- structure(list(name = name, type = type, data = data, alt = alt, caption = caption, ...), class = "coursewright_media")
  if (length(data) > LARGEST) {
    size <- format_size(length(data))
    warning(warning_of(sprintf("\"%s\" has %s, and a notebook or page that shows it carries all of them\nhint: make it smaller, or save_as() and link to the file", alt, size)))
  }
  made
}

format_size <- function(bytes) if (bytes < 1e6) sprintf("%.0f kB", ceiling(bytes / 1e3)) else sprintf("%.1f MB", bytes / 1e6)

#' Save a sound, a picture or a widget as a file
#'
#' @param x What [audio()], [figure()] or [widget()] gave.
#' @param file Its name, which ends as its type does: `.wav`, `.mp3`, `.ogg`, `.flac`, `.svg`, `.html`.
#' @param beside For a widget: whether its scripts and styles go into a folder beside the file, named after it, instead
#'   of into the file itself.
#' @return The path of the file, invisibly.
#' @examples
#' \dontrun{
#' save_as(audio(sin(1:8000 / 5), rate = 8000, alt = "A tone"), "tone.wav")
#' }
#' @export
save_as <- function(x, file, beside = FALSE) {
  if (!inherits(x, "coursewright_media")) stopped("this is no sound, picture or widget", "save what audio(), figure() or widget() gave")
  ending <- ENDINGS[[x$type]]
  if (tolower(tools::file_ext(file)) != ending) {
    stopped(sprintf("\"%s\" is no name for %s", file, x$type), sprintf("let it end in .%s", ending))
  }
  if (!dir.exists(dirname(file))) stopped(sprintf("no folder \"%s\"", dirname(file)), "make it first: dir.create()")
  write_whole(if (beside) beside_of(x, file) else x$data, file)
  invisible(file)
}

# The bytes as a file, or what was there before.
write_whole <- function(data, file) {
  new <- tempfile(".", dirname(file))
  on.exit(unlink(new))
  writeBin(data, new)
  if (file.size(new) != length(data) || !file.rename(new, file)) stopped(sprintf("\"%s\" cannot be written", file))
}

# The thing as a piece of HTML that is complete in itself, on one line: blank lines would end it in Markdown.
html_of <- function(x) {
  body <- if (startsWith(x$type, "audio/")) {
    sprintf("<audio controls preload=\"metadata\" aria-label=\"%s\" src=\"%s\"></audio>", in_attribute(x$alt), data_uri(x))
  } else if (x$type == "text/html") {
    sprintf(
      "<iframe title=\"%s\" sandbox=\"allow-scripts\" srcdoc=\"%s\" style=\"border:0;width:%s;height:%s\"></iframe>",
      in_attribute(x$alt), in_attribute(utf8_of(x$data)), in_attribute(x$width), in_attribute(x$height))
  } else {
    sprintf("<img alt=\"%s\" src=\"%s\" style=\"max-width:100%%\">", in_attribute(x$alt), data_uri(x))
  }
  caption <- if (nzchar(x$caption)) sprintf("<figcaption>%s</figcaption>", in_text(x$caption)) else ""
  said <- if (length(x$transcript)) sprintf("<details><summary>Transcript</summary>%s</details>", in_text(x$transcript)) else ""
  paste0("<figure style=\"margin:0\">", body, caption, said, "</figure>")
}

utf8_of <- function(data) {
  text <- rawToChar(data)
  Encoding(text) <- "UTF-8"
  text
}

in_text <- function(text) {
  text <- gsub("&", "&amp;", enc2utf8(text), fixed = TRUE)
  text <- gsub("<", "&lt;", text, fixed = TRUE)
  gsub("\n", "<br>", gsub(">", "&gt;", text, fixed = TRUE), fixed = TRUE)
}

in_attribute <- function(text) {
  text <- gsub("&", "&amp;", enc2utf8(text), fixed = TRUE)
  text <- gsub("\"", "&quot;", text, fixed = TRUE)
  text <- gsub("<", "&lt;", text, fixed = TRUE)
  text <- gsub("\r", "&#13;", text, fixed = TRUE)
  gsub("\n", "&#10;", text, fixed = TRUE)
}

data_uri <- function(x) paste0("data:", x$type, ";base64,", to_base64(x$data))

format.coursewright_media <- function(x, ...) sprintf("<%s: %s, %s>", x$type, x$alt, format_size(length(x$data)))

# In a terminal it is shown by a browser; a script saves it where it stands, as it does with plots.
print.coursewright_media <- function(x, ...) {
  if (isTRUE(getOption("jupyter.in_kernel")) && requireNamespace("IRdisplay", quietly = TRUE)) {
    IRdisplay::display(x)
  } else if (interactive()) {
    page <- tempfile(fileext = ".html")
    writeLines(paste0("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>", in_text(x$alt), "</title>", html_of(x)), page, useBytes = TRUE)
    cat(format(x), "\n", sep = "")
    getOption("viewer", utils::browseURL)(page)
  } else {
    cat(format(x), " in ", save_as(x, name_for(x)), "\n", sep = "")
  }
  invisible(x)
}

# The same thing has the same name, so a script that runs again leaves no second file, and overwrites no other.
name_for <- function(x) {
  file <- tempfile()
  on.exit(unlink(file))
  writeBin(x$data, file)
  sprintf("%s-%s.%s", gsub("[^A-Za-z0-9]+", "-", x$name), substr(tools::md5sum(file), 1L, 8L), ENDINGS[[x$type]])
}

knit_print.coursewright_media <- function(x, ...) {
  if (shows_html()) return(knitr::asis_output(paste0("\n\n", html_of(x), "\n\n")))
  folder <- dirname(knitr::fig_path("x"))
  dir.create(folder, showWarnings = FALSE, recursive = TRUE)
  file <- save_as(x, file.path(folder, name_for(x)))
  alt <- gsub("([][\\\\`*_<>])", "\\\\\\1", x$alt)
  mark <- if (startsWith(x$type, "image/")) "!" else ""
  knitr::asis_output(sprintf("\n\n%s[%s](<%s>)\n\n", mark, alt, file))
}

# Markdown that stays so shows HTML, too.
shows_html <- function() {
  to <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  !knitr::is_latex_output() && (is.null(to) || knitr::is_html_output() || grepl("^(gfm|markdown|commonmark)", to))
}

repr_html.coursewright_media <- function(obj, ...) html_of(obj)
repr_text.coursewright_media <- function(obj, ...) format(obj)

BASE64 <- charToRaw("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

to_base64 <- function(data) {
  if (!length(data)) return("")
  short <- (3L - length(data) %% 3L) %% 3L
  bytes <- matrix(as.integer(c(data, raw(short))), nrow = 3L)
  bits <- bytes[1L, ] * 65536L + bytes[2L, ] * 256L + bytes[3L, ]
  signs <- BASE64[rbind(bits %/% 262144L, bits %/% 4096L %% 64L, bits %/% 64L %% 64L, bits %% 64L) + 1L]
  if (short) signs[seq(length(signs) - short + 1L, length(signs))] <- charToRaw("=")
  rawToChar(signs)
}

from_base64 <- function(text) {
  signs <- charToRaw(text)
  short <- sum(signs == charToRaw("="))
  values <- matrix(match(signs, BASE64, nomatch = 1L) - 1L, nrow = 4L)
  bits <- values[1L, ] * 262144L + values[2L, ] * 4096L + values[3L, ] * 64L + values[4L, ]
  bytes <- as.raw(rbind(bits %/% 65536L, bits %/% 256L %% 256L, bits %% 256L))
  utils::head(bytes, length(bytes) - short)
}

# JSON, as much of it as goes over the wire: base R has none.

# One line of JSON. A vector of one value is a value, I(x) and longer ones are arrays, what has names is an object.
to_json <- function(x) {
  if (is.null(x)) return("null")
  if (!is.null(names(x))) {
    parts <- vapply(seq_along(x), function(i) paste0(json_text(names(x)[[i]]), ":", to_json(x[[i]])), "")
    return(paste0("{", paste(parts, collapse = ","), "}"))
  }
  parts <- if (is.list(x)) vapply(x, to_json, "") else json_values(x)
  if (length(x) == 1L && !is.list(x) && !inherits(x, "AsIs")) parts else paste0("[", paste(parts, collapse = ","), "]")
}

json_values <- function(x) {
  if (is.factor(x)) x <- as.character(x)
  if (is.character(x)) return(ifelse(is.na(x), "null", json_text(x)))
  if (is.logical(x)) return(ifelse(is.na(x), "null", ifelse(x, "true", "false")))
  if (!is.numeric(x)) stop(problem(paste0("a ", class(x)[[1L]], " cannot be said to Python"), "", "give text or numbers"))
  if (any(is.infinite(x))) stop(problem("an infinite number cannot be said to Python", "", "give text or numbers"))
  ifelse(is.na(x), "null", format_number(x))
}

# Numbers with all their digits, and whole ones as such, whatever options(scipen) and the decimal sign are.
format_number <- function(x) {
  whole <- !is.na(x) & abs(x) < 2^53 & x == round(x)
  ifelse(whole, sprintf("%.0f", x), sprintf("%.17g", x))
}

json_text <- function(x) {
  x <- utf8(as.character(x), "a text")
  x <- gsub("\\", "\\\\", x, fixed = TRUE)
  x <- gsub("\"", "\\\"", x, fixed = TRUE)
  for (code in c(1:31, 127L)) {
    sign <- intToUtf8(code)
    if (any(grepl(sign, x, fixed = TRUE))) x <- gsub(sign, sprintf("\\u%04x", code), x, fixed = TRUE)
  }
  paste0("\"", x, "\"")
}

# What a text of JSON holds: objects and arrays as lists, null as NULL.
from_json <- function(text) {
  form <- "\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9][-+0-9.eE]*|true|false|null|[][{},:]"
  tokens <- regmatches(text, gregexpr(form, text, perl = TRUE))[[1L]]
  at <- 0L
  following <- function() {
    at <<- at + 1L
    tokens[[at]]
  }
  value <- function(token = following()) {
    switch(substr(token, 1L, 1L),
      "{" = object(), "[" = array_of(), "\"" = unquote(token), t = TRUE, f = FALSE, n = NULL, as.numeric(token))
  }
  object <- function() {
    found <- list()
    if (tokens[[at + 1L]] == "}") following()
    else repeat {
      name <- unquote(following())
      following()
      found[name] <- list(value())
      if (following() == "}") break
    }
    found
  }
  array_of <- function() {
    found <- list()
    if (tokens[[at + 1L]] == "]") following()
    else repeat {
      found[length(found) + 1L] <- list(value())
      if (following() == "]") break
    }
    found
  }
  value()
}

# A string of JSON as the text that it is; Python sends ASCII alone, with \uXXXX for the rest.
unquote <- function(token) {
  text <- substr(token, 2L, nchar(token) - 1L)
  if (!grepl("\\", text, fixed = TRUE)) return(text)
  parts <- regmatches(text, gregexpr("\\\\u[0-9a-f]{4}|\\\\.|[^\\\\]+", text, perl = TRUE))[[1L]]
  escaped <- startsWith(parts, "\\u")
  codes <- lapply(seq_along(parts), function(i) {
    if (escaped[[i]]) strtoi(substr(parts[[i]], 3L, 6L), 16L)
    else if (startsWith(parts[[i]], "\\")) utf8ToInt(c(n = "\n", t = "\t", r = "\r", b = "\b", f = "\f")[substr(parts[[i]], 2L, 2L)] %or% substr(parts[[i]], 2L, 2L))
    else utf8ToInt(parts[[i]])
  })
  intToUtf8(joined(unlist(codes)))
}

`%or%` <- function(x, other) if (length(x) && !is.na(x[[1L]])) x else other

# Two halves of a sign beyond the first 65,536 as the sign.
joined <- function(codes) {
  high <- which(codes >= 0xD800 & codes < 0xDC00)
  if (!length(high)) return(codes)
  codes[high] <- 0x10000 + (codes[high] - 0xD800) * 0x400 + (codes[high + 1L] - 0xDC00)
  codes[-(high + 1L)]
}

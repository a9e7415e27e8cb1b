# A chunk whose engine is coursewright holds a grammar, in YAML or JSON; its option `rows` names a data frame.

knit_chunk <- function(options) {
  code <- paste(options$code, collapse = "\n")
  if (isFALSE(options$eval)) return(knitr::engine_output(options, options$code, ""))
  tryCatch(knitr::engine_output(options, options$code, told_by_chunk(code, options)), coursewright_error = function(e) {
    if (!isTRUE(options$error)) stop(e)
    options$results <- "markup"
    knitr::engine_output(options, options$code, paste("Error:", conditionMessage(e)))
  })
}

CHUNK_OPTIONS <- c("rows", "into", "rule", "seed", "key", "by", "language", "strict")

# An option that is nearly called as one of ours would be dropped by knitr, and another text told without a word.
check_options <- function(options) {
  known <- c(CHUNK_OPTIONS, names(knitr::opts_chunk$get()), names(knitr::knit_hooks$get()), names(knitr::opts_hooks$get()))
  for (name in setdiff(names(options), known)) {
    near <- as.vector(utils::adist(name, CHUNK_OPTIONS))
    best <- which.min(near)
    far <- if (nchar(CHUNK_OPTIONS[[best]]) > 3L) 2L else 1L
    if (near[[best]] > far) next
    stopped(sprintf("a chunk of coursewright takes no \"%s\"", name), sprintf("did you mean \"%s\"?", CHUNK_OPTIONS[[best]]), chunk(options))
  }
}

told_by_chunk <- function(code, options) {
  check_options(options)
  if (is.null(options$rows)) stopped("this grammar has no rows", "name a data frame in the chunk: rows = \"places\"", chunk(options))
  rows <- if (is_text(options$rows)) get_rows(options$rows, options) else options$rows
  told <- tell_chunk(code, rows, options)
  if (!is.null(options$into)) assign(options$into, told, envir = knitr::knit_global())
  text <- if (is.data.frame(told)) told$text else told
  if (identical(options$results, "asis")) paste0(text, "\n") else text
}

chunk <- function(options) paste("chunk", options$label)

get_rows <- function(name, options) {
  made <- knitr::knit_global()
  rows <- get0(name, envir = made)
  if (!is.null(rows)) return(rows)
  frames <- Filter(function(one) is.data.frame(get(one, envir = made)), ls(made))
  hint <- if (length(frames)) paste("Available:", paste(frames, collapse = ", ")) else "make it in a chunk of R before this one"
  stopped(sprintf("no data frame called \"%s\"", name), hint, chunk(options))
}

# What is wrong is said of the chunk, not of the file that Python reads.
tell_chunk <- function(code, rows, options) {
  ending <- if (startsWith(trimws(code), "{")) ".json" else ".yaml"
  path <- tempfile("chunk-", fileext = ending)
  on.exit(unlink(path))
  writeLines(enc2utf8(code), path, useBytes = TRUE)
  rule <- options$rule %or% "origin"
  tryCatch(
    tell(path, rows, rule, seed = options$seed %or% 0, key = options$key, by = options$by, language = options$language %or% "en-GB",
      strict = options$strict %or% TRUE),
    coursewright_error = function(e) {
      for (part in c("message", "place", "hint")) {
        e[[part]] <- gsub(path, chunk(options), e[[part]], fixed = TRUE)
        if (part != "hint") e[[part]] <- sub("(^|--> )tell, ", paste0("\\1", chunk(options), ", "), e[[part]])
      }
      stop(e)
    })
}

# A chunk of Python. Without reticulate knitr starts a Python for each; ours keep what those before have made.
python_chunk <- function(options) {
  if (!isFALSE(options$python.reticulate) && requireNamespace("reticulate", quietly = TRUE)) {
    return(reticulate::eng_python(options))
  }
  if (isFALSE(options$eval)) return(knitr::engine_output(options, options$code, ""))
  ran <- ask_python("chunk", code = paste(options$code, collapse = "\n"), name = chunk(options))
  if (!is.null(ran$wrong)) {
    place <- paste0(ran$wrong$place, if (!is.null(ran$wrong$line)) paste0(":", ran$wrong$line))
    wrong <- problem(ran$wrong$message, place)
    if (!isTRUE(options$error)) stop(wrong)
    ran$printed <- paste0(ran$printed, "Error: ", conditionMessage(wrong), "\n")
  }
  knitr::engine_output(options, options$code, sub("\n$", "", ran$printed))
}

# The one Python process of this session: started when it is first asked, kept open, gone when the session is.

# What Python gives for a call; warnings and messages that it has are told.
ask_python <- function(call, ..., rows = NULL) {
  request <- list(call = call, at = getwd(), ...)
  ask <- function(process) {
    if (!is.null(rows)) request$rows <- put_rows(rows, process)
    exchange(process, to_json(request[!vapply(request, is.null, NA)]))
  }
  on.exit(state$own <- NULL) # what write_columns() has remembered
  process <- running()
  answer <- tryCatch(ask(process), coursewright_process = function(e) {
    message(RESTARTED) # it died just now: the question is asked once more
    ask(process <<- running())
  })
  for (text in answer$messages) message(text)
  for (text in answer$warnings) warning(warning_of(text))
  if (!is.null(answer$problems)) stop(problem_of(answer))
  taken(answer$value, process)
}

RESTARTED <- "Coursewright's Python process had ended; a new one is started."

warning_of <- function(text) {
  structure(list(message = text, call = NULL), class = c("coursewright_warning", "warning", "condition"))
}

put_rows <- function(rows, process) {
  if (is.list(rows) && !is.data.frame(rows) && identical(names(rows), "parquet")) return(rows)
  write_columns(rows, file.path(process$folder, "rows.columns"))
  list(columns = "rows.columns")
}

# An answer, with the rows that it brings read.
taken <- function(value, process) {
  if (!identical(names(value), "columns")) return(value)
  path <- file.path(process$folder, value$columns)
  on.exit(unlink(path))
  read_columns(path)
}

# One line there and one line back. If that is broken off, whatever the reason, the process is of no use any more.
exchange <- function(process, line) {
  whole <- FALSE
  on.exit(if (!whole) end_process(now = TRUE))
  sent <- tryCatch({
    writeBin(charToRaw(paste0(line, "\n")), process$connection)
    TRUE
  }, error = unless_limit)
  # A look now and then lets interrupts and time limits through.
  while (sent && !socketSelect(list(process$connection), write = FALSE, timeout = 0.25)) NULL
  reply <- if (sent) suppressWarnings(readLines(process$connection, 1L)) else character()
  if (!length(reply)) stop(died(process))
  whole <- TRUE
  from_json(reply)
}

# The process; it is started if there is none, if it has died, or if this session is a fork of the one that started it.
running <- function() {
  process <- state$process
  if (!is.null(process) && process$owner != Sys.getpid()) process <- state$process <- NULL
  if (!is.null(process) && !is_alive(process)) {
    message(RESTARTED)
    end_process()
    process <- NULL
  }
  if (is.null(process)) process <- state$process <- start_process()
  process
}

# Whether the other end is still there: nothing waits to be read until we ask, so what is readable is its end.
is_alive <- function(process) {
  tryCatch(!socketSelect(list(process$connection), write = FALSE, timeout = 0), error = unless_limit)
}

LIMITS <- c("reached elapsed time limit", "reached session elapsed time limit", "reached CPU time limit", "reached session CPU time limit")

# An error of a connection says that the other end is gone; that of a time limit, which strikes anywhere, goes on to who set it.
unless_limit <- function(e) {
  limits <- vapply(LIMITS, gettext, "", domain = "R")
  if (any(startsWith(conditionMessage(e), limits))) stop(e)
  FALSE
}

start_process <- function() {
  python <- state$python
  if (is.null(python)) python <- state$python <- find_python()
  folder <- tempfile("coursewright-")
  dir.create(folder, mode = "0700")
  secret <- secret_bytes()
  writeBin(secret, file.path(folder, "secret"))
  log <- file.path(folder, "log")
  ended <- file.path(folder, "ended") # says that it is gone, if that is before it could say anything itself
  command <- sprintf("%s -m coursewright.replies %s %d; : > %s", shQuote(python), shQuote(folder), Sys.getpid(), shQuote(ended))
  run_python("/bin/sh", c("-c", shQuote(command)), stdout = log, stderr = log, stdin = "/dev/null", wait = FALSE)
  process <- list(folder = folder, log = log, owner = Sys.getpid(), python = python)
  listens <- wait_for_port(process)
  connection <- socketConnection("127.0.0.1", listens[[1L]], blocking = TRUE, open = "r+b", timeout = 30L * 24L * 3600L)
  process$connection <- connection
  process$number <- listens[[2L]]
  writeBin(secret, connection)
  process
}

secret_bytes <- function() {
  source <- file("/dev/urandom", "rb", raw = TRUE)
  on.exit(close(source))
  readBin(source, "raw", 32L)
}

# The port at which Python listens and the number of its process, as soon as it says so.
wait_for_port <- function(process, seconds = 60) {
  file <- file.path(process$folder, "port")
  until <- proc.time()[["elapsed"]] + seconds
  while (!file.exists(file)) {
    if (file.exists(file.path(process$folder, "ended")) || proc.time()[["elapsed"]] > until) stop(died(process))
    Sys.sleep(0.01)
  }
  as.integer(readLines(file))
}

said_by <- function(process) readLines(process$log, warn = FALSE)

died <- function(process) {
  said <- if (file.exists(process$log)) utils::tail(said_by(process), 5L)
  last <- if (length(said)) paste0(", saying:\n  ", paste(said, collapse = "\n  ")) else ""
  problem(paste0("Coursewright's Python process ended", last), process$python, "ask again, with fewer rows at a time if the memory is full", "process")
}

# Lets the process go, which then ends; what works on an answer that nobody waits for is ended `now`.
end_process <- function(now = FALSE) {
  process <- state$process
  state$process <- NULL
  if (is.null(process) || process$owner != Sys.getpid()) return(invisible())
  try(close(process$connection), silent = TRUE)
  if (now) tools::pskill(process$number)
  unlink(process$folder, recursive = TRUE)
  invisible()
}

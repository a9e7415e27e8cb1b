#' A form for parameters of a course
#'
#' In a notebook, controls for the parameters of the course that `expr` names, or that are named: lists of choices,
#' sliders, text. They are variables from then on, and when a reader changes one, `expr` is evaluated again and what it
#' gives is shown in the same place. The controls are those of ipywidgets, which JupyterLab and Notebook 7 show if
#' ipywidgets is installed where they run. Elsewhere the form is the list of the values.
#'
#' @param expr What to show below the form, and to evaluate again; nothing, for a form alone.
#' @param names The parameters; by default those that `expr` names, or without it all that offer a choice.
#' @param course The folder of a course; by default the nearest one at or above the working directory.
#' @param set Values for parameters at first: `list(season = 2018)`.
#' @return The values of the parameters, a named list, invisibly.
#' @examples
#' \dontrun{
#' form(facts(set = list(season = season, round = round)))
#' }
#' @export
form <- function(expr, names = NULL, course = ".", set = list()) {
  code <- if (!missing(expr)) substitute(expr)
  asked <- new.env(parent = emptyenv())
  asked$where <- parent.frame()
  asked$code <- code
  asked$course <- course
  asked$fields <- fields_of(names, course, set)
  if (is.null(names) && !is.null(code)) {
    named <- Filter(function(field) field$name %in% all.names(code), asked$fields)
    if (!length(named)) {
      stopped("no parameter of the course is in this", "name one, such as season, or give names = \"season\"", "form")
    }
    asked$fields <- named
  }
  asked$names <- vapply(asked$fields, function(field) field$name, "")
  for (field in asked$fields) let_parameter(field, asked$where)
  if (in_kernel()) show_controls(asked) else cat(form_text(asked$fields), sep = "\n")
  show_value(asked, FALSE)
  invisible(mget(asked$names, envir = asked$where))
}

fields_of <- function(names, course, set, settle = FALSE) {
  ask_python("form", names = as_array(names), course = course, set_ = as_set(set), settle = settle,
    given = state$given, page = state$page)$fields
}

# A parameter has the value of its field from now on: the variable and, in the notebook of a page, the page's own.
let_parameter <- function(field, where) {
  value <- field_value(field, field$value)
  if (!is.null(state$given)) state$given[[field$name]] <- as_given(value)
  assign(field$name, value, where)
}

# Whole numbers are integers, whatever way they came.
field_value <- function(field, value) if (field$kind == "whole") as.integer(value) else value

in_kernel <- function() isTRUE(getOption("jupyter.in_kernel")) && requireNamespace("IRkernel", quietly = TRUE)

form_text <- function(fields) vapply(fields, function(field) paste0(field$label, ": ", shown_value(field)), "")

shown_value <- function(field) {
  for (choice in field$choices) if (identical(choice$value, field$value)) return(choice$label)
  if (is.logical(field$value)) tolower(field$value) else as.character(field$value)
}

form_html <- function(fields) {
  items <- vapply(fields, function(field) {
    sprintf("<dt>%s</dt><dd>%s</dd>", in_text(field$label), in_text(shown_value(field)))
  }, "")
  paste0("<dl>", paste(items, collapse = ""), "</dl>")
}

CONTROLS <- list("_model_module" = "@jupyter-widgets/controls", "_model_module_version" = "2.0.0",
  "_view_module" = "@jupyter-widgets/controls", "_view_module_version" = "2.0.0")

# The state of a control, as ipywidgets in the notebook's page understands it.
control <- function(field) {
  kind <- control_kind(field)
  state <- list("_model_name" = paste0(kind, "Model"), "_view_name" = paste0(kind, "View"), description = field$label)
  c(CONTROLS, state, control_value(field), list(continuous_update = FALSE, indent = FALSE)[continues(kind)])
}

continues <- function(kind) switch(kind, Dropdown = character(), Checkbox = "indent", "continuous_update")

control_kind <- function(field) {
  if (length(field$choices)) return("Dropdown")
  number <- if (field$kind == "whole") "Int" else "Float"
  switch(field$kind, text = "Text", truth = "Checkbox", paste0(number, if (length(field$range)) "Slider" else "Text"))
}

control_value <- function(field) {
  if (length(field$choices)) {
    values <- lapply(field$choices, function(choice) choice$value)
    at <- which(vapply(values, identical, NA, field$value))
    return(list("_options_labels" = lapply(field$choices, function(choice) choice$label), index = at - 1L))
  }
  if (!length(field$range)) return(list(value = field$value))
  ends <- list(min = field$range[[1L]], max = field$range[[2L]])
  step <- if (field$kind == "whole") 1L else (ends$max - ends$min) / 100
  c(list(value = field$value, step = step), ends)
}

# The value that a change of a control's state means, or nothing.
value_in <- function(field, change) {
  if (is.null(change$index)) return(change$value)
  field$choices[[as.integer(change$index) + 1L]]$value
}

show_controls <- function(asked) {
  asked$comms <- list()
  for (field in asked$fields) asked$comms[[field$name]] <- open_control(control(field))
  for (name in asked$names) local({
    own <- name
    asked$comms[[own]]$on_msg(function(data) if (identical(data$method, "update")) change_field(asked, own, data$state))
  })
  ids <- lapply(asked$comms, function(comm) paste0("IPY_MODEL_", comm$id))
  box <- open_control(c(CONTROLS, list("_model_name" = "VBoxModel", "_view_name" = "VBoxView", children = unname(ids))))
  view <- list(version_major = 2L, version_minor = 0L, model_id = box$id)
  data <- list("application/vnd.jupyter.widget-view+json" = view, "text/html" = form_html(asked$fields),
    "text/plain" = paste(form_text(asked$fields), collapse = "\n"))
  publish("display_data", list(data = data, metadata = nothing(), transient = nothing()))
}

nothing <- function() structure(list(), names = character())

# A comm of IRkernel's whose opening says in its metadata which protocol it speaks: IRkernel itself has no way to.
open_control <- function(state) {
  manager <- IRkernel::comm_manager()
  comm <- manager$new_comm("jupyter.widget")
  manager$register_comm(comm)
  content <- list(comm_id = comm$id, target_name = "jupyter.widget", data = list(state = state, buffer_paths = list()))
  publish("comm_open", content, list(version = "2.1.0"))
  comm
}

# A message to the notebook's page, as part of the cell that is run or of the change that is answered.
publish <- function(type, content, metadata = nothing()) {
  kernel <- environment(IRkernel::comm_manager()$send_response)$.self
  parent <- if (isTRUE(state$answering)) IRkernel::comm_manager()$parent_request else kernel$executor$current_request
  message <- kernel$new_reply(type, parent)
  message$content <- content
  message$metadata <- metadata
  pbdZMQ::zmq.send.multipart(kernel$sockets$iopub, kernel$msg_to_wire(message), serialize = FALSE)
}

# What a reader changed: the variables, the choices that hang on them, and what is shown.
change_field <- function(asked, name, change) {
  state$answering <- TRUE
  on.exit(state$answering <- FALSE)
  field <- asked$fields[[match(name, asked$names)]]
  value <- value_in(field, change)
  if (is.null(value) || identical(value, field$value)) return(invisible())
  values <- lapply(structure(asked$fields, names = asked$names), function(field) field$value)
  values[[name]] <- value
  tryCatch({
    asked$fields <- fields_of(asked$names, asked$course, values, settle = TRUE)
    for (field in asked$fields) {
      let_parameter(field, asked$where)
      content <- list(method = "update", state = control_value(field), buffer_paths = list())
      publish("comm_msg", list(comm_id = asked$comms[[field$name]]$id, data = content))
    }
    show_value(asked, TRUE)
  }, error = function(e) show_data(asked, text_data(conditionMessage(e)), TRUE))
}

# What the expression gives and prints, shown below the form, or in the place of what was there.
show_value <- function(asked, again) {
  if (is.null(asked$code)) return(invisible())
  if (!in_kernel()) return(eval(call("print", asked$code), asked$where))
  printed <- utils::capture.output(value <- withVisible(eval(asked$code, asked$where)))
  data <- if (value$visible) IRdisplay::prepare_mimebundle(value$value)$data else text_data("")
  if (length(printed)) data <- text_data(paste(printed, collapse = "\n"))
  show_data(asked, data, again)
}

text_data <- function(text) list("text/plain" = text)

show_data <- function(asked, data, again) {
  if (is.null(asked$shown)) asked$shown <- paste0("coursewright-", IRkernel::comm_manager()$new_comm("coursewright")$id)
  content <- list(data = data, metadata = nothing(), transient = list(display_id = asked$shown))
  publish(if (again) "update_display_data" else "display_data", content)
}

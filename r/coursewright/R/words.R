# Words for who hears of a frame without a title of its own, in the language of the course: those of the notebooks of pages.

WORDS <- list(
  en = c(widget = "Interactive widget: %s", interactive = "Interactive content"),
  ar = c(widget = "\u0623\u062f\u0627\u0629 \u062a\u0641\u0627\u0639\u0644\u064a\u0629: %s", interactive = "\u0645\u062d\u062a\u0648\u0649 \u062a\u0641\u0627\u0639\u0644\u064a"),
  cy = c(widget = "Teclyn rhyngweithiol: %s", interactive = "Cynnwys rhyngweithiol"),
  da = c(widget = "Interaktiv widget: %s", interactive = "Interaktivt indhold"),
  de = c(widget = "Interaktives Element: %s", interactive = "Interaktiver Inhalt"),
  es = c(widget = "Elemento interactivo: %s", interactive = "Contenido interactivo"),
  fr = c(widget = "\u00c9l\u00e9ment interactif\u00a0: %s", interactive = "Contenu interactif"),
  he = c(widget = "\u05e8\u05db\u05d9\u05d1 \u05d0\u05d9\u05e0\u05d8\u05e8\u05d0\u05e7\u05d8\u05d9\u05d1\u05d9: %s", interactive = "\u05ea\u05d5\u05db\u05df \u05d0\u05d9\u05e0\u05d8\u05e8\u05d0\u05e7\u05d8\u05d9\u05d1\u05d9"),
  it = c(widget = "Elemento interattivo: %s", interactive = "Contenuto interattivo"),
  nl = c(widget = "Interactief element: %s", interactive = "Interactieve inhoud"),
  pl = c(widget = "Element interaktywny: %s", interactive = "Tre\u015b\u0107 interaktywna"),
  pt = c(widget = "Elemento interativo: %s", interactive = "Conte\u00fado interativo"),
  sv = c(widget = "Interaktivt element: %s", interactive = "Interaktivt inneh\u00e5ll")
)

# What the variable of a kernel of pages says, else the nearest course, else English.
language_here <- function() {
  said <- Sys.getenv("COURSEWRIGHT_LANGUAGE")
  if (nzchar(said)) said else language_of_course(getwd()) %or% "en"
}

language_of_course <- function(folder) {
  file <- file.path(folder, "course.toml")
  if (!file.exists(file)) return(if (dirname(folder) != folder) language_of_course(dirname(folder)))
  lines <- tryCatch(readLines(file, encoding = "UTF-8", warn = FALSE), error = function(e) character())
  heads <- grepl("^\\s*\\[", lines)
  begins <- which(grepl("^\\s*\\[course\\]", lines))
  if (!length(begins)) return(NULL)
  form <- "^\\s*language\\s*=\\s*[\"']([A-Za-z0-9_-]+)[\"'].*$"
  found <- grep(form, lines[cumsum(heads) == cumsum(heads)[[begins[[1L]]]]], value = TRUE)
  if (length(found)) sub(form, "\\1", found[[1L]])
}

# The words of the language, or English ones.
words_here <- function() {
  language <- tolower(sub("[-_].*$", "", language_here()))
  WORDS[[if (language %in% names(WORDS)) language else "en"]]
}

# Rscript serve.R SOCKET FOLDER... : runs the first of the folders that is there, at a socket that is its user's alone.
said <- commandArgs(trailingOnly = TRUE)
folders <- Filter(dir.exists, said[-1])
if (length(folders) == 0) stop("no Shiny application: none of ", toString(said[-1]), " is there")
shiny::runApp(folders[[1]], port = structure(said[[1]], mask = strtoi("077", 8L)), launch.browser = FALSE)

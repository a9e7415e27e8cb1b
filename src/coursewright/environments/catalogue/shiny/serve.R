# Rscript serve.R PORT FOLDER... : runs the first of the folders that is there, on loopback.
said <- commandArgs(trailingOnly = TRUE)
folders <- Filter(dir.exists, said[-1])
if (length(folders) == 0) stop("no Shiny application: none of ", toString(said[-1]), " is there")
shiny::runApp(folders[[1]], port = as.integer(said[[1]]), host = "127.0.0.1", launch.browser = FALSE)

# A Shiny app over the same two rows: what is typed is told at once. Run it with shiny::runApp("examples/words-from-r").
library(shiny)
library(coursewright)

places <- data.frame(name = c("Jo", "Sam"), place = c("first", "second"))

page <- fluidPage(
  lang = "en",
  titlePanel("Words from R"),
  textInput("origin", "A rule: a column stands between two #", "#name# was placed #place.upper#!", width = "100%"),
  numericInput("seed", "Seed", 0, min = 0),
  verbatimTextOutput("told")
)

server <- function(input, output, session) {
  output$told <- renderText({
    said <- function(wrong) validate(conditionMessage(wrong))
    texts <- tryCatch(tell(list(origin = input$origin), places, seed = input$seed), coursewright_error = said)
    paste(texts, collapse = "\n")
  })
}

shinyApp(page, server)

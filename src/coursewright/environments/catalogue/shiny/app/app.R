library(shiny)

ui <- fluidPage(
  lang = "en",
  titlePanel("Shiny works"),
  p("Put the course's own application into /opt/course/shiny."),
  sliderInput("n", "How many throws of a die?", min = 1, max = 1000, value = 100),
  textOutput("mean")
)

server <- function(input, output) {
  output$mean <- renderText(paste("Their mean:", round(mean(sample(6, input$n, replace = TRUE)), 2)))
}

shinyApp(ui, server)

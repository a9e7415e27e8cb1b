library(coursewright)

places <- data.frame(name = c("Jo", "Sam"), place = c("first", "second"))
grammar <- list(origin = "#name# was placed #place.upper#!")

cat(tell(grammar, places), sep = "\n")

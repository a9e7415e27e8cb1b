library(testthat)
library(coursewright)

test_check("coursewright")

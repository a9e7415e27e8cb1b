/*---
title = "The champion of a season"
tell = "#driver# was World Champion of #year#; races won: #wins#"
score = "score"

[question]
ask = "Who was World Champion of #year#?"
answer = "driver"
---*/
SELECT year, driver, wins, 50 AS score FROM standings WHERE position = 1

/*---
title = "Wins of a driver"
tell = "#driver# won #wins# of #races# races"
score = "score"

[question]
ask = "How many World Championship races did #driver# win, up to August 2026?"
answer = "wins"
---*/
SELECT driver, races, wins, 100.0 * wins / (wins + 25) AS score FROM drivers WHERE wins >= 5

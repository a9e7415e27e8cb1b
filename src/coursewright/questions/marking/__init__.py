"""One file per type of part. Each has `mark`, and what to try it on: `model`, `declared` and `nonsense`.

`coursewright.questions.marking.marks` is the door. The self-marking page obeys the same rules in a browser, and
tests/cases/marking.yaml holds both to them.
"""

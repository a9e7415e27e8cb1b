"""What Moodle's two formats share: fractions, numbers, escapes, and the parts of questions in Moodle's words."""

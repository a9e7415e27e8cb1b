"""What directives give: data that every format can write."""

"""What stands in the text of a page: parameters, passages, inclusions, HTML of the author's."""

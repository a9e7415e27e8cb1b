"""What pages cite and refer to, and what others may refer to in them."""

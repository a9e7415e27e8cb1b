"""Statements of SQL: what they name, what they mean in another dialect, and what is known of their answers."""

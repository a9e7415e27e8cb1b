"""What every variant must keep to, looked at before a student sees one."""

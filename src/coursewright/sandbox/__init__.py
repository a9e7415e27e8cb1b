"""The sandbox: processes for code that somebody else wrote, with limits on what it may use of the machine."""

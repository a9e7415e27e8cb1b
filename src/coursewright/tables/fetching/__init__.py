"""What is fetched from elsewhere: kept copies, their limits, secrets in addresses, and the lock."""

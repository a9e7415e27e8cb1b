"""What an environment is written as."""

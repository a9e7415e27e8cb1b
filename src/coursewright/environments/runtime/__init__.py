"""What runs inside images as well as here: it needs Python's standard library and Supervisor, and nothing else."""

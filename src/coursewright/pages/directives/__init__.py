"""The directives, a file each: what stands in braces after the fence is the name of the file."""

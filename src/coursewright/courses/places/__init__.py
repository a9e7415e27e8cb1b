"""The places where a course runs for others: hubs, Binder, images, and the links that open them."""

"""A dropped folder, what it holds, and the batches made of it."""

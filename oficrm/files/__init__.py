"""Files: what they are, what they may be called, what stands inside, and how they are stored and filed."""

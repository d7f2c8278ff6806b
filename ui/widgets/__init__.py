"""Parts that screens are made of. They know neither modules nor the database."""
